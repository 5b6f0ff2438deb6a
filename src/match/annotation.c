/*
 * Owns the two forms of an annotation: what is written and what is recognised.
 * Must not know where output goes.
 */
#include "match/annotation.h"

#include <string.h>

#include "match/spelling.h"

struct column {
	unsigned bit;
	const char *suffix; /* of the member's name */
	bool is_label;      /* outcome and category: before the colon of the text form */
};

static const struct column columns_table[ANNOTATION_COLUMNS] = {
	{ ANNOTATION_OUTCOME, "_outcome", true },
	{ ANNOTATION_CATEGORY, "_category", true },
	{ ANNOTATION_DESCRIPTION, "_description", false },
	{ ANNOTATION_NOTES, "_notes", false },
};

void annotation_signs(unsigned columns, struct signs *signs)
{
	char texts[ANNOTATION_COLUMNS][3];
	size_t count = 0;

	for (size_t i = 0; i < ANNOTATION_COLUMNS; i++)
		if ((columns & columns_table[i].bit) != 0)
			memcpy(texts[count++], columns_table[i].suffix, 3);
	signs_init(signs, (const char(*)[3])texts, count);
}

/* A column's text for a hit; "" where there is none. An unlisted code has only
 * its outcome. */
static const char *column_text(const struct hit *hit, const struct column *column)
{
	if (hit->entry == NULL)
		return column->bit == ANNOTATION_OUTCOME ? "unlisted" : "";
	switch (column->bit) {
	case ANNOTATION_OUTCOME:
		return outcome_info(hit->entry->outcome)->name;
	case ANNOTATION_CATEGORY:
		return hit->entry->category;
	case ANNOTATION_DESCRIPTION:
		return hit->entry->description;
	default:
		return hit->entry->notes;
	}
}

static const char *color_of(const struct hit *hit)
{
	return hit->entry == NULL ? "35" : outcome_info(hit->entry->outcome)->sgr;
}

bool annotation_is_encoded(const char *data, const struct hit *hit)
{
	if (hit->is_member)
		return hit->quote.end - hit->quote.start >= 3 && data[hit->quote.end - 3] == '%';
	return hit->key.start < hit->key.end && hit->open_start - hit->key.end >= 3 &&
	       data[hit->open_start - 3] == '%';
}

static void write_encoded(struct strbuf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (spelling_is_name(*text) || strchr("-.~", *text) != NULL)
			strbuf_add_char(out, *text);
		else
			strbuf_add_format(out, "%%%02X", (unsigned char)*text);
}

/* "[auth, verification: auth failed; Authentication failed]"; "" for nothing. */
static void write_plain_text(struct strbuf *out, const struct hit *hit, unsigned columns)
{
	bool has_label = false;
	bool has_any = false;

	for (size_t i = 0; i < ANNOTATION_COLUMNS; i++) {
		const struct column *column = &columns_table[i];
		const char *text = column_text(hit, column);

		if ((columns & column->bit) == 0 || *text == '\0')
			continue;
		if (!has_any)
			strbuf_add_text(out, "[");
		else if (has_label)
			strbuf_add_text(out, column->is_label ? ", " : ": ");
		else
			strbuf_add_text(out, "; ");
		strbuf_add_text(out, text);
		has_label = column->is_label;
		has_any = true;
	}
	if (has_any)
		strbuf_add_text(out, "]");
}

static void write_text(
    struct strbuf *out, const char *data, const struct hit *hit, unsigned columns)
{
	struct strbuf text = STRBUF_INIT;

	if (!annotation_is_encoded(data, hit)) {
		write_plain_text(out, hit, columns);
		return;
	}
	write_plain_text(&text, hit, columns);
	if (text.len > 0)
		write_encoded(out, text.data);
	out->failed = out->failed || text.failed;
	strbuf_release(&text);
}

/* The length of the closing quote of a quoted value; 0 when it is open. */
static uint32_t closing_quote(const char *data, const struct hit *hit)
{
	uint32_t length = hit->number.start - hit->open_start;

	if (hit->line.end - hit->value_end < length ||
	    memcmp(data + hit->open_start, data + hit->value_end, length) != 0)
		return 0;
	return length;
}

static bool is_line_end(const char *data, const struct hit *hit, uint32_t at)
{
	return at == hit->line.end || (data[at] == '\r' && at + 1 == hit->line.end);
}

enum annotation_form annotation_form_of(const char *data, const struct hit *hit, uint32_t *at)
{
	uint32_t closing;

