/*
 * Owns the verdict on a hit: its standing and its class. Must not know where
 * objects begin or what becomes of the verdict.
 */
#include "match/standing.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "catalog/mark.h"
#include "match/literal.h"
#include "match/object.h"

enum {
	REASON_NONE,
	REASON_OTHER_TEXT,
	REASON_NO_TEXT,
	REASON_UNCONFIRMED,
	REASON_MARK /* plus the mark's index */
};

static const char *const reasons[REASON_MARK][2] = {
	[REASON_NONE] = { "", "" },
	[REASON_OTHER_TEXT] = { "other text than JiGuang's beside it", "旁边的文字不是极光的" },
	[REASON_NO_TEXT] = { "JiGuang's content is not beside it", "旁边没有极光的 content" },
	[REASON_UNCONFIRMED] = { "its text does not confirm it", "没有文字可以确认" },
};

struct field {
	const char *name;
	size_t length;
};

#define FIELD(name) { name, sizeof(name) - 1 }

/* the first three are also those that stand behind a code most often */
static const struct field message_fields[] = { FIELD("content"), FIELD("message"), FIELD("msg"),
	FIELD("errmsg"), FIELD("err_msg"), FIELD("error_msg"), FIELD("errorMsg"),
	FIELD("error_message"), FIELD("errorMessage"), FIELD("desc"), FIELD("description"),
	FIELD("error"), FIELD("retMsg"), FIELD("ret_msg"), FIELD("resultMsg"), FIELD("respMsg"),
	FIELD("rspMsg"), FIELD("returnMsg"), FIELD("bizMsg"), FIELD("reason") };

/* the last response of a code in the current line */
struct seen {
	uint64_t line;
	struct hit hit;
	bool is_bare; /* some response of it stands in no object */
};

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct standing {
	enum trust trust;
	bool judge_all;
	uint64_t line; /* number of the current line, for `seen` only */
	uint32_t line_start;
	bool has_line;
	enum answer has_sign;    /* what was searched for in the current line, */
	enum answer has_content; /* once: the line may be long and full of hits */
	size_t risk_category; /* id; a number no category has where there is none */
	struct seen *seen;    /* by entry id */
};

struct standing *standing_new(
    const struct catalog *catalog, enum trust trust, bool judge_all, struct error *error)
{
	struct standing *standing = calloc(1, sizeof(*standing));

	if (standing != NULL)
		standing->seen = calloc(catalog_size(catalog) + 1, sizeof(*standing->seen));
	if (standing != NULL)
		standing->risk_category = SIZE_MAX;
	if (standing == NULL || standing->seen == NULL) {
		standing_free(standing);
		error_set_memory(error);
		return NULL;
	}
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		if (strcmp(catalog_category_name(catalog, i), "risk") == 0)
			standing->risk_category = i;
	standing->trust = trust;
	standing->judge_all = judge_all;
	return standing;
}

void standing_free(struct standing *standing)
{
	if (standing == NULL)
		return;
	free(standing->seen);
	free(standing);
}

void standing_begin(struct standing *standing)
{
	standing->has_line = false;
}

/* ---- evidence ---- */

#define MEMBERS_KEPT 24

struct evidence {
	struct object object;
	struct member members[MEMBERS_KEPT]; /* the object's first ones, */
	size_t member_count;
	uint32_t rest; /* and where to go on behind them */
	bool is_confirmed;
	bool has_other_text; /* a message field that says something else */
	bool may_hold_text;  /* of a mark */
};

static bool is_named(const char *data, const struct member *member, const char *name)
{
	size_t length = member->name_end - member->name_start;

	/* most names differ in their first letter */
	return length > 0 && ((data[member->name_start] ^ name[0]) & ~0x20) == 0 &&
	    strlen(name) == length && strncasecmp(data + member->name_start, name, length) == 0;
}

