/*
 * Owns the question whose a field is: brackets and strings between it and the hit.
 * Must not know names or values.
 */
#include <string.h>

#include "match/field_parts.h"
#include "match/object.h"
#include "match/quote.h"

/* Brackets passed on the way from one place to another. */
struct walk {
	struct object spelling; /* of the quotes where the walk is: bare at the line's level */
	uint32_t floor;         /* where the line begins */
	int depth, lowest;
	uint32_t opened; /* where depth last went from 0 to 1 */
	bool in_string;  /* the goal lies in a string of this spelling */
};

static void walk_begin(
    struct walk *walk, uint32_t floor, uint32_t quote_start, uint32_t quote_length)
{
	memset(walk, 0, sizeof(*walk));
	walk->floor = floor;
	walk->spelling.quote_start = quote_start;
	walk->spelling.quote_length = quote_length;
}

/* The `[` of a colour sequence, whose escape is raw or spelled, opens nothing. */
static bool is_colour(const char *data, uint32_t from, uint32_t at)
{
	return data[at] == '[' && at > from &&
	       (data[at - 1] == '\x1b' || (at - from >= 4 && is_in(data[at - 1], "bB3e") &&
	                                      memrchr(data + at - 4, '\\', 4) != NULL));
}

/* With bare names: whether the `"` at `at` ends a string that the walk began in. */
static bool is_end_of_string(const struct walk *walk, const char *data, uint32_t at, uint32_t to)
{
	if (walk->spelling.quote_length > 0 || at == walk->floor)
		return false;
	if (is_blank(data[at - 1]))
		return at + 1 == to || is_blank(data[at + 1]);
	return !is_in(data[at - 1], ":=,({[>|<");
}

static void walk_out(struct walk *walk)
{
	walk->depth--;
	if (walk->depth < walk->lowest)
		walk->lowest = walk->depth;
}

/* Passes the quote of `length` bytes at `at`. Returns where to go on. */
static uint32_t pass_quote(struct walk *walk, const char *data, uint32_t at, uint32_t length,
    uint32_t to, enum quote_kind kind)
{
	uint32_t inside;

	if (kind == QUOTE_SHALLOWER) {
		walk_out(walk);
		walk->spelling.quote_start = at;
		walk->spelling.quote_length = length;
		return at + length;
	}
	if (kind == QUOTE_DEEPER)
		return at + length;
	if (is_end_of_string(walk, data, at, to)) {
		walk_out(walk);
		return at + length;
	}
	at = quote_string_end(&walk->spelling, data, at, length, to, &inside);
	walk->in_string = inside == to;
	return at;
}

/* Goes on from `at` to `to`, or to where the depth falls below `least`. Returns where
 * it stopped. */
static uint32_t walk_to(struct walk *walk, const char *data, uint32_t at, uint32_t to, int least)
{
	while ((at = quote_skip_plain(data, at, to)) < to) {
		uint32_t length;
		enum quote_kind kind = quote_read(&walk->spelling, data, at, to, &length);

		if (kind != QUOTE_NONE) {
			at = pass_quote(walk, data, at, length, to, kind);
		} else if (is_open(data[at])) {
			if (!is_colour(data, walk->floor, at)) {
				if (walk->depth++ == 0)
					walk->opened = at;
			}
			at++;
		} else if (is_close(data[at])) {
			walk_out(walk);
			at++;
		} else {
			at = quote_skip_escape(data, at, to);
		}
		if (walk->depth < least)
			return at;
	}
	return at < to ? at : to;
}

/* Where the hit's key begins, with its quote. */
static uint32_t start_of(const char *data, const struct hit *hit)
{
	uint32_t length = hit->quote_end - hit->quote_start;

	return length > 0 && hit->key_start - hit->line_start >= length &&
	               memcmp(data + hit->key_start - length, data + hit->quote_start, length) == 0
	           ? hit->key_start - length
	           : hit->key_start;
}

/* Where the hit's value ends, with its quote. */
static uint32_t end_of(const char *data, const struct hit *hit)
{
	uint32_t length = hit->number_start - hit->open_start;
	uint32_t end = hit->annotation_end;

	return end == hit->value_end && length > 0 && hit->line_end - end >= length &&
	               memcmp(data + hit->open_start, data + end, length) == 0
	           ? end + length
	           : end;
}

unsigned field_level_before(
    const char *data, const struct field_member *member, const struct hit *hit)
{
	uint32_t goal = start_of(data, hit);
	struct walk walk;

	if (member->behind > goal)
		return FIELD_APART;
	walk_begin(&walk, hit->line_start, member->quote_start, member->quote_length);
	walk_to(&walk, data, member->behind, goal, 0);
	if (walk.depth < 0)
		return FIELD_APART;
	/* a reply that was logged as text stands in a string of ours */
	return (unsigned)walk.depth + walk.in_string;
}

unsigned field_level_behind(
    const char *data, const struct field_member *member, const struct hit *hit)
{
	uint32_t from = end_of(data, hit);
	struct walk walk;

	if (member->start < from)
		return FIELD_APART;
	walk_begin(&walk, hit->line_start, hit->quote_start, hit->quote_end - hit->quote_start);
	walk_to(&walk, data, from, member->start, -(int)OBJECT_REACH * 2);
	if (walk.in_string || walk.depth > walk.lowest)
		return FIELD_APART;
	return (unsigned)-walk.lowest;
}

/* Whether the group that begins at `from` holds a key like `code`: another reply. */
static bool holds_code(const char *data, uint32_t from, uint32_t to)
{
	return memmem(data + from, to - from, "ode", 3) != NULL;
}

unsigned field_level_in_line(
    const char *data, const struct field_member *member, const struct hit *hit)
{
	uint32_t end = hit->line_end;
	uint32_t group_end;
	struct walk walk;

	if (member->start - hit->line_start > OBJECT_REACH)
		return FIELD_APART;
	walk_begin(&walk, hit->line_start, 0, 0);
	walk_to(&walk, data, hit->line_start, member->start, -(int)OBJECT_REACH * 2);
	if (walk.in_string || walk.lowest < 0 || walk.depth > 1)
		return FIELD_APART;
	if (walk.depth == 0)
		return FIELD_IN_LINE;
	if (end - member->behind > OBJECT_REACH)
		end = member->behind + OBJECT_REACH;
	group_end = walk_to(&walk, data, member->behind, end, 1);
	if (walk.depth > 0) /* it goes on; the hit may well be in it */
		return group_end <= hit->key_start ? FIELD_IN_LINE : FIELD_APART;
	return holds_code(data, walk.opened, group_end) ? FIELD_APART : FIELD_IN_GROUP;
}
