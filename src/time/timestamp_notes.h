#ifndef JGANNOTATE_TIME_TIMESTAMP_NOTES_H
#define JGANNOTATE_TIME_TIMESTAMP_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "base/zone.h"

/*
 * What the reading of stamps met that its user should know, each once; and the regions that
 * stamps named. Shared by all threads of a run, and by all rules.
 */
struct timestamp_notes;

enum timestamp_note {
	TIMESTAMP_NOTE_ORDER,   /* a day and a month of which each may be the other: no time */
	TIMESTAMP_NOTE_NO_DAY,  /* a time without a day, and the day is not certain: no time */
	TIMESTAMP_NOTE_CST,     /* CST was read */
	TIMESTAMP_NOTE_TRIED,   /* the format or the keys were looked for, */
	TIMESTAMP_NOTE_MATCHED, /* and found */
	TIMESTAMP_NOTE_COUNT
};

/* NULL (and `error`) when there is no memory. */
struct timestamp_notes *timestamp_notes_new(struct error *error);
void timestamp_notes_free(struct timestamp_notes *notes); /* NULL is allowed */

/* `notes` may be NULL: then nothing is noted. */
void timestamp_note(struct timestamp_notes *notes, enum timestamp_note note);
bool timestamp_noted(const struct timestamp_notes *notes, enum timestamp_note note);

/* A zone was named whose offset is not known. */
void timestamp_note_zone(struct timestamp_notes *notes, const char *name, size_t length);

/* Adds the first few of these, as 'IST', 'BRT', in the order of their names; nothing where there
 * are none. */
void timestamp_notes_zones(struct timestamp_notes *notes, struct strbuf *out);

/* The offset of a region when its clocks showed `civil`; false: not known, or `notes` is NULL. */
bool timestamp_notes_region(struct timestamp_notes *notes, const char *name, size_t length,
    const struct civil *civil, int32_t *offset);

#endif
