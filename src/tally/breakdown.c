/*
 * Owns the counts by bucket and group while they grow. Must not know how a time or a
 * field's value is found, or how rows are sorted.
 */
#include "tally/breakdown.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#undef HASH_FUNCTION
#define HASH_FUNCTION(key, length, hash) \
	(hash) = (unsigned)XXH3_64bits_withSeed((key), (length), breakdown->seed)

#include "base/seed.h"
#include "tally/breakdown_parts.h"

struct breakdown *breakdown_new(const struct window *window, const struct field_rule *by,
    size_t catalog_size, bool is_part, struct error *error)
{
	struct breakdown *breakdown = calloc(1, sizeof(*breakdown));

	if (breakdown != NULL)
		breakdown->recent = calloc(catalog_size + 1, sizeof(*breakdown->recent));
	if (breakdown == NULL || breakdown->recent == NULL) {
		breakdown_free(breakdown);
		error_set_memory(error);
		return NULL;
	}
	breakdown->window = window;
	breakdown->by = by;
	breakdown->is_part = is_part;
	breakdown->seed = seed_make();
	return breakdown;
}

void breakdown_clear(struct breakdown *breakdown)
{
	struct part_cell *cell = breakdown->cells;
	struct part_group *group = breakdown->groups;

	HASH_CLEAR(hh, breakdown->cells);
	HASH_CLEAR(hh, breakdown->groups);
	while (cell != NULL) {
		struct part_cell *next = cell->hh.next;

		if (cell->entry != NULL)
			breakdown->recent[cell->entry->id] = NULL;
		free(cell);
		cell = next;
	}
	while (group != NULL) {
		struct part_group *next = group->hh.next;

		free(group->name);
		free(group);
		group = next;
	}
	breakdown->group_count = 0;
	breakdown->name_bytes = 0;
	breakdown->unlisted_count = 0;
}

void breakdown_free(struct breakdown *breakdown)
{
	if (breakdown == NULL)
		return;
	if (breakdown->recent != NULL)
		breakdown_clear(breakdown);
	free(breakdown->recent);
	free(breakdown);
}

size_t breakdown_size(const struct breakdown *breakdown)
{
	return HASH_COUNT(breakdown->cells) * sizeof(struct part_cell) +
	    breakdown->group_count * sizeof(struct part_group) + breakdown->name_bytes;
}

bool breakdown_reach_group(struct breakdown *breakdown, const char *name, size_t length,
    uint32_t *number, struct error *error)
{
	struct part_group *group;

	HASH_FIND(hh, breakdown->groups, name, length, group);
	if (group == NULL && !breakdown->is_part &&
	    breakdown->group_count >= BREAKDOWN_GROUPS_MAX) {
		*number = PART_GROUP_OTHER;
		return true;
	}
	if (group == NULL) {
		group = calloc(1, sizeof(*group));
		if (group == NULL)
			return error_set_memory(error);
		group->name = malloc(length + 1);
		if (group->name == NULL) {
			free(group);
			return error_set_memory(error);
		}
		memcpy(group->name, name, length);
		group->name[length] = '\0';
		group->length = length;
		group->number = PART_GROUP_FIRST + (uint32_t)breakdown->group_count;
		HASH_ADD_KEYPTR(hh, breakdown->groups, group->name, length, group);
		if (group->hh.tbl == NULL) {
			free(group->name);
			free(group);
			return error_set_memory(error);
		}
		breakdown->group_count++;
		breakdown->name_bytes += length;
	}
	*number = group->number;
	return true;
}

