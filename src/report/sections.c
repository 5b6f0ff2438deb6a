/*
 * Owns what the reports for people say, section by section, and in which order each format says it.
 * A section is a form, with its columns as data, and a function that fills it from the summary.
 * Must not know how a format looks.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/advice.h"
#include "report/dates.h"
#include "report/sheet.h"

/* The sections that stand in one table in text. */
enum { ALONE, CODES };

#define COLUMNS(columns_) \
	.columns = (columns_), .column_count = sizeof(columns_) / sizeof((columns_)[0])

/* The summary's buckets as at most `most` points; false when there is no memory. */
static bool points_init(struct sheet *sheet, struct series *series, size_t most, uint64_t least)
{
	if (series_init(series, sheet->page.summary, most, least))
		return true;
	series_release(series);
	sheet->page.out->failed = true;
	return false;
}

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
	COLUMNS(headline_columns),
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
		page_words(page, WORD_OF_RESPONSES, words_grouped(page->summary->hits[HIT_RESPONSE]).text);
		page_words(page, WORD_SEMICOLON);
	}
	strbuf_add_text(&page->scratch, change);
	if (is_one && page->summary->errors_list == NULL)
		return;
	if (page->scratch.len > 0)
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
	sheet_share(sheet, count, page_catalogs_seen(summary) < 2 ? summary->hits[HIT_RESPONSE] : 0, 2)
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

static void section_headline(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section = sheet_begin(sheet, &headline_form, NULL);
	uint64_t counts[HEADLINE_END] = { 0 };

	for (size_t i = 0; i < summary->code_count; i++)
		counts[headline_of(&summary->codes[i])] += summary->codes[i].count;
	if (summary->hits[HIT_RESPONSE] == 0)
		section->none = page_phrase(&sheet->page, WORD_NO_RESPONSES);
	for (unsigned i = 0; i < HEADLINE_END; i++)
		if ((summary->hits[HIT_RESPONSE] > 0 || sheet->format == SHEET_HTML) &&
		    (counts[i] > 0 || i != HEADLINE_OTHER))
			headline_add(sheet, (enum headline)i, counts[i]);
	if (summary->hits[HIT_UNLISTED] > 0 && (summary->hits[HIT_RESPONSE] > 0 || sheet->format != SHEET_MARKDOWN))
		headline_unlisted(sheet);
	if (page_doubt_add(&sheet->page))
		section->warning = sheet_keep(sheet);
}

/* ---- ERRORS and NO ERROR ---- */

/* Points of a line over time: in text the hours of a day, also of one that is begun twice. */
static const size_t spark_points[SHEET_FORMATS] = { 25, 25, 50 };

enum {
	CODES_CODE,
	CODES_WHO,
	CODES_SAYS,
	CODES_SEEN,
	CODES_COUNT,
	CODES_SHARE,
	CODES_FIRST,
	CODES_LAST,
	CODES_BAR,
	CODES_SERIES,
};

static const struct sheet_column code_columns[] = {
	[CODES_CODE] = { SHEET_CODE, WORD_CODE, IN_ALL, .text = { .least = 6 } },
	[CODES_WHO] = { SHEET_OUTCOME, WORD_WHO, IN_ALL, .text = { .gap = 2, .optional = true } },
	[CODES_SAYS] = { SHEET_SAYS, WORD_SAYS, IN_ALL,
	    .text = { .gap = 2, .flexible = true, .least = 24 } },
	[CODES_SEEN] = { SHEET_SEEN, WORD_END, IN_HTML, .text = { 0 } },
	[CODES_COUNT] = { SHEET_NUMBER, WORD_COUNT, IN_ALL,
	    .text = { .gap = 2, .right = true, .least = 6 } },
	[CODES_SHARE] = { SHEET_SHARE, WORD_SHARE, IN_ALL,
	    .text = { .gap = 2, .right = true, .least = 5, .optional = true } },
	[CODES_FIRST] = { SHEET_WORDS, WORD_FIRST, IN_MARKDOWN, .text = { 0 } },
	[CODES_LAST] = { SHEET_WORDS, WORD_LAST, IN_MARKDOWN, .text = { 0 } },
	[CODES_BAR] = { SHEET_BAR, WORD_END, IN_TEXT | IN_HTML,
	    .text = { .gap = 2, .optional = true }, .bar = { 10 } },
	[CODES_SERIES] = { SHEET_SERIES, WORD_OVER_TIME, IN_ALL,
	    .text = { .gap = 2, .optional = true } },
};

