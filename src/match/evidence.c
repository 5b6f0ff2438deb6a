/*
 * Owns what the members beside a hit say for or against it: message fields and marks. Must
 * not know what the hit counts as in the end.
 */
#include "match/evidence.h"

#include <string.h>
#include <strings.h>

#include "catalog/mark.h"
#include "match/spelling.h"

/* So many members are looked at to either side of a hit. */
#define MEMBERS_EACH 64
/* So many signs may stand in front of a text: Some("text") */
#define WRAPPINGS_MAX 6

struct evidence {
	const struct beside *beside;
	uint32_t kinds; /* of all members beside the hit, if nothing confirms it; */
	uint64_t marks; /* and the marks whose fields they are */
	bool is_confirmed;
	bool has_other_text; /* a message field that says something else */
};

void evidence_rules_init(struct evidence_rules *rules)
{
	size_t count;
	const char(*signs)[3] = mark_text_signs(&count);

	memset(rules, 0, sizeof(*rules));
	roles_init(&rules->roles);
	signs_init(&rules->text_signs, signs, count);
	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);
		const uint64_t bit = UINT64_C(1) << i;

		rules->strong |= mark->strength == MARK_STRONG ? bit : 0;
		rules->quoted |= mark->place != MARK_ANYWHERE ? bit : 0;
		rules->outer |= mark->place == MARK_VALUE_OF ? bit : 0;
		rules->field |= mark->field != NULL && mark->place != MARK_VALUE_OF ? bit : 0;
		rules->text |= mark->text != NULL ? bit : 0;
		rules->all |= bit;
	}
}

void beside_init(struct beside *beside, const struct evidence_rules *rules, struct reader *reader,
    const char *data, const struct hit *hits, size_t index, const struct hit *previous,
    uint32_t next)
{
	const struct hit *hit = &hits[index];
	const struct box *box;

	beside->rules = rules;
	beside->reader = reader;
	beside->data = data;
	beside->hit = hit;
	beside->previous = previous;
	beside->place = reader_place(reader, index);
	box = reader_box(reader, beside->place.box);
	beside->is_enclosed =
	    box->kind == BOX_BRACKETS || (box->kind == BOX_ELEMENT && box->is_closed);
	beside->start = box->start;
	beside->end = box->end;
	if (!beside->is_enclosed) {
		if (previous != NULL && previous->annotation_end > beside->start)
			beside->start = previous->annotation_end;
		if (next < beside->end)
			beside->end = next;
	}
	if (hit->key.start > READER_REACH && hit->key.start - READER_REACH > beside->start)
		beside->start = hit->key.start - READER_REACH;
	if (hit->annotation_end + READER_REACH < beside->end)
		beside->end = hit->annotation_end + READER_REACH;
}

/* ---- members ---- */

/* The member behind the hit's own, or NULL. */
static const struct member *first_behind(const struct beside *beside)
{
	const struct hit_place *place = &beside->place;
	uint32_t index;

	if (place->member != READER_NONE)
		index = reader_member(beside->reader, place->member)->next;
	else if (place->before != READER_NONE)
		index = reader_member(beside->reader, place->before)->next;
	else
		index = reader_box(beside->reader, place->box)->first;
	return index == READER_NONE ? NULL : reader_member(beside->reader, index);
}

static const struct member *step(
    const struct beside *beside, const struct member *member, bool is_forward)
{
	const uint32_t index = is_forward ? member->next : member->previous;

	return index == READER_NONE ? NULL : reader_member(beside->reader, index);
}

static const struct member *first_before(const struct beside *beside)
{
	const uint32_t index = beside->place.before;

	return index == READER_NONE ? NULL : reader_member(beside->reader, index);
}

/* The next member beside the hit, from `*member` (NULL: it has not begun) on; NULL at the end. */
static const struct member *next_member(
    const struct beside *beside, const struct member *member, bool is_forward)
{
	if (member == NULL)
		member = is_forward ? first_behind(beside) : first_before(beside);
	else
		member = step(beside, member, is_forward);
	if (member == NULL || member->name_start < beside->start ||
	    member->name_start >= beside->end)
		return NULL;
	return member;
}

const struct member *evidence_find(const struct beside *beside, const char *name, uint32_t length)
{
	for (int way = 0; way < 2; way++) {
		const struct member *member = NULL;

		for (int i = 0; i < MEMBERS_EACH; i++) {
			member = next_member(beside, member, way == 0);
			if (member == NULL)
				break;
			if (reader_is_named(beside->reader, member, name, length))
				return member;
		}
	}
	return NULL;
}

