/*
 * Owns the search for a --by field: where to look and which of several to take.
 * Must not know how groups are counted.
 */
#include "match/field.h"

#include <ctype.h>
#include <string.h>

#include "match/field_parts.h"
#include "match/spelling.h"

/* so many members are looked at on each side: a line may be full of them */
#define MEMBERS_EACH 256

static const struct {
	const char *name;
	enum field_kind kind;
} reserved[] = {
	{ "file", FIELD_FILE },
	{ "label", FIELD_LABEL },
	{ "path", FIELD_PATH },
};

bool field_rule_init(
    struct field_rule *rule, const char *argument, bool is_group, struct error *error)
{
	size_t length = strlen(argument);

	memset(rule, 0, sizeof(*rule));
	if (length == 0)
		return error_set(error, ERROR_USAGE, "--by: empty field name");
	if (length > FIELD_NAME_MAX)
		return error_set(error, ERROR_USAGE, "--by: name '%s' is longer than %u bytes",
		    argument, FIELD_NAME_MAX);
	for (size_t i = 0; i < length; i++)
		if (iscntrl((unsigned char)argument[i]) || strchr("\"'\\", argument[i]) != NULL)
			return error_set(error, ERROR_USAGE,
			    "--by: quote or control character in '%s': give the name alone",
			    argument);
	rule->kind = is_group ? FIELD_GROUP : FIELD_NAME;
	for (size_t i = 0; !is_group && i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(argument, reserved[i].name) == 0)
			rule->kind = reserved[i].kind;
	memcpy(rule->name, argument, length + 1);
	rule->length = (uint32_t)length;
	return true;
}

struct search {
	const struct field_rule *rule;
	struct reader *reader;
	const char *data;
	const struct hit *hit;
	uint32_t start, end; /* of what was found */
};

void field_cut(const char *data, uint32_t start, uint32_t *end)
{
	uint32_t at;

	if (*end - start <= FIELD_VALUE_MAX)
		return;
	*end = start + FIELD_VALUE_MAX;
	/* back to the beginning of the character that does not fit whole */
	for (at = *end; at > *end - 4; at--)
		if (((unsigned char)data[at] & 0xc0) != 0x80) {
			*end = at;
			return;
		}
}

/* The sign before the blanks before `at`; NUL when there is none. */
static char sign_before(const char *data, uint32_t floor, uint32_t at)
{
	while (at > floor && spelling_is_blank(data[at - 1]))
		at--;
	return at > floor ? data[at - 1] : '\0';
}

/* A bare value in a text ends at a blank, unless the text is a list that goes on as it began. */
static uint32_t bare_end(const struct search *search, const struct member *member)
{
	const char *data = search->data;
	const uint32_t line_end = search->hit->line.end;
	const uint32_t start = member->value_start;
	const char *blank = memchr(data + start, ' ', member->value_end - start);
	uint32_t behind = member->value_end;

	if (blank == NULL)
		blank = memchr(data + start, '\t', member->value_end - start);
	if (blank == NULL ||
	    reader_box(search->reader, member->box)->kind == BOX_BRACKETS)
		return member->value_end;
	while (behind < line_end && spelling_is_blank(data[behind]))
		behind++;
	if (sign_before(data, search->hit->line.start, member->outer_start) == ',' &&
	    behind < line_end && data[behind] != '\0' && strchr(",;)}]", data[behind]) != NULL)
		return member->value_end;
	return (uint32_t)(blank - data);
}

/* Takes the member's value, if it has one that is no object. */
static bool take(struct search *search, const struct member *member)
{
	const char *data = search->data;
	uint32_t start = member->value_start;
	uint32_t end = member->value_end;
	const bool is_quoted = member->is_quoted;

	if (member->child != READER_NONE) {
		const struct box *child = reader_box(search->reader, member->child);

		if (child->kind == BOX_BRACKETS)
			return false;
		/* one that is cut off could be any */
		if (child->kind == BOX_STRING && !child->is_closed && end - start <= FIELD_VALUE_MAX)
			return false;
	}
	if (!is_quoted) {
		end = bare_end(search, member);
		if (end - start == 4 && memcmp(data + start, "null", 4) == 0)
			return false;
	}
	while (start < end && spelling_is_blank(data[start]))
		start++;
	field_cut(data, start, &end);
	while (start < end && spelling_is_blank(data[end - 1]))
		end--;
	search->start = start;
	search->end = end;
	return start < end;
}