bool breakdown_add_count(struct breakdown *breakdown, const struct part_key *wanted,
    const struct catalog_entry *entry, uint64_t count, struct error *error)
{
	struct part_key key = *wanted;
	struct part_cell *cell;

	HASH_FIND(hh, breakdown->cells, &key, sizeof(key), cell);
	if (cell == NULL && key.hit_class == HIT_UNLISTED && key.code != 0 &&
	    !breakdown->is_part && breakdown->unlisted_count >= BREAKDOWN_UNLISTED_MAX) {
		key.code = 0;
		HASH_FIND(hh, breakdown->cells, &key, sizeof(key), cell);
	}
	if (cell == NULL) {
		cell = calloc(1, sizeof(*cell));
		if (cell == NULL)
			return error_set_memory(error);
		cell->key = key;
		cell->entry = entry;
		HASH_ADD(hh, breakdown->cells, key, sizeof(cell->key), cell);
		if (cell->hh.tbl == NULL) {
			free(cell);
			return error_set_memory(error);
		}
		breakdown->unlisted_count += key.hit_class == HIT_UNLISTED;
	}
	if (key.hit_class == HIT_RESPONSE && entry != NULL)
		breakdown->recent[entry->id] = cell;
	cell->count = add_saturating(cell->count, count);
	return true;
}

/* Which group the hit is in. */
static bool find_group(struct breakdown *breakdown, const struct piece *piece,
    const struct hit *hit, uint32_t *number, struct error *error)
{
	const char *name = piece->data + hit->group_start;
	size_t length = hit->group_end - hit->group_start;

	*number = PART_GROUP_NONE;
	if (breakdown->by == NULL)
		return true;
	if (breakdown->by->kind == FIELD_FILE) {
		name = piece->file == NULL ? "standard input" : piece->file;
		length = strlen(name);
	}
	return length == 0 || breakdown_reach_group(breakdown, name, length, number, error);
}

int64_t breakdown_bucket(struct breakdown *breakdown, int64_t time)
{
	if (breakdown->window->bucket_seconds == 0)
		return CLOCK_UNKNOWN;
	if (time == CLOCK_PENDING)
		return time;
	return window_bucket(breakdown->window, &breakdown->cache, &breakdown->zone, time);
}

bool breakdown_add(struct breakdown *breakdown, const struct piece *piece, const struct hit *hit,
    struct error *error)
{
	struct part_key key = { .bucket = breakdown_bucket(breakdown, hit->time),
		.hit_class = hit->hit_class,
		.reason = hit->hit_class == HIT_HELD_BACK ? hit->reason : 0 };
	const struct catalog_entry *entry = hit->entry;
	struct part_cell *recent = NULL;

	if (!find_group(breakdown, piece, hit, &key.group, error))
		return false;
	if (entry != NULL || hit->hit_class == HIT_UNLISTED)
		key.code = hit->code;
	if (hit->hit_class == HIT_RESPONSE && entry != NULL)
		recent = breakdown->recent[entry->id];
	if (recent != NULL && recent->key.bucket == key.bucket && recent->key.group == key.group) {
		recent->count++;
		return true;
	}
	return breakdown_add_count(breakdown, &key, entry, 1, error);
}

bool breakdown_merge(
    struct breakdown *breakdown, struct breakdown *from, int64_t carry, struct error *error)
{
	uint32_t *numbers = calloc(PART_GROUP_FIRST + from->group_count, sizeof(*numbers));
	bool merged = true;

	if (numbers == NULL)
		return error_set_memory(error);
	numbers[PART_GROUP_OTHER] = PART_GROUP_OTHER;
	for (struct part_group *group = from->groups; merged && group != NULL;
	     group = group->hh.next)
		merged = breakdown_reach_group(
		    breakdown, group->name, group->length, &numbers[group->number], error);
	for (struct part_cell *cell = from->cells; merged && cell != NULL; cell = cell->hh.next) {
		struct part_key key = cell->key;

		key.group = numbers[key.group];
		if (key.bucket == CLOCK_PENDING)
			key.bucket = breakdown_bucket(breakdown, carry);
		merged =
		    breakdown_add_count(breakdown, &key, cell->entry, cell->count, error);
	}
	free(numbers);
	breakdown_clear(from);
	return merged;
}
