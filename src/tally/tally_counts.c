/*
 * Owns the way of counts out of a tally to where they are kept, and back. Must not know
 * where that is.
 */
#include "match/standing.h"
#include "tally/tally_parts.h"

struct visiting {
	bool (*take)(void *context, const struct count *count, struct error *error);
	void *context;
};

/* A reason as it is kept. */
static bool visit(void *context, const struct count *count, struct error *error)
{
	const struct visiting *visiting = context;
	struct count kept = *count;

	kept.reason = standing_reason_number(count->reason);
	return visiting->take(visiting->context, &kept, error);
}

bool tally_visit(const struct tally *tally,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct visiting visiting = { take, context };

	return tally->breakdown == NULL ||
	       breakdown_visit(tally->breakdown, visit, &visiting, error);
}

/* What the count's hits were when they were found, as this catalog has it. */
static struct cell_key key_of(const struct count *count, const struct catalog_entry *entry)
{
	struct cell_key key = { count->code, (uint8_t)count->counts_as, 0, 0 };

	if (entry == NULL && count->counts_as < HIT_UNLISTED)
		key.hit_class = HIT_UNLISTED;
	if (key.hit_class == HIT_HELD_BACK)
		key.reason = (uint8_t)standing_reason_of(count->reason);
	return key;
}

/* Whether the count is in the window; hits outside are summed. */
static bool is_inside(struct tally *tally, const struct count *count)
{
	bool has_time = count->time != CLOCK_UNKNOWN;

	if (tally->window == NULL)
		return true;
	if (!has_time && (tally_is_bounded(tally) || tally->window->bucket_seconds > 0))
		tally->counts.unknown = add_saturating(tally->counts.unknown, count->count);
	if (!tally_is_bounded(tally))
		return true;
	if (window_holds(tally->window, count->time))
		return true;
	if (has_time)
		tally_add_outside(tally, count->count,
		    &(struct tally_outside){ count->time, count->time, { 0 } });
	return false;
}

static void see_time(struct tally *tally, int64_t time)
{
	struct counts *counts = &tally->counts;

	if (time == CLOCK_UNKNOWN)
		return;
	if (counts->first == CLOCK_UNKNOWN || time < counts->first)
		counts->first = time;
	if (counts->last == CLOCK_UNKNOWN || time > counts->last)
		counts->last = time;
}

/* Where exactly is not kept, and when to the quarter of an hour, at whose end it was at the
 * latest. Counts come run by run, so in no order of time. */
static void see_code(struct seen *seen, int64_t time)
{
	int64_t end;

	if (time == COUNT_NO_TIME)
		return;
	end = time + COUNT_QUARTER_MILLISECONDS - 1;
	if (seen->first == CLOCK_UNKNOWN || time < seen->first)
		seen->first = time;
	if (seen->last == CLOCK_UNKNOWN || end > seen->last)
		seen->last = end;
}

bool tally_restore(struct tally *tally, const struct count *count, struct error *error)
{
	const struct catalog_entry *entry = NULL;
	struct count kept = *count;
	struct cell_key key;
	struct cell *cell;

	if (count->counts_as < HIT_UNLISTED || count->counts_as == HIT_ELSEWHERE)
		entry = catalog_find(tally->catalog, count->code);
	if (!is_inside(tally, count))
		return true;
	key = key_of(count, entry);
	kept.counts_as = (enum hit_class)key.hit_class;
	kept.reason = key.reason;
	see_time(tally, count->time);
	if (count->time != COUNT_NO_TIME) /* it ends with its quarter of an hour */
		see_time(tally, count->time + COUNT_QUARTER_MILLISECONDS - 1);
	tally->counts.hits[key.hit_class] =
	    add_saturating(tally->counts.hits[key.hit_class], count->count);
	if (tally->breakdown != NULL &&
	    !breakdown_restore(tally->breakdown, &kept, entry, error))
		return false;
	if (key.hit_class == HIT_RESPONSE) {
		struct seen *seen = tally_see(tally, entry);

		see_code(seen, count->time);
		seen->count = add_saturating(seen->count, count->count);
		return true;
	}
	if (entry == NULL && (key.hit_class != HIT_UNLISTED || key.code == 0))
		return true; /* of other numbers only the sum is kept */
	if (!tally_reach_cell(tally, &key, entry, &cell, error))
		return false;
	if (cell != NULL)
		cell->count = add_saturating(cell->count, count->count);
	return true;
}

void tally_restore_lines(struct tally *tally, const struct tally_lines *lines)
{
	struct counts *counts = &tally->counts;

	counts->lines = add_saturating(counts->lines, lines->lines);
	counts->bytes = add_saturating(counts->bytes, lines->bytes);
	counts->lines_with_hits = add_saturating(counts->lines_with_hits, lines->lines_with_hits);
	counts->long_lines = add_saturating(counts->long_lines, lines->long_lines);
}