static const struct role *role_of(const struct beside *beside, const struct member *member)
{
	return roles_find(&beside->rules->roles, beside->data + member->name_start,
	    member->name_end - member->name_start);
}

/* ---- messages ---- */

/* Behind the quotes, colours and wrappings that a text begins with: \"  <<"  Some("  */
static uint32_t text_start(const char *data, uint32_t at, uint32_t end)
{
	for (int i = 0; i < WRAPPINGS_MAX && at < end; i++) {
		struct sign sign;

		at = spelling_skip_gap(data, at, end);
		if (at == end)
			return at;
		if (end - at > 5 && memcmp(data + at, "Some(", 5) == 0)
			at += 4;
		else if (end - at > 9 && memcmp(data + at, "Optional(", 9) == 0)
			at += 8;
		spelling_read(data, at, end, &sign);
		if (sign.kind != SIGN_QUOTE && sign.kind != SIGN_OPEN && sign.kind != SIGN_LESS)
			return at;
		at = sign.end;
	}
	return at;
}

static bool ends_word(const char *data, uint32_t at, uint32_t end)
{
	return at == end || !spelling_is_name(data[at]);
}

bool evidence_is_text_of(
    const char *data, uint32_t start, uint32_t end, const struct catalog_entry *entry)
{
	bool cut;
	const uint32_t at = spelling_follows(data, text_start(data, start, end), end,
	    entry->description, (uint32_t)entry->description_length, &cut);

	return at > 0 && ends_word(data, at, end);
}

/* null, none, empty: a field that is there but says nothing */
static bool says_nothing(const char *data, const struct member *member)
{
	static const char *const nothings[] = { "null", "nil", "None", "undefined", "true",
		"false" };
	const uint32_t length = member->value_end - member->value_start;

	if (length == 0)
		return true;
	for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++)
		if (strlen(nothings[i]) == length &&
		    memcmp(data + member->value_start, nothings[i], length) == 0)
			return true;
	return false;
}

/* Whether the member is the beginning of the text, in a string that was cut off there. */
static bool is_cut_off(
    const struct beside *beside, const struct member *member, const struct catalog_entry *entry)
{
	const char *data = beside->data;
	uint32_t end = member->value_start;
	bool cut;

	if (member->child == READER_NONE ||
	    reader_box(beside->reader, member->child)->kind != BOX_STRING ||
	    reader_box(beside->reader, member->child)->is_closed)
		return false;
	while (end < member->value_end) {
		struct sign sign;

		spelling_read(data, end, member->value_end, &sign);
		if (sign.kind == SIGN_BREAK || sign.kind == SIGN_COLOUR)
			break;
		end = sign.end;
	}
	(void)spelling_follows(data, member->value_start, end, entry->description,
	    (uint32_t)entry->description_length, &cut);
	return cut;
}

/* Whether `success` is this code's text: anybody's word, which speaks only as `content`. */
static bool must_be_content(const struct catalog_entry *entry)
{
	return entry->collides == COLLIDES_ALWAYS ||
	       (entry->description_length == 7 && memcmp(entry->description, "success", 7) == 0);
}

/* Whether the box, or for tracing's `fields` the one around it, is a record of a logger. */
static bool is_record(const struct beside *beside, uint32_t index)
{
	const struct box *box = reader_box(beside->reader, index);
	uint32_t at = box->first;

	for (int i = 0; i < MEMBERS_EACH && at != READER_NONE; i++) {
		const struct member *member = reader_member(beside->reader, at);

		const struct role *role = role_of(beside, member);

		if (role != NULL && (role->kinds & ROLE_RECORD) != 0)
			return true;
		at = member->next;
	}
	return reader_is_value_of(beside->reader, index, "fields", 6) &&
	       box->parent != READER_NONE && is_record(beside, box->parent);
}

/* Whether the member, which stands before the hit, tells of the hit before that. */
static bool belongs_to_previous(const struct beside *beside, const struct member *member)
{
	const struct hit *previous = beside->previous;

	if (previous == NULL || member->name_start < previous->annotation_end)
		return false;
	if (previous->entry != NULL && evidence_is_text_of(beside->data, member->value_start,
	                                   previous->line.end, previous->entry))
		return true;
	/* right behind it */
	return !beside->is_enclosed && member->previous != READER_NONE &&
	       reader_member(beside->reader, member->previous)->name_end == previous->key.end;
}

