/*
 * Owns what the reports for people say of the codes: the headline, the errors and what to do about
 * them, the others, and when errors were seen. Must not know how a format looks.
 */
#include <string.h>
#include <strings.h>

#include "report/dates.h"
#include "report/sections.h"

/* The sections that stand in one table in text. */
enum { ALONE, CODES };

/* ---- lists of codes: "9003, 7110", at most as many as the style allows ---- */

/* Adds a code to the list in the page's scratch; `count` is how many it has had. */
static void list_add(struct sheet *sheet, size_t *count, uint32_t code)
{
	if (sheet_has_room(sheet, *count))
		strbuf_add_format(&sheet->page.scratch, "%s%u",
		    *count > 0 ? page_phrase(&sheet->page, WORD_COMMA) : "", code);
	(*count)++;
}

/* The whole list. */
static const char *list_keep(struct sheet *sheet, size_t count)
{
	size_t top = sheet->page.style->top;

	if (count > top) {
		strbuf_add_char(&sheet->page.scratch, ' ');
		page_words(&sheet->page, WORD_MORE, words_grouped(count - top).text);
	}
	return sheet_keep(sheet);
}

/* ---- the headline: which part of the responses is what ---- */

/* Text narrower than this says "of 19" in place of "of 19 responses". */
#define OF_RESPONSES_LEAST 60

static const struct sheet_column headline_columns[] = {
	{ SHEET_LABEL, WORD_RESPONSES, IN_ALL, .text = { .least = 8 } },
	{ SHEET_NUMBER, WORD_COUNT, IN_ALL, .text = { .gap = 2, .right = true, .least = 5 } },
	{ SHEET_WORDS, WORD_END, IN_TEXT, .text = { .gap = 1, .optional = true } },
	{ SHEET_NUMBER, WORD_SHARE, IN_ALL, .text = { .gap = 3, .right = true } },
	{ SHEET_WORDS, WORD_NOTES, IN_TEXT | IN_MARKDOWN, .text = { .gap = 3, .flexible = true } },
	{ SHEET_WORDS, WORD_END, IN_HTML, .text = { 0 } },
};

static const struct sheet_form headline_form = {
	.title = { WORD_END, WORD_END, WORD_END },
	.bare = IN_TEXT,
	.is_apart = true,
	.shape = SHEET_HEADLINE,
	SHEET_COLUMNS(headline_columns),
};

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

/* "+1.86 points, was 0.41%"; nothing where there is nothing to compare with. */
static const char *rate_change(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	const struct summary_baseline *baseline = summary->baseline;

	if (baseline != NULL && baseline->responses > 0 && summary->hits[HIT_RESPONSE] > 0)
		page_words(&sheet->page,
		    baseline->days_asked > 0 ? WORD_BEFORE_MEDIAN : WORD_BEFORE,
		    words_points(summary_error_rate(summary), baseline->error_rate).text,
		    words_rate(baseline->error_rate).text, words_grouped(baseline->days).text);
	return sheet_keep(sheet);
}

/* Behind the errors: what they are compared with, and why another count is one. */
static void errors_note(struct sheet *sheet, const char *change)
{
	struct page *page = &sheet->page;
	bool is_one = page_catalogs_seen(page->summary) < 2;

	if (sheet->format == SHEET_MARKDOWN) { /* it has no column of its own */
		page_words(
		    page, WORD_OF_RESPONSES, words_grouped(page->summary->hits[HIT_RESPONSE]).text);
		page_words(page, WORD_SEMICOLON);
	}
	strbuf_add_text(&page->scratch, change);
	if (is_one && page->summary->errors_list == NULL)
		return;
	if (change[0] != '\0')
		page_words(page, WORD_SEMICOLON);
	page_words(page, is_one ? WORD_ERRORS_LIST : WORD_RATES_BELOW, page->summary->errors_list);
}

