/*
 * Owns what the reports for people say in the same words. Must not know in what
 * language of markup they say it.
 */
#include "report/page.h"

#include "base/zone.h"
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

bool page_doubt_add(struct page *page)
{
	uint64_t doubt = summary_doubt(page->summary);

	if (doubt == 0)
		return false;
	page_words(page, WORD_DOUBT, words_grouped(doubt).text);
	return true;
}

size_t page_counts_add(struct page *page, const struct page_count *counts, size_t count,
    enum word between, const char *argument)
{
	size_t added = 0;

	for (size_t i = 0; i < count; i++) {
		if (counts[i].count == 0)
			continue;
		if (added++ > 0)
			page_words(page, between);
		page_words(page, counts[i].word, words_grouped(counts[i].count).text, argument);
	}
	return added;
}

/* Everything that went wrong, each kind by name; or that nothing did. */
static void trouble_add(struct page *page)
{
	const struct summary *summary = page->summary;
	const struct page_count kinds[] = {
		{ summary->trouble.unreadable_files, WORD_UNREADABLE },
		{ summary->trouble.damaged_files, WORD_DAMAGED },
		{ summary->history == NULL ? 0 : summary->history->gap_count, WORD_GAPS },
		{ summary->trouble.long_lines, WORD_LONG_LINES },
		{ summary->trouble.regex_limits, WORD_REGEX_LIMITS },
		{ summary->trouble.not_a_code, WORD_NOT_A_CODE },
	};

	if (page_counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_COMMA, "") == 0)
		page_words(page, WORD_NO_TROUBLE);
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
	strbuf_release_into(&since, out);
	strbuf_release_into(&until, out);
}

void page_outside_add(struct page *page)
{
	const struct summary *summary = page->summary;
	struct strbuf codes = STRBUF_INIT, window = STRBUF_INIT, zone = STRBUF_INIT;

	dates_span_add(&codes, page->style->chinese, summary, summary->time.outside_first,
	    summary->time.outside_last);
	window_span_add(page, &window);
	dates_zone_add(&zone, summary);
	page_words(page, WORD_ALL_OUTSIDE, words_grouped(summary->time.outside).text, codes.data,
	    window.data, zone.data);
	if (summary->time.fitting_zone[0] != '\0')
		page_words(page, WORD_ZONE_FITS, summary->time.fitting_zone);
	strbuf_release_into(&codes, &page->scratch);
	strbuf_release_into(&window, &page->scratch);
	strbuf_release_into(&zone, &page->scratch);
}

/* What the window left out. */
static void window_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool is_outside = page_is_outside(summary);
	const struct page_count kinds[] = {
		{ is_outside ? 0 : summary->time.outside, WORD_WINDOW_OUTSIDE },
		{ summary->time.unknown, WORD_WINDOW_UNKNOWN },
		{ summary->time.skipped_bytes, WORD_WINDOW_SKIPPED },
	};

	if (is_outside) {
		page_outside_add(page);
		page_words(page, WORD_SEMICOLON);
	}
	if (page_counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_SEMICOLON, "") > 0)
		page_words(page, WORD_SEMICOLON);
}

/* What the reports of before leave to be said. */
static void reported_add(struct page *page)
{
	const struct summary_history *history = page->summary->history;
	bool chinese = page->style->chinese;
	struct strbuf days = STRBUF_INIT;

	if (history == NULL)
		return;
	if (history->late > 0) {
		page_words(page, WORD_REPORTED_LATE, words_grouped(history->late).text);
		page_words(page, WORD_SEMICOLON);
	}
	for (size_t i = 0; i < history->missed_count; i++) {
		const struct summary_stretch *missed = &history->missed[i];

		if (i > 0)
			strbuf_add_text(&days, page_phrase(page, WORD_COMMA));
		dates_days_add(&days, chinese, page->summary, missed->since, missed->until - 1);
	}
	if (history->missed_count > 0) {
		page_words(page, WORD_REPORTED_MISSED, days.data);
		page_words(page, WORD_SEMICOLON);
	}
	strbuf_release_into(&days, &page->scratch);
}

bool page_rules_add(struct page *page)
{
	const struct summary_history *history = page->summary->history;
	struct strbuf until = STRBUF_INIT;

	if (history == NULL || history->older_until == SUMMARY_NO_TIME)
		return false;
	dates_add(&until, page->summary, history->older_until);
	page_words(page, WORD_OLDER_RULES, until.data);
	strbuf_release_into(&until, &page->scratch);
	return true;
}

void page_window_add(struct page *page)
{
	static const enum word words[] = { [SUMMARY_WINDOW_ROUNDED] = WORD_WINDOW_ROUNDED,
		[SUMMARY_WINDOW_FIRST] = WORD_WINDOW_FIRST,
		[SUMMARY_WINDOW_LAST] = WORD_WINDOW_LAST,
		[SUMMARY_WINDOW_COVERED] = WORD_WINDOW_LAST };
	struct strbuf span = STRBUF_INIT;

	if (page->summary->time.window == SUMMARY_WINDOW_ASKED)
		return;
	window_span_add(page, &span);
	page_words(page, words[page->summary->time.window], span.data);
	strbuf_release_into(&span, &page->scratch);
}

void page_cst_add(struct page *page)
{
	int32_t offset = page->summary->time.cst;
	char text[ZONE_TEXT_MAX];

	if (offset == 0)
		return;
	(void)zone_format_offset(offset, text);
	page_words(page, WORD_CST, text);
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

static void zone_add(struct page *page)
{
	struct strbuf zone = STRBUF_INIT;

	if (page->names_zone || !has_times(page->summary))
		return;
	dates_zone_add(&zone, page->summary);
	page_words(page, WORD_TIMES_IN, zone.data);
	strbuf_release_into(&zone, &page->scratch);
}

void page_news_add(struct page *page)
{
	const struct summary_history *history = page->summary->history;
	struct strbuf since = STRBUF_INIT;

	if (history == NULL || history->new_since == SUMMARY_NO_TIME)
		return;
	dates_add(&since, page->summary, history->new_since);
	page_words(page, WORD_NEW_SINCE, since.data);
	strbuf_release_into(&since, &page->scratch);
}

void page_closing(struct page *page)
{
	const struct summary *summary = page->summary;
	bool is_merged = summary->history != NULL && summary->history->is_merged;
	bool is_stdin =
	    summary->file_count == 0 || (summary->file_count == 1 && summary->files[0] == NULL);

	page_news_add(page);
	page_words(page,
	    !summary->lines_unknown ? is_stdin ? WORD_CLOSING_STDIN : WORD_CLOSING_FILES
	    : is_merged             ? WORD_CLOSING_REPORTS
	                            : WORD_CLOSING_WINDOW,
	    words_grouped(summary->hit_count).text, words_grouped(summary->lines).text,
	    words_grouped(summary->file_count).text);
	window_add(page);
	reported_add(page);
	if (page_rules_add(page))
		page_words(page, WORD_SEMICOLON);
	zone_add(page);
	trouble_add(page);
}
