/*
 * Owns what a run tells to those who read its database themselves: what codes mean by its catalogs
 * and --errors, and what its zone's clocks show. Must not know how that is kept.
 */
#include <stdlib.h>

#include "base/zone.h"
#include "cli/session.h"

#define DAY 86400
#define QUARTER (COUNT_QUARTER_MILLISECONDS / 1000)

static bool write_meanings(struct session *session, struct error *error)
{
	const struct setup *setup = &session->run->reading.setup;
	size_t count = catalog_size(setup->catalog);
	struct store_meaning *meanings = calloc(count + 1, sizeof(*meanings));
	bool written;

	if (meanings == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++) {
		const struct catalog_entry *entry = catalog_at(setup->catalog, i);

		meanings[i] = (struct store_meaning){ entry->code, entry->description,
			entry->category, outcome_info(entry->outcome)->name,
			selection_has(setup->errors, entry) };
	}
	written = store_write_meanings(session->store, meanings, count, error);
	free(meanings);
	return written;
}

/* ---- zone ---- */

struct offsets {
	struct store_offset *items;
	size_t count, room;
};

static bool add(struct offsets *offsets, int64_t since, int32_t offset)
{
	if (offsets->count == offsets->room) {
		size_t room = offsets->room * 2 + 8;
		struct store_offset *grown = realloc(offsets->items, room * sizeof(*grown));

		if (grown == NULL)
			return false;
		offsets->items = grown;
		offsets->room = room;
	}
	offsets->items[offsets->count++] = (struct store_offset){ since, offset };
	return true;
}

/* Finds the offset at `first` and each change until `last`, to the quarter of an hour. A day at
 * whose end the offset is as at its beginning is taken for one without a change. */
static bool find_offsets(struct offsets *offsets, int64_t first, int64_t last)
{
	struct zone zone = { 0 };
	int32_t offset = zone_offset(&zone, first);
	bool added = add(offsets, first, offset);

	for (int64_t day = first; day < last && added; day += DAY) {
		if (zone_offset(&zone, day + DAY) == offset)
			continue;
		for (int64_t at = day + QUARTER; at <= day + DAY && added; at += QUARTER)
			if (zone_offset(&zone, at) != offset) {
				offset = zone_offset(&zone, at);
				added = add(offsets, at, offset);
			}
	}
	return added;
}

static bool write_zone(struct session *session, struct error *error)
{
	struct offsets offsets = { NULL, 0, 0 };
	int64_t first;
	int64_t last;
	bool written;

	if (!store_read_span(session->store, &first, &last, error))
		return false;
	if (first == COUNT_NO_TIME)
		return store_write_offsets(session->store, NULL, 0, error);
	written = find_offsets(&offsets, first / 1000, last / 1000)
	              ? store_write_offsets(session->store, offsets.items, offsets.count, error)
	              : error_set_memory(error);
	free(offsets.items);
	return written;
}

bool session_write_meaning(struct session *session, struct error *error)
{
	return write_meanings(session, error) && write_zone(session, error);
}