	*at = hit->value_end;
	if (hit->open_start == hit->number.start)
		return hit->is_member ? ANNOTATION_MEMBER : ANNOTATION_TEXT;
	closing = closing_quote(data, hit);
	/* "code":"9011 at the end of the line: more of the value may have been there */
	if (closing == 0)
		return is_line_end(data, hit, *at) ? ANNOTATION_NONE : ANNOTATION_TEXT;
	*at += closing;
	/* "9011""msg": whether its quote closes the value or is doubled, nobody knows */
	if (hit->line.end - *at >= closing &&
	    memcmp(data + *at, data + hit->value_end, closing) == 0)
		return ANNOTATION_NONE;
	return hit->is_member ? ANNOTATION_MEMBER : ANNOTATION_TEXT;
}

/* Where the colour sequence at `at` ends: `at` when none begins there. */
static uint32_t skip_color(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from = at;

	if (end - at < 3 || data[at] != '\x1b' || data[at + 1] != '[')
		return from;
	for (at += 2; at < end && ((data[at] >= '0' && data[at] <= '9') || data[at] == ';'); at++)
		;
	return at < end && data[at] == 'm' ? at + 1 : from;
}

static bool stands(const char *data, uint32_t at, uint32_t end, const char *text, size_t length)
{
	return end - at >= length && memcmp(data + at, text, length) == 0;
}

/* The blank in front of a text form. */
static const char *text_blank(const char *data, const struct hit *hit)
{
	return annotation_is_encoded(data, hit) ? "%20" : " ";
}

/* Where a text form that begins at `at` ends; `at` when none stands there. Tried
 * are the texts of all sets of columns, exactly. */
static uint32_t text_form_end(const char *data, const struct hit *hit, uint32_t at)
{
	const char *blank = text_blank(data, hit);
	struct strbuf text = STRBUF_INIT;
	uint32_t from = at;
	uint32_t end = at;
	uint32_t inside;

	if (!stands(data, at, hit->line.end, blank, strlen(blank)))
		return at;
	inside = skip_color(data, at + (uint32_t)strlen(blank), hit->line.end);
	if (inside == hit->line.end || (data[inside] != '[' && data[inside] != '%'))
		return at;
	for (unsigned columns = ANNOTATION_ALL; columns > 0 && end == from; columns--) {
		strbuf_reset(&text);
		write_text(&text, data, hit, columns);
		if (text.len > 0 && stands(data, inside, hit->line.end, text.data, text.len))
			end = inside + (uint32_t)text.len;
	}
	if (end != from && inside > at + strlen(blank))
		end = skip_color(data, end, hit->line.end);
	strbuf_release(&text);
	return end;
}

static void write_sign(struct strbuf *out, const char *data, const struct hit *hit, char sign)
{
	if (annotation_is_encoded(data, hit))
		strbuf_add_format(out, "%%%02X", (unsigned)sign);
	else
		strbuf_add_char(out, sign);
}

/* Appends `,"code_outcome":"auth"` in the spelling of the hit's key. */
static void write_member(
    struct strbuf *out, const char *data, const struct hit *hit, const struct column *column)
{
	const char *quote = data + hit->quote.start;
	size_t quote_length = hit->quote.end - hit->quote.start;

	write_sign(out, data, hit, ',');
	strbuf_add(out, quote, quote_length);
	strbuf_add(out, data + hit->key.start, hit->key.end - hit->key.start);
	strbuf_add_text(out, column->suffix);
	strbuf_add(out, quote, quote_length);
	write_sign(out, data, hit, ':');
	strbuf_add(out, quote, quote_length);
	if (annotation_is_encoded(data, hit))
		write_encoded(out, column_text(hit, column));
	else
		strbuf_add_text(out, column_text(hit, column));
	strbuf_add(out, quote, quote_length);
}

/* Where a member that this module wrote for this hit ends; `at` when none stands
 * there. A member of the log's own has another value. */
static uint32_t member_end(const char *data, const struct hit *hit, uint32_t at)
{
	struct strbuf text = STRBUF_INIT;
	uint32_t end = at;

	for (size_t i = 0; i < ANNOTATION_COLUMNS && end == at; i++) {
		strbuf_reset(&text);
		write_member(&text, data, hit, &columns_table[i]);
		if (text.len > 0 && stands(data, at, hit->line.end, text.data, text.len))
			end = at + (uint32_t)text.len;
	}
	strbuf_release(&text);
	return end;
}

static uint32_t members_end(const char *data, const struct hit *hit, uint32_t at)
{
	uint32_t from = at;
	uint32_t inside = skip_color(data, at, hit->line.end);
	uint32_t end = inside;

	for (uint32_t next = member_end(data, hit, end); next != end;
	     next = member_end(data, hit, end))
		end = next;
	if (end == inside)
		return from;
	return inside > at ? skip_color(data, end, hit->line.end) : end;
}

