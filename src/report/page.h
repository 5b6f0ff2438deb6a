#ifndef JGANNOTATE_REPORT_PAGE_H
#define JGANNOTATE_REPORT_PAGE_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "report/report.h"
#include "report/words.h"
#include "tally/summary.h"

/*
 * The text report while it is written: its sections, from top to bottom.
 * `scratch` holds one phrase at a time and is empty between two calls.
 */
struct page {
	const struct summary *summary;
	const struct report_style *style;
	struct strbuf *out;
	struct strbuf scratch;
};

#define PAGE_BOLD "1"

/* How many catalogs have responses; with more than one, rates are per catalog. */
size_t page_catalogs_seen(const struct summary *summary);

/* Appends codes as "9003, 7110", at most `top` of them. */
struct page_codes {
	size_t shown, all;
};
void page_code_add(struct page *page, struct strbuf *list, struct page_codes *state, uint32_t code);
void page_codes_end(struct page *page, struct strbuf *list, const struct page_codes *state);

/* The sections, each with its empty line in front, or nothing. */
void page_codes(struct page *page);      /* ERRORS, advice, NO ERROR */
void page_categories(struct page *page); /* CATEGORIES */
void page_catalogs(struct page *page);   /* CATALOGS */
void page_uncounted(struct page *page);  /* NOT IN THE RATE */

#endif
