/*
 * Owns how elements and the sections of a sheet stand in an HTML page: a section is a card with a
 * table, a list, or a chart and its table. Must not know what the report says.
 */
#include "report/html.h"

#include <string.h>

#include "base/escape.h"

void html_text(struct page *page, const char *text)
{
	escape_html(page->out, text, strlen(text));
}

void html_take(struct page *page)
{
	html_text(page, page->scratch.data);
	page_reset(page);
}

static void open_add(struct page *page, const char *tag, const char *class)
{
	if (class != NULL)
		strbuf_add_format(page->out, "<%s class=\"%s\">", tag, class);
	else
		strbuf_add_format(page->out, "<%s>", tag);
}

void html_element(struct page *page, const char *tag, const char *class, const char *text)
{
	open_add(page, tag, class);
	html_text(page, text);
	strbuf_add_format(page->out, "</%s>", tag);
}

void html_element_take(struct page *page, const char *tag, const char *class)
{
	html_element(page, tag, class, page->scratch.data);
	page_reset(page);
}

void html_outcome(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);

	strbuf_add_format(page->out, "<span class=\"dot o-%s\"></span>", info->name);
	html_text(page, page->style->chinese ? info->name_zh : info->name);
}

/* ---- sections ---- */

/* How the cells of a column look. */
struct look {
	const char *heading_class, *class;
	const char *inside; /* the element that it is in the cell of the column before it; "": none.
	                     * NULL: it is a cell */
};

static const struct look looks[SHEET_KINDS] = {
	[SHEET_WORDS] = { NULL, NULL, NULL },
	[SHEET_LABEL] = { NULL, NULL, NULL },
	[SHEET_CODE] = { NULL, "code", NULL },
	[SHEET_NUMBER] = { "num", "num", NULL },
	[SHEET_SHARE] = { "num", "num soft", NULL },
	[SHEET_OUTCOME] = { NULL, "who", NULL },
	[SHEET_SAYS] = { NULL, "says", NULL },
	[SHEET_LIST] = { "wide", "soft wide", NULL },
	[SHEET_REMARK] = { NULL, NULL, NULL },
	[SHEET_NOTE] = { NULL, "soft", NULL },
	[SHEET_SEEN] = { NULL, "soft", "div" },
	[SHEET_MARK] = { NULL, "mark", "span" },
	[SHEET_BAR] = { NULL, "draw", NULL },
	[SHEET_SERIES] = { NULL, NULL, "" },
};

static void headings_add(struct page *page, const struct sheet_section *section)
{
	strbuf_add_text(page->out, "<thead><tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		const struct look *look = &looks[section->columns[i]->kind];

		if (look->inside == NULL)
			html_element(page, "th", look->heading_class, section->headings[i]);
	}
	strbuf_add_text(page->out, "</tr></thead><tbody>\n");
}

/* The beginning of an element of that look. */
static void look_open(
    struct page *page, const char *tag, const struct look *look, enum sheet_tone tone)
{
	static const char *const tones[] = { "", "soft", "worse", "better" };
	bool has_class = look->class != NULL;

	if (tone != SHEET_PLAIN)
		strbuf_add_format(page->out, "<%s class=\"%s%s%s\">", tag,
		    has_class ? look->class : "", has_class ? " " : "", tones[tone]);
	else
		open_add(page, tag, look->class);
}

static void content_add(struct page *page, enum sheet_kind kind, const struct sheet_cell *cell)
{
	if (kind == SHEET_OUTCOME)
		html_outcome(page, cell->outcome);
	else if (kind == SHEET_BAR)
		html_bar(page, cell->part, cell->whole, cell->outcome);
	else if (kind == SHEET_SERIES)
		html_series(page, cell->numbers, cell->count, cell->outcome);
	else
		html_text(page, cell->text);
}

static void cell_add(struct page *page, enum sheet_kind kind, const struct sheet_cell *cell)
{
	const struct look *look = &looks[kind];
	bool is_element = look->inside != NULL && look->inside[0] != '\0' && cell->text[0] != '\0';

	if (look->inside == NULL)
		look_open(page, "td", look, cell->tone);
	if (is_element)
		look_open(page, look->inside, look, cell->tone);
	content_add(page, kind, cell);
	if (is_element)
		strbuf_add_format(page->out, "</%s>", look->inside);
}

static void row_add(
    struct page *page, const struct sheet_section *section, const struct sheet_row *row)
{
	strbuf_add_text(page->out, "<tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		if (i > 0 && looks[section->columns[i]->kind].inside == NULL)
			strbuf_add_text(page->out, "</td>");
		cell_add(page, section->columns[i]->kind, &row->cells[i]);
	}
	strbuf_add_text(page->out, "</td></tr>\n");
}

static void table_add(struct page *page, const struct sheet_section *section)
{
	open_add(page, "table", section->form->css);
	headings_add(page, section);
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next)
		row_add(page, section, row);
	strbuf_add_text(page->out, "</tbody></table>\n");
}

static void item_begin(struct page *page, const struct sheet_cell *cells)
{
	strbuf_add_format(
	    page->out, "<li class=\"o-%s\"><p><b>", outcome_info(cells[0].outcome)->name);
	html_text(page, cells[0].text);
	strbuf_add_text(page->out, "</b> ");
	html_text(page, cells[1].text);
	strbuf_add_char(page->out, ' ');
	html_element(page, "span", "soft", cells[2].text);
	strbuf_add_text(page->out, "</p>");
}

static void items_add(struct page *page, const struct sheet_section *section)
{
	const struct sheet_row *row = section->rows;

	strbuf_add_text(page->out, "<ul class=\"advice\">\n");
	while (row != NULL) {
		bool has_notes = row->next != NULL && row->next->is_below;

		item_begin(page, row->cells);
		row = row->next;
		strbuf_add_text(page->out, has_notes ? "<ul>" : "");
		for (; row != NULL && row->is_below; row = row->next) {
			strbuf_add_format(page->out, "<li><b>%s</b> ", row->cells[0].text);
			html_text(page, row->cells[1].text);
			strbuf_add_text(page->out, "</li>");
		}
		strbuf_add_text(page->out, has_notes ? "</ul></li>\n" : "</li>\n");
	}
	strbuf_add_text(page->out, "</ul>\n");
}

static void below_add(struct page *page, const char *text)
{
	if (text[0] != '\0')
		html_element(page, "p", "soft", text);
}

/* The drawing; the same as numbers, to be opened. */
static void chart_add(struct page *page, const struct sheet_section *section)
{
	html_chart(page, section);
	strbuf_add_text(page->out, "<details>");
	html_element(page, "summary", NULL, page_phrase(page, WORD_AS_TABLE));
	table_add(page, section);
	strbuf_add_text(page->out, "</details>");
}

void html_section(struct page *page, const struct sheet_section *section)
{
	enum sheet_shape shape = section->form->shape;

	if (shape == SHEET_CHART && section->series.count == 0)
		return;
	open_add(page, "section", section->form->is_long ? "long" : NULL);
	strbuf_add_text(page->out, "<h2>");
	html_text(page, section->title);
	if (section->note[0] != '\0') {
		strbuf_add_char(page->out, ' ');
		html_element(page, "small", NULL, section->note);
	}
	strbuf_add_text(page->out, "</h2>\n");
	if (shape == SHEET_ITEMS)
		items_add(page, section);
	else if (shape == SHEET_CHART)
		chart_add(page, section);
	else
		table_add(page, section);
	below_add(page, section->more);
	if (shape != SHEET_CHART) /* that says it in its legend */
		below_add(page, section->foot);
	strbuf_add_text(page->out, "</section>\n");
}
