/*
 * Owns the reading of a line: its boxes and members, where hits stand in them, and the loop over
 * the signs. What a quote does is reader_string.c's, all other signs are reader_name.c's. Must not
 * know what any name means.
 *
 * The signs of a line are marked first (structure.h), and then looked at in order. All that may
 * need a look to the left, names and colours, is bound by the sign before, so that the whole is
 * linear.
 */
#include "match/reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "match/reader_parts.h"
#include "match/structure.h"

struct reader *reader_new(struct error *error)
{
	struct reader *reader = malloc(sizeof(*reader));

	if (reader == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	reader_turn(reader, "", 0, 0, NULL, 0, 0);
	return reader;
}

void reader_free(struct reader *reader)
{
	free(reader);
}

/* ---- boxes and members ---- */

uint32_t reader_add_box(struct reader *reader, enum box_kind kind, uint32_t start)
{
	const uint32_t index = reader->box_count++;
	struct box *box = &reader->boxes[index];

	box->start = start;
	box->end = reader->to;
	box->parent = reader->current;
	box->string = kind == BOX_STRING               ? index
	              : reader->current != READER_NONE ? reader->boxes[reader->current].string
	                                               : READER_NONE;
	box->owner = box->before = box->first = box->last = box->open = READER_NONE;
	box->quote_start = start;
	box->quote_length = 0;
	box->backslashes = 0;
	box->is_plain = false;
	box->is_doubled = false;
	box->is_closed = false;
	box->kind = (uint8_t)kind;
	reader->current = index;
	return index;
}

/* Closes the current box, whose inside ends at `at`. */
static void leave(struct reader *reader, uint32_t at)
{
	struct box *box = &reader->boxes[reader->current];

	reader_end_value(reader, reader->current, at);
	box->end = at;
	reader->current = box->parent;
}

/* Closes all up to `index`, and that. */
void reader_leave_all(struct reader *reader, uint32_t index, uint32_t at)
{
	while (reader->current != index)
		leave(reader, at);
	leave(reader, at);
	reader->boxes[index].is_closed = true;
}

/* The member whose value the box at hand is begins as it closes: that value is whole. */
void reader_end_owner(struct reader *reader, const struct box *box, uint32_t at)
{
	struct box *parent = &reader->boxes[box->parent];

	if (box->owner == READER_NONE || parent->open != box->owner)
		return;
	reader->members[box->owner].value_end = at;
	parent->open = READER_NONE;
}

/* The hits whose key this name is or ends in belong to the member. */
static void place_hits(struct reader *reader, uint32_t index)
{
	const struct member *member = &reader->members[index];

	for (size_t i = reader->placed; i-- > 0 && reader->hits[i].key.end >= member->name_start;) {
		const struct hit *hit = &reader->hits[i];

		if (hit->key.start < member->name_start || hit->key.end > member->name_end)
			continue;
		reader->places[i] = (struct hit_place){ member->box, index, member->previous };
	}
}

void reader_add_member(
    struct reader *reader, uint32_t in, const struct pending *name, uint32_t value_from)
{
	const uint32_t index = reader->member_count;
	struct member *member = &reader->members[index];
	struct box *box = &reader->boxes[in];