static inline bool takes(
    const char *data, uint32_t *at, uint32_t end, const char *text, uint32_t length)
{
	if (end - *at < length || memcmp(data + *at, text, length) != 0)
		return false;
	*at += length;
	return true;
}

static inline bool takes_char(const char *data, uint32_t *at, uint32_t end, char c)
{
	const bool is_there = *at < end && data[*at] == c;

	*at += is_there;
	return is_there;
}

/* Most quotes are one byte, or none. */
static inline bool takes_quote(
    const char *data, uint32_t *at, uint32_t end, uint32_t quote, uint32_t length)
{
	if (length > 1)
		return takes(data, at, end, data + quote, length);
	return length == 0 || takes_char(data, at, end, data[quote]);
}

/* Behind the opening of the next member's value, if that is a message; 0: it is not. */
static uint32_t message_behind(const char *data, const struct hit *hit)
{
	static const char usual[] = ",\"content\":\"";
	const uint32_t end = hit->line.end;
	const uint32_t quote = hit->quote.start;
	const uint32_t quoted = hit->quote.end - quote;
	uint32_t at = hit->annotation_end;

	if (quoted == 1 && data[quote] == '"' && hit->open_start == hit->number.start &&
	    end - at >= sizeof(usual) - 1 && memcmp(data + at, usual, sizeof(usual) - 1) == 0)
		return at + (uint32_t)sizeof(usual) - 1;
	/* out of the value's quotes */
	if (at == hit->value_end &&
	    !takes_quote(data, &at, end, hit->open_start, hit->number.start - hit->open_start))
		return 0;
	if (!takes_char(data, &at, end, ',') && (at == end || data[at] != ' '))
		return 0;
	(void)takes_char(data, &at, end, ' ');
	if (!takes_quote(data, &at, end, quote, quoted) ||
	    (!takes(data, &at, end, "content", 7) &&
	        (must_be_content(hit->entry) ||
	            (!takes(data, &at, end, "message", 7) && !takes(data, &at, end, "msg", 3)))) ||
	    !takes_quote(data, &at, end, quote, quoted) ||
	    (!takes_char(data, &at, end, ':') && !takes_char(data, &at, end, '=')))
		return 0;
	(void)takes_char(data, &at, end, ' ');
	if (quoted > 0)
		return takes_quote(data, &at, end, quote, quoted) ? at : 0;
	if (!takes_char(data, &at, end, '"'))
		(void)takes_char(data, &at, end, '[');
	return at < end ? at : 0;
}

bool evidence_confirms_at_once(const char *data, const struct hit *hit)
{
	const struct catalog_entry *entry = hit->entry;
	const uint32_t length = (uint32_t)entry->description_length;
	const uint32_t from = message_behind(data, hit);
	uint32_t at = from;
	bool cut;

	if (from == 0)
		return false;
	if (takes(data, &at, hit->line.end, entry->description, length))
		return ends_word(data, at, hit->line.end);
	at = spelling_follows(data, from, hit->line.end, entry->description, length, &cut);
	return at > 0 && ends_word(data, at, hit->line.end);
}

static void weigh_message(
    struct evidence *evidence, const struct member *member, uint32_t kinds, bool is_behind)
{
	const struct beside *beside = evidence->beside;
	const struct catalog_entry *entry = beside->hit->entry;
	const char *data = beside->data;
	const uint32_t line_end = beside->hit->line.end;
	bool cut;
	uint32_t at = text_start(data, member->value_start, line_end);

	at = spelling_follows(
	    data, at, line_end, entry->description, (uint32_t)entry->description_length, &cut);
	if (at > 0 && ends_word(data, at, line_end)) {
		if (!must_be_content(entry) || (kinds & ROLE_CONTENT) != 0)
			evidence->is_confirmed = true;
		return;
	}
	if (cut || says_nothing(data, member) || is_cut_off(beside, member, entry))
		return;
	if (member->child != READER_NONE &&
	    reader_box(beside->reader, member->child)->kind == BOX_BRACKETS)
		return;
	if (!is_behind && belongs_to_previous(beside, member))
		return;
	if ((kinds & ROLE_OWN) != 0 && is_record(beside, beside->place.box))
		return;
	evidence->has_other_text = true;
}