/* What is worth saying behind a row, into the page's scratch. */
static void headline_note(struct sheet *sheet, enum headline which, const char *change)
{
	const struct summary *summary = sheet->page.summary;
	const char *codes;
	size_t count = 0;

	if (which == HEADLINE_ERRORS)
		errors_note(sheet, change);
	else if (which == HEADLINE_OTHER)
		page_words(&sheet->page, WORD_OTHER_NOTE);
	if (which != HEADLINE_NEGATIVE)
		return;
	for (size_t i = 0; i < summary->code_count; i++)
		if (headline_of(&summary->codes[i]) == which)
			list_add(sheet, &count, summary->codes[i].entry->code);
	codes = list_keep(sheet, count);
	if (count > 0)
		page_words(&sheet->page, WORD_NEGATIVE_NOTE, codes);
}

static void headline_add(struct sheet *sheet, enum headline which, uint64_t count)
{
	/* its name, and the outcome whose colour it has */
	static const struct {
		enum word label;
		enum outcome outcome;
	} rows[HEADLINE_END] = {
		[HEADLINE_ERRORS] = { WORD_ERRORS, OUTCOME_FAILED },
		[HEADLINE_NEGATIVE] = { WORD_NEGATIVE, OUTCOME_NEGATIVE },
		[HEADLINE_SUCCESS] = { WORD_SUCCESS, OUTCOME_SUCCESS },
		[HEADLINE_OTHER] = { WORD_OTHER, OUTCOME_FAILED },
	};
	enum outcome outcome = count > 0 ? rows[which].outcome : OUTCOME_COUNT;
	const struct summary *summary = sheet->page.summary;
	const struct summary_baseline *baseline = summary->baseline;
	const char *change = which == HEADLINE_ERRORS ? rate_change(sheet) : "";
	struct page *page = &sheet->page;
	struct sheet_cell *cell;

	sheet_row(sheet);
	sheet_text(sheet, page_phrase(page, rows[which].label));
	sheet_count(sheet, count)->outcome = outcome;
	if (which == HEADLINE_ERRORS)
		page_words(page,
		    page->style->width < OF_RESPONSES_LEAST ? WORD_OF : WORD_OF_RESPONSES,
		    words_grouped(summary->hits[HIT_RESPONSE]).text);
	sheet_take(sheet);
	/* a rate over several catalogs says nothing about any of them */
	sheet_share(
	    sheet, count, page_catalogs_seen(summary) < 2 ? summary->hits[HIT_RESPONSE] : 0, 2)
	    ->outcome = outcome;
	headline_note(sheet, which, change);
	sheet_take(sheet);
	cell = sheet_text(sheet, change);
	if (change[0] != '\0')
		cell->tone = summary_error_rate(summary) > baseline->error_rate   ? SHEET_WORSE
		             : summary_error_rate(summary) < baseline->error_rate ? SHEET_BETTER
		                                                                  : SHEET_PLAIN;
}

/* What is like a code of JiGuang's, but in no catalog. */
static void headline_unlisted(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	const char *codes;
	size_t count = 0;

	for (size_t i = 0; i < summary->unlisted_count; i++)
		list_add(sheet, &count, summary->unlisted_codes[i].code);
	codes = list_keep(sheet, count);
	sheet_row(sheet);
	sheet_text(sheet, page_phrase(&sheet->page, WORD_UNLISTED));
	sheet_count(sheet, summary->hits[HIT_UNLISTED]);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	page_words(&sheet->page, WORD_UNLISTED_NOTE, codes);
	sheet_take(sheet);
}

void section_headline(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section = sheet_begin(sheet, &headline_form, "");
	uint64_t counts[HEADLINE_END] = { 0 };

	for (size_t i = 0; i < summary->code_count; i++)
		counts[headline_of(&summary->codes[i])] += summary->codes[i].count;
	if (summary->hits[HIT_RESPONSE] == 0)
		section->none = page_phrase(&sheet->page, WORD_NO_RESPONSES);
	for (unsigned i = 0; i < HEADLINE_END; i++)
		if ((summary->hits[HIT_RESPONSE] > 0 || sheet->format == SHEET_HTML) &&
		    (counts[i] > 0 || i != HEADLINE_OTHER))
			headline_add(sheet, (enum headline)i, counts[i]);
	if (summary->hits[HIT_UNLISTED] > 0 &&
	    (summary->hits[HIT_RESPONSE] > 0 || sheet->format != SHEET_MARKDOWN))
		headline_unlisted(sheet);
	if (page_doubt_add(&sheet->page))
		section->warning = sheet_keep(sheet);
}