	reader_end_value(reader, reader->current, name->outer_start);
	reader->pending.behind = 0;
	if (index == MEMBERS_MAX)
		return;
	reader->member_count++;
	member->name_start = name->start;
	member->name_end = name->end;
	member->outer_start = name->outer_start;
	member->value_start = spelling_skip_gap(reader->data, value_from, reader->to);
	member->value_end = member->value_start;
	member->box = in;
	member->previous = box->last;
	member->next = READER_NONE;
	member->child = READER_NONE;
	member->is_quoted = false;
	if (box->last == READER_NONE)
		box->first = index;
	else
		reader->members[box->last].next = index;
	box->last = index;
	reader->boxes[reader->current].open = index;
	place_hits(reader, index);
}

/* ---- signs ---- */

/* Tells hits whose keys end before `at` the box there. */
static void pass_hits(struct reader *reader, uint32_t at)
{
	while (reader->placed < reader->hit_count && reader->hits[reader->placed].key.end <= at) {
		const struct box *box = &reader->boxes[reader->current];

		reader->places[reader->placed++] =
		    (struct hit_place){ reader->current, READER_NONE, box->last };
	}
	/* a hit that is not annotated is passed behind what closes it */
	while (reader->passed < reader->hit_count &&
	       reader->hits[reader->passed].annotation_end <= at &&
	       (reader->hits[reader->passed].annotation_end < at ||
	           reader->hits[reader->passed].value_end < at)) {
		const struct hit *hit = &reader->hits[reader->passed++];

		if (hit->key.start >= reader->from)
			reader->edge = reader_max(reader->edge, hit->annotation_end);
	}
}

/* Whether an annotation of ours stands at `at`: then that is passed. */
static bool pass_annotation(struct reader *reader, uint32_t at)
{
	const struct hit *hit;
	uint32_t start;
	uint32_t length;

	if (reader->passed == reader->hit_count)
		return false;
	hit = &reader->hits[reader->passed];
	if (at < hit->value_end || hit->annotation_end == hit->value_end)
		return false;
	start = hit->value_end;
	length = hit->number.start - hit->open_start;
	if (length > 0 && reader->to - start >= length &&
	    memcmp(reader->data + start, reader->data + hit->open_start, length) == 0)
		start += length;
	if (at < start)
		return false;
	reader->at = hit->annotation_end;
	return true;
}

/* A bare value that has begun ends where a colour does. */
static void end_coloured(struct reader *reader, uint32_t at)
{
	const uint32_t open = reader->boxes[reader->current].open;

	if (open != READER_NONE && at > reader->members[open].value_start &&
	    reader->members[open].child == READER_NONE)
		reader_end_value(reader, reader->current, at);
}

/* The next place at which something is to be done about the hits. */
static uint32_t next_event(const struct reader *reader)
{
	uint32_t event = UINT32_MAX;

	if (reader->placed < reader->hit_count)
		event = reader->hits[reader->placed].key.end;
	if (reader->passed < reader->hit_count && reader->hits[reader->passed].value_end < event)
		event = reader->hits[reader->passed].value_end;
	return event;
}

static void take_sign(struct reader *reader, uint32_t at)
{
	struct sign sign;

	if (at >= reader->event) {
		pass_hits(reader, at);
		if (pass_annotation(reader, at))
			return;
		reader->event = next_event(reader);
	}
	spelling_read(reader->data, at, reader->to, &sign);
	switch (sign.kind) {
	case SIGN_QUOTE:
		reader_take_quote(reader, &sign);
		if (reader->at > at)
			return; /* a whole string was taken */
		break;
	case SIGN_OPEN:
		reader_open_brackets(reader, &sign);
		break;
	case SIGN_CLOSE:
		reader_close_brackets(reader, &sign);
		break;
	case SIGN_SEPARATOR:
		reader_take_separator(reader, &sign);
		break;
	case SIGN_STOP:
		/* &{ is Go's mark of a pointer */
		if (!reader_take_tuple(reader, &sign) &&
		    !(sign.byte == '&' && reader_follows(reader, sign.end, "{", 1)))
			reader_end_value(reader, reader->current, at);
		break;
	case SIGN_BREAK:
		reader_end_value(reader, reader->current, at);
		break;
	case SIGN_LESS:
		reader_take_less(reader, &sign);
		break;
	case SIGN_GREATER:
		reader_take_greater(reader, &sign);
		break;
	case SIGN_COLOUR:
		end_coloured(reader, at);
		/* fall through */
	case SIGN_BLANK:
		reader->at = sign.end;
		if (reader->colour_end == 0 ||
		    spelling_skip_gap(reader->data, reader->colour_end, at) != at) {
			reader->colour_before = reader->colour_end;
			reader->colour_start = at;
		}
		reader->colour_end = sign.end;
		return;
	case SIGN_TEXT:
		/* a sign's byte that is none: only an escape keeps a name from going on */
		reader->at = sign.end;
		if (sign.end > at + 1)
			reader->edge = sign.end;
		return;
	}
	reader->at = sign.end;
	reader->edge = sign.end;
}

/* Reads [from, to). */
static void read_window(struct reader *reader, uint32_t from, uint32_t to)
{
	const uint32_t words = (to - from) / 64 + 1;

	reader->from = from;
	reader->to = to;
	reader->words = words;
	reader->box_count = reader->member_count = 0;
	reader->placed = reader->passed = 0;
	reader->current = READER_NONE;
	reader->at = reader->edge = from;
	reader->colour_start = reader->colour_end = reader->colour_before = 0;
	reader->less_start = reader->less_end = 0;
	reader->pending.behind = 0;
	reader->event = 0;
	(void)reader_add_box(reader, BOX_TEXT, from);
	structure_mark(reader->data + from, to - from, reader->marks);
	for (uint32_t i = 0; i < words; i++)
		for (uint64_t marks = reader->marks[i]; marks != 0; marks &= marks - 1) {
			const uint32_t at = from + i * 64 + (uint32_t)__builtin_ctzll(marks);

			if (at < reader->at)
				continue;
			if (reader->box_count == BOXES_MAX || reader->member_count == MEMBERS_MAX) {
				reader->to = at;
				i = words;
				break;
			}
			take_sign(reader, at);
		}
	pass_hits(reader, reader->to);
	while (reader->current != READER_NONE)
		leave(reader, reader->to);
}

void reader_turn(struct reader *reader, const char *data, uint32_t start, uint32_t end,
    const struct hit *hits, size_t count, uint32_t limit)
{
	reader->data = data;
	reader->line_start = start;
	reader->line_end = end;
	reader->limit = limit < end ? limit : end;
	reader->hits = hits;
	reader->hit_count = count;
	reader->from = reader->to = 0;
	reader->box_count = reader->member_count = 0;
}

static uint32_t min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

struct hit_place reader_place(struct reader *reader, size_t index)
{
	const struct hit *hit = &reader->hits[index];
	const uint32_t behind = min(reader->limit, hit->annotation_end + READER_REACH);

