#ifndef JGANNOTATE_REPORT_HEADLINE_H
#define JGANNOTATE_REPORT_HEADLINE_H

#include "report/page.h"

/*
 * The headline of every report for people: which part of the responses is what.
 */
enum headline {
	HEADLINE_ERRORS,
	HEADLINE_NEGATIVE,
	HEADLINE_SUCCESS,
	HEADLINE_OTHER,
	HEADLINE_END
};

struct headline_row {
	enum word label;
	enum outcome color; /* the outcome whose colour it has */
	bool always;        /* also when its count is 0 */
};

extern const struct headline_row headline_rows[HEADLINE_END];

void headline_counts(const struct summary *summary, uint64_t counts[HEADLINE_END]);

/* Appends what is worth saying behind a row of the headline to the page's scratch. */
void headline_note(struct page *page, enum headline which);

/* Appends "+1.86 points, was 0.41%"; nothing where there is no baseline to compare with. */
void headline_change(const struct page *page, struct strbuf *out);

/* Appends why the error rate is doubtful, and what decides; false where it is not. */
bool headline_doubt(struct page *page, struct strbuf *out);

/* Appends the unlisted codes: "in no catalog: 9023, 9024". */
void headline_unlisted(struct page *page, struct strbuf *out);

#endif
