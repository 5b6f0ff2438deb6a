/*
 * Owns what brackets hold, which text in front of a separator is a name, and elements. Must not
 * know what any name means.
 */
#include <strings.h>

#include "match/reader_parts.h"

/* So many elements are closed at once: more were never elements. */
#define ELEMENTS_MAX 8
/* A value's type in front of its bracket is no longer than this. */
#define TYPE_MAX 128u

/* ---- brackets ---- */

/* Whether what stands between a separator and a bracket is nothing but a type's name or a map's
 * mark: Type( Type { Array ( %{ map[ &{ */
static bool is_type(const struct reader *reader, uint32_t from, uint32_t at)
{
	const char bracket = reader->data[at];
	uint32_t end = at;

	if (at - from > TYPE_MAX)
		return false;
	while (end > from && spelling_is_blank(reader->data[end - 1]))
		end--;
	if (end < at && end > from && bracket != '{' &&
	    !(end - from == 5 && strncasecmp(reader->data + from, "array", 5) == 0))
		return false;
	for (; from < end; from++)
		if (!spelling_is_name(reader->data[from]) &&
		    strchr(".$%#&:\\", reader->data[from]) == NULL)
			return false;
	return true;
}

void reader_open_brackets(struct reader *reader, const struct sign *sign)
{
	const uint32_t open = reader->boxes[reader->current].open;
	uint32_t index;

	index = reader_add_box(reader, BOX_BRACKETS, sign->end);
	reader->boxes[index].quote_start = sign->start;
	if (open != READER_NONE && reader->members[open].child == READER_NONE &&
	    (sign->start < reader->members[open].value_start ||
	        is_type(reader, reader->members[open].value_start, sign->start))) {
		reader->boxes[index].owner = open;
		reader->members[open].child = index;
	}
}

/* [name] of print_r may be a name like one in quotes. */
static bool is_bare_name(const struct reader *reader, const struct box *box)
{
	if (box->start == box->end || box->end - box->start > TYPE_MAX ||
	    reader->data[box->end] != ']')
		return false;
	for (uint32_t at = box->start; at < box->end; at++)
		if (!spelling_is_name(reader->data[at]) && (reader->data[at] & 0x80) == 0)
			return false;
	return true;
}

/* A bracket that nothing opened: what it closes was cut off, and ends here. */
static void split(struct reader *reader, const struct sign *sign)
{
	const uint32_t before = reader->current;
	struct box *old = &reader->boxes[before];
	struct box *box;

	reader_end_value(reader, before, sign->start);
	old->end = sign->start;
	reader->current = old->parent;
	box = &reader->boxes[reader_add_box(reader, (enum box_kind)old->kind, sign->end)];
	box->before = before;
	box->quote_start = old->quote_start;
	box->quote_length = old->quote_length;
	box->backslashes = old->backslashes;
	box->is_plain = old->is_plain;
	box->is_doubled = old->is_doubled;
	box->owner = old->owner;
}

void reader_close_brackets(struct reader *reader, const struct sign *sign)
{
	uint32_t index = reader->current;
	const struct box *box;

	for (int i = 0; i < ELEMENTS_MAX && reader->boxes[index].kind == BOX_ELEMENT; i++)
		index = reader->boxes[index].parent;
	box = &reader->boxes[index];
	if (box->kind != BOX_BRACKETS) {
		if (index == reader->current)
			split(reader, sign);
		return;
	}
	reader_leave_all(reader, index, sign->start);
	reader_end_owner(reader, box, sign->end);
	if (box->first == READER_NONE && is_bare_name(reader, box))
		reader->pending =
		    (struct pending){ box->quote_start, box->start, box->end, sign->end };
}

/* ---- names ---- */

