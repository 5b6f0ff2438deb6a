/*
 * Owns the text report from its first line to its last: inputs, headline,
 * closing line. The tables between them are in page_codes.c and
 * page_tables.c. Must not know where the report goes.
 */
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "report/page.h"
#include "report/table.h"

size_t page_catalogs_seen(const struct summary *summary)
{
	size_t seen = 0;

	for (size_t i = 0; i < summary->catalog_count; i++)
		seen += summary->catalogs[i].responses > 0 ? 1 : 0;
	return seen;
}

void page_code_add(struct page *page, struct strbuf *list, struct page_codes *state, uint32_t code)
{
	state->all++;
	if (state->shown >= page->style->top)
		return;
	if (state->shown++ > 0)
		strbuf_add_text(list, words_phrase(page->style->chinese, WORD_COMMA));
	strbuf_add_format(list, "%u", code);
}

void page_codes_end(struct page *page, struct strbuf *list, const struct page_codes *state)
{
	if (state->all == state->shown)
		return;
	strbuf_add_char(list, ' ');
	words_add(list, page->style->chinese, WORD_MORE,
	    words_grouped(state->all - state->shown).text, (char *)NULL);
}

/* The inputs, cut to the width, and on the right the lines read. */
static void header_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct strbuf lines = STRBUF_INIT;
	const char *name = words_phrase(chinese, WORD_STDIN);
	size_t room, used, fit;

	words_add(&lines, chinese, WORD_LINES, words_grouped(summary->lines).text, (char *)NULL);
	for (size_t i = 0; i < summary->file_count; i++) {
		name = summary->files[i] == NULL ? words_phrase(chinese, WORD_STDIN)
		                                 : summary->files[i];
		escape_visible(&page->scratch, name, strlen(name));
		if (i + 1 < summary->file_count)
			strbuf_add_text(&page->scratch, ", ");
		if (page->scratch.len > (size_t)page->style->width * 4)
			break; /* more than can be shown */
	}
	if (summary->file_count == 0)
		strbuf_add_text(&page->scratch, name);
	used = utf8_width(lines.data, lines.len) + 2;
	room = page->style->width > used ? page->style->width - used : 0;
	fit = page->scratch.len;
	if (utf8_width(page->scratch.data, fit) > room) {
		fit = utf8_fit(page->scratch.data, fit, room > 3 ? room - 3 : 0);
		strbuf_add(page->out, page->scratch.data, fit);
		strbuf_add_text(page->out, "...");
		used += utf8_width(page->scratch.data, fit) + 3;
	} else {
		strbuf_add(page->out, page->scratch.data, fit);
		used += utf8_width(page->scratch.data, fit);
	}
	strbuf_add_repeat(
	    page->out, " ", 2 + (page->style->width > used ? page->style->width - used : 0));
	strbuf_add(page->out, lines.data, lines.len);
	strbuf_add_char(page->out, '\n');
	strbuf_reset(&page->scratch);
	if (lines.failed)
		page->out->failed = true;
	strbuf_release(&lines);
}

/* Which part of the responses a row of the headline is. */
enum headline {
	HEADLINE_ERRORS,
	HEADLINE_NEGATIVE,
	HEADLINE_SUCCESS,
	HEADLINE_OTHER,
	HEADLINE_END
};

static enum headline headline_of(const struct summary_code *code)
{
	if (code->is_error)
		return HEADLINE_ERRORS;
	if (code->entry->outcome == OUTCOME_NEGATIVE)
		return HEADLINE_NEGATIVE;
	return code->entry->outcome == OUTCOME_SUCCESS ? HEADLINE_SUCCESS : HEADLINE_OTHER;
}

struct headline_row {
	enum word label;
	enum outcome color; /* the outcome whose colour it has */
	bool always;        /* also when its count is 0 */
};

static const struct headline_row headline_rows[HEADLINE_END] = {
	[HEADLINE_ERRORS] = { WORD_ERRORS, OUTCOME_FAILED, true },
	[HEADLINE_NEGATIVE] = { WORD_NEGATIVE, OUTCOME_NEGATIVE, true },
	[HEADLINE_SUCCESS] = { WORD_SUCCESS, OUTCOME_SUCCESS, true },
	[HEADLINE_OTHER] = { WORD_OTHER, OUTCOME_FAILED, false },
};

/* What is worth saying behind a row of the headline. */
static void headline_note(struct page *page, enum headline which)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct page_codes state = { 0, 0 };
	struct strbuf codes = STRBUF_INIT;

	if (which == HEADLINE_ERRORS && page_catalogs_seen(summary) > 1)
		strbuf_add_text(&page->scratch, words_phrase(chinese, WORD_RATES_BELOW));
	else if (which == HEADLINE_ERRORS && summary->errors_list != NULL)
		words_add(
		    &page->scratch, chinese, WORD_ERRORS_LIST, summary->errors_list, (char *)NULL);
	else if (which == HEADLINE_OTHER)
		strbuf_add_text(&page->scratch, words_phrase(chinese, WORD_OTHER_NOTE));
	if (which != HEADLINE_NEGATIVE)
		return;
	for (size_t i = 0; i < summary->code_count; i++)
		if (headline_of(&summary->codes[i]) == HEADLINE_NEGATIVE)
			page_code_add(page, &codes, &state, summary->codes[i].entry->code);
	page_codes_end(page, &codes, &state);
	if (state.all > 0)
		words_add(&page->scratch, chinese, WORD_NEGATIVE_NOTE, codes.data, (char *)NULL);
	if (codes.failed)
		page->out->failed = true;
	strbuf_release(&codes);
}

