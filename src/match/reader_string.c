/*
 * Owns the strings of a line: which quote opens one, and which closes it, with quotes of other
 * spellings, doubled ones and cut ones between. Must not know what a name is.
 */
#include "match/reader_parts.h"

/* The next marked byte from `at` on; reader->to: there is none. */
static uint32_t next_mark(const struct reader *reader, uint32_t at)
{
	uint32_t word = (at - reader->from) / 64;
	uint64_t marks = reader->marks[word] >> ((at - reader->from) % 64)
	                                            << ((at - reader->from) % 64);

	while (marks == 0 && ++word < reader->words)
		marks = reader->marks[word];
	return marks == 0 ? reader->to
	                  : reader->from + word * 64 + (uint32_t)__builtin_ctzll(marks);
}

static bool is_token_end(const struct reader *reader, uint32_t at)
{
	return at >= reader->to || !spelling_is_name(reader->data[at]);
}

/* Whether a sign ends at `at`, or a hit's bare value, behind which an annotation may stand. */
static bool is_edge(const struct reader *reader, uint32_t at)
{
	return at == reader->edge || at == reader->colour_end ||
	       (reader->passed < reader->hit_count && reader->hits[reader->passed].value_end == at);
}

/* Whether a quote at `at` may open a string: not in the middle of a word; u'text' is Python's. */
static bool may_open(const struct reader *reader, const struct sign *sign)
{
	const char *data = reader->data;
	const uint32_t at = sign->start;

	if (sign->byte == '\'' && sign->end < reader->to && spelling_is_blank(data[sign->end]))
		return false;
	if (at <= reader->from || is_edge(reader, at) || !spelling_is_name(data[at - 1]))
		return true;
	return strchr("uUbBrL", data[at - 1]) != NULL &&
	       (at - 1 == reader->from || at - 1 == reader->edge ||
	           !spelling_is_name(data[at - 2]));
}

/* Whether what stands around a quote calls for a value or a name. */
static bool is_awaited(const struct reader *reader, const struct sign *sign)
{
	static const char before[] = ":=,{[(";
	static const char behind[] = ",:;}]) \t\r";
	const char last = sign->start > reader->from ? reader->data[sign->start - 1] : '\0';
	const char next = sign->end < reader->to ? reader->data[sign->end] : ',';

	return last != '\0' && strchr(before, last) != NULL && next != '\0' &&
	       strchr(behind, next) == NULL;
}

/* Backslashes of the text's own are only told from those of quotes that are written plainly. */
static bool closes(const struct reader *reader, const struct box *string, const struct sign *sign)
{
	return (sign->end - sign->start == string->quote_length ||
	           (string->is_plain && sign->is_plain)) &&
	       spelling_closes(reader->data, string->quote_start, string->quote_length,
	           string->backslashes, sign);
}

/* The innermost open string of this spelling, or READER_NONE. */
static uint32_t find_string(const struct reader *reader, const struct sign *sign)
{
	uint32_t index = reader->boxes[reader->current].string;

	while (index != READER_NONE && !closes(reader, &reader->boxes[index], sign)) {
		const struct box *box = &reader->boxes[index];

		index =
		    box->parent == READER_NONE ? READER_NONE : reader->boxes[box->parent].string;
	}
	return index;
}

/* The field of CSV, the string that `quote` would close, in which quotes may be doubled; else the
 * line: a field may have been cut off on its left. */
static struct box *find_field(struct reader *reader, const struct sign *quote)
{
	uint32_t index = reader->boxes[reader->current].string;

	while (index != READER_NONE) {
		struct box *box = &reader->boxes[index];

		if (box->quote_length == quote->end - quote->start &&
		    memcmp(reader->data + box->quote_start, reader->data + quote->start,
		        box->quote_length) == 0)
			return box;
		index = reader->boxes[box->parent].string;
	}
	return &reader->boxes[0];
}

/* In a field of CSV two quotes are one: whether these two are, and takes the second. */
static void take_double(struct reader *reader, struct sign *sign)
{
	const char *data = reader->data;
	struct sign second;
	struct box *field;

	if (sign->byte != '"' || !sign->is_plain || sign->end >= reader->to ||
	    (data[sign->end] != '"' && data[sign->end] != '\\'))
		return;
	spelling_read(data, sign->end, reader->to, &second);
	if (second.kind != SIGN_QUOTE || second.byte != '"' || !second.is_plain ||
	    second.backslashes > sign->backslashes)
		return;
	field = find_field(reader, &second);
	if (!field->is_doubled) {
		const bool is_opening =
		    !is_token_end(reader, second.end) &&
		    (is_edge(reader, sign->start) || !spelling_is_name(data[sign->start - 1]));

		if (!is_opening &&
		    !(field->kind == BOX_STRING && sign->backslashes == second.backslashes &&
		        !is_awaited(reader, sign) && field->start < sign->start))
			return;
		field->is_doubled = true;
	}
	sign->end = second.end;
}