#define ERROR_FORM \
	.title = { WORD_TITLE_ERRORS, WORD_ERRORS_CODES, WORD_ERRORS_CODES }, \
	.note = WORD_TIME_STEP, .noted = IN_TEXT, .is_apart = true, .table = CODES, \
	.is_long = true, .css = "codes", COLUMNS(code_columns)
#define NO_SERIES (1u << CODES_SERIES)
#define NO_SHARE (1u << CODES_SHARE | NO_SERIES)

static const struct sheet_form error_form = { ERROR_FORM,
	.left_out = { NO_SERIES, NO_SERIES, NO_SERIES } };

/* Where there are buckets a line over time takes the place of the bar in text. */
static const struct sheet_form timed_error_form = { ERROR_FORM, .left_out = { 1u << CODES_BAR } };

/* In text they stand below the errors, in the same columns. */
static const struct sheet_form other_form = {
	.title = { WORD_TITLE_NO_ERROR, WORD_NO_ERROR, WORD_NO_ERROR },
	.bare = IN_TEXT,
	.is_apart = true,
	.table = CODES,
	.is_long = true,
	COLUMNS(code_columns),
	.left_out = { NO_SERIES, NO_SHARE | 1u << CODES_FIRST | 1u << CODES_LAST,
	    NO_SHARE | 1u << CODES_BAR },
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

	if (row->is_error && page->summary->is_by_quarter)
		dates_quarters_add(&page->scratch, chinese, page->summary, row->first, row->last);
	else if (row->is_error)
		dates_span_add(&page->scratch, chinese, page->summary, row->first, row->last);
	if (row->is_error && row->first_line > 0) {
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

static void section_errors(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section;
	struct series series;
	uint64_t most = 0;
	size_t rows = 0;

	if (summary->errors == 0)
		return;
	if (!points_init(sheet, &series, spark_points[sheet->format], 0))
		return;
	if (series.count > 0)
		dates_step_add(&sheet->page.scratch, series.seconds);
	section = sheet_begin(sheet, series.count > 0 ? &timed_error_form : &error_form,
	    series.count > 0 ? sheet_keep(sheet) : NULL);
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

static void section_others(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		if (summary->codes[i].is_error)
			continue;
		if (rows == 0)
			sheet_begin(sheet, &other_form, NULL);
		if (sheet_has_room(sheet, rows++))
			code_add(sheet, &summary->codes[i]);
	}
	if (rows > 0)
		sheet_more(sheet, rows);
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
	COLUMNS(advice_columns),
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
		const char *note = advice_note(entry, chinese);

		if (!summary->codes[i].is_error || entry->outcome != outcome || note == NULL)
			continue;
		shown++;
		sheet_row(sheet)->is_below = true;
		sheet_code(sheet, entry->code);
		sheet_text(sheet, note);
	}
}

static void section_advice(struct sheet *sheet)
{
	if (sheet->page.summary->errors == 0)
		return;
	sheet_begin(sheet, &advice_form, NULL);
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
	COLUMNS(seen_columns),
};

static bool is_seen(const struct summary_code *row)
{
	return row->is_error && (row->first != SUMMARY_NO_TIME || row->last != SUMMARY_NO_TIME ||
	                            row->first_line > 0 || row->first_file != NULL);
}

/* When each error was first and last seen, and where; nothing where nothing is known. */
static void section_seen(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct sheet_section *section;
	bool any = false;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++)
		any = any || is_seen(&summary->codes[i]);
	if (!any)
		return;
	section = sheet_begin(sheet, &seen_form, NULL);
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

/* ---- OVER TIME ---- */

/* Rows: the hours of a day, the days of a month; in HTML also the columns of the chart, quarters of
 * an hour, also of a day of 25 hours. */
static const size_t time_points[SHEET_FORMATS] = { 31, 31, 100 };

/* Text narrower than this does without the year. */
#define TIME_YEAR_LEAST 60

static const struct sheet_column time_columns[] = {
	{ SHEET_WORDS, WORD_FROM, IN_ALL, .text = { .least = 12, .flexible = true } },
	{ SHEET_NUMBER, WORD_RESPONSES, IN_ALL, .text = { .gap = 1, .right = true, .least = 8 } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, .text = { .gap = 1, .right = true, .least = 8 } },
	{ SHEET_NUMBER, WORD_RATE, IN_ALL, .text = { .gap = 2, .right = true, .least = 6 } },
	{ SHEET_BAR, WORD_OVER_TIME, IN_TEXT | IN_MARKDOWN, .text = { .gap = 2, .optional = true },
	    .bar = { 24, 16 } },
	{ SHEET_NOTE, WORD_END, IN_HTML, .text = { 0 } },
};

static const struct sheet_form time_form = {
	.title = { WORD_TITLE_TIME, WORD_RATE_OVER_TIME, WORD_RATE_OVER_TIME },
	.note = WORD_TIME_STEP,
	.noted = IN_ALL,
	.shape = SHEET_CHART,
	.foot_mark = "~ ",
	COLUMNS(time_columns),
};

/* Why the rate of a point says little. */
static const char *point_note(struct sheet *sheet, const struct series_point *point)
{
	struct page *page = &sheet->page;

	if (point->is_few)
		page_words(page, WORD_FEW);
	if (point->is_few && point->is_partial)
		page_words(page, WORD_COMMA);
	if (point->is_partial)
		page_words(page, WORD_PARTIAL);
	return sheet_keep(sheet);
}

static void point_add(struct sheet *sheet, const struct series *series, size_t i)
{
	const struct series_point *point = &series->points[i];
	const char *note = point_note(sheet, point);
	double rate = series_rate(point);
	bool is_short = sheet->format == SHEET_TEXT && sheet->page.style->width < TIME_YEAR_LEAST;
	const char *start;

	dates_bucket_add(&sheet->page.scratch, sheet->page.summary, point->start, series->seconds);
	start = sheet_keep(sheet);
	sheet_row(sheet);
	sheet_text(sheet, start[0] == '\0' ? page_phrase(&sheet->page, WORD_TIME_UNKNOWN)
	                  : is_short       ? start + strlen("2026-")
	                                   : start);
	sheet_count(sheet, point->responses);
	sheet_count(sheet, point->errors);
	if (point->responses > 0)
		strbuf_add_format(&sheet->page.scratch, "%s%s",
		    point->is_few || point->is_partial ? "~" : "",
		    words_percent(point->errors, point->responses, 2).text);
	sheet_take(sheet);
	/* a bar of a rate that is sure to be one */
	if (point->is_few || i >= series->count)
		rate = 0;
	sheet_bar(sheet, rate < series->most_rate ? rate : series->most_rate, series->most_rate,
	    OUTCOME_FAILED, note);
	sheet_text(sheet, note);
}

static void section_time(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct page *page = &sheet->page;
	struct sheet_section *section;
	struct series series;

	if (summary->bucket_count == 0 ||
	    !points_init(sheet, &series, time_points[sheet->format], page->style->min_responses))
		return;
	/* a text is read by whoever asked for these buckets */
	if (sheet->format != SHEET_TEXT || series.seconds != summary->time.bucket_seconds)
		dates_step_add(&page->scratch, series.seconds);
	section = sheet_begin(sheet, &time_form, page->scratch.len > 0 ? sheet_keep(sheet) : NULL);
	section->series = series;
	for (size_t i = 0; i < series.count + (series.has_unknown ? 1 : 0); i++)
		point_add(sheet, &series, i);
	if (series.has_unsure)
		page_words(page, WORD_UNSURE, words_grouped(page->style->min_responses).text);
	section->foot = sheet_keep(sheet);
}

/* ---- CATEGORIES ---- */

static const struct sheet_column category_columns[] = {
	{ SHEET_WORDS, WORD_CATEGORY, IN_ALL, .text = { .flexible = true, .least = 14 } },
	{ SHEET_NUMBER, WORD_ALL, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_SUCCESS, IN_ALL,
	    .text = { .gap = 2, .right = true, .least = 8, .optional = true } },
	{ SHEET_NUMBER, WORD_NEGATIVE, IN_ALL,
	    .text = { .gap = 2, .right = true, .least = 8, .optional = true } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, .text = { .gap = 2, .right = true, .least = 8 } },
	{ SHEET_REMARK, WORD_NOTES, IN_TEXT, .text = { .gap = 2, .optional = true } },
};

static const struct sheet_form category_form = {
	.title = { WORD_TITLE_CATEGORIES, WORD_CATEGORIES, WORD_CATEGORIES },
	COLUMNS(category_columns),
};

/* What is worth knowing about a built-in category. */
static const char *category_note(const struct sheet *sheet, const struct summary_category *category)
{
	static const struct {
		const char *category;
		enum word note;
	} notes[] = {
		{ "risk", WORD_NOTE_RISK },
		{ "platform", WORD_NOTE_PLATFORM },
		{ "captcha", WORD_NOTE_CAPTCHA },
		{ "login", WORD_NOTE_LOGIN },
		{ "verification", WORD_NOTE_VERIFICATION },
		{ "admin", WORD_NOTE_ADMIN },
	};

	for (size_t i = 0; category->source == 0 && i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(notes[i].category, category->name) == 0)
			return page_phrase(&sheet->page, notes[i].note);
	return "";
}

static void section_categories(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;

	if (summary->category_count == 0)
		return;
	sheet_begin(sheet, &category_form, NULL);
	for (size_t i = 0; i < summary->category_count && sheet_has_room(sheet, i); i++) {
		const struct summary_category *row = &summary->categories[i];

		sheet_row(sheet);
		sheet_text(sheet, row->name);
		sheet_count(sheet, row->count);
		sheet_count(sheet, row->success);
		sheet_count(sheet, row->negative);
		sheet_count(sheet, row->errors);
		sheet_text(sheet, category_note(sheet, row));
	}
	sheet_more(sheet, summary->category_count);
}

/* ---- CATALOGS ---- */

static const struct sheet_column catalog_columns[] = {
	{ SHEET_WORDS, WORD_CATALOG, IN_ALL, .text = { .flexible = true, .least = 14 } },
	{ SHEET_NUMBER, WORD_RESPONSES, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, .text = { .gap = 2, .right = true, .least = 8 } },
	{ SHEET_NUMBER, WORD_RATE, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
};

static const struct sheet_form catalog_form = {
	.title = { WORD_TITLE_CATALOGS, WORD_CATALOGS, WORD_CATALOGS },
	COLUMNS(catalog_columns),
};

static void section_catalogs(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;

	if (page_catalogs_seen(summary) < 2)
		return;
	sheet_begin(sheet, &catalog_form, NULL);
	for (size_t i = 0; i < summary->catalog_count; i++) {
		const struct summary_catalog *row = &summary->catalogs[i];

		if (row->responses == 0)
			continue;
		sheet_row(sheet);
		sheet_text(sheet, i == 0 ? page_phrase(&sheet->page, WORD_BUILT_IN) : row->name);
		sheet_count(sheet, row->responses);
		sheet_count(sheet, row->errors);
		sheet_share(sheet, row->errors, row->responses, 2);
	}
}

/* ---- CHANGES ---- */

static const struct sheet_column change_columns[] = {
	{ SHEET_CODE, WORD_CODE, IN_ALL, .text = { .least = 6 } },
	{ SHEET_WORDS, WORD_SAYS, IN_ALL, .text = { .gap = 2, .flexible = true, .least = 16 } },
	{ SHEET_MARK, WORD_END, IN_HTML, .text = { 0 } },
	{ SHEET_NUMBER, WORD_WAS, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_NOW, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_CHANGE, IN_ALL, .text = { .gap = 2, .right = true, .least = 6 } },
	{ SHEET_MARK, WORD_NOTES, IN_TEXT | IN_MARKDOWN, .text = { .gap = 2, .optional = true } },
};

static const struct sheet_form change_form = {
	.title = { WORD_TITLE_CHANGES, WORD_CHANGES_AGAINST, WORD_CHANGES },
	.note = WORD_CHANGES_SINCE,
	.noted = IN_TEXT | IN_HTML,
	.is_long = true,
	COLUMNS(change_columns),
};

/* The baseline's name, label and span, into the page's scratch. */
static void baseline_name(struct page *page)
{
	const struct summary_baseline *baseline = page->summary->baseline;
	bool has_label = baseline->label != NULL && baseline->label[0] != '\0';

	if (baseline->days_other_rules > 0) {
		page_words(page, WORD_BASELINE_RULED_DAYS, words_grouped(baseline->days).text,
		    words_grouped(baseline->days_asked).text,
		    words_grouped(baseline->days_other_rules).text);
		return;
	}
	if (baseline->days_asked > 0) {
		page_words(page,
		    baseline->days == baseline->days_asked ? WORD_BASELINE_DAYS
		                                           : WORD_BASELINE_SOME_DAYS,
		    words_grouped(baseline->days).text, words_grouped(baseline->days_asked).text);
		return;
	}
	strbuf_add_text(&page->scratch, baseline->file);
	if (has_label)
		strbuf_add_format(
		    &page->scratch, "%s%s", page_phrase(page, WORD_COMMA), baseline->label);
	if (baseline->first != SUMMARY_NO_TIME) {
		page_words(page, WORD_COMMA);
		dates_span_add(&page->scratch, page->style->chinese, page->summary, baseline->first,
		    baseline->last);
	}
	if (baseline->is_of_other_rules) {
		page_words(page, WORD_COMMA);
		page_words(
		    page, baseline->is_left_out ? WORD_BASELINE_LEFT_OUT : WORD_BASELINE_RULED);
	}
}

static void change_add(struct sheet *sheet, const struct summary_change *row)
{
	const char *word = row->is_new        ? page_phrase(&sheet->page, WORD_NEW)
	                   : row->is_vanished ? page_phrase(&sheet->page, WORD_VANISHED)
	                                      : "";
	bool is_worse = row->is_error && row->share > row->share_before;
	bool is_better = row->is_error && row->share < row->share_before;
	struct sheet_cell *points;

	sheet_row(sheet);
	sheet_code(sheet, row->code);
	sheet_text(sheet, row->description);
	sheet_text(sheet, word)->tone = is_worse ? SHEET_WORSE : SHEET_PLAIN;
	sheet_count(sheet, row->count_before);
	sheet_count(sheet, row->count);
	points = sheet_points(sheet, row->share, row->share_before);
	points->outcome = row->is_error ? row->outcome : OUTCOME_COUNT;
	points->tone = is_worse ? SHEET_WORSE : is_better ? SHEET_BETTER : SHEET_PLAIN;
	sheet_text(sheet, word);
}

static void section_changes(struct sheet *sheet)
{
	const struct summary_baseline *baseline = sheet->page.summary->baseline;

	if (baseline == NULL)
		return;
	baseline_name(&sheet->page);
	sheet_begin(sheet, &change_form, sheet_keep(sheet));
	for (size_t i = 0; i < baseline->change_count && sheet_has_room(sheet, i); i++)
		change_add(sheet, &baseline->changes[i]);
	sheet_more(sheet, baseline->change_count);
}

/* ---- BY field ---- */

/* How many codes of a group are named; in text as many as there is room for. */
#define GROUP_CODES 3

/* Columns that a group's counts and the gaps take in text, as a rule. */
#define GROUP_COUNTS_WIDTH (2 + 9 + 2 + 7 + 2 + 7 + 2)

static const struct sheet_column group_columns[] = {
	{ SHEET_WORDS, WORD_GROUP, IN_ALL,
	    .text = { .flexible = true, .middle = true, .least = 14 } },
	{ SHEET_NUMBER, WORD_RESPONSES, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_RATE, IN_ALL, .text = { .gap = 2, .right = true, .least = 6 } },
	{ SHEET_LIST, WORD_TOP_CODES, IN_ALL, .text = { .gap = 2, .optional = true } },
};

static const struct sheet_form group_form = {
	.title = { WORD_TITLE_GROUPS, WORD_GROUPS, WORD_GROUPS },
	.is_long = true,
	.css = "groups",
	.foot_mark = "",
	COLUMNS(group_columns),
};

static bool is_error(const struct summary *summary, uint32_t code)
{
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].entry->code == code)
			return summary->codes[i].is_error;
	return false;
}