/* Whether between a text that may be a name and `at` there is only what may stand there. */
static bool is_pending(const struct reader *reader, uint32_t at)
{
	const char *data = reader->data;
	uint32_t from = reader->pending.behind;

	if (from == 0)
		return false;
	while (from < at) {
		const uint32_t next = spelling_skip_gap(data, from, at);

		if (next == from && strchr(">])", data[from]) == NULL)
			return false;
		from = next == from ? from + 1 : next;
	}
	return from == at;
}

static uint32_t blanks_before(const struct reader *reader, uint32_t floor, uint32_t at)
{
	while (at > floor && spelling_is_blank(reader->data[at - 1]))
		at--;
	return at;
}

/* What a bare name may be made of: ASCII, or bytes of other scripts. 0: what is in none. */
enum { NAME_ASCII = 1, NAME_HIGH = 2 };

static unsigned name_class(char c)
{
#define FOUR(class) class, class, class, class
#define SIXTEEN(class) FOUR(class), FOUR(class), FOUR(class), FOUR(class)
	static const unsigned char classes[256] = {
		['$'] = NAME_ASCII,
		['-'] = NAME_ASCII,
		['.'] = NAME_ASCII,
		['@'] = NAME_ASCII,
		['_'] = NAME_ASCII,
		['0'] = FOUR(NAME_ASCII),
		FOUR(NAME_ASCII),
		NAME_ASCII,
		NAME_ASCII,
		['A'] = SIXTEEN(NAME_ASCII),
		FOUR(NAME_ASCII),
		FOUR(NAME_ASCII),
		NAME_ASCII,
		NAME_ASCII,
		['a'] = SIXTEEN(NAME_ASCII),
		FOUR(NAME_ASCII),
		FOUR(NAME_ASCII),
		NAME_ASCII,
		NAME_ASCII,
		[0x80] = SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
		SIXTEEN(NAME_HIGH),
	};
#undef SIXTEEN
#undef FOUR

	return classes[(unsigned char)c];
}

/* The bare name that ends before `at`. Returns false when there is none. */
static bool find_name(const struct reader *reader, uint32_t at, struct pending *name)
{
	const char *data = reader->data;
	uint32_t floor = reader_max(reader->edge, reader->colour_end);
	unsigned class;

	at = blanks_before(reader, reader_max(reader->edge, reader->colour_start), at);
	if (reader->colour_end > 0 && at <= reader->colour_end && at > reader->colour_start) {
		floor = reader_max(reader->edge, reader->colour_before);
		at = blanks_before(reader, floor, reader->colour_start);
	} else {
		at = at < floor ? floor : at;
	}
	name->end = name->behind = at;
	if (at == floor)
		return false;
	class = name_class(data[at - 1]);
	while (at > floor && name_class(data[at - 1]) == class && class != 0)
		at--;
	while (at < name->end && (data[at] == '-' || data[at] == '.'))
		at++;
	name->start = name->outer_start = at;
	return at < name->end && !spelling_is_digit(data[at]);
}

/* Whether `=` behind it is a comparison or an assignment's end. */
static bool ends_operator(char c)
{
	return !spelling_is_name(c) && strchr("!<>~+-*/^:", c) != NULL;
}

void reader_take_separator(struct reader *reader, struct sign *sign)
{
	struct pending name = reader->pending;

	if (is_pending(reader, sign->start)) {
		if (name.start == name.end)
			return;
		reader_add_member(reader, reader->current, &name, sign->end);
		return;
	}
	if (sign->byte == ':' && sign->end - sign->start == 1) {
		if (sign->end < reader->to && reader->data[sign->end] == ':') {
			sign->end++;
			return;
		}
		if (reader_follows(reader, sign->end, "//", 2) ||
		    reader_follows(reader, sign->end, "\\/", 2))
			return;
	}
	if (sign->byte == '=' && sign->start > reader->from &&
	    ends_operator(reader->data[sign->start - 1]))
		return;
	if (!find_name(reader, sign->start, &name) ||
	    (reader->less_end == name.start && reader->less_end > 0))
		return;
	/* host=localhost:8080 */
	if (sign->byte == ':' && name.start > reader->from &&
	    strchr("=:", reader->data[name.start - 1]) != NULL &&
	    reader->boxes[reader->current].open != READER_NONE)
		return;
	reader_add_member(reader, reader->current, &name, sign->end);
}

