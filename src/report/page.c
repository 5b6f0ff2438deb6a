/*
 * Owns what the reports for people say around their sections in the same words: which window it
 * is, the closing line, and on standard error the closing totals: four lines at most, of which what
 * matters most comes first, and the last is cut. Must not know in what language of markup a report
 * says it.
 */
#include "report/page.h"

#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "report/dates.h"
#include "report/table.h"

#define TOTALS_LINES 4
#define TOP_ERRORS 5

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

/* More of what is missing are only counted. */
#define MISSING_SHOWN 10

/* A count, and how it is said. */
struct worded_count {
	uint64_t count;
	enum word word;
};

/* Appends those of the counts that are not 0, each in its words, with `between` between them;
 * `argument` is {2} in all of these. Returns how many they are. */
static size_t counts_add(struct page *page, const struct worded_count *counts, size_t count,
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
	const struct worded_count kinds[] = {
		{ summary->missing_count, WORD_MISSING },
		{ summary->trouble.unreadable_files, WORD_UNREADABLE },
		{ summary->trouble.damaged_files, WORD_DAMAGED },
		{ summary->history == NULL ? 0 : summary->history->gap_count, WORD_GAPS },
		{ summary->trouble.long_lines, WORD_LONG_LINES },
		{ summary->trouble.regex_limits, WORD_REGEX_LIMITS },
		{ summary->trouble.not_a_code, WORD_NOT_A_CODE },
	};

	if (counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_COMMA, "") == 0)
		page_words(page, WORD_NO_TROUBLE);
}

void page_missing_add(struct page *page)
{
	const struct summary *summary = page->summary;
	struct strbuf names = STRBUF_INIT;
	size_t shown =
	    summary->missing_count < MISSING_SHOWN ? summary->missing_count : MISSING_SHOWN;

	if (shown == 0)
		return;
	for (size_t i = 0; i < shown; i++) {
		strbuf_add_text(&names, i > 0 ? page_phrase(page, WORD_COMMA) : "");
		escape_visible(&names, summary->missing[i].name, strlen(summary->missing[i].name));
	}
	if (summary->missing_count > shown)
		words_add(&names, page->style->chinese, WORD_INCOMPLETE_MORE,
		    words_grouped(summary->missing_count - shown).text, (char *)NULL);
	page_words(page, WORD_INCOMPLETE, names.data);
	strbuf_release_into(&names, &page->scratch);
}

void page_zone_add(struct page *page, struct strbuf *out)
{
	page->names_zone = true;
	strbuf_add_char(out, ' ');
	dates_zone_add(out, page->summary);
}

/* Whether there were codes, but all outside the time that was asked for. */
static bool is_outside(const struct summary *summary)
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

/* When they were, what was asked for, and in which zone they would not be outside. */
static void outside_add(struct page *page)
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
	bool are_outside = is_outside(summary);
	const struct worded_count kinds[] = {
		{ are_outside ? 0 : summary->time.outside, WORD_WINDOW_OUTSIDE },
		{ summary->time.unknown, WORD_WINDOW_UNKNOWN },
		{ summary->time.skipped_bytes, WORD_WINDOW_SKIPPED },
	};

	if (are_outside) {
		outside_add(page);
		page_words(page, WORD_SEMICOLON);
	}
	if (counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_SEMICOLON, "") > 0)
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

/* Appends that older rules made some of the counts; false where they did not. */
static bool rules_add(struct page *page)
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
	if (rules_add(page))
		page_words(page, WORD_SEMICOLON);
	zone_add(page);
	trouble_add(page);
}

/* ---- the closing totals ---- */

/* Adds the phrase in the page's scratch, broken at the width, in at most `most` lines; returns how
 * many. */
