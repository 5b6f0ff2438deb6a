/*
 * Owns the HTML report: one file without script that loads nothing. Its frame, and the headline as
 * the manager's figures; the other sections of the sheet follow for the engineer, see html.h.
 */
#include "report/dates.h"
#include "report/html.h"
#include "report/html_style.h"
#include "report/sheet.h"

/* More files than these are only counted. */
#define FILES_SHOWN 5

/* Whose report it is: its label, else its first file. */
static const char *name_of(const struct page *page)
{
	const struct summary *summary = page->summary;

	if (summary->label != NULL && summary->label[0] != '\0')
		return summary->label;
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
	page_cst_add(page);
	if (page->scratch.len > 0)
		html_element_take(page, "p", NULL);
	if (name_of(page) == summary->label || summary->file_count > 1)
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
			html_section(&sheet.page, &sheet.sections[i]);
	footer_add(&sheet.page);
	sheet_release(&sheet);
}
