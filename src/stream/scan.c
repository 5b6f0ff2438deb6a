/*
 * Owns the loop from pieces to hits to sinks. Must not know files, formats or
 * options.
 */
#include "stream/scan.h"

#include <string.h>

/* Hits judged and pushed at a time. */
#define BATCH (2 * READER_HITS)

bool scan_init(struct scan *scan, const struct matcher *matcher, const struct catalog *catalog,
    enum trust trust, bool judge_all, struct error *error)
{
	memset(scan, 0, sizeof(*scan));
	scan->run = matcher_run_new(matcher, error);
	if (scan->run != NULL)
		scan->standing = standing_new(catalog, trust, judge_all, error);
	if (scan->standing == NULL) {
		scan_release(scan);
		return false;
	}
	return true;
}

void scan_set_fields(struct scan *scan, const struct scan_fields *fields)
{
	scan->fields = *fields;
	if (fields->stamps != NULL)
		clock_init(&scan->clock, fields->stamps);
	scan->carry = CLOCK_UNKNOWN;
}

void scan_begin_input(struct scan *scan, int64_t carry)
{
	scan->carry = carry;
}

void scan_release(struct scan *scan)
{
	matcher_run_free(scan->run);
	standing_free(scan->standing);
	memset(scan, 0, sizeof(*scan));
}

void scan_add_sink(struct scan *scan, struct sink *sink)
{
	scan->sinks[scan->sink_count++] = sink;
}

static bool push(struct scan *scan, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	for (size_t i = 0; i < scan->sink_count; i++)
		if (!sink_hits(scan->sinks[i], piece, hits, count, error))
			return false;
	return true;
}

/* What a hit carries beside its code and class. */
static void complete(struct scan *scan, const char *data, struct hit *hits, size_t index)
{
	const struct field_rule *by = scan->fields.by;
	struct hit *hit = &hits[index];

	hit->time = CLOCK_UNKNOWN;
	if (scan->fields.at_each_hit) {
		clock_know(&scan->clock, hit->line.start, hit->line.end);
		hit->time = clock_at(&scan->clock, hit->line.start);
	}
	if (by != NULL && by->kind != FIELD_GROUP &&
	    !field_find(by, standing_reader(scan->standing), data, hits, index, &hit->group.start,
	        &hit->group.end))
		hit->group.start = hit->group.end = 0;
}

/* Judges the hits of one line, or READER_HITS of them. `next`: the hit behind them, or NULL. */
static void judge_line(struct scan *scan, const char *data, struct hit *hits, size_t count,
    const struct hit *previous, const struct hit *next)
{
	const uint32_t line_start = hits[0].line.start;
	uint32_t limit = hits[0].line.end;

	if (previous->line.start != line_start)
		previous = NULL;
	if (next != NULL && next->key.start < limit)
		limit = next->key.start;
	standing_judge(scan->standing, data, hits, count, previous, limit);
	for (size_t i = 0; i < count; i++)
		complete(scan, data, hits, i);
}

/* How many of the hits are to be judged together: those of the first one's line. */
static size_t count_line(const struct hit *hits, size_t count)
{
	size_t same = 1;

	while (same < count && same < READER_HITS && hits[same].line.start == hits[0].line.start)
		same++;
	return same;
}

/* Judges as many hits as are known to be whole lines, or all. `previous` is the hit before them.
 * Returns how many were judged. */
static size_t judge(struct scan *scan, const char *data, struct hit *hits, size_t count,
    bool is_all, const struct hit *previous)
{
	size_t done = 0;

	while (done < count) {
		const size_t same = count_line(hits + done, count - done);
		const bool has_next = done + same < count;

		if (!has_next && !is_all)
			break;
		judge_line(scan, data, hits + done, same, previous,
		    has_next ? hits + done + same : NULL);
		done += same;
		previous = &hits[done - 1];
	}
	return done;
}

/* Takes out what turned out to be no hit. Returns how many are left. */
static size_t drop_none(struct hit *hits, size_t count)
{
	size_t kept = 0;

	while (kept < count && hits[kept].hit_class != HIT_NONE)
		kept++; /* there are hardly ever any */
	for (size_t i = kept; i < count; i++)
		if (hits[i].hit_class != HIT_NONE)
			hits[kept++] = hits[i];
	return kept;
}

/* A line's hits are judged together, since what one counts as depends on where its neighbours
 * stand: the last line of a batch waits for the next. */
static bool scan_hits(struct scan *scan, struct piece *piece, struct error *error)
{
	struct hit hits[BATCH];
	struct hit previous = { .line.start = UINT32_MAX };
	size_t waiting = 0;
	bool is_all = false;

	while (!is_all) {
		size_t count = waiting + matcher_next(scan->run, hits + waiting, BATCH - waiting);
		size_t done;
		size_t kept;

		is_all = count < BATCH;
		done = judge(scan, piece->data, hits, count, is_all, &previous);
		if (done > 0)
			previous = hits[done - 1];
		kept = drop_none(hits, done);
		if (kept > 0 && !push(scan, piece, hits, kept, error))
			return false;
		waiting = count - done;
		memmove(hits, hits + done, waiting * sizeof(hits[0]));
	}
	return true;
}

static void begin_clock(struct scan *scan, struct piece *piece)
{
	if (scan->fields.stamps == NULL)
		return;
	timestamp_rule_begin_piece(
	    scan->fields.stamps, &scan->clock.zone, piece->data, piece->length);
	piece->clock = &scan->clock;
	clock_begin(&scan->clock, piece->data, piece->length, scan->carry);
}

/* The next piece goes on with this one's last time. */
static void end_clock(struct scan *scan, const struct piece *piece)
{
	int64_t left = piece->clock == NULL ? CLOCK_PENDING : clock_left(piece->clock);

	if (left != CLOCK_PENDING && scan->carry != CLOCK_PENDING)
		scan->carry = left;
}

bool scan_piece(struct scan *scan, struct piece *piece, struct error *error)
{
	if (piece->is_rest) {
		piece->newlines = piece->data[piece->length - 1] == '\n';
	} else {
		begin_clock(scan, piece);
		matcher_begin(scan->run, piece->data, piece->length, piece->is_cut);
		standing_begin(scan->standing);
		if (!scan_hits(scan, piece, error))
			return false;
		piece->newlines = matcher_newlines(scan->run);
	}
	for (size_t i = 0; i < scan->sink_count; i++)
		if (!sink_piece_done(scan->sinks[i], piece, error))
			return false;
	end_clock(scan, piece);
	return true;
}

bool scan_flush(struct scan *scan, struct error *error)
{
	for (size_t i = 0; i < scan->sink_count; i++)
		if (!sink_flush(scan->sinks[i], error))
			return false;
	return true;
}
