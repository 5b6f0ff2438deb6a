/*
 * Owns in which order each format says what, and what the reports for people say of times, changes,
 * groups, categories, catalogs, and of what is not in the rate. A section is a form, with its
 * columns as data, and a function that fills it from the summary. Must not know how a format looks.
 */
#include "report/sections.h"

#include <string.h>

#include "base/utf8.h"
#include "report/dates.h"

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
	.foot_sign = "~ ",
	SHEET_COLUMNS(time_columns),
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

	if (summary->bucket_count == 0)
		return;
	series = sheet_time(sheet, time_points[sheet->format], page->style->min_responses);
	/* a text is read by whoever asked for these buckets */
	if (sheet->format != SHEET_TEXT || series.seconds != summary->time.bucket_seconds)
		dates_step_add(&page->scratch, series.seconds);
	section = sheet_begin(sheet, &time_form, sheet_keep(sheet));
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
	SHEET_COLUMNS(category_columns),
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
	sheet_begin(sheet, &category_form, "");
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
	SHEET_COLUMNS(catalog_columns),
};

static void section_catalogs(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;

	if (page_catalogs_seen(summary) < 2)
		return;
	sheet_begin(sheet, &catalog_form, "");
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
	{ SHEET_FLAG, WORD_END, IN_HTML, .text = { 0 } },
	{ SHEET_NUMBER, WORD_WAS, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_NOW, IN_ALL, .text = { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_CHANGE, IN_ALL, .text = { .gap = 2, .right = true, .least = 6 } },
	{ SHEET_FLAG, WORD_NOTES, IN_TEXT | IN_MARKDOWN, .text = { .gap = 2, .optional = true } },
};

static const struct sheet_form change_form = {
	.title = { WORD_TITLE_CHANGES, WORD_CHANGES_AGAINST, WORD_CHANGES },
	.note = WORD_CHANGES_SINCE,
	.noted = IN_TEXT | IN_HTML,
	.is_long = true,
	SHEET_COLUMNS(change_columns),
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
	points = sheet_text(sheet, words_points(row->share, row->share_before).text);
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
	.foot_sign = "",
	SHEET_COLUMNS(group_columns),
};

static const char *group_name(const struct sheet *sheet, const struct summary_group *group)
{
	if (group->kind == GROUP_NONE)
		return page_phrase(&sheet->page, WORD_GROUP_NONE);
	return group->kind == GROUP_OTHER ? page_phrase(&sheet->page, WORD_GROUP_OTHER)
	                                  : group->name;
}

/* Adds "9018 (12)" to a list of `shown` in the page's scratch. */
static void counted_add(struct page *page, size_t shown, uint32_t code, uint64_t count)
{
	strbuf_add_format(&page->scratch, "%s%u (%s)",
	    shown > 0 ? page_phrase(page, WORD_COMMA) : "", code, words_grouped(count).text);
}

/* The first error codes of a group with their counts, at most `most`, into the page's scratch. */
static void group_codes(struct sheet *sheet, const struct summary_errors *errors,
    const struct summary_part *part, size_t most)
{
	struct page *page = &sheet->page;
	size_t shown = 0;

	for (size_t i = 0; i < part->code_count && shown < most; i++) {
		if (!summary_errors_have(errors, part->codes[i].entry->code))
			continue;
		counted_add(page, shown++, part->codes[i].entry->code, part->codes[i].count);
	}
}

/* How many of a group's codes leave room for the names, or for a third of the page; at least
 * one. */
static size_t group_codes_fit(struct sheet *sheet, const struct summary_errors *errors)
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
			group_codes(sheet, errors, &summary->groups[i].part, codes);
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
	size_t codes = GROUP_CODES;
	struct summary_errors errors;

	if (summary->group_field == NULL)
		return;
	if (!summary_errors_init(&errors, summary)) {
		sheet->page.out->failed = true;
		return;
	}
	if (sheet->format == SHEET_TEXT)
		codes = group_codes_fit(sheet, &errors);
	sheet_begin(sheet, &group_form, summary->group_field)->foot = groups_kept(sheet);
	for (size_t i = 0; i < summary->group_count && sheet_has_room(sheet, i); i++) {
		const struct summary_group *row = &summary->groups[i];

		sheet_row(sheet);
		sheet_text(sheet, group_name(sheet, row))->tone =
		    row->kind == GROUP_VALUE ? SHEET_PLAIN : SHEET_SOFT;
		sheet_count(sheet, row->part.responses);
		sheet_count(sheet, row->part.errors);
		sheet_share(sheet, row->part.errors, row->part.responses, 2);
		group_codes(sheet, &errors, &row->part, codes);
		sheet_take(sheet);
	}
	summary_errors_release(&errors);
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
	SHEET_COLUMNS(uncounted_columns),
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
	struct page *page = &sheet->page;
	const char *seen;

	if (summary->hits[HIT_OTHER] == 0)
		return;
	for (size_t i = 0; i < summary->number_count && sheet_has_room(sheet, i); i++)
		counted_add(page, i, summary->numbers[i].code, summary->numbers[i].count);
	seen = sheet_keep(sheet);
	page_words(page, summary->other_numbers_capped ? WORD_ROW_NUMBERS_CAPPED : WORD_ROW_NUMBERS,
	    words_grouped(summary->other_numbers_distinct).text);
	if (seen[0] != '\0')
		page_words(page, WORD_MOST_SEEN, seen);
	uncounted_take(sheet, summary->hits[HIT_OTHER], NULL);
}

static void section_uncounted(struct sheet *sheet)
{
	const struct summary *summary = sheet->page.summary;

	if (summary->hit_count == summary->hits[HIT_RESPONSE])
		return;
	sheet_begin(sheet, &uncounted_form, "");
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
