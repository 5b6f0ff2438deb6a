/*
 * Owns the HTML report: one file without script that loads nothing. Its frame, the headline as the
 * manager's figures, then the other sections of the sheet for the engineer: each is a card with a
 * table, a list, or a chart and its table.
 */
#include "report/dates.h"
#include "report/html.h"
#include "report/sections.h"

/* More files than these are only counted. */
#define FILES_SHOWN 5

/* Whose report it is: its label, else its first file. */
static const char *name_of(const struct page *page)
{
	const struct summary *summary = page->summary;

	if (summary_owner(summary) != NULL)
		return summary_owner(summary);
	return summary->file_count > 0 && summary->files[0] != NULL ? summary->files[0]
	                                                            : page_phrase(page, WORD_STDIN);
}

static void head_add(struct page *page)
{
	strbuf_add_format(page->out,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
	    page->style->chinese ? "zh-CN" : "en");
	strbuf_add_format(&page->scratch, "%s: ", name_of(page));
	if (page->summary->hits[HIT_RESPONSE] > 0 && page_catalogs_seen(page->summary) < 2)
		strbuf_add_format(&page->scratch, "%s ",
		    words_percent(page->summary->errors, page->summary->hits[HIT_RESPONSE], 2)
		        .text);
	page_words(page, WORD_ERRORS);
	html_take(page);
	strbuf_add_text(page->out, "</title>\n<style>\n");
	strbuf_add(page->out, html_style_text, html_style_length);
	strbuf_add_text(page->out, "</style>\n</head>\n<body>\n");
}

static void files_add(struct page *page)
{
	const struct summary *summary = page->summary;

	for (size_t i = 0; i < summary->file_count && i < FILES_SHOWN; i++) {
		if (i > 0)
			page_words(page, WORD_COMMA);
		strbuf_add_text(&page->scratch,
		    summary->files[i] != NULL ? summary->files[i] : page_phrase(page, WORD_STDIN));
	}
	if (summary->file_count > FILES_SHOWN) {
		strbuf_add_char(&page->scratch, ' ');
		page_words(page, WORD_MORE, words_grouped(summary->file_count - FILES_SHOWN).text);
	}
	html_element_take(page, "p", NULL);
}

static void header_add(struct page *page)
{
	const struct summary *summary = page->summary;

	strbuf_add_text(page->out, "<header>");
	html_element(page, "p", "kicker", page_phrase(page, WORD_REPORT_TITLE));
	html_element(page, "h1", NULL, name_of(page));
	if (summary->first != SUMMARY_NO_TIME || summary->last != SUMMARY_NO_TIME) {
		dates_span_add(
		    &page->scratch, page->style->chinese, summary, summary->first, summary->last);
		page_zone_add(page, &page->scratch);
		html_element_take(page, "p", NULL);
	}
	page_window_add(page);
	if (page->scratch.len > 0)
		html_element_take(page, "p", NULL);
	page_missing_add(page);
	if (page->scratch.len > 0)
		html_element_take(page, "p", "worse");
	page_cst_add(page);
	if (page->scratch.len > 0)
		html_element_take(page, "p", NULL);
	if (summary_owner(summary) != NULL || summary->file_count > 1)
		files_add(page);
	strbuf_add_text(page->out, "</header>\n<main>\n");
}

/* A number with its name and what it is of. */
static void fact_add(struct page *page, const char *name, const char *count, const char *share)
{
	strbuf_add_text(page->out, "<div>");
	html_element(page, "dt", NULL, name);
	strbuf_add_format(page->out, "<dd>%s", count);
	if (share[0] != '\0') {
		strbuf_add_text(page->out, " ");
		html_element(page, "small", NULL, share);
	}
	strbuf_add_text(page->out, "</dd></div>");
}

/* What most errors are, and who must act. */
static void lead_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;

	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];
		const struct outcome_info *info = outcome_info(row->entry->outcome);

		if (!row->is_error)
			continue;
		strbuf_add_text(page->out, "<p class=\"lead\">");
		html_text(page, page_phrase(page, WORD_MOST_ERRORS));
		strbuf_add_format(page->out, "<b>%u ", row->entry->code);
		html_text(page, row->entry->description);
		strbuf_add_text(page->out, "</b>");
		page_words(page, WORD_MOST_SHARE, words_grouped(row->count).text,
		    words_percent(row->count, summary->errors, 1).text);
		html_take(page);
		strbuf_add_text(page->out, "<br>");
		html_outcome(page, row->entry->outcome);
		page_words(page, WORD_NOTE, "", chinese ? info->advice_zh : info->advice);
		html_take(page);
		strbuf_add_text(page->out, "</p>\n");
		return;
	}
}

