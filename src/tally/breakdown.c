/*
 * Owns the counts by bucket and group while they grow, and the ways out of them: to where counts
 * are kept, and to a summary's rows. Must not know how a time or a field's value is found.
 *
 * One hash table holds a cell per bucket, group, class, code and reason; another numbers the
 * groups.
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
#include "match/standing.h"

enum { PART_GROUP_NONE, PART_GROUP_OTHER, PART_GROUP_FIRST };

/* No padding: it is hashed and compared as bytes. */
struct part_key {
	int64_t bucket; /* its start; CLOCK_UNKNOWN; in a part also CLOCK_PENDING */
	uint32_t group;
	uint32_t code; /* 0: any number of the class */
	uint32_t hit_class;
	uint32_t reason; /* of a hit held back: standing.h */
};

struct part_cell {
	struct part_key key;
	const struct catalog_entry *entry; /* or NULL */
	uint64_t count;
	UT_hash_handle hh;
};

struct part_group {
	char *name; /* a NUL behind it, and perhaps in it */
	size_t length;
	uint32_t number;
	UT_hash_handle hh;
};

struct breakdown {
	const struct window *window;
	const struct field_rule *by;
	bool is_part;
	uint64_t seed;
	struct zone zone;
	struct window_cache cache;
	size_t catalog_size;
	struct part_cell *cells;
	struct part_cell **recent; /* by entry id: where its last response was counted */
	struct part_group *groups;
	size_t group_count;
	size_t name_bytes; /* of all groups */
	size_t unlisted_count;
};

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
	breakdown->catalog_size = catalog_size;
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

