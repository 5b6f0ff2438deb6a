/*
 * Owns the alignment of rows by display width. Must not know what they say.
 */
#include "report/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

/* What a flexible column keeps before optional ones are left out. */
#define FLEXIBLE_LEAST 16

/* Where a last column goes on that has no room beside the others. */
#define BELOW_INDENT 4

void table_init(struct table *table, const struct table_column *columns, size_t column_count,
    const struct report_style *style)
{
	*table = (struct table){ .columns = columns,
		.column_count = column_count,
		.width = style->width,
		.color = style->color,
		.utf8 = style->utf8,
		.text = STRBUF_INIT };
}

void table_release(struct table *table)
{
	strbuf_release(&table->text);
	free(table->cells);
	free(table->rows);
	*table = (struct table){ .text = STRBUF_INIT };
}

/* Makes room for one more element; on failure the table is failed. */
static void *grown(struct table *table, void *items, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity == 0 ? 32 : *capacity * 2;
	void *larger;

	if (count < *capacity)
		return items;
	if (wanted > SIZE_MAX / size || (larger = realloc(items, wanted * size)) == NULL) {
		table->text.failed = true;
		return items;
	}
	*capacity = wanted;
	return larger;
}

static void row_add(struct table *table, bool is_line, unsigned indent)
{
	table->rows =
	    grown(table, table->rows, table->row_count, &table->row_capacity, sizeof(*table->rows));
	if (table->text.failed)
		return;
	table->rows[table->row_count++] =
	    (struct table_row){ .first = table->cell_count, .is_line = is_line, .indent = indent };
}

void table_row(struct table *table)
{
	row_add(table, false, 0);
}

static void cell_add(struct table *table, const char *sgr, const char *text, size_t length)
{
	size_t offset = table->text.len;

	table->cells = grown(
	    table, table->cells, table->cell_count, &table->cell_capacity, sizeof(*table->cells));
	escape_visible(&table->text, text, length);
	if (table->text.failed)
		return;
	table->cells[table->cell_count++] =
	    (struct table_cell){ .offset = offset, .length = table->text.len - offset, .sgr = sgr };
}

void table_cell(struct table *table, const char *sgr, const char *text)
{
	cell_add(table, sgr, text, strlen(text));
}

void table_cell_take(struct table *table, const char *sgr, struct strbuf *text)
{
	if (text->failed)
		table->text.failed = true;
	cell_add(table, sgr, text->data, text->len);
	strbuf_reset(text);
}

void table_line_take(struct table *table, const char *sgr, unsigned indent, struct strbuf *text)
{
	row_add(table, true, indent);
	table_cell_take(table, sgr, text);
}

void table_line(struct table *table, const char *sgr, const char *text)
{
	row_add(table, true, 0);
	table_cell(table, sgr, text);
}

static size_t row_end(const struct table *table, size_t row)
{
	return row + 1 < table->row_count ? table->rows[row + 1].first : table->cell_count;
}

/* What the columns need, cells as they are. */
static void measure(const struct table *table, size_t *widths)
{
	for (size_t c = 0; c < table->column_count; c++)
		widths[c] = table->columns[c].least;
	for (size_t r = 0; r < table->row_count; r++) {
		size_t first = table->rows[r].first;

		if (table->rows[r].is_line)
			continue;
		for (size_t i = first; i < row_end(table, r); i++) {
			const struct table_cell *cell = &table->cells[i];
			size_t width = utf8_width(table->text.data + cell->offset, cell->length);

			if (width > widths[i - first])
				widths[i - first] = width;
		}
	}
}

/* Fits the columns into the width; a column that is left out gets SIZE_MAX. */
static void fit(const struct table *table, size_t *widths)
{
	size_t flexible = table->column_count, total = 0;

	for (size_t c = 0; c < table->column_count; c++) {
		total += table->columns[c].gap + widths[c];
		if (table->columns[c].flexible)
			flexible = c;
	}
	if (flexible == table->column_count)
		return;
	for (size_t c = table->column_count; c-- > 0;) {
		size_t least =
		    widths[flexible] < FLEXIBLE_LEAST ? widths[flexible] : FLEXIBLE_LEAST;

		if (flexible + 1 == table->column_count)
			least = 0; /* it can go on below */
		if (total <= table->width + widths[flexible] - least)
			break;
		if (!table->columns[c].optional)
			continue;
		total -= table->columns[c].gap + widths[c];
		widths[c] = SIZE_MAX;
	}
	if (total > table->width) {
		size_t over = total - table->width;

		widths[flexible] = widths[flexible] > over ? widths[flexible] - over : 1;
	}
}

/* Where a text that is too long is best broken: after a blank, or beside a
 * wide character. `most` bytes fit. */
static size_t break_at(const char *text, size_t most)
{
	for (size_t i = most; i > 0; i--) {
		unsigned char here = (unsigned char)text[i];

		if (here == ' ' || text[i - 1] == ' ')
			return i;
		if (here >= 0xe4 &&
		    here <= 0xe9) /* an ideograph begins; punctuation stays behind */
			return i;
	}
	return most;
}

