/*
 * Owns what the headline says: which responses are what, and what is worth
 * adding. Must not know how it is laid out.
 */
#include "report/headline.h"

const struct headline_row headline_rows[HEADLINE_END] = {
	[HEADLINE_ERRORS] = { WORD_ERRORS, OUTCOME_FAILED, true },
	[HEADLINE_NEGATIVE] = { WORD_NEGATIVE, OUTCOME_NEGATIVE, true },
	[HEADLINE_SUCCESS] = { WORD_SUCCESS, OUTCOME_SUCCESS, true },
	[HEADLINE_OTHER] = { WORD_OTHER, OUTCOME_FAILED, false },
};

static enum headline headline_of(const struct summary_code *code)
{
	if (code->is_error)
		return HEADLINE_ERRORS;
	if (code->entry->outcome == OUTCOME_NEGATIVE)
		return HEADLINE_NEGATIVE;
	return code->entry->outcome == OUTCOME_SUCCESS ? HEADLINE_SUCCESS : HEADLINE_OTHER;
}

void headline_counts(const struct summary *summary, uint64_t counts[HEADLINE_END])
{
	for (unsigned i = 0; i < HEADLINE_END; i++)
		counts[i] = 0;
	for (size_t i = 0; i < summary->code_count; i++)
		counts[headline_of(&summary->codes[i])] += summary->codes[i].count;
}

void headline_change(const struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	const struct summary_baseline *baseline = summary->baseline;

	if (baseline == NULL || baseline->responses == 0 || summary->hits[HIT_RESPONSE] == 0)
		return;
	words_add(out, page->style->chinese,
	    baseline->days_asked > 0 ? WORD_BEFORE_MEDIAN : WORD_BEFORE,
	    words_points(summary_error_rate(summary), baseline->error_rate).text,
	    words_rate(baseline->error_rate).text, words_grouped(baseline->days).text,
	    (char *)NULL);
}

/* Behind the errors: what they are compared with, and why another count is one. */
static void errors_note(struct page *page)
{
	const struct summary *summary = page->summary;

	headline_change(page, &page->scratch);
	if (page_catalogs_seen(summary) < 2 && summary->errors_list == NULL)
		return;
	if (page->scratch.len > 0)
		strbuf_add_text(&page->scratch, page_phrase(page, WORD_SEMICOLON));
	if (page_catalogs_seen(summary) > 1)
		strbuf_add_text(&page->scratch, page_phrase(page, WORD_RATES_BELOW));
	else
		words_add(&page->scratch, page->style->chinese, WORD_ERRORS_LIST,
		    summary->errors_list, (char *)NULL);
}

static void negative_note(struct page *page)
{
	const struct summary *summary = page->summary;
	struct page_codes state = { 0, 0 };
	struct strbuf codes = STRBUF_INIT;

	for (size_t i = 0; i < summary->code_count; i++)
		if (headline_of(&summary->codes[i]) == HEADLINE_NEGATIVE)
			page_code_add(page, &codes, &state, summary->codes[i].entry->code);
	page_codes_end(page, &codes, &state);
	if (state.all > 0)
		words_add(&page->scratch, page->style->chinese, WORD_NEGATIVE_NOTE, codes.data,
		    (char *)NULL);
	if (codes.failed)
		page->out->failed = true;
	strbuf_release(&codes);
}

void headline_note(struct page *page, enum headline which)
{
	if (which == HEADLINE_ERRORS)
		errors_note(page);
	else if (which == HEADLINE_NEGATIVE)
		negative_note(page);
	else if (which == HEADLINE_OTHER)
		strbuf_add_text(&page->scratch, page_phrase(page, WORD_OTHER_NOTE));
}

bool headline_doubt(struct page *page, struct strbuf *out)
{
	uint64_t doubt = summary_doubt(page->summary);

	if (doubt == 0)
		return false;
	words_add(out, page->style->chinese, WORD_DOUBT, words_grouped(doubt).text, (char *)NULL);
	return true;
}

void headline_unlisted(struct page *page, struct strbuf *out)
{
	const struct summary *summary = page->summary;
	struct page_codes state = { 0, 0 };
	struct strbuf codes = STRBUF_INIT;

	for (size_t i = 0; i < summary->unlisted_count; i++)
		page_code_add(page, &codes, &state, summary->unlisted_codes[i].code);
	page_codes_end(page, &codes, &state);
	words_add(out, page->style->chinese, WORD_UNLISTED_NOTE, codes.data, (char *)NULL);
	if (codes.failed)
		page->out->failed = true;
	strbuf_release(&codes);
}
