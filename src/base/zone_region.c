/*
 * Owns the reading of the system's files of time zones (TZif, RFC 8536): libc has one zone per
 * process, but a log may name another in each stamp.
 *
 * The whole file is read once, and its changes of clocks kept in order; a time is found among them
 * by halving. The rule behind the last change is not followed: what would need it is not known.
 */
#include "base/zone_region.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER 44u
#define SIZE_MOST (256u * 1024)
#define DAY 86400

struct change {
	int64_t at; /* UTC seconds from which on */
	int32_t offset;
};

struct zone_region {
	size_t count;
	bool is_last_for_ever;   /* no rule says that clocks change after the last change */
	struct change changes[]; /* the first holds from the beginning of time */
};

/* Counts in a header: what follows it. */
struct block {
	uint32_t utc_flags, standard_flags, leaps, changes, types, letters;
};

static uint32_t read_32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read_64(const unsigned char *at)
{
	return (int64_t)((uint64_t)read_32(at) << 32 | read_32(at + 4));
}

/* Reads the header at `at`; false: it is none, or what follows is not all there. */
static bool read_header(const unsigned char *data, size_t size, size_t at, size_t time_size,
    struct block *block, size_t *next)
{
	uint64_t length;

	if (size < HEADER || at > size - HEADER || memcmp(data + at, "TZif", 4) != 0)
		return false;
	block->utc_flags = read_32(data + at + 20);
	block->standard_flags = read_32(data + at + 24);
	block->leaps = read_32(data + at + 28);
	block->changes = read_32(data + at + 32);
	block->types = read_32(data + at + 36);
	block->letters = read_32(data + at + 40);
	length = (uint64_t)block->changes * (time_size + 1) + (uint64_t)block->types * 6 +
	         block->letters + (uint64_t)block->leaps * (time_size + 4) + block->standard_flags +
	         block->utc_flags;
	if (block->types == 0 || length > size - HEADER - at)
		return false;
	*next = at + HEADER + (size_t)length;
	return true;
}

/* The rule behind the last block, "\nCST-8\n": with a comma clocks go on changing. */
static bool has_rule(const unsigned char *data, size_t size, size_t at)
{
	return at >= size || memchr(data + at, ',', size - at) != NULL;
}

static struct zone_region *build(const unsigned char *data, size_t size)
{
	struct zone_region *region;
	const unsigned char *times, *kinds, *types;
	struct block block;
	size_t at = 0, next;

	/* the first block has times of 32 bits, the second of 64 */
	if (!read_header(data, size, 0, 4, &block, &at) || data[4] < '2' ||
	    !read_header(data, size, at, 8, &block, &next))
		return NULL;
	times = data + at + HEADER;
	kinds = times + (size_t)block.changes * 8;
	types = kinds + block.changes;
	region = malloc(sizeof(*region) + (block.changes + (size_t)1) * sizeof(struct change));
	if (region == NULL)
		return NULL;
	region->count = block.changes + (size_t)1;
	region->is_last_for_ever = !has_rule(data, size, next);
	region->changes[0] = (struct change){ INT64_MIN, (int32_t)read_32(types) };
	for (uint32_t i = 0; i < block.changes; i++) {
		if (kinds[i] >= block.types) {
			free(region);
			return NULL;
		}
		region->changes[i + 1] = (struct change){ read_64(times + (size_t)i * 8),
			(int32_t)read_32(types + (size_t)kinds[i] * 6) };
	}
	return region;
}

static bool is_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char c = name[i];
		bool is_letter = (unsigned char)((c | 0x20) - 'a') < 26;

		if (!is_letter && (i == 0 || (strchr("/_-+", c) == NULL && (c < '0' || c > '9'))))
			return false;
	}
	return length > 0;
}

struct zone_region *zone_region_new(const char *name, size_t length)
{
	struct zone_region *region = NULL;
	unsigned char *data;
	char path[PATH_MAX];
	FILE *file;
	int used;

	if (!is_name(name, length) || length > 255)
		return NULL;
	used = snprintf(path, sizeof(path), "%s/%.*s", zone_folder(), (int)length, name);
	if (used < 0 || (size_t)used >= sizeof(path))
		return NULL;
	file = fopen(path, "re");
	if (file == NULL)
		return NULL;
	data = malloc(SIZE_MOST);
	if (data != NULL)
		region = build(data, fread(data, 1, SIZE_MOST, file));
	free(data);
	(void)fclose(file);
	return region;
}

void zone_region_free(struct zone_region *region)
{
	free(region);
}

/* The last change not after `seconds`. */
static size_t find(const struct zone_region *region, int64_t seconds)
{
	size_t from = 0, to = region->count;

	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		if (region->changes[middle].at <= seconds)
			from = middle;
		else
			to = middle;
	}
	return from;
}

bool zone_region_offset(
    const struct zone_region *region, const struct civil *civil, int32_t *offset)
{
	int64_t wall = civil_to_utc(civil, 0) / 1000;
	size_t before = find(region, wall - DAY), after = find(region, wall + DAY);
	int32_t first = region->changes[before].offset, second = region->changes[after].offset;

	if (after == region->count - 1 && !region->is_last_for_ever)
		return false;
	/* as zone_to_utc does */
	if (region->changes[find(region, wall - first)].offset == first ||
	    region->changes[find(region, wall - second)].offset != second)
		*offset = first;
	else
		*offset = second;
	return true;
}