static bool is_message_field(const char *data, const struct member *member)
{
	size_t length = member->name_end - member->name_start;

	for (size_t i = 0; i < sizeof(message_fields) / sizeof(message_fields[0]); i++)
		if (message_fields[i].length == length &&
		    strncasecmp(data + member->name_start, message_fields[i].name, length) == 0)
			return true;
	return false;
}

static bool value_is(const char *data, const struct member *member, const char *text)
{
	size_t length = strlen(text);

	return member->value_end - member->value_start == length &&
	    memcmp(data + member->value_start, text, length) == 0;
}

/* null, none, empty: a field that is there but says nothing */
static bool says_nothing(const char *data, const struct member *member)
{
	static const char *const nothings[] = { "", "null", "nil", "None", "undefined", "true",
		"false" };

	if (member->value_end - member->value_start > sizeof("undefined") - 1)
		return false;
	for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++)
		if (value_is(data, member, nothings[i]))
			return true;
	return false;
}

/* Whether the member is the beginning of the text, and the line was cut off there. */
static bool is_cut_off(const char *data, const struct member *member, const struct hit *hit)
{
	size_t length = member->value_end - member->value_start;

	return member->value_end == hit->line_end &&
	    length < strlen(hit->entry->description) &&
	    memcmp(data + member->value_start, hit->entry->description, length) == 0;
}

static void read_messages(struct evidence *evidence, const char *data, const struct hit *hit)
{
	struct member member;

	evidence->rest = evidence->object.start;
	for (uint32_t at = evidence->rest; object_next(&evidence->object, data, &at, &member);) {
		if (evidence->member_count < MEMBERS_KEPT) {
			evidence->members[evidence->member_count++] = member;
			evidence->rest = at;
		}
		if (member.is_nested || !is_message_field(data, &member) ||
		    says_nothing(data, &member) || is_cut_off(data, &member, hit))
			continue;
		if (!value_is(data, &member, hit->entry->description))
			evidence->has_other_text = true;
		else if (hit->entry->collides != COLLIDES_ALWAYS ||
		    is_named(data, &member, "content"))
			evidence->is_confirmed = true;
	}
}

static bool is_parameter_sign(char c)
{
	return c == '?' || c == '&';
}

static bool is_quoted_or_parameter(const char *data, const struct hit *hit)
{
	return hit->open_start < hit->number_start ||
	    (hit->key_start > hit->line_start &&
		is_parameter_sign(data[hit->key_start - 1])) ||
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

/* `is_beside`: whether the mark's field stands beside the hit. */
static bool mark_holds(const struct mark *mark, bool is_beside, const struct evidence *evidence,
    const char *data, const struct hit *hit)
{
	const struct object *object = &evidence->object;

	if (!mark_concerns(mark, data + hit->key_start, hit->key_end - hit->key_start, hit->code) ||
	    (mark->place != MARK_ANYWHERE && !is_quoted_or_parameter(data, hit)))
		return false;
	if (mark->place == MARK_VALUE_OF)
		return object_is_value_of(object, data, hit->line_start, mark->field);
	if ((mark->field != NULL && !is_beside) || (mark->text != NULL && !evidence->may_hold_text))
		return false;
	return mark->text == NULL || contains(data, object->start, object->end, mark->text);
}

/* The marks that name the member's field, a bit each. */
static uint64_t marks_of(const char *data, const struct member *member)
{
	uint64_t found = 0;

	for (size_t i = 0; i < mark_count(); i++) {
		const char *field = mark_at(i)->field;

		if (field != NULL && is_named(data, member, field))
			found |= UINT64_C(1) << i;
	}
	return found;
}

/* The marks whose fields stand beside the hit. */
static uint64_t find_fields(const struct evidence *evidence, const char *data)
{
	uint64_t found = 0;
	uint32_t at = evidence->rest;
	struct member member;

	for (size_t i = 0; i < evidence->member_count; i++)
		found |= marks_of(data, &evidence->members[i]);
	if (evidence->member_count == MEMBERS_KEPT)
		while (object_next(&evidence->object, data, &at, &member))
			found |= marks_of(data, &member);
	return found;
}

/* The first mark that speaks against the hit, as a reason; REASON_NONE if none does. */
static unsigned find_mark(struct evidence *evidence, const char *data, const struct hit *hit)
{
	const struct object *object = &evidence->object;
	uint64_t beside = find_fields(evidence, data);
	size_t sign_count;
	const char(*signs)[3] = mark_text_signs(&sign_count);

	evidence->may_hold_text = literal_holds_any3(
	    data + object->start, object->end - object->start, signs, sign_count, 0x20);

	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);

		if ((mark->strength == MARK_STRONG || hit->entry->collides != COLLIDES_NO) &&
		    mark_holds(mark, beside >> i & 1, evidence, data, hit))
			return REASON_MARK + (unsigned)i;
	}
	return REASON_NONE;
}