/* ---- ERRORS and NO ERROR ---- */

/* Points of a line over time: in text the hours of a day, also of one that is begun twice. */
static const size_t spark_points[SHEET_FORMATS] = { 25, 25, 50 };

/* The tables of codes: the formats that show a column of the errors, of the errors where there are
 * buckets, and of the others. In text the others stand below the errors, in the same columns. */
enum { ERRORS, TIMED_ERRORS, OTHERS };
#define SHOWN(errors_, timed_, others_) \
	((errors_) | (timed_) << SHEET_FORMATS | (others_) << 2 * SHEET_FORMATS)
#define ALWAYS SHOWN(IN_ALL, IN_ALL, IN_ALL)

static const struct sheet_column code_columns[] = {
	{ SHEET_CODE, WORD_CODE, ALWAYS, .text = { .least = 6 } },
	{ SHEET_OUTCOME, WORD_WHO, ALWAYS, .text = { .gap = 2, .optional = true } },
	{ SHEET_SAYS, WORD_SAYS, ALWAYS, .text = { .gap = 2, .flexible = true, .least = 24 } },
	{ SHEET_SEEN, WORD_END, SHOWN(IN_HTML, IN_HTML, 0), .text = { 0 } },
	{ SHEET_NUMBER, WORD_COUNT, ALWAYS, .text = { .gap = 2, .right = true, .least = 6 } },
	{ SHEET_SHARE, WORD_SHARE, SHOWN(IN_ALL, IN_ALL, IN_TEXT),
	    .text = { .gap = 2, .right = true, .least = 5, .optional = true } },
	{ SHEET_WORDS, WORD_FIRST, SHOWN(IN_MARKDOWN, IN_MARKDOWN, 0), .text = { 0 } },
	{ SHEET_WORDS, WORD_LAST, SHOWN(IN_MARKDOWN, IN_MARKDOWN, 0), .text = { 0 } },
	{ SHEET_BAR, WORD_END, SHOWN(IN_TEXT | IN_HTML, IN_HTML, IN_TEXT),
	    .text = { .gap = 2, .optional = true }, .bar = { 10 } },
	{ SHEET_SERIES, WORD_OVER_TIME, SHOWN(0, IN_ALL, 0),
	    .text = { .gap = 2, .optional = true } },
};

#define ERROR_FORM \
	.title = { WORD_TITLE_ERRORS, WORD_ERRORS_CODES, WORD_ERRORS_CODES }, \
	.note = WORD_TIME_STEP, .noted = IN_TEXT, .is_apart = true, .table = CODES, \
	.is_long = true, .css = "codes", SHEET_COLUMNS(code_columns)

static const struct sheet_form error_forms[] = {
	{ ERROR_FORM, .variant = ERRORS },
	{ ERROR_FORM, .variant = TIMED_ERRORS },
};

static const struct sheet_form other_form = {
	.title = { WORD_TITLE_NO_ERROR, WORD_NO_ERROR, WORD_NO_ERROR },
	.bare = IN_TEXT,
	.is_apart = true,
	.table = CODES,
	.is_long = true,
	SHEET_COLUMNS(code_columns),
	.variant = OTHERS,
};

/* When it was seen, as exactly as it is known. */
static void time_take(struct sheet *sheet, int64_t time)
{
	const struct summary *summary = sheet->page.summary;

	if (summary->is_by_quarter)
		dates_quarter_add(&sheet->page.scratch, summary, time);
	else
		dates_add(&sheet->page.scratch, summary, time);
	sheet_take(sheet);
}