static void headline_unlisted(struct page *page, struct table *table)
{
	const struct summary *summary = page->summary;
	struct page_codes state = { 0, 0 };
	struct strbuf codes = STRBUF_INIT;

	if (summary->unlisted == 0)
		return;
	for (size_t i = 0; i < summary->unlisted_count; i++)
		page_code_add(page, &codes, &state, summary->unlisted_codes[i].code);
	page_codes_end(page, &codes, &state);
	table_row(table);
	table_cell(table, PAGE_BOLD, words_phrase(page->style->chinese, WORD_UNLISTED));
	table_cell(table, NULL, words_grouped(summary->unlisted).text);
	table_cell(table, NULL, "");
	table_cell(table, NULL, "");
	words_add(
	    &page->scratch, page->style->chinese, WORD_UNLISTED_NOTE, codes.data, (char *)NULL);
	table_cell_take(table, NULL, &page->scratch);
	if (codes.failed)
		page->out->failed = true;
	strbuf_release(&codes);
}

static void headline_row(
    struct page *page, struct table *table, enum headline which, uint64_t count)
{
	const struct summary *summary = page->summary;
	const struct headline_row *row = &headline_rows[which];
	bool chinese = page->style->chinese;
	const char *sgr = count > 0 ? outcome_info(row->color)->sgr : NULL;

	table_row(table);
	table_cell(table, PAGE_BOLD, words_phrase(chinese, row->label));
	table_cell(table, sgr, words_grouped(count).text);
	if (which == HEADLINE_ERRORS)
		words_add(&page->scratch, chinese,
		    page->style->width < 60 ? WORD_OF : WORD_OF_RESPONSES,
		    words_grouped(summary->responses).text, (char *)NULL);
	table_cell_take(table, NULL, &page->scratch);
	/* A rate over several catalogs says nothing about any of them. */
	table_cell(table, sgr,
	    page_catalogs_seen(summary) > 1 ? ""
	                                    : words_percent(count, summary->responses, 2).text);
	headline_note(page, which);
	table_cell_take(table, NULL, &page->scratch);
}

static const struct table_column headline_columns[] = {
	{ .least = 8 },
	{ .gap = 2, .right = true, .least = 5 },
	{ .gap = 1, .optional = true },
	{ .gap = 3, .right = true },
	{ .gap = 3, .flexible = true },
};

static void headline_add(struct page *page)
{
	const struct summary *summary = page->summary;
	uint64_t counts[HEADLINE_END] = { 0 };
	struct table table;

	strbuf_add_char(page->out, '\n');
	table_init(&table, headline_columns, 5, page->style);
	for (size_t i = 0; i < summary->code_count; i++)
		counts[headline_of(&summary->codes[i])] += summary->codes[i].count;
	if (summary->responses == 0) {
		table_line(&table, NULL, words_phrase(page->style->chinese, WORD_NO_RESPONSES));
	} else {
		for (unsigned i = 0; i < HEADLINE_END; i++)
			if (counts[i] > 0 || headline_rows[i].always)
				headline_row(page, &table, (enum headline)i, counts[i]);
	}
	headline_unlisted(page, &table);
	table_write(&table, page->out);
	table_release(&table);
}

/* Everything that went wrong, each kind by name; or that nothing did. */
static void trouble_add(struct page *page)
{
	const struct summary *summary = page->summary;
	const struct {
		uint64_t count;
		enum word word;
	} kinds[] = {
		{ summary->trouble.unreadable_files, WORD_UNREADABLE },
		{ summary->trouble.damaged_files, WORD_DAMAGED },
		{ summary->trouble.long_lines, WORD_LONG_LINES },
		{ summary->trouble.regex_limits, WORD_REGEX_LIMITS },
		{ summary->trouble.not_a_code, WORD_NOT_A_CODE },
	};
	bool chinese = page->style->chinese, any = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].count == 0)
			continue;
		if (any)
			strbuf_add_text(&page->scratch, words_phrase(chinese, WORD_COMMA));
		words_add(&page->scratch, chinese, kinds[i].word,
		    words_grouped(kinds[i].count).text, (char *)NULL);
		any = true;
	}
	if (!any)
		strbuf_add_text(&page->scratch, words_phrase(chinese, WORD_NO_TROUBLE));
}

static void closing_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool is_stdin =
	    summary->file_count == 0 || (summary->file_count == 1 && summary->files[0] == NULL);
	struct table table;

	words_add(&page->scratch, page->style->chinese,
	    is_stdin ? WORD_CLOSING_STDIN : WORD_CLOSING_FILES, words_grouped(summary->hits).text,
	    words_grouped(summary->lines).text, words_grouped(summary->file_count).text,
	    (char *)NULL);
	trouble_add(page);
	table_init(&table, NULL, 0, page->style);
	table_line_take(&table, NULL, 2, &page->scratch);
	table_write(&table, page->out);
	table_release(&table);
}

void report_text(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct page page = {
		.summary = summary, .style = style, .out = out, .scratch = STRBUF_INIT
	};

	header_add(&page);
	headline_add(&page);
	page_codes(&page);
	page_categories(&page);
	page_catalogs(&page);
	page_uncounted(&page);
	closing_add(&page);
	if (page.scratch.failed)
		out->failed = true;
	strbuf_release(&page.scratch);
}
