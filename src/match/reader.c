/*
 * Owns the reading of a line: which sign opens or closes what, and which text is a name. Must not
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

#include "match/spelling.h"
#include "match/structure.h"

#define BOXES_MAX 4608u
#define MEMBERS_MAX 4608u
/* So many elements are closed at once: more were never elements. */
#define ELEMENTS_MAX 8
/* A value's type in front of its bracket is no longer than this. */
#define TYPE_MAX 128u

/* A text in quotes or brackets of its own, which may be a name. */
struct pending {
	uint32_t outer_start, start, end, behind; /* behind == 0: there is none */
};

struct reader {
	const char *data;
	uint32_t line_start, line_end, limit;
	const struct hit *hits;
	size_t hit_count;

	uint32_t from, to; /* what was read; both 0: nothing */
	uint32_t words;    /* of marks */
	uint32_t box_count, member_count;
	struct hit_place places[READER_HITS];
	size_t placed; /* hits whose keys were passed, */
	size_t passed; /* and those whose values were */

	uint32_t event; /* where the next of them is to be passed, or its annotation begins */

	uint32_t current; /* box */
	uint32_t at;      /* signs before it are done */
	uint32_t edge;    /* the end of the last sign, but for colours; no name begins before it */
	uint32_t colour_start, colour_end; /* the last run of colours; */
	uint32_t colour_before;            /* the end of the one before it */
	uint32_t less_start, less_end;     /* the last `<` */
	struct pending pending;

	uint64_t marks[READER_WINDOW / 64 + 1];
	struct box boxes[BOXES_MAX];
	struct member members[MEMBERS_MAX];
};

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

static uint32_t add_box(struct reader *reader, enum box_kind kind, uint32_t start)
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

/* Ends the value that is being read in the box. */
static inline void end_value(struct reader *reader, uint32_t index, uint32_t at)
{
	struct box *box = &reader->boxes[index];
	struct member *member;

	if (box->open == READER_NONE)
		return;
	member = &reader->members[box->open];
	box->open = READER_NONE;
	while (at > member->value_start &&
	       (spelling_is_blank(reader->data[at - 1]) || reader->data[at - 1] == '\r'))
		at--;
	member->value_end = at > member->value_start ? at : member->value_start;
}

/* Closes the current box, whose inside ends at `at`. */
static void leave(struct reader *reader, uint32_t at)
{
	struct box *box = &reader->boxes[reader->current];

	end_value(reader, reader->current, at);
	box->end = at;
	reader->current = box->parent;
}

/* Closes all up to `index`, and that. */
static void leave_all(struct reader *reader, uint32_t index, uint32_t at)
{
	while (reader->current != index)
		leave(reader, at);
	leave(reader, at);
	reader->boxes[index].is_closed = true;
}

/* The member whose value the box at hand is begins as it closes: that value is whole. */
static void end_owner(struct reader *reader, const struct box *box, uint32_t at)
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

	for (size_t i = reader->placed; i-- > 0 && reader->hits[i].key_end >= member->name_start;) {
		const struct hit *hit = &reader->hits[i];

		if (hit->key_start < member->name_start || hit->key_end > member->name_end)
			continue;
		reader->places[i] = (struct hit_place){ member->box, index, member->previous };
	}
}

static void add_member(
    struct reader *reader, uint32_t in, const struct pending *name, uint32_t value_from)
{
	const uint32_t index = reader->member_count;
	struct member *member = &reader->members[index];
	struct box *box = &reader->boxes[in];

	end_value(reader, reader->current, name->outer_start);
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

/* ---- quotes ---- */

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

static bool spells(const struct reader *reader, const struct box *string, const struct sign *sign)
{
	const uint32_t length = sign->end - sign->start;
	const uint32_t step = 2 * (string->backslashes + 1);

	if (length == string->quote_length)
		return memcmp(reader->data + sign->start, reader->data + string->quote_start,
		           length) == 0;
	/* "C:\\": with k backslashes in the spelling each one of the text takes 2(k + 1) */
	return string->is_plain && sign->is_plain && sign->backslashes > string->backslashes &&
	       length - sign->backslashes == string->quote_length - string->backslashes &&
	       reader->data[sign->end - 1] ==
	           reader->data[string->quote_start + string->quote_length - 1] &&
	       (sign->backslashes - string->backslashes) % step == 0;
}

/* The innermost open string of this spelling, or READER_NONE. */
static uint32_t find_string(const struct reader *reader, const struct sign *sign)
{
	uint32_t index = reader->boxes[reader->current].string;

	while (index != READER_NONE && !spells(reader, &reader->boxes[index], sign)) {
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
	const uint32_t index = add_box(reader, BOX_STRING, sign->end);
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

	leave_all(reader, index, end);
	if (box->owner != READER_NONE)
		end_owner(reader, box, end);
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
		leave_all(reader, index, sign->start);
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
	return hit->value_end == sign->start && hit->open_start < hit->number_start;
}

static void take_quote(struct reader *reader, struct sign *sign)
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
			leave_all(reader, index, sign->start);
		open_string(reader, sign);
	} else if (may_open(reader, sign)) {
		open_string(reader, sign);
	} else {
		end_deeper(reader, sign);
	}
}

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

static void open_brackets(struct reader *reader, const struct sign *sign)
{
	const uint32_t open = reader->boxes[reader->current].open;
	uint32_t index;

	index = add_box(reader, BOX_BRACKETS, sign->end);
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

	end_value(reader, before, sign->start);
	old->end = sign->start;
	reader->current = old->parent;
	box = &reader->boxes[add_box(reader, (enum box_kind)old->kind, sign->end)];
	box->before = before;
	box->quote_start = old->quote_start;
	box->quote_length = old->quote_length;
	box->backslashes = old->backslashes;
	box->is_plain = old->is_plain;
	box->is_doubled = old->is_doubled;
	box->owner = old->owner;
}

