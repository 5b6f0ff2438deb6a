/*
 * Owns what the reports for people say in the same words. Must not know in what
 * language of markup they say it.
 */
#include "report/page.h"

#include <stdio.h>

#include "report/dates.h"

void page_init(struct page *page, struct strbuf *out, const struct summary *summary,
    const struct report_style *style)
{
	*page =
	    (struct page){ .summary = summary, .style = style, .out = out, .scratch = STRBUF_INIT };
}

void page_release(struct page *page)
{
	page_reset(page);
	strbuf_release(&page->scratch);
}

const char *page_phrase(const struct page *page, enum word word)
{
	return words_phrase(page->style->chinese, word);
}

void page_reset(struct page *page)
{
	if (page->scratch.failed)
		page->out->failed = true;
	strbuf_reset(&page->scratch);
}

size_t page_catalogs_seen(const struct summary *summary)
{
	size_t seen = 0;

	for (size_t i = 0; i < summary->catalog_count; i++)
		seen += summary->catalogs[i].responses > 0 ? 1 : 0;
	return seen;
}

bool page_doubt_add(const struct page *page, struct strbuf *out)
{
	uint64_t doubt = summary_doubt(page->summary);

	if (doubt == 0)
		return false;
	words_add(out, page->style->chinese, WORD_DOUBT, words_grouped(doubt).text, (char *)NULL);
	return true;
}

void page_baseline_name(const struct page *page, struct strbuf *out)
{
	const struct summary_baseline *baseline = page->summary->baseline;
	bool has_label = baseline->label != NULL && baseline->label[0] != '\0';

	if (baseline->days_other_rules > 0) {
		words_add(out, page->style->chinese, WORD_BASELINE_RULED_DAYS,
		    words_grouped(baseline->days).text, words_grouped(baseline->days_asked).text,
		    words_grouped(baseline->days_other_rules).text, (char *)NULL);
		return;
	}
	if (baseline->days_asked > 0) {
		words_add(out, page->style->chinese,
		    baseline->days == baseline->days_asked ? WORD_BASELINE_DAYS
		                                           : WORD_BASELINE_SOME_DAYS,
		    words_grouped(baseline->days).text, words_grouped(baseline->days_asked).text,
		    (char *)NULL);
		return;
	}
	strbuf_add_text(out, baseline->file);
	if (has_label)
		strbuf_add_format(out, "%s%s", page_phrase(page, WORD_COMMA), baseline->label);
	if (baseline->first != SUMMARY_NO_TIME) {
		strbuf_add_text(out, page_phrase(page, WORD_COMMA));
		dates_span_add(
		    out, page->style->chinese, page->summary, baseline->first, baseline->last);
	}
	if (baseline->is_of_other_rules) {
		strbuf_add_text(out, page_phrase(page, WORD_COMMA));
		strbuf_add_text(
		    out, page_phrase(page,
		             baseline->is_left_out ? WORD_BASELINE_LEFT_OUT : WORD_BASELINE_RULED));
	}
}

/* Everything that went wrong, each kind by name; or that nothing did. */
static void trouble_add(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	const struct {
		uint64_t count;
		enum word word;
	} kinds[] = {
		{ summary->trouble.unreadable_files, WORD_UNREADABLE },
		{ summary->trouble.damaged_files, WORD_DAMAGED },
		{ summary->history == NULL ? 0 : summary->history->gap_count, WORD_GAPS },
		{ summary->trouble.long_lines, WORD_LONG_LINES },
		{ summary->trouble.regex_limits, WORD_REGEX_LIMITS },
		{ summary->trouble.not_a_code, WORD_NOT_A_CODE },
	};
	bool chinese = page->style->chinese, any = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].count == 0)
			continue;
		if (any)
			strbuf_add_text(out, words_phrase(chinese, WORD_COMMA));
		words_add(
		    out, chinese, kinds[i].word, words_grouped(kinds[i].count).text, (char *)NULL);
		any = true;
	}
	if (!any)
		strbuf_add_text(out, words_phrase(chinese, WORD_NO_TROUBLE));
}

void page_zone_add(struct page *page, struct strbuf *out)
{
	page->names_zone = true;
	strbuf_add_char(out, ' ');
	dates_zone_add(out, page->summary);
}