static const char *group_name(const struct sheet *sheet, const struct summary_group *group)
{
	if (group->kind == GROUP_NONE)
		return page_phrase(&sheet->page, WORD_GROUP_NONE);
	return group->kind == GROUP_OTHER ? page_phrase(&sheet->page, WORD_GROUP_OTHER)
	                                  : group->name;
}

/* The first error codes of a group with their counts, at most `most`, into the page's scratch. */
static void group_codes(struct sheet *sheet, const struct summary_part *part, size_t most)
{
	struct page *page = &sheet->page;
	size_t shown = 0;

	for (size_t i = 0; i < part->code_count && shown < most; i++) {
		if (!is_error(page->summary, part->codes[i].entry->code))
			continue;
		strbuf_add_format(&page->scratch, "%s%u (%s)",
		    shown++ > 0 ? page_phrase(page, WORD_COMMA) : "", part->codes[i].entry->code,
		    words_grouped(part->codes[i].count).text);
	}
}

/* How many of a group's codes leave room for the names, or for a third of the page; at least
 * one. */
static size_t group_codes_fit(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	size_t width = sheet->page.style->width;
	size_t names = group_columns[0].text.least, codes = GROUP_CODES;

	for (size_t i = 0; i < summary->group_count && sheet_has_room(sheet, i); i++) {
		const char *name = group_name(sheet, &summary->groups[i]);
		size_t taken = utf8_width(name, strlen(name)) + strlen("  ");

		names = taken > names ? taken : names;
	}
	names = names > width / 3 ? width / 3 : names;
	for (; codes > 1; codes--) {
		size_t widest = 0;

		for (size_t i = 0; i < summary->group_count && sheet_has_room(sheet, i); i++) {
			group_codes(sheet, &summary->groups[i].part, codes);
			if (sheet->page.scratch.len > widest)
				widest = sheet->page.scratch.len; /* ASCII, or a little more */
			page_reset(&sheet->page);
		}
		if (names + GROUP_COUNTS_WIDTH + widest <= width)
			break;
	}
	return codes;
}

