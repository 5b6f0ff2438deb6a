/*
 * Owns what the members beside a hit say for or against it: message fields and marks. Must
 * not know what the hit counts as in the end.
 */
#include "match/evidence.h"

#include <string.h>
#include <strings.h>

#include "catalog/mark.h"
#include "match/literal.h"

struct field {
	const char *name;
	size_t length;
};

#define FIELD(name) { name, sizeof(name) - 1 }

static const struct field message_fields[] = { FIELD("content"), FIELD("message"), FIELD("msg"),
	FIELD("errmsg"), FIELD("err_msg"), FIELD("error_msg"), FIELD("errorMsg"),
	FIELD("error_message"), FIELD("errorMessage"), FIELD("desc"), FIELD("description"),
	FIELD("error"), FIELD("retMsg"), FIELD("ret_msg"), FIELD("resultMsg"), FIELD("respMsg"),
	FIELD("rspMsg"), FIELD("returnMsg"), FIELD("bizMsg"), FIELD("reason") };

/* three bytes of each of them, in lower case; that of the plain `error` is the last */
static const char message_signs[][3] = { "ten", "ssa", "msg", "esc", "eas", "rro" };

#define MESSAGE_SIGNS (sizeof(message_signs) / sizeof(message_signs[0]))

#define MEMBERS_KEPT 24

/* So many bytes may stand between a number and its text. */
#define GAP_MAX 4

struct evidence {
	const struct object *object;
	struct member members[MEMBERS_KEPT]; /* the object's first ones, */
	size_t member_count;
	uint32_t rest; /* and where to go on behind them */
	bool is_confirmed;
	bool has_other_text; /* a message field that says something else */
	bool may_hold_text;  /* of a mark */
	bool is_quoted;      /* the hit's value, or it is a parameter */
};

bool evidence_is_named(const char *data, const struct member *member, const char *name)
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

/* Whether what stands behind a name may be the quote that closes it, or a separator. */
static bool may_end_name(const char *at, const char *end)
{
	const char *behind = at;

	while (behind < end && (*behind == ' ' || *behind == '\t'))
		behind++;
	if (behind == end)
		return false;
	return *behind == ':' || *behind == '=' || (behind == at && strchr("\"'\\>]", *at) != NULL);
}

/* Whether a field named `error` may be there: most lines that hold the word have it as their level. */
static bool may_hold_error(const char *line, size_t length)
{
	const char *end = line + length;

	for (; end - line > 5; line++)
		if ((*line | 0x20) == 'e' && strncasecmp(line, "error", 5) == 0 &&
		    may_end_name(line + 5, end))
			return true;
	return false;
}

static bool may_hold_message(const char *line, size_t length)
{
	return literal_holds_any3(line, length, message_signs, MESSAGE_SIGNS, 0x20) &&
	    (literal_holds_any3(line, length, message_signs, MESSAGE_SIGNS - 1, 0x20) ||
		may_hold_error(line, length));
}

static bool may_hold_any(const char *text, size_t length)
{
	size_t count;
	const char(*signs)[3] = mark_signs(MARK_WEAK, &count);

	return may_hold_message(text, length) ||
	    literal_holds_any3(text, length, signs, count, 0x20);
}

/* Where the code's own text ends, if it stands behind the number as it is: `9000，verify
 * consistent`. It is no sign of anything, though it may hold three bytes of one; but not a text in
 * which a field could stand. 0: it does not. */
static uint32_t own_text_end(const char *data, const struct hit *hit)
{
	const char *text = hit->entry->description;
	size_t length = hit->entry->description_length;
	uint32_t at = hit->annotation_end;

	while (at < hit->line_end && at - hit->annotation_end < GAP_MAX &&
	    (data[at] == ',' || data[at] == ' ' || (data[at] & 0x80) != 0))
		at++;
	if (hit->line_end - at < length || length < 2 || memcmp(data + at, text, length) != 0 ||
	    strpbrk(text, ":=\"'\\[]{}()") != NULL)
		return 0;
	return at + (uint32_t)length;
}

