#ifndef JGANNOTATE_REPORT_SHEET_H
#define JGANNOTATE_REPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "report/page.h"
#include "report/series.h"
#include "report/table.h"
#include "report/words.h"

/*
 * What a report for people says, as sections of rows of cells. It is built once, by sections.c,
 * from the summary; report_text.c, report_markdown.c and report_html.c only render it. Where the
 * formats differ - a column that one leaves out, a shorter title - forms and columns say so as
 * data.
 *
 * A sheet is built for one format, and has only what that shows. Its texts are raw: each format
 * escapes them in its own language. Not thread safe.
 */
enum sheet_format { SHEET_TEXT, SHEET_MARKDOWN, SHEET_HTML, SHEET_FORMATS };

enum {
	IN_TEXT = 1 << SHEET_TEXT,
	IN_MARKDOWN = 1 << SHEET_MARKDOWN,
	IN_HTML = 1 << SHEET_HTML,
	IN_ALL = IN_TEXT | IN_MARKDOWN | IN_HTML,
};

/* What the cells of a column are. From SHEET_REMARK on they explain themselves: such a column has a
 * heading in Markdown alone, whose tables cannot do without. */
enum sheet_kind {
	SHEET_WORDS,
	SHEET_LABEL, /* what the row is about, emphasised */
	SHEET_CODE,
	SHEET_NUMBER,
	SHEET_SHARE,   /* a number that is less important */
	SHEET_OUTCOME, /* who must act */
	SHEET_SAYS,    /* a description */
	SHEET_LIST,    /* "9018 (12), 9003 (2)" */
	SHEET_REMARK,
	SHEET_NOTE,   /* a remark that is less important */
	SHEET_SEEN,   /* the same, in HTML below the words of the column before it */
	SHEET_FLAG,   /* one word that matters, in HTML behind the words of the column before it */
	SHEET_BAR,    /* a part of a whole, and a remark */
	SHEET_SERIES, /* numbers over time, in HTML below the bar of the column before it */
	SHEET_KINDS
};

struct sheet_column {
	enum sheet_kind kind;
	enum word heading;
	/* The formats that show it: IN_TEXT | ... Where forms share it, those of the variant `n`
	 * stand n * SHEET_FORMATS bits higher. */
	unsigned shown;
	struct table_column text;
	unsigned char bar[SHEET_FORMATS]; /* columns that a whole bar takes */
};

enum sheet_shape {
	SHEET_TABLE,
	SHEET_CHART,    /* a table of a series, in HTML a chart with it */
	SHEET_HEADLINE, /* a table, in HTML a rate and facts */
	SHEET_ITEMS,    /* a list of outcome, advice, codes; below an item code, note */
};

/* The columns of a form. */
#define SHEET_COLUMNS(columns_) \
	.columns = (columns_), .column_count = sizeof(columns_) / sizeof((columns_)[0])

/* What is always the same of a section. */
struct sheet_form {
	enum word title[SHEET_FORMATS]; /* WORD_END: none. `{1}` is the section's subject */
	enum word note;                 /* what is said of the subject beside the title */
	unsigned noted;                 /* the formats that say it */
	unsigned bare;                  /* the formats in which its columns have no headings */
	enum sheet_shape shape;
	bool is_apart;   /* text: an empty line in front */
	unsigned table;  /* text: sections of the same stand in one table; 0: each in its own */
	bool is_long;    /* HTML: may be broken when it is printed */
	const char *css; /* HTML: class of its table, or NULL */
	const char *foot_sign;              /* what its foot explains: "~ ", or "" */
	const struct sheet_column *columns; /* at most SHEET_COLUMNS_MAX */
	size_t column_count;
	unsigned variant; /* which bits of their `shown` hold for it */
};

enum sheet_tone { SHEET_PLAIN, SHEET_SOFT, SHEET_WORSE, SHEET_BETTER };

struct sheet_cell {
	const char *text;     /* never NULL */
	enum outcome outcome; /* whose colour it has; OUTCOME_COUNT: none */
	enum sheet_tone tone;
	double part, whole;      /* of a bar */
	const uint64_t *numbers; /* of a series: `count` of them */
	size_t count;
};