static void weigh(struct hit *hit, struct evidence *evidence, const char *data)
{
	hit->standing = STANDING_PLAIN;
	hit->reason = REASON_NONE;
	if (evidence->is_confirmed) {
		hit->standing = STANDING_CONFIRMED;
		return;
	}
	hit->reason = (uint8_t)find_mark(evidence, data, hit);
	if (hit->reason == REASON_NONE && hit->entry->collides != COLLIDES_NO &&
	    evidence->has_other_text)
		hit->reason = REASON_OTHER_TEXT;
	if (hit->reason == REASON_NONE && hit->entry->collides == COLLIDES_ALWAYS)
		hit->reason = REASON_NO_TEXT;
	if (hit->reason != REASON_NONE)
		hit->standing = STANDING_DOUBTFUL;
}

/* ---- the class ---- */

static bool follows(const char *data, uint32_t *at, uint32_t end, const char *text, size_t length)
{
	if (end - *at < length || (length > 0 && data[*at] != text[0]) ||
	    (length > 1 && memcmp(data + *at, text, length) != 0))
		return false;
	*at += (uint32_t)length;
	return true;
}

/* The commonest reply of all, seen through without reading its object: the next
 * member is `content`, and is the code's own text. */
static bool is_confirmed_at_once(const char *data, const struct hit *hit)
{
	const char *quote = data + hit->quote_start;
	size_t quote_length = hit->quote_end - hit->quote_start;
	uint32_t end = hit->line_end;
	uint32_t at = hit->annotation_end;

	if (!hit->is_member || hit->open_start != hit->number_start ||
	    !follows(data, &at, end, ",", 1))
		return false;
	(void)follows(data, &at, end, " ", 1);
	if (!follows(data, &at, end, quote, quote_length) ||
	    !follows(data, &at, end, "content", 7) ||
	    !follows(data, &at, end, quote, quote_length) || !follows(data, &at, end, ":", 1))
		return false;
	(void)follows(data, &at, end, " ", 1);
	return follows(data, &at, end, quote, quote_length) &&
	    follows(data, &at, end, hit->entry->description, strlen(hit->entry->description)) &&
	    follows(data, &at, end, quote, quote_length);
}

/* The same of bare keys: `code=9000, content=verify consistent)`. */
static bool is_confirmed_in_text(const char *data, const struct hit *hit)
{
	size_t field_count = hit->entry->collides == COLLIDES_ALWAYS ? 1 : 3;
	uint32_t end = hit->line_end;
	uint32_t at = hit->annotation_end;

	if (hit->quote_start != hit->quote_end || hit->open_start != hit->number_start)
		return false;
	(void)follows(data, &at, end, ",", 1);
	if (!follows(data, &at, end, " ", 1))
		return false;
	for (size_t i = 0; i < field_count; i++)
		if (follows(data, &at, end, message_fields[i].name, message_fields[i].length)) {
			if (!follows(data, &at, end, "=", 1) && !follows(data, &at, end, ": ", 2))
				return false;
			return follows(data, &at, end, hit->entry->description,
				   strlen(hit->entry->description)) &&
			    (at == end || data[at] == ',' || data[at] == ')' || data[at] == '}');
		}
	return false;
}

