/*
 * Owns the search for a --by field: where to look and which of several to take.
 * Must not know how groups are counted.
 */
#include "match/field.h"

#include <ctype.h>
#include <string.h>

#include "match/field_parts.h"
#include "match/object.h"

/* so many of one name are looked at on each side: a line may be full of them */
#define CANDIDATES_MAX 16

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
	const char *data;
	const struct hit *hit;
	unsigned level; /* of what was found so far; FIELD_APART: nothing */
	uint32_t start, end;
};

/* The next place in [at, to) where the name stands and a separator follows, before `end`. */
static bool next_name(const struct search *search, uint32_t floor, uint32_t at, uint32_t to,
    uint32_t end, struct field_member *member)
{
	const struct field_rule *rule = search->rule;
	const struct hit *hit = search->hit;

	while (at < to) {
		const char *found = memmem(search->data + at, to - at, rule->name, rule->length);

		if (found == NULL)
			return false;
		at = (uint32_t)(found - search->data);
		/* what stands in an annotation of ours is no field of the log */
		if ((at < hit->value_end || at >= hit->annotation_end) &&
		    field_member_name(search->data, floor, end, at, at + rule->length, member))
			return true;
		at++;
	}
	return false;
}

static void keep(struct search *search, const struct field_member *member, unsigned level)
{
	search->level = level;
	search->start = member->value_start;
	search->end = member->value_end;
}

/* From the hit to the left. */
static void look_before(struct search *search, uint32_t floor)
{
	struct field_member members[CANDIDATES_MAX]; /* the last ones, in a ring */
	struct field_member *member = &members[0];
	const struct hit *hit = search->hit;
	unsigned count = 0;
	uint32_t at = floor;

	while (next_name(search, floor, at, hit->key_start, hit->line_end, member)) {
		at = member->name_start + 1;
		member = &members[++count % CANDIDATES_MAX];
	}
	/* the slot in use is not filled */
	for (unsigned i = count; i > 0 && count - i < CANDIDATES_MAX - 1 && search->level > 0;
	     i--) {
		unsigned level;

		member = &members[(i - 1) % CANDIDATES_MAX];
		if (!field_member_value(search->data, floor, hit->line_end, member))
			continue;
		level = field_level_before(search->data, member, hit);
		if (level == FIELD_APART)
			level = field_level_in_line(search->data, member, hit);
		if (level < search->level)
			keep(search, member, level);
	}
}

/* From the hit to the right, or over the line's beginning. */
static void look_on(struct search *search, uint32_t at, uint32_t to,
    unsigned (*level_of)(const char *, const struct field_member *, const struct hit *))
{
	const struct hit *hit = search->hit;
	uint32_t floor = hit->line_start;

	for (unsigned count = 0; count < CANDIDATES_MAX && search->level > 0; count++) {
		struct field_member member;
		unsigned level;

		if (!next_name(search, floor, at, to, hit->line_end, &member))
			return;
		at = member.name_start + 1;
		if (!field_member_value(search->data, floor, hit->line_end, &member))
			continue;
		level = level_of(search->data, &member, hit);
		if (level == FIELD_APART)
			level = field_level_in_line(search->data, &member, hit);
		if (level < search->level)
			keep(search, &member, level);
	}
}

static bool find_named(const struct field_rule *rule, const char *data, const struct hit *hit,
    uint32_t *start, uint32_t *end)
{
	struct search search = { rule, data, hit, FIELD_APART, 0, 0 };
	uint32_t floor = object_floor(hit);
	uint32_t head = hit->line_start + OBJECT_REACH;

	look_before(&search, floor);
	if (search.level > 0)
		look_on(&search, hit->value_end, object_ceiling(hit), field_level_behind);
	if (search.level >= FIELD_IN_LINE && floor > hit->line_start)
		look_on(&search, hit->line_start, head < floor ? head : floor, field_level_in_line);
	*start = search.start;
	*end = search.end;
	return search.level != FIELD_APART;
}

bool field_find(const struct field_rule *rule, const char *data, const struct hit *hit,
    uint32_t *start, uint32_t *end)
{
	switch (rule->kind) {
	case FIELD_PATH:
		return field_path(data, hit, start, end);
	case FIELD_NAME:
		return find_named(rule, data, hit, start, end);
	case FIELD_GROUP:
		*start = hit->group_start;
		*end = hit->group_end;
		field_cut(data, *start, end);
		return *start < *end;
	case FIELD_FILE:
	case FIELD_LABEL:
		break;
	}
	return false;
}