/* That there were more groups than are kept. */
static const char *groups_kept(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	uint64_t kept = 0;
	bool has_other = false;

	for (size_t i = 0; i < summary->group_count; i++) {
		kept += summary->groups[i].kind == GROUP_VALUE ? 1 : 0;
		has_other = has_other || summary->groups[i].kind == GROUP_OTHER;
	}
	if (has_other)
		page_words(&sheet->page, WORD_GROUPS_KEPT, words_grouped(kept).text);
	return sheet_keep(sheet);
}

static void section_groups(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	size_t codes = sheet->format == SHEET_TEXT ? group_codes_fit(sheet) : GROUP_CODES;

	if (summary->group_field == NULL)
		return;
	sheet_begin(sheet, &group_form, summary->group_field)->foot = groups_kept(sheet);
	for (size_t i = 0; i < summary->group_count && sheet_has_room(sheet, i); i++) {
		const struct summary_group *row = &summary->groups[i];

		sheet_row(sheet);
		sheet_text(sheet, group_name(sheet, row))->tone =
		    row->kind == GROUP_VALUE ? SHEET_PLAIN : SHEET_SOFT;
		sheet_count(sheet, row->part.responses);
		sheet_count(sheet, row->part.errors);
		sheet_share(sheet, row->part.errors, row->part.responses, 2);
		group_codes(sheet, &row->part, codes);
		sheet_take(sheet);
	}
	sheet_more(sheet, summary->group_count);
}