static void close_brackets(struct reader *reader, const struct sign *sign)
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
	leave_all(reader, index, sign->start);
	end_owner(reader, box, sign->end);
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

static uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
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
	uint32_t floor = max(reader->edge, reader->colour_end);
	unsigned class;

	at = blanks_before(reader, max(reader->edge, reader->colour_start), at);
	if (reader->colour_end > 0 && at <= reader->colour_end && at > reader->colour_start) {
		floor = max(reader->edge, reader->colour_before);
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

static bool follows(const struct reader *reader, uint32_t at, const char *text, uint32_t length)
{
	return reader->to - at >= length && memcmp(reader->data + at, text, length) == 0;
}

/* Whether `=` behind it is a comparison or an assignment's end. */
static bool ends_operator(char c)
{
	return !spelling_is_name(c) && strchr("!<>~+-*/^:", c) != NULL;
}

static void take_separator(struct reader *reader, struct sign *sign)
{
	struct pending name = reader->pending;

	if (is_pending(reader, sign->start)) {
		if (name.start == name.end)
			return;
		add_member(reader, reader->current, &name, sign->end);
		return;
	}
	if (sign->byte == ':' && sign->end - sign->start == 1) {
		if (sign->end < reader->to && reader->data[sign->end] == ':') {
			sign->end++;
			return;
		}
		if (follows(reader, sign->end, "//", 2) || follows(reader, sign->end, "\\/", 2))
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
	add_member(reader, reader->current, &name, sign->end);
}

/* {<<"code">>,9011}: a member of what the tuples are in. */
static bool take_tuple(struct reader *reader, const struct sign *sign)
{
	const struct box *tuple = &reader->boxes[reader->current];
	struct pending name = reader->pending;

	if (name.behind == 0 || sign->byte != ',' || sign->start - name.behind != 2 ||
	    memcmp(reader->data + name.behind, ">>", 2) != 0 || tuple->kind != BOX_BRACKETS ||
	    tuple->first != READER_NONE || tuple->owner != READER_NONE)
		return false;
	add_member(reader, tuple->parent, &name, sign->end);
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
		end_value(reader, box->parent, at);
	if (box->open != READER_NONE) {
		const uint32_t from = reader->members[box->open].value_start;

		/* <<"text">> of Erlang is a value */
		if (at > from && reader->data[at - 1] != '<')
			end_value(reader, reader->current, at);
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
			leave_all(reader, index, at);
			return;
		}
		index = reader->boxes[index].parent;
	}
}

static void take_greater(struct reader *reader, struct sign *sign)
{
	struct pending name;

	if (sign->start > reader->from && reader->data[sign->start - 1] == '-' &&
	    sign->start - 1 >= reader->edge) {
		sign->start--;
		sign->byte = '>';
		take_separator(reader, sign);
		return;
	}
	if (reader->less_end == 0)
		return;
	if (follows(reader, reader->less_end, "/", 1)) {
		if (find_tag(reader, reader->less_end + 1, sign->start, &name))
			close_element(reader, &name, reader->less_start);
	} else if (find_tag(reader, reader->less_end, sign->start, &name)) {
		const uint32_t count = reader->member_count;
		uint32_t index;

		add_member(reader, reader->current, &name, sign->end);
		if (reader->member_count == count)
			return;
		index = add_box(reader, BOX_ELEMENT, sign->end);
		reader->boxes[index].owner = count;
		reader->members[count].child = index;
	}
	reader->less_end = 0;
}

/* ---- signs ---- */

/* Tells hits whose keys end before `at` the box there. */
static void pass_hits(struct reader *reader, uint32_t at)
{
	while (reader->placed < reader->hit_count && reader->hits[reader->placed].key_end <= at) {
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

		if (hit->key_start >= reader->from)
			reader->edge = max(reader->edge, hit->annotation_end);
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
	length = hit->number_start - hit->open_start;
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
		end_value(reader, reader->current, at);
}

/* The next place at which something is to be done about the hits. */
static uint32_t next_event(const struct reader *reader)
{
	uint32_t event = UINT32_MAX;

	if (reader->placed < reader->hit_count)
		event = reader->hits[reader->placed].key_end;
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
		take_quote(reader, &sign);
		if (reader->at > at)
			return; /* a whole string was taken */
		break;
	case SIGN_OPEN:
		open_brackets(reader, &sign);
		break;
	case SIGN_CLOSE:
		close_brackets(reader, &sign);
		break;
	case SIGN_SEPARATOR:
		take_separator(reader, &sign);
		break;
	case SIGN_STOP:
		/* &{ is Go's mark of a pointer */
		if (!take_tuple(reader, &sign) &&
		    !(sign.byte == '&' && follows(reader, sign.end, "{", 1)))
			end_value(reader, reader->current, at);
		break;
	case SIGN_BREAK:
		end_value(reader, reader->current, at);
		break;
	case SIGN_LESS:
		end_text(reader, at);
		reader->less_start = sign.start;
		reader->less_end = sign.end;
		break;
	case SIGN_GREATER:
		take_greater(reader, &sign);
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
	(void)add_box(reader, BOX_TEXT, from);
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

	if (reader->box_count == 0 || hit->key_start < reader->from || behind > reader->to) {
		uint32_t from = reader->line_start;
		uint32_t to;

		if (reader->limit - from > READER_WINDOW && hit->key_start - from > READER_REACH)
			from = hit->key_start - READER_REACH;
		to = min(reader->limit, from + READER_WINDOW);
		read_window(reader, from, max(to, from));
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