/* The figure of the page, that of the errors, and how it changed; then the numbers. */
static void hero_add(struct page *page, const struct sheet_section *section)
{
	static const char *const changes[] = { [SHEET_PLAIN] = "change",
		[SHEET_WORSE] = "change worse",
		[SHEET_BETTER] = "change better" };
	const struct sheet_cell *errors;

	if (section->rows == NULL)
		return; /* no memory */
	errors = section->rows->cells;
	strbuf_add_text(page->out, "<section class=\"hero\"><div>");
	html_element(page, "p", "label", page_phrase(page, WORD_ERROR_RATE));
	if (section->none[0] != '\0')
		html_element(page, "p", "none", section->none);
	else if (errors[2].text[0] == '\0')
		html_element(page, "p", "none", page_phrase(page, WORD_RATES_BELOW));
	else
		html_element(page, "p", "big", errors[2].text);
	if (errors[2].text[0] != '\0' && errors[3].text[0] != '\0')
		html_element(page, "p", changes[errors[3].tone], errors[3].text);
	if (section->warning[0] != '\0')
		html_element(page, "p", "change worse", section->warning);
	strbuf_add_text(page->out, "</div>\n<dl class=\"facts\">");
	fact_add(page, page_phrase(page, WORD_RESPONSES),
	    words_grouped(page->summary->hits[HIT_RESPONSE]).text, "");
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next)
		fact_add(page, row->cells[0].text, row->cells[1].text,
		    row == section->rows ? "" : row->cells[2].text);
	strbuf_add_text(page->out, "</dl>\n");
	lead_add(page);
	strbuf_add_text(page->out, "</section>\n");
}

/* ---- sections ---- */

/* How the cells of a column are dressed. */
struct cell_style {
	const char *heading_class, *class;
	const char *inside; /* the element that it is in the cell of the column before it; "": none.
	                     * NULL: it is a cell */
};

static const struct cell_style cell_styles[SHEET_KINDS] = {
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
	[SHEET_FLAG] = { NULL, "mark", "span" },
	[SHEET_BAR] = { NULL, "draw", NULL },
	[SHEET_SERIES] = { NULL, NULL, "" },
};

static void headings_add(struct page *page, const struct sheet_section *section)
{
	strbuf_add_text(page->out, "<thead><tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		const struct cell_style *style = &cell_styles[section->columns[i]->kind];

		if (style->inside == NULL)
			html_element(page, "th", style->heading_class, section->headings[i]);
	}
	strbuf_add_text(page->out, "</tr></thead><tbody>\n");
}

/* The beginning of an element in that style. */
static void styled_open(
    struct page *page, const char *tag, const struct cell_style *style, enum sheet_tone tone)
{
	static const char *const tones[] = { "", "soft", "worse", "better" };
	bool has_class = style->class != NULL;

	if (tone != SHEET_PLAIN)
		strbuf_add_format(page->out, "<%s class=\"%s%s%s\">", tag,
		    has_class ? style->class : "", has_class ? " " : "", tones[tone]);
	else
		html_open(page, tag, style->class);
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
	const struct cell_style *style = &cell_styles[kind];
	bool is_element =
	    style->inside != NULL && style->inside[0] != '\0' && cell->text[0] != '\0';

	if (style->inside == NULL)
		styled_open(page, "td", style, cell->tone);
	if (is_element)
		styled_open(page, style->inside, style, cell->tone);
	content_add(page, kind, cell);
	if (is_element)
		strbuf_add_format(page->out, "</%s>", style->inside);
}

static void row_add(
    struct page *page, const struct sheet_section *section, const struct sheet_row *row)
{
	strbuf_add_text(page->out, "<tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		if (i > 0 && cell_styles[section->columns[i]->kind].inside == NULL)
			strbuf_add_text(page->out, "</td>");
		cell_add(page, section->columns[i]->kind, &row->cells[i]);
	}
	strbuf_add_text(page->out, "</td></tr>\n");
}

static void table_add(struct page *page, const struct sheet_section *section)
{
	html_open(page, "table", section->form->css);
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

static void section_add(struct page *page, const struct sheet_section *section)
{
	enum sheet_shape shape = section->form->shape;

	if (shape == SHEET_CHART && section->series.count == 0)
		return;
	html_open(page, "section", section->form->is_long ? "long" : NULL);
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

/* ---- the whole ---- */

static void footer_add(struct page *page)
{
	strbuf_add_text(page->out, "</main>\n<footer>");
	page_closing(page);
	html_element_take(page, "p", NULL);
	strbuf_add_format(&page->scratch, "jgannotate %s", page->summary->version);
	html_element_take(page, "p", NULL);
	strbuf_add_text(page->out, "</footer>\n</body>\n</html>\n");
}

void report_html(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct sheet sheet;

	sheet_init(&sheet, SHEET_HTML, out, summary, style);
	head_add(&sheet.page);
	header_add(&sheet.page);
	sections_add(&sheet);
	for (size_t i = 0; i < sheet.section_count; i++)
		if (sheet.sections[i].form->shape == SHEET_HEADLINE)
			hero_add(&sheet.page, &sheet.sections[i]);
		else
			section_add(&sheet.page, &sheet.sections[i]);
	footer_add(&sheet.page);
	sheet_release(&sheet);
}