/* ---- NOT IN THE RATE ---- */

static const struct sheet_column uncounted_columns[] = {
	{ SHEET_NUMBER, WORD_COUNT, IN_ALL, .text = { .right = true, .least = 8 } },
	{ SHEET_CODE, WORD_CODE, IN_ALL, .text = { .gap = 2, .least = 4 } },
	{ SHEET_REMARK, WORD_NOTES, IN_ALL, .text = { .gap = 2, .flexible = true } },
};

static const struct sheet_form uncounted_form = {
	.title = { WORD_TITLE_UNCOUNTED, WORD_UNCOUNTED, WORD_UNCOUNTED },
	.bare = IN_TEXT,
	.is_long = true,
	COLUMNS(uncounted_columns),
};

/* A row whose text is in the page's scratch. */
static void uncounted_take(struct sheet *sheet, uint64_t count, const uint32_t *code)
{
	struct page *page = &sheet->page;
	const char *text = sheet_keep(sheet);

	sheet_row(sheet);
	sheet_count(sheet, count);
	if (code != NULL)
		strbuf_add_format(&page->scratch, "%u", *code);
	sheet_take(sheet);
	sheet_text(sheet, text);
}

/* A row of words with one argument. */
static void uncounted_add(
    struct sheet *sheet, uint64_t count, const uint32_t *code, enum word word, const char *argument)
{
	if (count == 0)
		return;
	page_words(&sheet->page, word, argument);
	uncounted_take(sheet, count, code);
}

