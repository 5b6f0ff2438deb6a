#ifndef JGANNOTATE_REPORT_TABLE_H
#define JGANNOTATE_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "report/report.h"

/*
 * Rows of cells, aligned by display width and kept within a width; between
 * them lines of free text. First everything is added, from top to bottom, then
 * table_write sees what the widest cell of each column needs.
 *
 * Cells may hold any bytes: what a terminal would obey is shown instead.
 * Failure of memory is sticky and ends up in the buffer written to.
 */
struct table_column {
	bool right;     /* aligned right */
	bool flexible;  /* gives way when the rows are too wide: cut; wrapped when it is last */
	bool middle;    /* cut in the middle: long names differ at their ends, too */
	bool optional;  /* left out when the flexible column would become too narrow */
	unsigned gap;   /* blanks in front */
	unsigned least; /* width when all cells are narrower */
};

struct table_cell {
	size_t offset, length; /* in text */
	const char *sgr;       /* colour, or NULL */
};

struct table_row {
	size_t first; /* of its cells */
	bool is_line;
	unsigned indent; /* of a line's second and later rows */
};

#define TABLE_COLUMNS_MAX 8

struct table {
	const struct table_column *columns;
	size_t column_count;
	unsigned width;
	bool color, utf8;
	struct strbuf text;
	struct table_cell *cells;
	struct table_row *rows;
	size_t cell_count, cell_capacity, row_count, row_capacity;
};

/* `columns` (at most TABLE_COLUMNS_MAX, at most one flexible) must outlive the table. */
void table_init(struct table *table, const struct table_column *columns, size_t column_count,
    const struct report_style *style);
void table_release(struct table *table);

/* Begins a row; its cells follow from left to right, missing ones are empty. */
void table_row(struct table *table);

/* Adds a cell. `sgr` is NULL or the colour without ESC [ and m, and must outlive
 * the table. */
void table_cell(struct table *table, const char *sgr, const char *text);

/* As table_cell with the content of `text`, which is emptied for the next. */
void table_cell_take(struct table *table, const char *sgr, struct strbuf *text);

/* Adds a line of free text, which is emptied; where it is too long it goes on
 * below, after `indent` blanks. */
void table_line_take(struct table *table, const char *sgr, unsigned indent, struct strbuf *text);

/* As table_line_take, for a text that stays. */
void table_line(struct table *table, const char *sgr, const char *text);

void table_write(const struct table *table, struct strbuf *out);

/* Appends text, which must be safe to show, from `column` on, breaking it so that it stays
 * within `width` and goes on after `indent` blanks. No newline at the end. */
void table_wrap(struct strbuf *out, const char *text, size_t length, size_t column, size_t indent,
    size_t width);

#endif