	if (reader->box_count == 0 || hit->key.start < reader->from || behind > reader->to) {
		uint32_t from = reader->line_start;
		uint32_t to;

		if (reader->limit - from > READER_WINDOW && hit->key.start - from > READER_REACH)
			from = hit->key.start - READER_REACH;
		to = min(reader->limit, from + READER_WINDOW);
		read_window(reader, from, reader_max(to, from));
	}
	if (index >= reader->placed)
		return (struct hit_place){ 0, READER_NONE, READER_NONE };
	return reader->places[index];
}

void reader_begin(struct reader *reader)
{
	if (reader->box_count == 0 || reader->from != reader->line_start)
		read_window(reader, reader->line_start,
		    min(reader->limit, reader->line_start + READER_WINDOW));
}

/* ---- questions ---- */

const struct box *reader_box(const struct reader *reader, uint32_t box)
{
	return &reader->boxes[box];
}

const struct member *reader_member(const struct reader *reader, uint32_t member)
{
	return &reader->members[member];
}

uint32_t reader_member_count(const struct reader *reader)
{
	return reader->member_count;
}

bool reader_is_named(
    const struct reader *reader, const struct member *member, const char *name, uint32_t length)
{
	const char *end = reader->data + member->name_end;
	const uint32_t own = member->name_end - member->name_start;

	/* most names differ in their last letter */
	if (own < length || ((end[-1] ^ name[length - 1]) & ~0x20) != 0)
		return false;
	return (own == length || end[-(int)length - 1] == '.') &&
	       strncasecmp(end - length, name, length) == 0;
}

bool reader_is_value_of(
    const struct reader *reader, uint32_t box, const char *name, uint32_t length)
{
	for (int i = 0; i < 4 && box != READER_NONE; i++) {
		const uint32_t owner = reader->boxes[box].owner;

		if (owner != READER_NONE)
			return reader_is_named(reader, &reader->members[owner], name, length);
		if (reader->boxes[box].kind == BOX_TEXT)
			return false;
		box = reader->boxes[box].parent;
	}
	return false;
}
