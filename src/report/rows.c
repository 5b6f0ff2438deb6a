/*
 * Owns the full table as reports for programs see it. With buckets or groups the tally has made it;
 * without them a row is made of each total here. Must not know the formats.
 */
#include "report/rows.h"

#include <stdlib.h>

static struct summary_row *row_add(struct rows *rows, enum hit_class counts_as, uint64_t count)
{
	struct summary_row *row = &rows->own[rows->count];

	*row = (struct summary_row){
		.bucket = SIZE_MAX, .group = SIZE_MAX, .counts_as = counts_as, .count = count
	};
	if (count > 0)
		rows->count++;
	return row;
}

static void entry_add(
    struct rows *rows, enum hit_class counts_as, const struct catalog_entry *entry, uint64_t count)
{
	struct summary_row *row = row_add(rows, counts_as, count);

	row->entry = entry;
	row->code = entry->code;
}

/* One row per code; the summary has one per code and reason. */
static void held_add(struct rows *rows, const struct summary *summary)
{
	size_t first = rows->count;

	for (size_t i = 0; i < summary->held_count; i++) {
		const struct summary_held *held = &summary->held[i];
		size_t at = first;

		while (at < rows->count && rows->own[at].entry != held->entry)
			at++;
		if (at < rows->count)
			rows->own[at].count += held->count;
		else
			entry_add(rows, HIT_HELD_BACK, held->entry, held->count);
	}
}

static void unlisted_add(struct rows *rows, const struct summary *summary)
{
	uint64_t rest = summary->hits[HIT_UNLISTED];

	for (size_t i = 0; i < summary->unlisted_count; i++) {
		const struct summary_unlisted *unlisted = &summary->unlisted_codes[i];

		row_add(rows, HIT_UNLISTED, unlisted->count)->code = unlisted->code;
		rest -= unlisted->count;
	}
	(void)row_add(rows, HIT_UNLISTED, rest);
}

bool rows_init(struct rows *rows, const struct summary *summary)
{
	size_t most = summary->code_count + summary->inner_count + summary->held_count +
	              summary->unlisted_count + HIT_CLASS_COUNT;

	*rows = (struct rows){ summary->rows, summary->row_count, NULL };
	if (summary->time.bucket_seconds > 0 || summary->group_field != NULL)
		return true;
	rows->count = 0;
	rows->own = calloc(most, sizeof(*rows->own));
	rows->items = rows->own;
	if (rows->own == NULL)
		return false;
	for (size_t i = 0; i < summary->code_count; i++)
		entry_add(rows, HIT_RESPONSE, summary->codes[i].entry, summary->codes[i].count);
	for (size_t i = 0; i < summary->inner_count; i++)
		entry_add(
		    rows, HIT_INNER, summary->inner_codes[i].entry, summary->inner_codes[i].count);
	(void)row_add(rows, HIT_REPEATED, summary->hits[HIT_REPEATED]);
	held_add(rows, summary);
	unlisted_add(rows, summary);
	(void)row_add(rows, HIT_ELSEWHERE, summary->hits[HIT_ELSEWHERE]);
	(void)row_add(rows, HIT_OTHER, summary->hits[HIT_OTHER]);
	return true;
}

void rows_release(struct rows *rows)
{
	free(rows->own);
	*rows = (struct rows){ NULL, 0, NULL };
}
