/*
 * Owns how elements stand in an HTML page. Must not know what the report says.
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

void html_count(struct page *page, uint64_t count)
{
	html_element(page, "td", "num", words_grouped(count).text);
}

void html_rate(struct page *page, uint64_t errors, uint64_t responses)
{
	html_element(
	    page, "td", "num", responses > 0 ? words_percent(errors, responses, 2).text : "");
}

void html_table(
    struct page *page, const char *class, const struct html_column *columns, size_t count)
{
	open_add(page, "table", class);
	strbuf_add_text(page->out, "<thead><tr>");
	for (size_t i = 0; i < count; i++)
		html_element(page, "th", columns[i].class,
		    columns[i].word == WORD_END ? "" : page_phrase(page, columns[i].word));
	strbuf_add_text(page->out, "</tr></thead><tbody>\n");
}

void html_table_end(struct page *page)
{
	strbuf_add_text(page->out, "</tbody></table>\n");
}

void html_more(struct page *page, size_t rows)
{
	if (rows <= page->style->top)
		return;
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	html_element_take(page, "p", "soft");
}

void html_section(struct page *page, const char *class, const char *title, const char *note)
{
	open_add(page, "section", class);
	strbuf_add_text(page->out, "<h2>");
	html_text(page, title);
	if (note != NULL) {
		strbuf_add_char(page->out, ' ');
		html_element(page, "small", NULL, note);
	}
	strbuf_add_text(page->out, "</h2>\n");
}

void html_section_end(struct page *page)
{
	strbuf_add_text(page->out, "</section>\n");
}

void html_outcome(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);

	strbuf_add_format(page->out, "<span class=\"dot o-%s\"></span>", info->name);
	html_text(page, page->style->chinese ? info->name_zh : info->name);
}