/* Where one kind of row was cut. */
static void uncounted_more(struct sheet *sheet, size_t rows)
{
	size_t top = sheet->page.style->top;

	if (rows <= top)
		return;
	page_words(&sheet->page, WORD_MORE, words_grouped(rows - top).text);
	sheet_row(sheet)->is_remark = true;
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_take(sheet);
}

/* The most frequent of them: "200 (38,190), 404 (12)". */
static void numbers_add(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;
	struct strbuf *scratch = &sheet->page.scratch;
	bool chinese = sheet->page.style->chinese;
	const char *seen;

	if (summary->hits[HIT_OTHER] == 0)
		return;
	for (size_t i = 0; i < summary->number_count && sheet_has_room(sheet, i); i++)
		strbuf_add_format(scratch, "%s%u (%s)",
		    i > 0 ? words_phrase(chinese, WORD_COMMA) : "", summary->numbers[i].code,
		    words_grouped(summary->numbers[i].count).text);
	seen = sheet_keep(sheet);
	words_add(scratch, chinese,
	    summary->other_numbers_capped ? WORD_ROW_NUMBERS_CAPPED : WORD_ROW_NUMBERS,
	    words_grouped(summary->other_numbers_distinct).text, (char *)NULL);
	if (seen[0] != '\0')
		words_add(scratch, chinese, WORD_MOST_SEEN, seen, (char *)NULL);
	uncounted_take(sheet, summary->hits[HIT_OTHER], NULL);
}

