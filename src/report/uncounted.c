/*
 * Owns the rows of what the rate leaves out. Must not know how they are laid out.
 */
#include "report/uncounted.h"

#include <string.h>

struct uncounted {
	struct page *page;
	uncounted_fn *row;
	void *arg;
};

/* One row, whose text is in the page's scratch. */
static void row_add(struct uncounted *list, uint64_t count, const uint32_t *code)
{
	list->row(list->arg, count, code, &list->page->scratch);
}

static void more_add(struct uncounted *list, size_t rows)
{
	if (rows <= list->page->style->top)
		return;
	words_add(&list->page->scratch, list->page->style->chinese, WORD_MORE,
	    words_grouped(rows - list->page->style->top).text, (char *)NULL);
	row_add(list, 0, NULL);
}

static void unlisted_add(struct uncounted *list)
{
	const struct summary *summary = list->page->summary;

	for (size_t i = 0; i < summary->unlisted_count && i < list->page->style->top; i++) {
		const struct summary_unlisted *row = &summary->unlisted_codes[i];
		bool has_text = row->text != NULL && row->text[0] != '\0';

		words_add(&list->page->scratch, list->page->style->chinese,
		    has_text ? WORD_ROW_UNLISTED_TEXT : WORD_ROW_UNLISTED,
		    has_text ? row->text : "", (char *)NULL);
		row_add(list, row->count, &row->code);
	}
	more_add(list, summary->unlisted_count);
}

static void inner_add(struct uncounted *list)
{
	const struct summary *summary = list->page->summary;

	for (size_t i = 0; i < summary->inner_count && i < list->page->style->top; i++) {
		const struct summary_inner *row = &summary->inner_codes[i];

		words_add(&list->page->scratch, list->page->style->chinese,
		    row->is_error ? WORD_ROW_INNER_ERROR : WORD_ROW_INNER, row->entry->description,
		    (char *)NULL);
		row_add(list, row->count, &row->entry->code);
	}
	more_add(list, summary->inner_count);
}

static void held_add(struct uncounted *list)
{
	const struct summary *summary = list->page->summary;
	bool chinese = list->page->style->chinese;

	for (size_t i = 0; i < summary->held_count && i < list->page->style->top; i++) {
		const struct summary_held *row = &summary->held[i];

		words_add(&list->page->scratch, chinese, WORD_ROW_HELD,
		    chinese ? row->reason_zh : row->reason, (char *)NULL);
		row_add(list, row->count, &row->entry->code);
	}
	more_add(list, summary->held_count);
}

/* The most frequent of them: "200 (38,190), 404 (12)". */
static void numbers_add(struct uncounted *list)
{
	const struct summary *summary = list->page->summary;
	bool chinese = list->page->style->chinese;
	struct strbuf seen = STRBUF_INIT;

	if (summary->hits[HIT_OTHER] == 0)
		return;
	for (size_t i = 0; i < summary->number_count && i < list->page->style->top; i++)
		strbuf_add_format(&seen, "%s%u (%s)",
		    i > 0 ? words_phrase(chinese, WORD_COMMA) : "", summary->numbers[i].code,
		    words_grouped(summary->numbers[i].count).text);
	words_add(&list->page->scratch, chinese,
	    summary->other_numbers_capped ? WORD_ROW_NUMBERS_CAPPED : WORD_ROW_NUMBERS,
	    words_grouped(summary->other_numbers_distinct).text, (char *)NULL);
	if (seen.len > 0)
		words_add(&list->page->scratch, chinese, WORD_MOST_SEEN, seen.data, (char *)NULL);
	row_add(list, summary->hits[HIT_OTHER], NULL);
	if (seen.failed)
		list->page->out->failed = true;
	strbuf_release(&seen);
}

static void plain_add(struct uncounted *list, uint64_t count, enum word word)
{
	if (count == 0)
		return;
	strbuf_add_text(&list->page->scratch, words_phrase(list->page->style->chinese, word));
	row_add(list, count, NULL);
}

void uncounted_each(struct page *page, uncounted_fn *row, void *arg)
{
	const struct summary *summary = page->summary;
	struct uncounted list = { page, row, arg };

	unlisted_add(&list);
	inner_add(&list);
	plain_add(&list, summary->hits[HIT_REPEATED], WORD_ROW_REPEATED);
	held_add(&list);
	plain_add(&list, summary->hits[HIT_ELSEWHERE], WORD_ROW_ELSEWHERE);
	numbers_add(&list);
}