static void read_members(struct evidence *evidence)
{
	const struct beside *beside = evidence->beside;

	for (int way = 0; way < 2; way++) {
		const struct member *member = NULL;

		for (int i = 0; i < MEMBERS_EACH && !evidence->is_confirmed; i++) {
			const struct role *role;

			member = next_member(beside, member, way == 0);
			if (member == NULL)
				break;
			role = role_of(beside, member);
			if (role == NULL)
				continue;
			evidence->kinds |= role->kinds;
			evidence->marks |= role->marks;
			if ((role->kinds & ROLE_MESSAGE) != 0)
				weigh_message(evidence, member, role->kinds, way == 0);
		}
	}
}

/* ---- marks ---- */

static bool is_parameter_sign(char c)
{
	return c == '?' || c == '&';
}

bool evidence_is_quoted(const char *data, const struct hit *hit)
{
	return hit->open_start < hit->number.start ||
	       (hit->key.start > hit->line.start && is_parameter_sign(data[hit->key.start - 1])) ||
	       (hit->number.end < hit->line.end && data[hit->number.end] == '&');
}

static bool contains(const char *data, uint32_t start, uint32_t end, const char *text)
{
	size_t length = strlen(text);

	for (uint32_t at = start; end - at >= length && at < end; at++)
		if (((data[at] ^ text[0]) & ~0x20) == 0 &&
		    strncasecmp(data + at, text, length) == 0)
			return true;
	return false;
}

static bool mark_holds(const struct mark *mark, const struct beside *beside)
{
	const struct hit *hit = beside->hit;
	const char *data = beside->data;

	if (!mark_concerns(mark, data + hit->key.start, hit->key.end - hit->key.start, hit->code))
		return false;
	if (mark->place == MARK_VALUE_OF)
		return reader_is_value_of(
		    beside->reader, beside->place.box, mark->field, (uint32_t)strlen(mark->field));
	return mark->text == NULL || contains(data, beside->start, beside->end, mark->text);
}

/* The first mark that speaks against the hit, as a reason; REASON_NONE if none does. */
static unsigned find_mark(const struct evidence *evidence)
{
	const struct beside *beside = evidence->beside;
	const struct evidence_rules *rules = beside->rules;
	const bool is_quoted = evidence_is_quoted(beside->data, beside->hit);
	/* those whose strength, place and field are as they ask */
	uint64_t marks =
	    (beside->hit->entry->collides == COLLIDES_NO ? rules->strong : rules->all) &
	    (is_quoted ? rules->all : ~rules->quoted) &
	    (beside->is_enclosed ? rules->all : ~rules->outer) & (~rules->field | evidence->marks);

	if ((marks & rules->text) != 0 &&
	    !(beside->start < beside->end &&
	        signs_stand_in(
	            &rules->text_signs, beside->data + beside->start, beside->end - beside->start)))
		marks &= ~rules->text;
	for (; marks != 0; marks &= marks - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(marks);

		if (mark_holds(mark_at(i), beside))
			return REASON_MARK + i;
	}
	return REASON_NONE;
}

static bool word_speaks(const struct evidence *evidence)
{
	const struct hit *hit = evidence->beside->hit;

	return hit->word == HIT_WORD_OTHER ||
	       (hit->word == HIT_WORD_PERHAPS &&
	           (hit->entry->collides != COLLIDES_NO || (evidence->kinds & ROLE_COMPANY) != 0));
}

void evidence_weigh(struct hit *hit, const struct beside *beside)
{
	struct evidence evidence = { .beside = beside };

	hit->standing = STANDING_PLAIN;
	hit->reason = REASON_NONE;
	read_members(&evidence);
	if (evidence.is_confirmed) {
		hit->standing = STANDING_CONFIRMED;
		return;
	}
	hit->reason = (uint8_t)find_mark(&evidence);
	if (hit->reason == REASON_NONE && word_speaks(&evidence))
		hit->reason = REASON_WORD;
	if (hit->reason == REASON_NONE && hit->entry->collides != COLLIDES_NO &&
	    evidence.has_other_text)
		hit->reason = REASON_OTHER_TEXT;
	if (hit->reason == REASON_NONE && hit->entry->collides == COLLIDES_ALWAYS)
		hit->reason = REASON_NO_TEXT;
	if (hit->reason != REASON_NONE)
		hit->standing = STANDING_DOUBTFUL;
}