static size_t lines_add(struct page *page, size_t most)
{
	const struct strbuf *text = &page->scratch;
	struct strbuf broken = STRBUF_INIT;
	const char *line, *end;
	size_t lines = 1;

	table_wrap(&broken, text->data, text->len, 0, 2, page->style->width);
	line = broken.data;
	for (; lines < most && (end = strchr(line, '\n')) != NULL; lines++)
		line = end + 1;
	end = strchr(line, '\n');
	if (end != NULL) { /* the last line is cut instead */
		size_t room = page->style->width - 3, length = (size_t)(end - line);

		strbuf_add(page->out, broken.data, (size_t)(line - broken.data));
		strbuf_add(page->out, line, utf8_fit(line, length, room));
		strbuf_add_text(page->out, "...");
	} else {
		strbuf_add(page->out, broken.data, broken.len);
	}
	strbuf_add_char(page->out, '\n');
	strbuf_release_into(&broken, page->out);
	page_reset(page);
	return lines;
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

static void keys_add(struct page *page)
{
	const struct summary *summary = page->summary;
	struct strbuf keys = STRBUF_INIT;

	for (size_t i = 0; i < summary->key_count; i++) {
		const char *key = summary->keys[i];
		size_t length = strlen(key), at = 0, used;
		uint32_t codepoint;

		/* The GBK spelling of a key says nothing that its UTF-8 spelling does not. */
		while (at < length && (used = utf8_decode(key + at, length - at, &codepoint)) > 0)
			at += used;
		if (at < length || (!page->style->utf8 && !is_ascii(key)))
			continue;
		if (keys.len > 0)
			strbuf_add_text(&keys, ", ");
		escape_visible(&keys, key, length);
	}
	if (summary->lines_unknown)
		page_words(page, WORD_NO_CODES);
	else if (summary->pattern_count > 0)
		page_words(page, WORD_NO_CODES_PATTERNS, words_grouped(summary->lines).text,
		    words_grouped(summary->pattern_count).text);
	else
		page_words(page, WORD_NO_CODES_KEYS, words_grouped(summary->lines).text, keys.data);
	strbuf_release_into(&keys, page->out);
	(void)lines_add(page, TOTALS_LINES);
}

/* The times of the input, as exactly as the line has room for. */
static void totals_span_add(struct page *page)
{
	const struct summary *summary = page->summary;
	const char *comma = page_phrase(page, WORD_COMMA);
	size_t used = utf8_width(page->scratch.data, page->scratch.len);
	struct strbuf span = STRBUF_INIT;

	if (summary->first == SUMMARY_NO_TIME || summary->last == SUMMARY_NO_TIME)
		return;
	used += utf8_width(comma, strlen(comma));
	dates_span_add(&span, page->style->chinese, summary, summary->first, summary->last);
	page_zone_add(page, &span);
	if (used + utf8_width(span.data, span.len) > page->style->width) {
		strbuf_cut(&span, 0);
		dates_days_add(&span, page->style->chinese, summary, summary->first, summary->last);
		page_zone_add(page, &span);
	}
	if (used + utf8_width(span.data, span.len) <= page->style->width) {
		strbuf_add_text(&page->scratch, comma);
		strbuf_add(&page->scratch, span.data, span.len);
	}
	strbuf_release_into(&span, page->out);
}

/* One rate, or with several catalogs one for each; then the span. */
static size_t rate_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool any = false;
	struct words_number errors = words_grouped(summary->errors);
	struct words_number responses = words_grouped(summary->hits[HIT_RESPONSE]);

	if (summary->hits[HIT_RESPONSE] == 0) {
		page_words(page,
		    summary->lines_unknown ? WORD_TOTALS_NONE : WORD_TOTALS_NO_RESPONSES,
		    words_grouped(summary->lines).text);
	} else if (page_catalogs_seen(summary) < 2) {
		page_words(page, WORD_TOTALS_RATE, errors.text, responses.text,
		    words_percent(summary->errors, summary->hits[HIT_RESPONSE], 2).text);
	} else {
		page_words(page, WORD_TOTALS_CATALOGS, errors.text, responses.text);
		for (size_t i = 0; i < summary->catalog_count; i++) {
			const struct summary_catalog *row = &summary->catalogs[i];

			if (row->responses == 0)
				continue;
			if (any)
				page_words(page, WORD_COMMA);
			if (i == 0)
				page_words(page, WORD_BUILT_IN);
			else
				escape_visible(&page->scratch, row->name, strlen(row->name));
			strbuf_add_format(&page->scratch, " %s",
			    words_percent(row->errors, row->responses, 2).text);
			any = true;
		}
	}
	totals_span_add(page);
	return lines_add(page, 1);
}

