/*
 * Owns what the members beside a hit say for or against it: message fields and marks. Must
 * not know what the hit counts as in the end.
 */
#include "match/evidence.h"

#include <string.h>
#include <strings.h>

#include "catalog/mark.h"
#include "match/literal.h"
#include "match/spelling.h"

/* So many members are looked at to either side of a hit. */
#define MEMBERS_EACH 64
/* So many signs may stand in front of a text: Some("text") */
#define WRAPPINGS_MAX 6

struct word {
	const char *text;
	uint32_t length;
};

#define WORD(text) \
	{ \
		text, sizeof(text) - 1 \
	}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct word message_fields[] = { WORD("content"), WORD("message"), WORD("msg"),
	WORD("errmsg"), WORD("err_msg"), WORD("error_msg"), WORD("errorMsg"), WORD("error_message"),
	WORD("errorMessage"), WORD("desc"), WORD("description"), WORD("error"), WORD("retMsg"),
	WORD("ret_msg"), WORD("resultMsg"), WORD("respMsg"), WORD("rspMsg"), WORD("returnMsg"),
	WORD("bizMsg"), WORD("reason") };

/* What a logger writes beside its own message. */
static const struct word record_fields[] = { WORD("level"), WORD("ts"), WORD("time"),
	WORD("timestamp"), WORD("@timestamp"), WORD("lvl"), WORD("severity"), WORD("levelname"),
	WORD("loglevel"), WORD("log_level"), WORD("asctime"), WORD("datetime"), WORD("@t"),
	WORD("@l"), WORD("T"), WORD("L") };

struct evidence {
	const struct beside *beside;
	bool is_confirmed;
	bool has_other_text; /* a message field that says something else */
};

void beside_init(struct beside *beside, struct reader *reader, const char *data,
    const struct hit *hits, size_t index, const struct hit *previous, uint32_t next)
{
	const struct hit *hit = &hits[index];
	const struct box *box;

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
	if (hit->key_start > READER_REACH && hit->key_start - READER_REACH > beside->start)
		beside->start = hit->key_start - READER_REACH;
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

/* Whether the last part of the member's name, behind any dot, is one of these. */
static bool is_one_of(const struct beside *beside, const struct member *member,
    const struct word *words, size_t count)
{
	const char *data = beside->data;
	const char *end = data + member->name_end;
	const char *dot =
	    memrchr(data + member->name_start, '.', member->name_end - member->name_start);
	const char *start = dot == NULL ? data + member->name_start : dot + 1;
	const size_t length = (size_t)(end - start);

	for (size_t i = 0; i < count; i++)
		if (words[i].length == length && ((start[0] ^ words[i].text[0]) & ~0x20) == 0 &&
		    strncasecmp(start, words[i].text, length) == 0)
			return true;
	return false;
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
	static const struct word nothings[] = { WORD("null"), WORD("nil"), WORD("None"),
		WORD("undefined"), WORD("true"), WORD("false") };
	const uint32_t length = member->value_end - member->value_start;

	if (length == 0)
		return true;
	for (size_t i = 0; i < COUNT(nothings); i++)
		if (nothings[i].length == length &&
		    memcmp(data + member->value_start, nothings[i].text, length) == 0)
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
static bool needs_content(const struct catalog_entry *entry)
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

		if (is_one_of(beside, member, record_fields, COUNT(record_fields)))
			return true;
		at = member->next;
	}
	return reader_is_value_of(beside->reader, index, "fields", 6) &&
	       box->parent != READER_NONE && is_record(beside, box->parent);
}

static bool is_own_message(const struct beside *beside, const struct member *member)
{
	static const struct word names[] = { WORD("msg"), WORD("message") };

	return is_one_of(beside, member, names, COUNT(names)) &&
	       is_record(beside, beside->place.box);
}

/* Whether the member, which stands before the hit, tells of the hit before that. */
static bool belongs_to_previous(const struct beside *beside, const struct member *member)
{
	const struct hit *previous = beside->previous;

	if (previous == NULL || member->name_start < previous->annotation_end)
		return false;
	if (previous->entry != NULL && evidence_is_text_of(beside->data, member->value_start,
	                                   previous->line_end, previous->entry))
		return true;
	/* right behind it */
	return !beside->is_enclosed && member->previous != READER_NONE &&
	       reader_member(beside->reader, member->previous)->name_end == previous->key_end;
}