/* The group's number; PART_GROUP_OTHER where no more are kept. */
static bool reach_group(struct breakdown *breakdown, const char *name, size_t length,
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

/* Adds to the cell of the key, whose entry this is. */
static bool add_count(struct breakdown *breakdown, const struct part_key *wanted,
    const struct catalog_entry *entry, uint64_t count, struct error *error)
{
	struct part_key key = *wanted;
	struct part_cell *cell;

	HASH_FIND(hh, breakdown->cells, &key, sizeof(key), cell);
	if (cell == NULL && key.hit_class == HIT_UNLISTED && key.code != 0 && !breakdown->is_part &&
	    breakdown->unlisted_count >= BREAKDOWN_UNLISTED_MAX) {
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
	cell->count += count;
	return true;
}

/* Which group the hit is in. */
static bool find_group(struct breakdown *breakdown, const struct piece *piece,
    const struct hit *hit, uint32_t *number, struct error *error)
{
	const char *name = piece->data + hit->group.start;
	size_t length = hit->group.end - hit->group.start;

	*number = PART_GROUP_NONE;
	if (breakdown->by == NULL)
		return true;
	if (breakdown->by->kind == FIELD_FILE) {
		name = piece->file == NULL ? "standard input" : piece->file;
		length = strlen(name);
	}
	return length == 0 || reach_group(breakdown, name, length, number, error);
}

/* The bucket's start; CLOCK_UNKNOWN or CLOCK_PENDING as `time`. */
static int64_t bucket_of(struct breakdown *breakdown, int64_t time)
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
	struct part_key key = { .bucket = bucket_of(breakdown, hit->time),
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
	return add_count(breakdown, &key, entry, 1, error);
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
		merged = reach_group(
		    breakdown, group->name, group->length, &numbers[group->number], error);
	for (struct part_cell *cell = from->cells; merged && cell != NULL; cell = cell->hh.next) {
		struct part_key key = cell->key;

		key.group = numbers[key.group];
		if (key.bucket == CLOCK_PENDING)
			key.bucket = bucket_of(breakdown, carry);
		merged = add_count(breakdown, &key, cell->entry, cell->count, error);
	}
	free(numbers);
	breakdown_clear(from);
	return merged;
}

/* ---- to where counts are kept, and back ---- */

bool breakdown_visit(const struct breakdown *breakdown,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	const struct part_group **groups =
	    calloc(PART_GROUP_FIRST + breakdown->group_count, sizeof(*groups));
	bool taken = true;

	if (groups == NULL)
		return error_set_memory(error);
	for (const struct part_group *group = breakdown->groups; group != NULL;
	     group = group->hh.next)
		groups[group->number] = group;
	for (const struct part_cell *cell = breakdown->cells; taken && cell != NULL;
	     cell = cell->hh.next) {
		const struct part_group *group = groups[cell->key.group];
		struct count count = { .time = cell->key.bucket,
			.code = cell->key.code,
			.counts_as = (enum hit_class)cell->key.hit_class,
			.reason = standing_reason_number(cell->key.reason),
			.group_kind = cell->key.group == PART_GROUP_NONE ? GROUP_NONE : GROUP_OTHER,
			.count = cell->count };

		if (group != NULL) {
			count.group_kind = GROUP_VALUE;
			count.group = group->name;
			count.group_length = group->length;
		}
		taken = take(context, &count, error);
	}
	free(groups);
	return taken;
}

bool breakdown_restore(struct breakdown *breakdown, const struct count *count,
    const struct catalog_entry *entry, struct error *error)
{
	struct part_key key = { .bucket = bucket_of(breakdown, count->time),
		.group = count->group_kind == GROUP_NONE ? PART_GROUP_NONE : PART_GROUP_OTHER,
		.code = count->code,
		.hit_class = (uint32_t)count->counts_as,
		.reason = count->reason };

	if (breakdown->by == NULL)
		key.group = PART_GROUP_NONE;
	else if (count->group_kind == GROUP_VALUE &&
	         !reach_group(breakdown, count->group, count->group_length, &key.group, error))
		return false;
	return add_count(breakdown, &key, entry, count->count, error);
}

/* ---- parts ---- */

/* Adds a cell to its part. Those of one code come one after the other: so the code's share, where
 * the part has one, is its last, and is not looked for among what may be very many. */
static bool add_to_part(struct arena *arena, struct summary_part *part,
    const struct part_cell *cell, const struct selection *errors)
{
	struct summary_share *codes = part->codes;
	size_t count = part->code_count;

	if (cell->key.hit_class == HIT_HELD_BACK)
		part->held_back += cell->count;
	if (cell->key.hit_class == HIT_UNLISTED)
		part->unlisted += cell->count;
	if (cell->key.hit_class != HIT_RESPONSE)
		return true;
	part->responses += cell->count;
	part->outcomes[cell->entry->outcome] += cell->count;
	part->errors += selection_has(errors, cell->entry) ? cell->count : 0;
	if (count > 0 && codes[count - 1].entry == cell->entry) {
		codes[count - 1].count += cell->count;
		return true;
	}
	codes = arena_grow(arena, codes, count, 1, sizeof(*codes));
	if (codes == NULL)
		return false;
	codes[count] = (struct summary_share){ cell->entry, cell->count };
	part->codes = codes;
	part->code_count++;
	return true;
}

/* ---- buckets ---- */

static int compare_starts(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left;
	int64_t b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

/* How many buckets lie from `first` to `last`, both starts; at most `max` + 1 are counted. */
static size_t count_buckets(
    const struct breakdown *breakdown, int64_t first, int64_t last, size_t max)
{
	struct zone zone = { 0 };
	size_t count = 1;

	for (int64_t at = first; at < last && count <= max; count++) {
		int64_t end;

		(void)zone_bucket(&zone, at, breakdown->window->bucket_seconds, &end);
		at = end;
	}
	return count;
}

/* The starts of all buckets, empty ones included where they are not too many; unknown time
 * as SUMMARY_NO_TIME, last. */
static bool list_buckets(const struct breakdown *breakdown, struct summary *summary)
{
	size_t cell_count = HASH_COUNT(breakdown->cells);
	int64_t *starts = malloc((cell_count + 1) * sizeof(*starts));
	size_t known = 0;
	bool has_unknown = false;
	size_t filled;

	if (starts == NULL)
		return false;
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next) {
		if (cell->key.bucket == CLOCK_UNKNOWN)
			has_unknown = true;
		else
			starts[known++] = cell->key.bucket;
	}
	qsort(starts, known, sizeof(*starts), compare_starts);
	filled = known == 0 ? 0
	                    : count_buckets(breakdown, starts[0], starts[known - 1],
	                          BREAKDOWN_BUCKETS_FILLED);
	if (filled > BREAKDOWN_BUCKETS_FILLED)
		filled = 0;
	summary->buckets = arena_alloc(
	    &summary->arena, (filled > known ? filled : known) + 1, sizeof(*summary->buckets));
	if (summary->buckets != NULL && filled > 0) {
		struct zone zone = { 0 };
		int64_t at = starts[0];

		while (summary->bucket_count < filled) {
			summary->buckets[summary->bucket_count++].start = at;
			(void)zone_bucket(&zone, at, breakdown->window->bucket_seconds, &at);
		}
	} else if (summary->buckets != NULL) {
		for (size_t i = 0; i < known; i++)
			if (i == 0 || starts[i] != starts[i - 1])
				summary->buckets[summary->bucket_count++].start = starts[i];
	}
	if (summary->buckets != NULL && has_unknown)
		summary->buckets[summary->bucket_count++].start = SUMMARY_NO_TIME;
	free(starts);
	return summary->buckets != NULL;
}

static size_t find_bucket(const struct summary *summary, int64_t start)
{
	const struct summary_bucket *buckets = summary->buckets, *found;
	size_t known = summary->bucket_count;

	if (known > 0 && buckets[known - 1].start == SUMMARY_NO_TIME) {
		known--;
		if (start == CLOCK_UNKNOWN)
			return known;
	}
	if (known == 0)
		return SIZE_MAX;
	/* the start is the first member */
	found = bsearch(&start, buckets, known, sizeof(*buckets), compare_starts);
	return found == NULL ? SIZE_MAX : (size_t)(found - buckets);
}

/* ---- groups ---- */

/* A value is a text that ends at its NUL. */
static char *text_of(struct arena *arena, const struct part_group *group)
{
	char *text = arena_text(arena, group->name, group->length);

	for (size_t i = 0; text != NULL && i < group->length; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

/* One row a group number; those of NONE and OTHER may stay empty. */
static struct summary_group *list_groups(
    const struct breakdown *breakdown, struct summary *summary, size_t count)
{
	struct summary_group *groups = arena_alloc(&summary->arena, count, sizeof(*groups));
	bool complete = groups != NULL;

	for (size_t i = 0; i < PART_GROUP_FIRST && complete; i++)
		groups[i] =
		    (struct summary_group){ .kind = i == PART_GROUP_NONE ? GROUP_NONE : GROUP_OTHER,
			    .name = "" };
	for (const struct part_group *group = breakdown->groups; complete && group != NULL;
	     group = group->hh.next) {
		groups[group->number].name = text_of(&summary->arena, group);
		complete = groups[group->number].name != NULL;
	}
	return complete ? groups : NULL;
}

/* Sorts the groups, drops those without hits, and tells `places`, by number, where each is. */
static bool sort_groups(struct summary *summary, const bool *has_hits, size_t *places)
{
	size_t count = summary->group_count;
	struct group_place {
		struct summary_group group;
		size_t number;
	} *sorted = calloc(count + 1, sizeof(*sorted));
	size_t kept = 0;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (has_hits[i])
			sorted[kept++] = (struct group_place){ summary->groups[i], i };
	}
	/* the group is the first member */
	qsort(sorted, kept, sizeof(*sorted), summary_group_compare);
	for (size_t i = 0; i < kept; i++) {
		summary->groups[i] = sorted[i].group;
		places[sorted[i].number] = i;
	}
	summary->group_count = kept;
	free(sorted);
	return true;
}

/* ---- all ---- */

static size_t place_of(const struct part_cell *cell)
{
	return cell->entry == NULL ? 0 : (size_t)cell->entry->id + 1;
}

/* All cells, those of one code one after the other, and NULL; to be freed. NULL when there is no
 * memory. */
static const struct part_cell **list_cells(const struct breakdown *breakdown)
{
	size_t *ends = calloc(breakdown->catalog_size + 2, sizeof(*ends));
	const struct part_cell **cells = calloc(HASH_COUNT(breakdown->cells) + 1, sizeof(*cells));

	if (ends == NULL || cells == NULL) {
		free(ends);
		free(cells);
		return NULL;
	}
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next)
		ends[place_of(cell) + 1]++;
	for (size_t i = 1; i <= breakdown->catalog_size; i++)
		ends[i] += ends[i - 1];
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next)
		cells[ends[place_of(cell)]++] = cell;
	free(ends);
	return cells;
}

static bool fill_parts(const struct breakdown *breakdown, const struct selection *errors,
    struct summary *summary, bool *has_hits)
{
	const struct part_cell **cells = list_cells(breakdown);
	bool filled = cells != NULL;

	for (size_t i = 0; filled && cells[i] != NULL; i++) {
		const struct part_cell *cell = cells[i];
		size_t bucket = find_bucket(summary, cell->key.bucket);

		if (bucket != SIZE_MAX)
			filled = add_to_part(
			    &summary->arena, &summary->buckets[bucket].part, cell, errors);
		if (summary->groups == NULL)
			continue;
		has_hits[cell->key.group] = true;
		filled = filled && add_to_part(&summary->arena,
		                       &summary->groups[cell->key.group].part, cell, errors);
	}
	free(cells);
	return filled;
}

static bool fill_rows(
    const struct breakdown *breakdown, struct summary *summary, const size_t *places)
{
	summary->rows =
	    arena_alloc(&summary->arena, HASH_COUNT(breakdown->cells), sizeof(*summary->rows));
	if (summary->rows == NULL)
		return false;
	/* rows do not tell why a hit is held back: some come several times */
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next)
		summary->rows[summary->row_count++] =
		    (struct summary_row){ find_bucket(summary, cell->key.bucket),
			    summary->groups == NULL ? SIZE_MAX : places[cell->key.group],
			    (enum hit_class)cell->key.hit_class, cell->key.code, cell->entry,
			    cell->count };
	return true;
}

/* `places` and `has_hits` are of all groups. */
static bool fill(const struct breakdown *breakdown, const struct selection *errors,
    struct summary *summary, size_t *places, bool *has_hits)
{
	size_t count = PART_GROUP_FIRST + breakdown->group_count;

	if (breakdown->window->bucket_seconds > 0 && !list_buckets(breakdown, summary))
		return false;
	if (breakdown->by != NULL) {
		summary->groups = list_groups(breakdown, summary, count);
		if (summary->groups == NULL)
			return false;
		summary->group_count = count;
		summary->group_field = breakdown->by->name;
	}
	return fill_parts(breakdown, errors, summary, has_hits) &&
	       (summary->groups == NULL || sort_groups(summary, has_hits, places)) &&
	       fill_rows(breakdown, summary, places);
}

bool breakdown_summarize(
    const struct breakdown *breakdown, const struct selection *errors, struct summary *summary)
{
	size_t count = PART_GROUP_FIRST + breakdown->group_count;
	size_t *places = calloc(count, sizeof(*places));
	bool *has_hits = calloc(count, sizeof(*has_hits));
	bool made = places != NULL && has_hits != NULL &&
	            fill(breakdown, errors, summary, places, has_hits);

	free(places);
	free(has_hits);
	return made;
}