bool page_is_outside(const struct summary *summary)
{
	return summary->hit_count == 0 && summary->time.outside > 0 &&
	       summary->time.outside_first != SUMMARY_NO_TIME;
}

static bool is_minute(int64_t time)
{
	return time == SUMMARY_NO_TIME || time % 60000 == 0;
}

/* "2026-11-21 00:00 to 2026-11-22 00:00", "from 2026-11-21 00:00 on" */
static void window_span_add(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	bool is_to_minute = is_minute(summary->time.since) && is_minute(summary->time.until);
	uint32_t seconds = is_to_minute ? 60 : 1;
	bool chinese = page->style->chinese;
	struct strbuf since = STRBUF_INIT;
	struct strbuf until = STRBUF_INIT;

	dates_bucket_add(&since, summary, summary->time.since, seconds);
	dates_bucket_add(&until, summary, summary->time.until, seconds);
	if (since.len > 0 && until.len > 0)
		words_add(out, chinese, WORD_SPAN, since.data, until.data, (char *)NULL);
	else
		words_add(out, chinese, since.len > 0 ? WORD_SPAN_FROM : WORD_SPAN_TO,
		    since.len > 0 ? since.data : until.data, (char *)NULL);
	out->failed = out->failed || since.failed || until.failed;
	strbuf_release(&since);
	strbuf_release(&until);
}

void page_outside_add(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	struct strbuf codes = STRBUF_INIT, window = STRBUF_INIT, zone = STRBUF_INIT;

	dates_span_add(&codes, page->style->chinese, summary, summary->time.outside_first,
	    summary->time.outside_last);
	window_span_add(page, &window);
	dates_zone_add(&zone, summary);
	words_add(out, page->style->chinese, WORD_ALL_OUTSIDE,
	    words_grouped(summary->time.outside).text, codes.data, window.data, zone.data,
	    (char *)NULL);
	if (summary->time.fitting_zone[0] != '\0')
		words_add(out, page->style->chinese, WORD_ZONE_FITS, summary->time.fitting_zone,
		    (char *)NULL);
	out->failed = out->failed || codes.failed || window.failed || zone.failed;
	strbuf_release(&codes);
	strbuf_release(&window);
	strbuf_release(&zone);
}

/* What the window left out. */
static void window_add(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	const struct {
		uint64_t count;
		enum word word;
	} kinds[] = {
		{ page_is_outside(summary) ? 0 : summary->time.outside, WORD_WINDOW_OUTSIDE },
		{ summary->time.unknown, WORD_WINDOW_UNKNOWN },
		{ summary->time.skipped_bytes, WORD_WINDOW_SKIPPED },
	};

	if (page_is_outside(summary)) {
		page_outside_add(page, out);
		strbuf_add_text(out, page_phrase(page, WORD_SEMICOLON));
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].count == 0)
			continue;
		words_add(out, page->style->chinese, kinds[i].word,
		    words_grouped(kinds[i].count).text, (char *)NULL);
		strbuf_add_text(out, page_phrase(page, WORD_SEMICOLON));
	}
}

/* What the reports of before leave to be said. */
static void reported_add(const struct page *page, struct strbuf *out)
{
	const struct summary_history *history = page->summary->history;
	bool chinese = page->style->chinese;
	struct strbuf days = STRBUF_INIT;

	if (history == NULL)
		return;
	if (history->late > 0) {
		words_add(out, chinese, WORD_REPORTED_LATE, words_grouped(history->late).text,
		    (char *)NULL);
		strbuf_add_text(out, page_phrase(page, WORD_SEMICOLON));
	}
	for (size_t i = 0; i < history->missed_count; i++) {
		const struct summary_stretch *missed = &history->missed[i];

		if (i > 0)
			strbuf_add_text(&days, page_phrase(page, WORD_COMMA));
		dates_days_add(&days, chinese, page->summary, missed->since, missed->until - 1);
	}
	if (history->missed_count > 0) {
		words_add(out, chinese, WORD_REPORTED_MISSED, days.data, (char *)NULL);
		strbuf_add_text(out, page_phrase(page, WORD_SEMICOLON));
	}
	out->failed = out->failed || days.failed;
	strbuf_release(&days);
}

