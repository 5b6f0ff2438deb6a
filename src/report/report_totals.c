/*
 * Owns the closing totals: four lines at most. Must not know who prints them.
 */
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "report/dates.h"
#include "report/page.h"
#include "report/table.h"

#define TOTALS_LINES 4
#define TOP_ERRORS 5

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
static void span_add(struct page *page)
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
	span_add(page);
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
	uint64_t outside =
	    is_bounded(summary) && !page_is_outside(summary) ? summary->time.outside : 0;
	uint64_t timeless = is_bounded(summary) ? summary->time.unknown : 0;
	const struct page_count kinds[] = {
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
	if (page_counts_add(page, kinds, sizeof(kinds) / sizeof(kinds[0]), WORD_COMMA, codes.data) >
	    0)
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
		if (page_rules_add(&page))
			(void)lines_add(&page, 1);
	} else {
		size_t lines = rate_add(&page);

		if (page_is_outside(summary)) {
			page_outside_add(&page);
			lines += lines_add(&page, TOTALS_LINES - lines);
		}
		if (lines < TOTALS_LINES && page_doubt_add(&page))
			lines += lines_add(&page, TOTALS_LINES - lines);
		if (lines < TOTALS_LINES && page_rules_add(&page))
			lines += lines_add(&page, TOTALS_LINES - lines);
		if (lines < TOTALS_LINES)
			lines += errors_add(&page, TOTALS_LINES - lines > 2 ? 2 : 1);
		if (lines < TOTALS_LINES)
			uncounted_add(&page, TOTALS_LINES - lines);
	}
	page_release(&page);
}