static void section_uncounted(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;

	if (summary->hit_count == summary->hits[HIT_RESPONSE])
		return;
	sheet_begin(sheet, &uncounted_form, NULL);
	for (size_t i = 0; i < summary->unlisted_count && sheet_has_room(sheet, i); i++) {
		const struct summary_unlisted *row = &summary->unlisted_codes[i];
		bool has_text = row->text != NULL && row->text[0] != '\0';

		uncounted_add(sheet, row->count, &row->code,
		    has_text ? WORD_ROW_UNLISTED_TEXT : WORD_ROW_UNLISTED,
		    has_text ? row->text : "");
	}
	uncounted_more(sheet, summary->unlisted_count);
	for (size_t i = 0; i < summary->inner_count && sheet_has_room(sheet, i); i++) {
		const struct summary_inner *row = &summary->inner_codes[i];

		uncounted_add(sheet, row->count, &row->entry->code,
		    row->is_error ? WORD_ROW_INNER_ERROR : WORD_ROW_INNER, row->entry->description);
	}
	uncounted_more(sheet, summary->inner_count);
	uncounted_add(sheet, summary->hits[HIT_REPEATED], NULL, WORD_ROW_REPEATED, "");
	for (size_t i = 0; i < summary->held_count && sheet_has_room(sheet, i); i++) {
		const struct summary_held *row = &summary->held[i];

		uncounted_add(sheet, row->count, &row->entry->code, WORD_ROW_HELD,
		    sheet->page.style->chinese ? row->reason_zh : row->reason);
	}
	uncounted_more(sheet, summary->held_count);
	uncounted_add(sheet, summary->hits[HIT_ELSEWHERE], NULL, WORD_ROW_ELSEWHERE, "");
	numbers_add(sheet);
}

/* ---- the order ---- */

void sections_add(struct sheet *sheet)
{
	static void (*const orders[SHEET_FORMATS][SHEET_SECTIONS_MAX])(struct sheet *) = {
		[SHEET_TEXT] = { section_headline, section_errors, section_advice, section_others,
		    section_seen, section_time, section_changes, section_groups, section_categories,
		    section_catalogs, section_uncounted },
		[SHEET_MARKDOWN] = { section_headline, section_errors, section_advice,
		    section_changes, section_time, section_groups, section_catalogs, section_others,
		    section_uncounted },
		[SHEET_HTML] = { section_headline, section_catalogs, section_time, section_errors,
		    section_advice, section_changes, section_groups, section_others,
		    section_categories, section_uncounted },
	};

	for (size_t i = 0; i < SHEET_SECTIONS_MAX && orders[sheet->format][i] != NULL; i++)
		orders[sheet->format][i](sheet);
}