static bool takes(const char *data, uint32_t *at, uint32_t end, const char *text, uint32_t length)
{
	if (end - *at < length || memcmp(data + *at, text, length) != 0)
		return false;
	*at += length;
	return true;
}

bool evidence_confirms_at_once(const char *data, const struct hit *hit)
{
	const struct catalog_entry *entry = hit->entry;
	const uint32_t end = hit->line_end;
	const uint32_t quote = hit->quote_end - hit->quote_start;
	uint32_t at = hit->annotation_end;
	uint32_t from;
	bool cut;

	/* out of the value's quotes */
	if (hit->open_start < hit->number_start && at == hit->value_end &&
	    !takes(data, &at, end, data + hit->open_start, hit->number_start - hit->open_start))
		return false;
	if (!takes(data, &at, end, ",", 1) && (at == end || data[at] != ' '))
		return false;
	(void)takes(data, &at, end, " ", 1);
	if (!takes(data, &at, end, data + hit->quote_start, quote) ||
	    (!takes(data, &at, end, "content", 7) &&
	        (needs_content(entry) ||
	            (!takes(data, &at, end, "message", 7) && !takes(data, &at, end, "msg", 3)))) ||
	    !takes(data, &at, end, data + hit->quote_start, quote) ||
	    (!takes(data, &at, end, ":", 1) && !takes(data, &at, end, "=", 1)))
		return false;
	(void)takes(data, &at, end, " ", 1);
	if (quote > 0
	        ? !takes(data, &at, end, data + hit->quote_start, quote)
	        : !takes(data, &at, end, "\"", 1) && !takes(data, &at, end, "[", 1) && at == end)
		return false;
	from = at;
	if (takes(data, &at, end, entry->description, (uint32_t)entry->description_length))
		return ends_word(data, at, end);
	at = spelling_follows(
	    data, from, end, entry->description, (uint32_t)entry->description_length, &cut);
	return at > 0 && ends_word(data, at, end);
}