/* Whether `text` ends at `*end`; moves it in front. */
static bool precedes(const char *data, uint32_t floor, uint32_t *end, const char *text, size_t length)
{
	if (*end - floor < length || memcmp(data + *end - length, text, length) != 0)
		return false;
	*end -= (uint32_t)length;
	return true;
}

/* The commonest inner code: `"riskCheck":{"code":0`. */
static bool is_inner_at_once(const char *data, const struct hit *hit)
{
	const char *quote = data + hit->quote_start;
	size_t quote_length = hit->quote_end - hit->quote_start;
	uint32_t floor = hit->line_start;
	uint32_t at = hit->key_start;

	return hit->is_member && precedes(data, floor, &at, quote, quote_length) &&
	    precedes(data, floor, &at, "{", 1) && precedes(data, floor, &at, ":", 1) &&
	    precedes(data, floor, &at, quote, quote_length) &&
	    precedes(data, floor, &at, "riskCheck", 9) &&
	    precedes(data, floor, &at, quote, quote_length);
}

static bool is_risk(const struct standing *standing, const struct hit *hit)
{
	return hit->entry->category_id == standing->risk_category;
}

/* Whether the line may hold a mark that speaks against any number. */
static bool may_hold_strong_mark(
    struct standing *standing, const char *data, const struct hit *hit)
{
	if (standing->has_sign == ANSWER_UNKNOWN) {
		size_t count;
		const char(*signs)[3] = mark_signs(&count);

		standing->has_sign = literal_holds_any3(data + hit->line_start,
					 hit->line_end - hit->line_start, signs, count, 0x20)
		    ? ANSWER_YES
		    : ANSWER_NO;
	}
	return standing->has_sign == ANSWER_YES;
}

static bool holds_content(struct standing *standing, const char *data, const struct hit *hit)
{
	if (standing->has_content == ANSWER_UNKNOWN)
		standing->has_content = memmem(data + hit->line_start,
					    hit->line_end - hit->line_start, "content", 7) != NULL
		    ? ANSWER_YES
		    : ANSWER_NO;
	return standing->has_content == ANSWER_YES;
}

/* Whether the text around the hit can change what it counts as. */
static bool must_be_judged(struct standing *standing, const char *data, const struct hit *hit)
{
	return standing->judge_all || standing->trust == TRUST_STRICT ||
	    hit->entry->collides != COLLIDES_NO || is_risk(standing, hit) ||
	    is_quoted_or_parameter(data, hit) || may_hold_strong_mark(standing, data, hit);
}

static enum hit_class class_of(
    const struct standing *standing, const struct hit *hit, bool is_inner)
{
	if (is_inner)
		return HIT_INNER;
	if ((standing->trust == TRUST_NORMAL && hit->standing == STANDING_DOUBTFUL) ||
	    (standing->trust == TRUST_STRICT && hit->standing != STANDING_CONFIRMED))
		return HIT_HELD_BACK;
	return HIT_RESPONSE;
}

/* Whether two hits of one line stand in objects of which neither holds the other. */
static bool are_separate(const char *data, const struct hit *one, const struct hit *other)
{
	struct object a;
	struct object b;

	object_find(&a, data, one, one->line_start, one->line_end);
	object_find(&b, data, other, other->line_start, other->line_end);
	return a.has_brackets && b.has_brackets && (a.end <= b.start || b.end <= a.start);
}

static bool is_repeated(struct standing *standing, const char *data, const struct hit *hit)
{
	struct seen *seen = &standing->seen[hit->entry->id];
	bool again = seen->line == standing->line;

	if (again && (seen->is_bare || !are_separate(data, &seen->hit, hit))) {
		seen->is_bare = true;
		return true;
	}
	seen->line = standing->line;
	/* only where it stands: its class is just being written, and to wait for that is slow */
	memcpy(&seen->hit, hit, offsetof(struct hit, is_member));
	seen->is_bare = false;
	return false;
}

