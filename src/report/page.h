#ifndef JGANNOTATE_REPORT_PAGE_H
#define JGANNOTATE_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "report/report.h"
#include "report/words.h"
#include "tally/summary.h"

/*
 * A report for people while it is written, and what such reports say around their sections in the
 * same words: which window it is, the closing line. Of that report_totals (report.h) is made, too.
 * Phrases are raw text: each report escapes them in its own language. See also dates.h; for the
 * sections sheet.h.
 *
 * `scratch` holds one phrase at a time and is empty between two calls.
 */
struct page {
	const struct summary *summary;
	const struct report_style *style;
	struct strbuf *out;
	struct strbuf scratch;
	bool names_zone; /* that of its times: else the closing line does */
};

/* `summary`, `style` and `out` must outlive the page. */
void page_init(struct page *page, struct strbuf *out, const struct summary *summary,
    const struct report_style *style);
void page_release(struct page *page);

/* The phrase in the page's language. */
const char *page_phrase(const struct page *page, enum word word);

/* Appends the phrase with its arguments, C strings, to `scratch`; so do all below, but for what
 * names another buffer. */
#define page_words(page, ...) \
	words_add(&(page)->scratch, (page)->style->chinese, __VA_ARGS__, (char *)NULL)

/* Empties `scratch`; that it failed becomes that `out` did. */
void page_reset(struct page *page);

/* How many catalogs have responses; with more than one, rates are per catalog. */
size_t page_catalogs_seen(const struct summary *summary);

/* Appends why the error rate is doubtful, and what decides; false where it is not. */
bool page_doubt_add(struct page *page);

/* Appends which window it is, where that is not what was typed; as what CST was read, where it
 * was. */
void page_window_add(struct page *page);
void page_cst_add(struct page *page);

/* Appends what was expected and is missing, where something is. */
void page_missing_add(struct page *page);

/* Appends a blank and the zone of the page's times. */
void page_zone_add(struct page *page, struct strbuf *out);

/* Appends since when the counts are new, where they are a database's news. */
void page_news_add(struct page *page);

/* Appends what was read and what went wrong, or that nothing did. */
void page_closing(struct page *page);

#endif