/* Whether no annotation of this form can begin at `at`: most hits go no further. */
static bool is_bare_at(
    const char *data, const struct hit *hit, enum annotation_form form, uint32_t at)
{
	uint32_t name;

	if (at == hit->line.end)
		return true;
	if (data[at] == ' ') /* [auth: auth failed], perhaps in its colour */
		return form != ANNOTATION_TEXT || at + 1 == hit->line.end ||
		       (data[at + 1] != '[' && data[at + 1] != '\x1b');
	if (data[at] != ',' && data[at] != '%')
		return data[at] != '\x1b';
	if (form == ANNOTATION_TEXT)
		return data[at] == ',' || !stands(data, at, hit->line.end, "%20", 3);
	/* a member named after the key, but longer */
	name = at + (data[at] == ',' ? 1 : 3) + hit->quote.end - hit->quote.start;
	return !hit->is_member || name >= hit->line.end || data[name] != data[hit->key.start] ||
	       hit->line.end - name <= hit->key.end - hit->key.start ||
	       data[name + hit->key.end - hit->key.start] != '_';
}

uint32_t annotation_end(const char *data, const struct hit *hit)
{
	enum annotation_form form;
	uint32_t at;
	uint32_t end;

	form = annotation_form_of(data, hit, &at);
	if (is_bare_at(data, hit, form, at))
		return hit->value_end;
	switch (form) {
	case ANNOTATION_MEMBER:
		end = members_end(data, hit, at);
		break;
	case ANNOTATION_TEXT:
		end = text_form_end(data, hit, at);
		break;
	default:
		end = at;
		break;
	}
	return end == at ? hit->value_end : end;
}

/* Whether the box holds a member of this name already. */
static bool has_member(const struct reader *reader, uint32_t box, const struct strbuf *name)
{
	uint32_t index = reader_box(reader, box)->first;

	while (index != READER_NONE) {
		const struct member *member = reader_member(reader, index);

		if (member->name_end - member->name_start == name->len &&
		    reader_is_named(reader, member, name->data, (uint32_t)name->len))
			return true;
		index = member->next;
	}
	return false;
}

/* Whether what could be members of an annotation is near at all. */
static bool is_fresh(const char *data, const struct hit *hit, unsigned columns)
{
	struct signs signs;
	uint32_t floor = reader_floor(hit);

	annotation_signs(columns, &signs);
	return !signs_stand_in(&signs, data + floor, reader_ceiling(hit) - floor);
}

static void write_members(struct strbuf *out, struct reader *reader, const char *data,
    const struct hit *hit, unsigned columns)
{
	struct hit bare = *hit;
	struct strbuf name = STRBUF_INIT;
	const bool is_known = reader == NULL || is_fresh(data, hit, columns);
	uint32_t box = READER_NONE;

	if (!is_known) {
		bare.annotation_end = bare.value_end; /* here annotations do belong to it */
		reader_turn(reader, data, hit->line.start, hit->line.end, &bare, 1, hit->line.end);
		box = reader_place(reader, 0).box;
	}
	for (size_t i = 0; i < ANNOTATION_COLUMNS; i++) {
		if ((columns & columns_table[i].bit) == 0 ||
		    *column_text(hit, &columns_table[i]) == '\0')
			continue;
		strbuf_reset(&name);
		strbuf_add(&name, data + hit->key.start, hit->key.end - hit->key.start);
		strbuf_add_text(&name, columns_table[i].suffix);
		if (is_known || !has_member(reader, box, &name))
			write_member(out, data, hit, &columns_table[i]);
	}
	strbuf_release(&name);
}

void annotation_write(struct strbuf *out, struct reader *reader, const char *data,
    const struct hit *hit, unsigned columns, bool color, uint32_t *at)
{
	enum annotation_form form = annotation_form_of(data, hit, at);
	size_t before = out->len;
	size_t opened;

	if (form == ANNOTATION_NONE || hit->annotation_end > *at)
		return;
	if (form == ANNOTATION_TEXT)
		strbuf_add_text(out, text_blank(data, hit));
	if (color)
		strbuf_add_format(out, "\x1b[%sm", color_of(hit));
	opened = out->len;
	if (form == ANNOTATION_TEXT)
		write_text(out, data, hit, columns);
	else
		write_members(out, reader, data, hit, columns);
	if (out->len == opened)
		out->len = before; /* there is nothing to say */
	else if (color)
		strbuf_add_text(out, "\x1b[0m");
}