static void judge_number(struct standing *standing, const char *data, struct hit *hit,
    uint32_t start, uint32_t end)
{
	struct object object;

	hit->hit_class = HIT_OTHER;
	if (!holds_content(standing, data, hit))
		return;
	object_find(&object, data, hit, start, end);
	if (object_has(&object, data, "content", 7) &&
	    (object_has(&object, data, "id", 2) || object_has(&object, data, "exID", 4)))
		hit->hit_class = HIT_UNLISTED;
}

static void enter_line(struct standing *standing, const struct hit *hit)
{
	if (standing->has_line && standing->line_start == hit->line_start)
		return;
	standing->has_line = true;
	standing->line_start = hit->line_start;
	standing->line++;
	standing->has_sign = ANSWER_UNKNOWN;
	standing->has_content = ANSWER_UNKNOWN;
}

/* Whether no look at the object is needed. */
static bool is_seen_through(
    const struct standing *standing, const char *data, const struct hit *hit, bool *is_inner)
{
	if (standing->judge_all)
		return false;
	*is_inner = is_risk(standing, hit);
	if (*is_inner)
		return (*is_inner = is_inner_at_once(data, hit));
	return is_confirmed_at_once(data, hit) || is_confirmed_in_text(data, hit);
}

void standing_judge(struct standing *standing, const char *data, struct hit *hit,
    uint32_t stretch_start, uint32_t stretch_end)
{
	struct evidence evidence;
	enum hit_class hit_class;
	bool is_inner = false;

	enter_line(standing, hit);
	if (hit->hit_class == HIT_ELSEWHERE)
		return;
	if (hit->entry == NULL) {
		judge_number(standing, data, hit, stretch_start, stretch_end);
		return;
	}
	if (is_seen_through(standing, data, hit, &is_inner)) {
		hit->standing = is_inner ? STANDING_PLAIN : STANDING_CONFIRMED;
	} else if (must_be_judged(standing, data, hit)) {
		evidence.member_count = 0;
		evidence.is_confirmed = false;
		evidence.has_other_text = false;
		object_find(&evidence.object, data, hit, stretch_start, stretch_end);
		read_messages(&evidence, data, hit);
		weigh(hit, &evidence, data);
		is_inner = is_risk(standing, hit) &&
		    object_is_value_of(&evidence.object, data, hit->line_start, "riskCheck");
	}
	hit_class = class_of(standing, hit, is_inner);
	if (hit_class == HIT_HELD_BACK && hit->reason == REASON_NONE)
		hit->reason = REASON_UNCONFIRMED;
	if (hit_class == HIT_RESPONSE && is_repeated(standing, data, hit))
		hit_class = HIT_REPEATED;
	hit->hit_class = (uint8_t)hit_class;
}

const char *standing_reason(unsigned reason, bool chinese)
{
	if (reason < REASON_MARK)
		return reasons[reason][chinese];
	return chinese ? mark_at(reason - REASON_MARK)->reason_zh
		       : mark_at(reason - REASON_MARK)->reason;
}

const char *standing_reason_zh(const char *reason)
{
	for (unsigned i = 1; i < standing_reason_count(); i++)
		if (strcmp(standing_reason(i, false), reason) == 0)
			return standing_reason(i, true);
	return NULL;
}

unsigned standing_reason_count(void)
{
	return REASON_MARK + (unsigned)mark_count();
}

bool standing_content(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end)
{
	struct object object;
	struct member member;

	object_find(&object, data, hit, hit->line_start, hit->line_end);
	for (uint32_t at = object.start; object_next(&object, data, &at, &member);)
		if (is_named(data, &member, "content")) {
			*start = member.value_start;
			*end = member.value_end;
			return true;
		}
	return false;
}