void table_wrap(
    struct strbuf *out, const char *text, size_t length, size_t column, size_t indent, size_t width)
{
	for (;;) {
		size_t room = width > column ? width - column : 1;
		size_t most = utf8_fit(text, length, room);

		if (most < length)
			most = break_at(text, most);
		if (most == 0 && column <= indent)
			most = length; /* not even one character fits: do not loop */
		if (most == length) {
			strbuf_add(out, text, length);
			return;
		}
		size_t shown = most;
		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		strbuf_add(out, text, shown);
		while (most < length && text[most] == ' ')
			most++;
		if (most == length)
			return;
		text += most;
		length -= most;
		strbuf_add_char(out, '\n');
		strbuf_add_repeat(out, " ", indent);
		column = indent;
	}
}

static void sgr_begin(const struct table *table, struct strbuf *out, const char *sgr)
{
	if (table->color && sgr != NULL)
		strbuf_add_format(out, "\033[%sm", sgr);
}

static void sgr_end(const struct table *table, struct strbuf *out, const char *sgr)
{
	if (table->color && sgr != NULL)
		strbuf_add_text(out, "\033[0m");
}

/* The longest end of a text that takes no more than `columns`. */
static const char *tail_of(const char *text, size_t length, size_t columns)
{
	const char *end = text + length;
	uint32_t ignored;

	while (text < end && utf8_width(text, (size_t)(end - text)) > columns) {
		size_t used = utf8_decode(text, (size_t)(end - text), &ignored);

		text += used > 0 ? used : 1;
	}
	return text;
}

/* Appends a cell's text cut to `width`; returns the columns it takes. */
static size_t cut_add(const struct table *table, struct strbuf *out, const char *text,
    size_t length, size_t width, bool middle)
{
	const char *end = text + length, *tail = end;
	const char *dots = table->utf8 ? "…" : "...";
	size_t dots_width = table->utf8 ? 1 : 3;
	size_t used = utf8_width(text, length);

	if (used <= width) {
		strbuf_add(out, text, length);
		return used;
	}
	if (width < dots_width) {
		dots = "";
		dots_width = 0;
	}
	if (middle)
		tail = tail_of(text, length, (width - dots_width) / 2);
	length = utf8_fit(text, length,
	    width - dots_width - utf8_width(tail, (size_t)(end - tail)));
	while (length > 0 && text[length - 1] == ' ')
		length--;
	strbuf_add(out, text, length);
	strbuf_add_text(out, dots);
	strbuf_add(out, tail, (size_t)(end - tail));
	return utf8_width(text, length) + dots_width + utf8_width(tail, (size_t)(end - tail));
}

static void row_write(
    const struct table *table, struct strbuf *out, size_t row, const size_t *widths)
{
	size_t first = table->rows[row].first, end = row_end(table, row);
	size_t column = 0, at = 0; /* where the cell begins; where the pen is */

	for (size_t i = first; i < end; i++) {
		const struct table_column *rule = &table->columns[i - first];
		const struct table_cell *cell = &table->cells[i];
		const char *text = table->text.data + cell->offset;
		bool is_last = rule->flexible && i - first + 1 == table->column_count;
		size_t width = widths[i - first], used, start;

		if (width == SIZE_MAX)
			continue;
		start = column + rule->gap;
		column = start + width;
		if (cell->length == 0)
			continue;
		used = utf8_width(text, cell->length);
		if (rule->right && used < width)
			start += width - used;
		if (is_last && start + used > table->width &&
		    start + FLEXIBLE_LEAST > table->width) {
			strbuf_add_char(out, '\n'); /* no room beside: below */
			start = BELOW_INDENT;
			at = 0;
		}
		strbuf_add_repeat(out, " ", start > at ? start - at : 0);
		sgr_begin(table, out, cell->sgr);
		if (is_last)
			table_wrap(out, text, cell->length, start, start, table->width);
		else
			at = start + cut_add(table, out, text, cell->length, width, rule->middle);
		sgr_end(table, out, cell->sgr);
	}
}

void table_write(const struct table *table, struct strbuf *out)
{
	size_t widths[TABLE_COLUMNS_MAX] = { 0 };

	if (table->text.failed) {
		out->failed = true;
		return;
	}
	measure(table, widths);
	fit(table, widths);
	for (size_t r = 0; r < table->row_count; r++) {
		const struct table_row *row = &table->rows[r];

		if (row->is_line && row->first < row_end(table, r)) {
			const struct table_cell *cell = &table->cells[row->first];

			sgr_begin(table, out, cell->sgr);
			table_wrap(out, table->text.data + cell->offset, cell->length, 0,
			    row->indent, table->width);
			sgr_end(table, out, cell->sgr);
		} else {
			row_write(table, out, r, widths);
		}
		strbuf_add_char(out, '\n');
	}
}
