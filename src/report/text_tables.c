/*
 * Owns the text report's tables of categories, of catalogs, and of what the
 * rate leaves out. Must not know what else stands on the page.
 */
#include <string.h>

#include "report/page.h"
#include "report/table.h"
#include "report/text.h"
#include "report/uncounted.h"

static const struct table_column uncounted_columns[] = {
	{ .right = true, .least = 8 },
	{ .gap = 2, .least = 4 },
	{ .gap = 2, .flexible = true },
};

static void uncounted_row(void *arg, uint64_t count, const uint32_t *code, struct strbuf *text)
{
	struct table *table = arg;
	struct strbuf number = STRBUF_INIT;

	if (count == 0) { /* a remark */
		struct strbuf line = STRBUF_INIT;

		strbuf_add_format(&line, "  %s", text->data);
		line.failed = line.failed || text->failed;
		strbuf_reset(text);
		table_line_take(table, NULL, 2, &line);
		strbuf_release(&line);
		return;
	}
	if (code != NULL)
		strbuf_add_format(&number, "%u", *code);
	table_row(table);
	table_cell(table, NULL, words_grouped(count).text);
	table_cell_take(table, NULL, &number);
	table_cell_take(table, NULL, text);
	strbuf_release(&number);
}

void text_uncounted(struct page *page)
{
	const struct summary *summary = page->summary;
	struct table table;

	if (summary->hit_count == summary->hits[HIT_RESPONSE])
		return;
	table_init(&table, uncounted_columns, 3, page->style);
	table_line(&table, TEXT_BOLD, page_phrase(page, WORD_TITLE_UNCOUNTED));
	uncounted_each(page, uncounted_row, &table);
	table_write(&table, page->out);
	table_release(&table);
}