/* Where it was seen first. */
static void place_add(struct strbuf *out, const struct summary_code *row)
{
	if (row->first_line > 0)
		strbuf_add_format(out, "%s:%llu", row->first_file != NULL ? row->first_file : "-",
		    (unsigned long long)row->first_line);
}

/* When and where it was seen: "2026-11-22 14:57:00 to 20:03:00, first in api.log:4". */
static void seen_take(struct sheet *sheet, const struct summary_code *row)
{
	struct page *page = &sheet->page;
	bool chinese = page->style->chinese;

	if (page->summary->is_by_quarter)
		dates_quarters_add(&page->scratch, chinese, page->summary, row->first, row->last);
	else
		dates_span_add(&page->scratch, chinese, page->summary, row->first, row->last);
	if (row->first_line > 0) {
		strbuf_add_format(&page->scratch, "%s%s ",
		    page->scratch.len > 0 ? page_phrase(page, WORD_COMMA) : "",
		    page_phrase(page, WORD_FIRST_AT));
		place_add(&page->scratch, row);
	}
	sheet_take(sheet);
}

static void code_add(struct sheet *sheet, const struct summary_code *row)
{
	sheet_row(sheet);
	sheet_code(sheet, row->entry->code);
	sheet_outcome(sheet, row->entry->outcome);
	sheet_text(sheet, row->entry->description);
	seen_take(sheet, row);
	sheet_count(sheet, row->count);
}

void section_errors(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section;
	struct series series;
	bool has_series;
	uint64_t most = 0;
	size_t rows = 0;

	if (summary->errors == 0)
		return;
	series = sheet_time(sheet, spark_points[sheet->format], 0);
	has_series = series.count > 0;
	if (has_series)
		dates_step_add(&sheet->page.scratch, series.seconds);
	section =
	    sheet_begin(sheet, &error_forms[has_series ? TIMED_ERRORS : ERRORS], sheet_keep(sheet));
	section->series = series;
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		if (!row->is_error)
			continue;
		most = row->count > most ? row->count : most;
		if (!sheet_has_room(sheet, rows++))
			continue;
		code_add(sheet, row);
		sheet_share(sheet, row->count, summary->errors, 1);
		time_take(sheet, row->first);
		time_take(sheet, row->last);
		sheet_bar(sheet, (double)row->count, (double)most, row->entry->outcome, "");
		sheet_series(sheet, &section->series, row->entry);
	}
	sheet_more(sheet, rows);
}

void section_others(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		if (summary->codes[i].is_error)
			continue;
		if (rows == 0)
			sheet_begin(sheet, &other_form, "");
		if (sheet_has_room(sheet, rows++))
			code_add(sheet, &summary->codes[i]);
	}
	if (rows > 0)
		sheet_more(sheet, rows);
}

/* ---- whether a note tells the reader of a description anything new ---- */

/* Words shorter than this carry no news; longer ones are the same when they begin alike
 * ("auth", "authentication"). */
#define WORD_LEAST 4

/* How many words it takes to be news: one alone is mostly grammar. */
#define NEWS_LEAST 2

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (is_letter(text[length]))
		length++;
	return length;
}

static bool has_word(const char *text, const char *word)
{
	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, WORD_LEAST) == 0)
			return true;
	return false;
}

static bool is_news(const char *note, const char *description)
{
	unsigned news = 0;

	while (*note != '\0') {
		size_t length = word_length(note);

		if ((unsigned char)*note >= 0x80)
			return true; /* not English: words are not told apart */
		if (length >= WORD_LEAST && !has_word(description, note))
			news++;
		note += length > 0 ? length : 1;
	}
	return news >= NEWS_LEAST;
}

/* The notes of a code where they say more than its description, else NULL: in Chinese whenever
 * there are some, since descriptions are English. */
static const char *note_of(const struct catalog_entry *entry, bool chinese)
{
	const char *note = chinese && entry->notes_zh[0] != '\0' ? entry->notes_zh : entry->notes;

	return note[0] != '\0' && strcmp(note, entry->description) != 0 &&
	               is_news(note, entry->description)
	           ? note
	           : NULL;
}