static bool is_wanted(const struct search *search, const struct member *member)
{
	const struct field_rule *rule = search->rule;

	return member->name_end - member->name_start == rule->length &&
	    memcmp(search->data + member->name_start, rule->name, rule->length) == 0;
}

/* Walks a box's members from `index` on, to one side. */
static bool walk(struct search *search, uint32_t index, bool is_forward)
{
	for (int i = 0; i < MEMBERS_EACH && index != READER_NONE; i++) {
		const struct member *member = reader_member(search->reader, index);

		if (is_wanted(search, member) && take(search, member))
			return true;
		index = is_forward ? member->next : member->previous;
	}
	return false;
}

/* Looks through a box: `before` is its last member in front of the hit. */
static bool look_in(struct search *search, uint32_t box, uint32_t before)
{
	const uint32_t behind = before == READER_NONE
	    ? reader_box(search->reader, box)->first
	    : reader_member(search->reader, before)->next;

	return walk(search, before, false) || walk(search, behind, true);
}

/* The box's last member that begins before the hit. */
static uint32_t last_before(const struct search *search, uint32_t box)
{
	uint32_t index = reader_box(search->reader, box)->last;

	for (int i = 0; i < MEMBERS_EACH && index != READER_NONE; i++) {
		const struct member *member = reader_member(search->reader, index);

		if (member->name_start < search->hit->key.start)
			return index;
		index = member->previous;
	}
	return index;
}

static bool look_around(struct search *search, struct hit_place place)
{
	uint32_t box = place.box;
	uint32_t before = place.before;

	while (box != READER_NONE) {
		const struct box *here = reader_box(search->reader, box);

		if (look_in(search, box, before))
			return true;
		if (here->before != READER_NONE) {
			box = here->before;
			before = reader_box(search->reader, box)->last;
		} else {
			before = here->owner != READER_NONE
			    ? reader_member(search->reader, here->owner)->previous
			    : READER_NONE;
			box = here->parent;
			if (box != READER_NONE && here->owner == READER_NONE)
				before = last_before(search, box);
		}
	}
	return false;
}

/* Whether a group of the line's top level carries no code of its own. */
static bool is_group(const struct search *search, uint32_t index)
{
	const struct box *box = reader_box(search->reader, index);

	if (box->kind != BOX_BRACKETS || box->parent == READER_NONE ||
	    reader_box(search->reader, box->parent)->kind != BOX_TEXT)
		return false;
	return memmem(search->data + box->start, box->end - box->start, "ode", 3) == NULL;
}

/* Looks through the groups beside the hit, the nearest to the left first. */
static bool look_in_groups(struct search *search)
{
	const uint32_t count = reader_member_count(search->reader);
	uint32_t left = 0;

	while (left < count &&
	       reader_member(search->reader, left)->name_start < search->hit->key.start)
		left++;
	for (uint32_t i = left; i-- > 0 && left - i < MEMBERS_EACH;) {
		const struct member *member = reader_member(search->reader, i);

		if (is_wanted(search, member) && is_group(search, member->box) && take(search, member))
			return true;
	}
	for (uint32_t i = left; i < count && i - left < MEMBERS_EACH; i++) {
		const struct member *member = reader_member(search->reader, i);

		if (is_wanted(search, member) && is_group(search, member->box) && take(search, member))
			return true;
	}
	return false;
}

static bool find_named(struct search *search, size_t index)
{
	const struct hit_place place = reader_place(search->reader, index);
	bool found = look_around(search, place);

	if (!found && reader_box(search->reader, 0)->start > search->hit->line.start) {
		reader_begin(search->reader);
		found = walk(search, reader_box(search->reader, 0)->first, true);
		if (!found)
			(void)reader_place(search->reader, index);
	}
	return found || look_in_groups(search);
}

bool field_find(const struct field_rule *rule, struct reader *reader, const char *data,
    const struct hit *hits, size_t index, uint32_t *start, uint32_t *end)
{
	const struct hit *hit = &hits[index];
	struct search search = { rule, reader, data, hit, 0, 0 };

	switch (rule->kind) {
	case FIELD_PATH:
		return field_path(data, hit, start, end);
	case FIELD_NAME:
		if (!find_named(&search, index))
			return false;
		*start = search.start;
		*end = search.end;
		return true;
	case FIELD_GROUP:
		*start = hit->group.start;
		*end = hit->group.end;
		field_cut(data, *start, end);
		return *start < *end;
	case FIELD_FILE:
	case FIELD_LABEL:
		break;
	}
	return false;
}