bool page_rules_add(const struct page *page, struct strbuf *out)
{
	const struct summary_history *history = page->summary->history;
	struct strbuf until = STRBUF_INIT;

	if (history == NULL || history->older_until == SUMMARY_NO_TIME)
		return false;
	dates_add(&until, page->summary, history->older_until);
	words_add(out, page->style->chinese, WORD_OLDER_RULES, until.data, (char *)NULL);
	out->failed = out->failed || until.failed;
	strbuf_release(&until);
	return true;
}

void page_window_add(const struct page *page, struct strbuf *out)
{
	static const enum word words[] = { [SUMMARY_WINDOW_ROUNDED] = WORD_WINDOW_ROUNDED,
		[SUMMARY_WINDOW_FIRST] = WORD_WINDOW_FIRST,
		[SUMMARY_WINDOW_LAST] = WORD_WINDOW_LAST,
		[SUMMARY_WINDOW_COVERED] = WORD_WINDOW_LAST };
	struct strbuf span = STRBUF_INIT;

	if (page->summary->time.window == SUMMARY_WINDOW_ASKED)
		return;
	window_span_add(page, &span);
	words_add(
	    out, page->style->chinese, words[page->summary->time.window], span.data, (char *)NULL);
	out->failed = out->failed || span.failed;
	strbuf_release(&span);
}

bool page_cst_add(const struct page *page, struct strbuf *out)
{
	int32_t offset = page->summary->time.cst;
	char text[16];

	if (offset == 0)
		return false;
	(void)snprintf(text, sizeof(text), "%c%02d:00", offset < 0 ? '-' : '+',
	    (offset < 0 ? -offset : offset) / 3600);
	words_add(out, page->style->chinese, WORD_CST, text, (char *)NULL);
	return true;
}

/* Whether a time stands on the page, but for those of page_outside_add. */
static bool has_times(const struct summary *summary)
{
	bool has = summary->first != SUMMARY_NO_TIME || summary->last != SUMMARY_NO_TIME ||
	           (summary->bucket_count > 0 && summary->buckets[0].start != SUMMARY_NO_TIME) ||
	           (summary->history != NULL && summary->history->new_since != SUMMARY_NO_TIME);

	for (size_t i = 0; i < summary->code_count && !has; i++)
		has = summary->codes[i].first != SUMMARY_NO_TIME ||
		      summary->codes[i].last != SUMMARY_NO_TIME;
	return has;
}

static void zone_add(const struct page *page, struct strbuf *out)
{
	struct strbuf zone = STRBUF_INIT;

	if (page->names_zone || !has_times(page->summary))
		return;
	dates_zone_add(&zone, page->summary);
	words_add(out, page->style->chinese, WORD_TIMES_IN, zone.data, (char *)NULL);
	out->failed = out->failed || zone.failed;
	strbuf_release(&zone);
}

void page_news_add(const struct page *page, struct strbuf *out)
{
	const struct summary_history *history = page->summary->history;
	struct strbuf since = STRBUF_INIT;

	if (history == NULL || history->new_since == SUMMARY_NO_TIME)
		return;
	dates_add(&since, page->summary, history->new_since);
	words_add(out, page->style->chinese, WORD_NEW_SINCE, since.data, (char *)NULL);
	out->failed = out->failed || since.failed;
	strbuf_release(&since);
}

void page_closing(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	bool is_merged = summary->history != NULL && summary->history->is_merged;
	bool is_stdin =
	    summary->file_count == 0 || (summary->file_count == 1 && summary->files[0] == NULL);

	page_news_add(page, out);
	words_add(out, page->style->chinese,
	    !summary->lines_unknown ? is_stdin ? WORD_CLOSING_STDIN : WORD_CLOSING_FILES
	    : is_merged             ? WORD_CLOSING_REPORTS
	                            : WORD_CLOSING_WINDOW,
	    words_grouped(summary->hit_count).text, words_grouped(summary->lines).text,
	    words_grouped(summary->file_count).text, (char *)NULL);
	window_add(page, out);
	reported_add(page, out);
	if (page_rules_add(page, out))
		strbuf_add_text(out, page_phrase(page, WORD_SEMICOLON));
	zone_add(page, out);
	trouble_add(page, out);
}