#define SHEET_COLUMNS_MAX 10  /* of them text may show TABLE_COLUMNS_MAX */
#define SHEET_SECTIONS_MAX 12 /* of a format's order */

struct sheet_row {
	struct sheet_row *next;
	bool is_below;                              /* of a list: it belongs to the item before */
	bool is_remark;                             /* its last cell is all that it says */
	struct sheet_cell cells[SHEET_COLUMNS_MAX]; /* one for each column of the section */
};

/* Texts are "" where there are none. */
struct sheet_section {
	const struct sheet_form *form;
	const char *title, *note;
	const char *none;    /* what it says in place of its rows */
	const char *more;    /* that some rows were left out */
	const char *warning; /* what makes its numbers doubtful */
	const char *foot;    /* what its marks mean */
	const struct sheet_column *columns[SHEET_COLUMNS_MAX]; /* that the format shows */
	const char *headings[SHEET_COLUMNS_MAX];
	size_t column_count;
	struct sheet_row *rows; /* the first */
	struct series series;   /* what it shows over time; empty: nothing */
};

struct sheet {
	struct page page;
	enum sheet_format format;
	struct sheet_section sections[SHEET_SECTIONS_MAX];
	size_t section_count;
	struct arena arena;
	struct sheet_row **end; /* where the next row is hung up */
	struct sheet_row *row;
	size_t column;            /* of the form, where the next cell goes */
	size_t used;              /* cells of the row */
	struct sheet_row ignored; /* where goes what is not shown, or has no memory */
};

/* An empty sheet about a summary, for a report that goes to `out`. All must outlive it; when memory
 * runs out, `out` fails. */
void sheet_init(struct sheet *sheet, enum sheet_format format, struct strbuf *out,
    const struct summary *summary, const struct report_style *style);
void sheet_release(struct sheet *sheet);

/* Whether the style allows lists that are so long that they have this row, counted from 0. */
bool sheet_has_room(const struct sheet *sheet, size_t row);

/* Begins a section; `subject` may be "". Rows and cells go to the last that was begun. */
struct sheet_section *sheet_begin(
    struct sheet *sheet, const struct sheet_form *form, const char *subject);

/* The phrase in the page's scratch, which is emptied; it lives as long as the sheet. */
const char *sheet_keep(struct sheet *sheet);

/* The summary's buckets as at most `most` points, of which those with fewer than `least` responses
 * are few; to be given to a section. Empty when there is no memory. */
struct series sheet_time(struct sheet *sheet, size_t most, uint64_t least);

/* Notes that only as many of `rows` rows are shown as the style allows. */
void sheet_more(struct sheet *sheet, size_t rows);

/* Begins a row. Its cells follow, one for each column of the form, also for those that the format
 * does not show; they live as long as the sheet. */
struct sheet_row *sheet_row(struct sheet *sheet);
struct sheet_cell *sheet_text(struct sheet *sheet, const char *text);
struct sheet_cell *sheet_take(struct sheet *sheet); /* the phrase in the page's scratch */
struct sheet_cell *sheet_code(struct sheet *sheet, uint32_t code);
struct sheet_cell *sheet_count(struct sheet *sheet, uint64_t count);
struct sheet_cell *sheet_share(
    struct sheet *sheet, uint64_t part, uint64_t whole, int decimals); /* "" without a whole */
struct sheet_cell *sheet_outcome(struct sheet *sheet, enum outcome outcome);
struct sheet_cell *sheet_bar(
    struct sheet *sheet, double part, double whole, enum outcome outcome, const char *remark);
/* The responses of `entry` at each point of the series. */
struct sheet_cell *sheet_series(
    struct sheet *sheet, const struct series *series, const struct catalog_entry *entry);

/* What a cell says in characters, into the page's scratch: its bar or series, in which `none`
 * stands for what did not occur, then its text. For formats without drawings of their own. */
void sheet_draw(struct page *page, enum sheet_format format, const struct sheet_column *column,
    const struct sheet_cell *cell, const char *none);

#endif