/* Whether the value being read has nothing yet but what may stand before a quote. */
static bool is_value_start(const struct reader *reader, uint32_t at)
{
	const struct box *box = &reader->boxes[reader->current];
	uint32_t from;

	if (box->open == READER_NONE)
		return false;
	from = reader->members[box->open].value_start;
	if (at < from || at - from > 4)
		return at < from;
	for (; from < at; from++)
		if (strchr(" \t<ubrUBL@", reader->data[from]) == NULL)
			return false;
	return true;
}

/* A string in which no sign stands needs no box: its inside is a name or a value at once. Returns
 * false when the string is no such one. */
static bool take_simple_string(struct reader *reader, const struct sign *sign)
{
	const uint32_t length = sign->end - sign->start;
	const uint32_t next = next_mark(reader, sign->end);
	struct box *box = &reader->boxes[reader->current];

	if (next >= reader->event || next > reader->to - length ||
	    memcmp(reader->data + next, reader->data + sign->start, length) != 0 ||
	    !is_token_end(reader, next + length) ||
	    (next + length < reader->to && reader->data[next + length] == '"') ||
	    (reader->to - next >= 2 * length &&
	        memcmp(reader->data + next + length, reader->data + sign->start, length) == 0))
		return false;
	if (is_value_start(reader, sign->start)) {
		struct member *member = &reader->members[box->open];

		member->value_start = sign->end;
		member->value_end = next;
		member->is_quoted = true;
		box->open = READER_NONE;
	} else {
		reader->pending = (struct pending){ sign->start, sign->end, next, next + length };
	}
	reader->at = reader->edge = next + length;
	return true;
}

static void open_boxed_string(struct reader *reader, const struct sign *sign)
{
	const uint32_t owner =
	    is_value_start(reader, sign->start) ? reader->boxes[reader->current].open : READER_NONE;
	const uint32_t index = reader_add_box(reader, BOX_STRING, sign->end);
	struct box *box = &reader->boxes[index];

	box->quote_start = sign->start;
	box->quote_length = sign->end - sign->start;
	box->backslashes = sign->backslashes;
	box->is_plain = sign->is_plain;
	box->owner = owner;
	if (owner != READER_NONE) {
		reader->members[owner].value_start = sign->end;
		reader->members[owner].child = index;
		reader->members[owner].is_quoted = true;
	}
}

static void open_string(struct reader *reader, const struct sign *sign)
{
	if (!take_simple_string(reader, sign))
		open_boxed_string(reader, sign);
}

static void close_string(struct reader *reader, uint32_t index, const struct sign *sign)
{
	/* escaped backslashes in front of the quote are the text's */
	const uint32_t end = sign->end - reader->boxes[index].quote_length;
	const struct box *box = &reader->boxes[index];

	reader_leave_all(reader, index, end);
	if (box->owner != READER_NONE)
		reader_end_owner(reader, box, end);
	else
		reader->pending = (struct pending){ box->quote_start, box->start, end, sign->end };
}

/* A quote that closes a string around those that are open ends all of them. */
static void end_deeper(struct reader *reader, const struct sign *sign)
{
	uint32_t index = reader->boxes[reader->current].string;

	while (index != READER_NONE) {
		const struct box *box = &reader->boxes[index];

		if (box->quote_length <= sign->end - sign->start)
			return;
		reader_leave_all(reader, index, sign->start);
		index = reader->boxes[reader->current].string;
	}
}

/* Whether the quote closes a hit's value: an annotation may stand behind it. */
static bool ends_hit(const struct reader *reader, const struct sign *sign)
{
	const struct hit *hit;

	if (reader->passed == reader->hit_count)
		return false;
	hit = &reader->hits[reader->passed];
	return hit->value_end == sign->start && hit->open_start < hit->number.start;
}

void reader_take_quote(struct reader *reader, struct sign *sign)
{
	uint32_t index;

	take_double(reader, sign);
	index = find_string(reader, sign);
	if (index != READER_NONE) {
		const bool is_inside = reader->current != index;

		/* a text in quotes that are not escaped may stand in others of the same */
		if ((!(is_inside && is_awaited(reader, sign)) && is_token_end(reader, sign->end)) ||
		    (!is_inside && ends_hit(reader, sign))) {
			close_string(reader, index, sign);
			return;
		}
		if (!may_open(reader, sign))
			return;
		/* what seemed a string lay between two of them */
		if (!is_inside && is_awaited(reader, sign))
			reader_leave_all(reader, index, sign->start);
		open_string(reader, sign);
	} else if (may_open(reader, sign)) {
		open_string(reader, sign);
	} else {
		end_deeper(reader, sign);
	}
}