static void weigh_message(struct evidence *evidence, const struct member *member, bool is_behind)
{
	const struct beside *beside = evidence->beside;
	const struct catalog_entry *entry = beside->hit->entry;
	const char *data = beside->data;
	const uint32_t line_end = beside->hit->line_end;
	bool cut;
	uint32_t at = text_start(data, member->value_start, line_end);

	at = spelling_follows(
	    data, at, line_end, entry->description, (uint32_t)entry->description_length, &cut);
	if (at > 0 && ends_word(data, at, line_end)) {
		if (!needs_content(entry) || reader_is_named(beside->reader, member, "content", 7))
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
	if (is_own_message(beside, member))
		return;
	evidence->has_other_text = true;
}

static void read_members(struct evidence *evidence)
{
	const struct beside *beside = evidence->beside;

	for (int way = 0; way < 2; way++) {
		const struct member *member = NULL;

		for (int i = 0; i < MEMBERS_EACH && !evidence->is_confirmed; i++) {
			member = next_member(beside, member, way == 0);
			if (member == NULL)
				break;
			if (is_one_of(beside, member, message_fields, COUNT(message_fields)))
				weigh_message(evidence, member, way == 0);
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
	return hit->open_start < hit->number_start ||
	       (hit->key_start > hit->line_start && is_parameter_sign(data[hit->key_start - 1])) ||
	       (hit->number_end < hit->line_end && data[hit->number_end] == '&');
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

/* The marks that name the member as their field, a bit each. */
static uint64_t marks_of(const struct beside *beside, const struct member *member)
{
	uint64_t found = 0;

	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);

		if (mark->field != NULL &&
		    reader_is_named(
		        beside->reader, member, mark->field, (uint32_t)strlen(mark->field)))
			found |= UINT64_C(1) << i;
	}
	return found;
}

/* The marks whose fields stand beside the hit. */
static uint64_t find_fields(const struct beside *beside)
{
	const uint32_t ends = mark_field_ends();
	uint64_t found = 0;

	for (int way = 0; way < 2; way++) {
		const struct member *member = NULL;

		for (int i = 0; i < MEMBERS_EACH; i++) {
			member = next_member(beside, member, way == 0);
			if (member == NULL)
				break;
			/* most names are seen through by their last letter */
			if (ends >> (beside->data[member->name_end - 1] & 31) & 1)
				found |= marks_of(beside, member);
		}
	}
	return found;
}

/* Whether what the mark asks for beside the hit can be there: most go no further. */
static bool mark_may_hold(
    const struct mark *mark, bool has_field, bool may_hold_text, const struct beside *beside)
{
	return (mark->strength == MARK_STRONG || beside->hit->entry->collides != COLLIDES_NO) &&
	       (mark->place == MARK_VALUE_OF ||
	           ((mark->field == NULL || has_field) && (mark->text == NULL || may_hold_text)));
}

static bool mark_holds(const struct mark *mark, bool is_quoted, const struct beside *beside)
{
	const struct hit *hit = beside->hit;
	const char *data = beside->data;

	if (mark->place != MARK_ANYWHERE && !is_quoted)
		return false;
	if (!mark_concerns(mark, data + hit->key_start, hit->key_end - hit->key_start, hit->code))
		return false;
	if (mark->place == MARK_VALUE_OF)
		return beside->is_enclosed && reader_is_value_of(beside->reader, beside->place.box,
		                                  mark->field, (uint32_t)strlen(mark->field));
	return mark->text == NULL || contains(data, beside->start, beside->end, mark->text);
}

/* The first mark that speaks against the hit, as a reason; REASON_NONE if none does. */
static unsigned find_mark(const struct beside *beside)
{
	const bool is_quoted = evidence_is_quoted(beside->data, beside->hit);
	const uint64_t fields = find_fields(beside);
	size_t count;
	const char(*signs)[3] = mark_text_signs(&count);
	const bool may_hold_text = beside->start < beside->end &&
	    literal_holds_any3(beside->data + beside->start, beside->end - beside->start, signs,
		count, 0x20);

	for (size_t i = 0; i < mark_count(); i++)
		if (mark_may_hold(mark_at(i), fields >> i & 1, may_hold_text, beside) &&
		    mark_holds(mark_at(i), is_quoted, beside))
			return REASON_MARK + (unsigned)i;
	return REASON_NONE;
}

/* Whether a one-time password's company stands beside: a phone number, or how long it is good. */
static bool is_password(const struct beside *beside)
{
	static const struct word names[] = { WORD("mobile"), WORD("mobiles"), WORD("phone"),
		WORD("phoneNumber"), WORD("phone_number"), WORD("phoneNo"), WORD("tel"),
		WORD("ttl") };

	for (size_t i = 0; i < COUNT(names); i++)
		if (evidence_find(beside, names[i].text, names[i].length) != NULL)
			return true;
	return false;
}

static bool word_speaks(const struct beside *beside)
{
	const struct hit *hit = beside->hit;

	return hit->word == HIT_WORD_OTHER ||
	       (hit->word == HIT_WORD_PERHAPS &&
	           (hit->entry->collides != COLLIDES_NO || is_password(beside)));
}

void evidence_weigh(struct hit *hit, const struct beside *beside)
{
	struct evidence evidence = { beside, false, false };

	hit->standing = STANDING_PLAIN;
	hit->reason = REASON_NONE;
	read_members(&evidence);
	if (evidence.is_confirmed) {
		hit->standing = STANDING_CONFIRMED;
		return;
	}
	hit->reason = (uint8_t)find_mark(beside);
	if (hit->reason == REASON_NONE && word_speaks(beside))
		hit->reason = REASON_WORD;
	if (hit->reason == REASON_NONE && hit->entry->collides != COLLIDES_NO &&
	    evidence.has_other_text)
		hit->reason = REASON_OTHER_TEXT;
	if (hit->reason == REASON_NONE && hit->entry->collides == COLLIDES_ALWAYS)
		hit->reason = REASON_NO_TEXT;
	if (hit->reason != REASON_NONE)
		hit->standing = STANDING_DOUBTFUL;
}
