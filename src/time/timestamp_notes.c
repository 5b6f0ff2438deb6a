/*
 * Owns what is noted, and the regions that stamps named.
 *
 * Each kind of note is a flag that is set once, without a lock. Names of zones, and regions with
 * what the system knows of them, are kept in short lists behind one lock: a region is looked up
 * when it is first named, and a name that is none is remembered as well. What becomes of the notes
 * is not known here.
 */
#include "time/timestamp_notes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone_region.h"

/* Names are a log's: not more are kept, nor longer ones. */
#define NAMES_MAX 8
#define LONGEST_NAME 39

struct named_region {
	char name[LONGEST_NAME + 1];
	struct zone_region *region; /* NULL: the system knows none of this name */
};

struct timestamp_notes {
	atomic_bool notes[TIMESTAMP_NOTE_COUNT];
	pthread_mutex_t lock; /* of all below */
	char zones[NAMES_MAX][LONGEST_NAME + 1];
	size_t zone_count;
	struct named_region *regions;
	size_t region_count;
};

struct timestamp_notes *timestamp_notes_new(struct error *error)
{
	struct timestamp_notes *notes = calloc(1, sizeof(*notes));

	if (notes == NULL)
		error_set_memory(error);
	else
		(void)pthread_mutex_init(&notes->lock, NULL);
	return notes;
}

void timestamp_notes_free(struct timestamp_notes *notes)
{
	if (notes == NULL)
		return;
	for (size_t i = 0; i < notes->region_count; i++)
		zone_region_free(notes->regions[i].region);
	free(notes->regions);
	(void)pthread_mutex_destroy(&notes->lock);
	free(notes);
}

void timestamp_note(struct timestamp_notes *notes, enum timestamp_note note)
{
	/* a line of the cache that all threads only read is dear to none */
	if (notes != NULL && !timestamp_noted(notes, note))
		atomic_store_explicit(&notes->notes[note], true, memory_order_relaxed);
}

bool timestamp_noted(const struct timestamp_notes *notes, enum timestamp_note note)
{
	return notes != NULL && atomic_load_explicit(&notes->notes[note], memory_order_relaxed);
}

static bool is_name(const char *kept, const char *name, size_t length)
{
	return strncmp(kept, name, length) == 0 && kept[length] == '\0';
}

void timestamp_note_zone(struct timestamp_notes *notes, const char *name, size_t length)
{
	size_t i = 0;

	if (notes == NULL)
		return;
	if (length > LONGEST_NAME)
		length = LONGEST_NAME;
	(void)pthread_mutex_lock(&notes->lock);
	while (i < notes->zone_count && !is_name(notes->zones[i], name, length))
		i++;
	if (i == notes->zone_count && i < NAMES_MAX) {
		memcpy(notes->zones[i], name, length);
		notes->zone_count++;
	}
	(void)pthread_mutex_unlock(&notes->lock);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

void timestamp_notes_zones(struct timestamp_notes *notes, struct strbuf *out)
{
	if (notes == NULL)
		return;
	(void)pthread_mutex_lock(&notes->lock);
	qsort(notes->zones, notes->zone_count, sizeof(notes->zones[0]), compare_names);
	for (size_t i = 0; i < notes->zone_count; i++)
		strbuf_add_format(out, "%s'%s'", i > 0 ? ", " : "", notes->zones[i]);
	(void)pthread_mutex_unlock(&notes->lock);
}

/* The region of that name, added where it is new; NULL: there is no room. With the lock held. */
static const struct named_region *reach_region(
    struct timestamp_notes *notes, const char *name, size_t length)
{
	struct named_region *regions;

	for (size_t i = 0; i < notes->region_count; i++)
		if (is_name(notes->regions[i].name, name, length))
			return &notes->regions[i];
	if (notes->region_count == NAMES_MAX * 4)
		return NULL;
	regions = realloc(notes->regions, (notes->region_count + 1) * sizeof(*regions));
	if (regions == NULL)
		return NULL;
	notes->regions = regions;
	regions += notes->region_count++;
	*regions = (struct named_region){ .region = zone_region_new(name, length) };
	memcpy(regions->name, name, length);
	return regions;
}

bool timestamp_notes_region(struct timestamp_notes *notes, const char *name, size_t length,
    const struct civil *civil, int32_t *offset)
{
	const struct named_region *named;
	bool is_known;

	if (notes == NULL || length > LONGEST_NAME)
		return false;
	(void)pthread_mutex_lock(&notes->lock);
	named = reach_region(notes, name, length);
	is_known = named != NULL && named->region != NULL &&
	           zone_region_offset(named->region, civil, offset);
	(void)pthread_mutex_unlock(&notes->lock);
	return is_known;
}