bool evidence_may_stand(const char *data, const struct hit *hit)
{
	uint32_t own_end;

	if (evidence_is_quoted(data, hit) ||
	    mark_speaks_alone(data + hit->key_start, hit->key_end - hit->key_start, hit->code))
		return true;
	own_end = own_text_end(data, hit);
	if (own_end == 0)
		return may_hold_any(data + hit->line_start, hit->line_end - hit->line_start);
	/* behind it with its last bytes, which may be the first ones of a sign */
	return may_hold_any(data + hit->line_start, hit->annotation_end - hit->line_start) ||
	    may_hold_any(data + own_end - 2, hit->line_end - own_end + 2);
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

	evidence->rest = evidence->object->start;
	for (uint32_t at = evidence->rest; object_next(evidence->object, data, &at, &member);) {
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
		    evidence_is_named(data, &member, "content"))
			evidence->is_confirmed = true;
	}
}

static bool is_parameter_sign(char c)
{
	return c == '?' || c == '&';
}

bool evidence_is_quoted(const char *data, const struct hit *hit)
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

/* Whether what the mark asks for can be there at all: most of them go no further. `is_beside`:
 * whether its field stands beside the hit. */
static bool mark_may_hold(const struct mark *mark, bool is_beside,
    const struct evidence *evidence, const struct hit *hit)
{
	if (mark->strength != MARK_STRONG && hit->entry->collides == COLLIDES_NO)
		return false;
	if (mark->place != MARK_ANYWHERE && !evidence->is_quoted)
		return false;
	if (mark->place == MARK_VALUE_OF)
		return true;
	return (mark->field == NULL || is_beside) && (mark->text == NULL || evidence->may_hold_text);
}

static bool mark_holds(const struct mark *mark, const struct evidence *evidence, const char *data,
    const struct hit *hit)
{
	const struct object *object = evidence->object;

	if (!mark_concerns(mark, data + hit->key_start, hit->key_end - hit->key_start, hit->code))
		return false;
	if (mark->place == MARK_VALUE_OF)
		return object_is_value_of(object, data, hit->line_start, mark->field);
	return mark->text == NULL || contains(data, object->start, object->end, mark->text);
}

/* The marks that name the member's field, a bit each. */
static uint64_t marks_of(const char *data, const struct member *member)
{
	uint64_t found = 0;

	for (size_t i = 0; i < mark_count(); i++) {
		const char *field = mark_at(i)->field;

		if (field != NULL && evidence_is_named(data, member, field))
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
		while (object_next(evidence->object, data, &at, &member))
			found |= marks_of(data, &member);
	return found;
}

/* The first mark that speaks against the hit, as a reason; REASON_NONE if none does. */
static unsigned find_mark(struct evidence *evidence, const char *data, const struct hit *hit)
{
	const struct object *object = evidence->object;
	uint64_t beside = find_fields(evidence, data);
	size_t sign_count;
	const char(*signs)[3] = mark_text_signs(&sign_count);

	evidence->is_quoted = evidence_is_quoted(data, hit);
	evidence->may_hold_text = literal_holds_any3(
	    data + object->start, object->end - object->start, signs, sign_count, 0x20);

	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);

		if (mark_may_hold(mark, beside >> i & 1, evidence, hit) &&
		    mark_holds(mark, evidence, data, hit))
			return REASON_MARK + (unsigned)i;
	}
	return REASON_NONE;
}

static void decide(struct hit *hit, struct evidence *evidence, const char *data)
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

void evidence_weigh(struct hit *hit, const struct object *object, const char *data)
{
	struct evidence evidence;

	/* the members themselves are written before they are read */
	evidence.object = object;
	evidence.member_count = 0;
	evidence.is_confirmed = false;
	evidence.has_other_text = false;
	read_messages(&evidence, data, hit);
	decide(hit, &evidence, data);
}