/* {<<"code">>,9011}: a member of what the tuples are in. */
bool reader_take_tuple(struct reader *reader, const struct sign *sign)
{
	const struct box *tuple = &reader->boxes[reader->current];
	struct pending name = reader->pending;

	if (name.behind == 0 || sign->byte != ',' || sign->start - name.behind != 2 ||
	    memcmp(reader->data + name.behind, ">>", 2) != 0 || tuple->kind != BOX_BRACKETS ||
	    tuple->first != READER_NONE || tuple->owner != READER_NONE)
		return false;
	reader_add_member(reader, tuple->parent, &name, sign->end);
	return true;
}

/* ---- elements ---- */

/* The name in <name> or </name> between `from` and `to`, without its name space. */
static bool find_tag(const struct reader *reader, uint32_t from, uint32_t to, struct pending *name)
{
	uint32_t start = from;

	for (uint32_t at = from; at < to; at++) {
		if (reader->data[at] == ':')
			start = at + 1;
		else if (!spelling_is_name(reader->data[at]) && reader->data[at] != '-')
			return false;
	}
	*name = (struct pending){ reader->less_start, start, to, to };
	return start < to && to - from <= TYPE_MAX && !spelling_is_digit(reader->data[start]);
}

/* Ends a text before a tag, the value of the element that it is in. */
static void end_text(struct reader *reader, uint32_t at)
{
	const struct box *box = &reader->boxes[reader->current];

	if (box->kind == BOX_ELEMENT && reader->boxes[box->parent].open == box->owner)
		reader_end_value(reader, box->parent, at);
	if (box->open != READER_NONE) {
		const uint32_t from = reader->members[box->open].value_start;

		/* <<"text">> of Erlang is a value */
		if (at > from && reader->data[at - 1] != '<')
			reader_end_value(reader, reader->current, at);
	}
}

static void close_element(struct reader *reader, const struct pending *name, uint32_t at)
{
	uint32_t index = reader->current;

	for (int i = 0; i < ELEMENTS_MAX && reader->boxes[index].kind == BOX_ELEMENT; i++) {
		const struct member *owner = &reader->members[reader->boxes[index].owner];

		if (owner->name_end - owner->name_start == name->end - name->start &&
		    memcmp(reader->data + owner->name_start, reader->data + name->start,
		        name->end - name->start) == 0) {
			reader_leave_all(reader, index, at);
			return;
		}
		index = reader->boxes[index].parent;
	}
}

void reader_take_greater(struct reader *reader, struct sign *sign)
{
	struct pending name;

	if (sign->start > reader->from && reader->data[sign->start - 1] == '-' &&
	    sign->start - 1 >= reader->edge) {
		sign->start--;
		sign->byte = '>';
		reader_take_separator(reader, sign);
		return;
	}
	if (reader->less_end == 0)
		return;
	if (reader_follows(reader, reader->less_end, "/", 1)) {
		if (find_tag(reader, reader->less_end + 1, sign->start, &name))
			close_element(reader, &name, reader->less_start);
	} else if (find_tag(reader, reader->less_end, sign->start, &name)) {
		const uint32_t count = reader->member_count;
		uint32_t index;

		reader_add_member(reader, reader->current, &name, sign->end);
		if (reader->member_count == count)
			return;
		index = reader_add_box(reader, BOX_ELEMENT, sign->end);
		reader->boxes[index].owner = count;
		reader->members[count].child = index;
	}
	reader->less_end = 0;
}

void reader_take_less(struct reader *reader, const struct sign *sign)
{
	end_text(reader, sign->start);
	reader->less_start = sign->start;
	reader->less_end = sign->end;
}
