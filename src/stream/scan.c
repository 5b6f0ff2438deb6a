/*
 * Owns the loop from pieces to hits to sinks. Must not know files, formats or
 * options.
 */
#include "stream/scan.h"

#include <string.h>

/* Hits judged and pushed at a time. */
#define BATCH 64

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
static void complete(struct scan *scan, const char *data, struct hit *hit)
{
	const struct field_rule *by = scan->fields.by;

	hit->time = CLOCK_UNKNOWN;
	if (scan->fields.at_each_hit) {
		clock_know(&scan->clock, hit->line_start, hit->line_end);
		hit->time = clock_at(&scan->clock, hit->line_start);
	}
	if (by != NULL && by->kind != FIELD_GROUP &&
	    !field_find(by, data, hit, &hit->group_start, &hit->group_end))
		hit->group_start = hit->group_end = 0;
}

/* Judges hits[1 .. count); hits[0] is the one before them. `has_next`: hits[count]
 * is there too. */
static void judge(struct scan *scan, const char *data, struct hit *hits, size_t count, bool has_next)
{
	for (size_t i = 1; i < count; i++) {
		struct hit *hit = &hits[i];
		uint32_t start = hit->line_start;
		uint32_t end = hit->line_end;

		if (hits[i - 1].annotation_end > start)
			start = hits[i - 1].annotation_end;
		if ((i + 1 < count || has_next) && hits[i + 1].key_start < end)
			end = hits[i + 1].key_start;
		standing_judge(scan->standing, data, hit, start, end);
		complete(scan, data, hit);
	}
}

/* The hit in front of a batch is kept, and its last one waits for the next: what
 * a hit counts as depends on where its neighbours stand. */
static bool scan_hits(struct scan *scan, struct piece *piece, struct error *error)
{
	struct hit hits[BATCH + 2];
	size_t waiting = 0;

	hits[0].annotation_end = 0;
	for (;;) {
		size_t found = matcher_next(scan->run, hits + 1 + waiting, BATCH + 1 - waiting);
		size_t count = waiting + found;
		bool has_next = found > 0 && count == BATCH + 1;

		if (has_next)
			count--;
		if (count == 0)
			return true;
		judge(scan, piece->data, hits, count + 1, has_next);
		if (!push(scan, piece, hits + 1, count, error))
			return false;
		hits[0] = hits[count];
		waiting = has_next ? 1 : 0;
		if (has_next)
			hits[1] = hits[count + 1];
	}
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