/* ---- what to do ---- */

static const struct sheet_column advice_columns[] = {
	{ SHEET_OUTCOME, WORD_END, IN_ALL, .text = { 0 } },
	{ SHEET_WORDS, WORD_END, IN_ALL, .text = { 0 } },
	{ SHEET_WORDS, WORD_END, IN_ALL, .text = { 0 } },
};

static const struct sheet_form advice_form = {
	.title = { WORD_END, WORD_END, WORD_ADVICE_TITLE },
	.shape = SHEET_ITEMS,
	.table = CODES,
	SHEET_COLUMNS(advice_columns),
};

/* What whoever must act can do, if these are codes of an outcome, and what their notes say beyond
 * their descriptions. */
static void advice_add(struct sheet *sheet, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);
	const struct summary *summary = sheet->page.summary;
	bool chinese = sheet->page.style->chinese;
	const char *advice = chinese ? info->advice_zh : info->advice, *codes;
	size_t shown = 0, count = 0;

	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error && summary->codes[i].entry->outcome == outcome)
			list_add(sheet, &count, summary->codes[i].entry->code);
	codes = list_keep(sheet, count);
	if (count == 0 || (advice[0] == '\0' && sheet->format == SHEET_TEXT))
		return;
	sheet_row(sheet);
	sheet_outcome(sheet, outcome);
	sheet_text(sheet, advice);
	sheet_text(sheet, codes);
	for (size_t i = 0; i < summary->code_count && sheet_has_room(sheet, shown); i++) {
		const struct catalog_entry *entry = summary->codes[i].entry;
		const char *note = note_of(entry, chinese);

		if (!summary->codes[i].is_error || entry->outcome != outcome || note == NULL)
			continue;
		shown++;
		sheet_row(sheet)->is_below = true;
		sheet_code(sheet, entry->code);
		sheet_text(sheet, note);
	}
}

void section_advice(struct sheet *sheet)
{
	if (sheet->page.summary->errors == 0)
		return;
	sheet_begin(sheet, &advice_form, "");
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		advice_add(sheet, (enum outcome)i);
}

/* ---- SEEN ---- */

static const struct sheet_column seen_columns[] = {
	{ SHEET_CODE, WORD_CODE, IN_TEXT, .text = { .least = 6 } },
	{ SHEET_WORDS, WORD_FIRST, IN_TEXT, .text = { .gap = 2, .least = 5 } },
	{ SHEET_WORDS, WORD_LAST, IN_TEXT, .text = { .gap = 2, .least = 5, .optional = true } },
	{ SHEET_WORDS, WORD_FIRST_AT, IN_TEXT, .text = { .gap = 2, .flexible = true } },
};

static const struct sheet_form seen_form = {
	.title = { WORD_TITLE_SEEN, WORD_END, WORD_END },
	SHEET_COLUMNS(seen_columns),
};

static bool is_seen(const struct summary_code *row)
{
	return row->is_error && (row->first != SUMMARY_NO_TIME || row->last != SUMMARY_NO_TIME ||
	                            row->first_line > 0 || row->first_file != NULL);
}

/* When each error was first and last seen, and where; nothing where nothing is known. */
void section_seen(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section;
	bool any = false;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++)
		any = any || is_seen(&summary->codes[i]);
	if (!any)
		return;
	section = sheet_begin(sheet, &seen_form, "");
	if (summary->is_by_quarter) /* a database knows no place */
		section->headings[section->column_count - 1] = "";
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		if (!row->is_error || !sheet_has_room(sheet, rows++))
			continue;
		sheet_row(sheet);
		sheet_code(sheet, row->entry->code);
		time_take(sheet, row->first);
		time_take(sheet, row->last);
		place_add(&sheet->page.scratch, row);
		if (row->first_line == 0 && row->first_file != NULL)
			strbuf_add_text(&sheet->page.scratch, row->first_file);
		sheet_take(sheet);
	}
	sheet_more(sheet, rows);
}