/* The top errors with descriptions of at most `columns`; returns the lines they take. */
static size_t errors_try(struct page *page, struct strbuf *text, size_t columns)
{
	const struct summary *summary = page->summary;
	struct strbuf broken = STRBUF_INIT, visible = STRBUF_INIT;
	size_t shown = 0, lines = 1;

	for (size_t i = 0; i < summary->code_count && shown < TOP_ERRORS; i++) {
		const struct summary_code *row = &summary->codes[i];
		size_t fit;

		if (!row->is_error)
			continue;
		strbuf_reset(&visible);
		escape_visible(&visible, row->entry->description, strlen(row->entry->description));
		if (visible.failed)
			page->out->failed = true;
		fit = utf8_fit(visible.data, visible.len, columns);
		while (fit > 0 && visible.data[fit - 1] == ' ')
			fit--;
		if (shown++ > 0)
			strbuf_add_text(text, words_phrase(page->style->chinese, WORD_COMMA));
		strbuf_add_format(text, "%u %.*s%s %s", row->entry->code, (int)fit, visible.data,
		    fit < visible.len ? ".." : "", words_grouped(row->count).text);
	}
	table_wrap(&broken, text->data, text->len, 0, 2, page->style->width);
	for (size_t i = 0; i < broken.len; i++)
		lines += broken.data[i] == '\n' ? 1 : 0;
	strbuf_release_into(&broken, page->out);
	strbuf_release(&visible);
	return lines;
}

/* The top errors in `most` lines, with as much of each description as fits. */
static size_t errors_add(struct page *page, size_t most)
{
	for (size_t columns = 64; columns > 4; columns -= 4) {
		page_reset(page);
		if (errors_try(page, &page->scratch, columns) <= most)
			break;
	}
	return page->scratch.len > 0 ? lines_add(page, most) : 0;
}

/* Whether only a part of the time was asked for: then these are in no total. */
static bool is_bounded(const struct summary *summary)
{
	return summary->time.since != SUMMARY_NO_TIME || summary->time.until != SUMMARY_NO_TIME;
}

static void uncounted_add(struct page *page, size_t most)
{
	const struct summary *summary = page->summary;
	uint64_t outside = is_bounded(summary) && !is_outside(summary) ? summary->time.outside : 0;
	uint64_t timeless = is_bounded(summary) ? summary->time.unknown : 0;
	const struct worded_count kinds[] = {
		{ outside, WORD_TOTALS_OUTSIDE },
		{ timeless, WORD_TOTALS_TIMELESS },
		{ summary->hits[HIT_UNLISTED], WORD_TOTALS_UNLISTED },
		{ summary->hits[HIT_INNER], WORD_TOTALS_INNER },
		{ summary->hits[HIT_REPEATED], WORD_TOTALS_REPEATED },
		{ summary->hits[HIT_HELD_BACK], WORD_TOTALS_HELD },
		{ summary->hits[HIT_ELSEWHERE], WORD_TOTALS_ELSEWHERE },
		{ summary->hits[HIT_OTHER], WORD_TOTALS_NUMBERS },
	};
	struct strbuf codes = STRBUF_INIT;

	for (size_t i = 0; i < summary->unlisted_count && i < 3; i++)
		strbuf_add_format(&codes, "%s%u", i > 0 ? page_phrase(page, WORD_COMMA) : "",
		    summary->unlisted_codes[i].code);
	if (summary->unlisted_count > 3)
		strbuf_add_text(&codes, "...");
	page_words(page, WORD_TOTALS_NOT_COUNTED);
	if (counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_COMMA, codes.data) > 0)
		(void)lines_add(page, most);
	page_reset(page);
	strbuf_release_into(&codes, page->out);
}

static bool was_nothing_read(const struct summary *summary)
{
	return summary->trouble.unreadable_files > 0 && summary->bytes == 0 &&
	       summary->time.skipped_bytes == 0 && summary->hit_count == 0 &&
	       !summary->lines_unknown;
}

void report_totals(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct page page;

	if (was_nothing_read(summary))
		return; /* what could not be opened was said */
	page_init(&page, out, summary, style);
	if (summary->hit_count == 0 &&
	    (!is_bounded(summary) || summary->time.outside + summary->time.unknown == 0)) {
		keys_add(&page);
		if (rules_add(&page))
			(void)lines_add(&page, 1);
	} else {
		size_t lines = rate_add(&page);

		if (is_outside(summary)) {
			outside_add(&page);
			lines += lines_add(&page, TOTALS_LINES - lines);
		}
		if (lines < TOTALS_LINES && page_doubt_add(&page))
			lines += lines_add(&page, TOTALS_LINES - lines);
		if (lines < TOTALS_LINES && rules_add(&page))
			lines += lines_add(&page, TOTALS_LINES - lines);
		if (lines < TOTALS_LINES)
			lines += errors_add(&page, TOTALS_LINES - lines > 2 ? 2 : 1);
		if (lines < TOTALS_LINES)
			uncounted_add(&page, TOTALS_LINES - lines);
	}
	page_release(&page);
}
