#ifndef JGANNOTATE_BASE_ZONE_H
#define JGANNOTATE_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A time zone and the calendar: from wall-clock time to milliseconds since 1970 and back.
 *
 * The process has one zone at a time (libc keeps it), chosen once before any thread
 * starts: that is what zone_choose does. A `struct zone` is a cache over it, one per thread.
 */

/* "Asia/Shanghai", "UTC", "+08:00", "-0330", "local" (what TZ or the system says). A name
 * the system does not know is an ERROR_USAGE, with a hint. To be called once, before other
 * threads start; without it the zone is the local one. */
bool zone_choose(const char *name, struct error *error);

/* The zone's name: "Asia/Shanghai", "UTC", an offset as "+0800"; for "local" what the system
 * calls it. Lives until zone_choose is called again. */
const char *zone_name(void);

/* The folder in which the system keeps its zones, or TZDIR. */
const char *zone_folder(void);

/* Whether that zone is one of the Americas: by its name, or by an offset from -10:00 to -02:00. */
bool zone_is_american(void);

/* A wall-clock time. */
struct civil {
	int year, month, day;     /* month and day from 1 */
	int hour, minute, second; /* second 60 is taken for 59 */
	int millisecond;
};

/* What was last looked up, so that neighbouring times need no libc. Begin with zeros; its
 * fields are zone.c's. */
struct zone {
	int64_t from, to; /* UTC seconds in which `offset` holds; from == to: nothing known */
	int64_t changed;  /* when the clocks changed last, if within a day before `from` */
	int32_t offset;   /* seconds east of UTC */
	int32_t before;   /* the offset before `changed`; `offset` where they did not change */
};

/* Seconds east of UTC at `seconds` (UTC). */
int32_t zone_offset(struct zone *zone, int64_t seconds);

/* Milliseconds since 1970 of a time on the zone's clocks. In the hour that a clock shows
 * twice it is the first; one that it skips counts on from before the gap. */
int64_t zone_to_utc(struct zone *zone, const struct civil *civil);

/* The same of a time whose offset is known. */
int64_t civil_to_utc(const struct civil *civil, int32_t offset);

/* What the clocks of an offset show at `time` (milliseconds). */
void civil_from_utc(int64_t time, int32_t offset, struct civil *civil);

/* Whether there is such a day and time: no 30 February, no hour 25. Second 60 is one. */
bool civil_is_valid(const struct civil *civil);

/* What the zone's clocks show at `time` (milliseconds). */
void zone_to_civil(struct zone *zone, int64_t time, struct civil *civil);

/* Start of the bucket of `seconds` length (not 0) that holds `time`, both in milliseconds,
 * counted from the zone's midnight, so that days begin at midnight and hours at the full
 * hour, also where the clocks change: a day has 23 or 25 hours then, and a bucket of six
 * hours five or seven. Where clocks are set back, buckets that are not longer than the
 * stretch shown twice come twice; longer ones hold both. A bucket ends at midnight, or, from
 * a day on, after so many days, counted from a Monday. `*end` is where the next one starts.
 * Of times in growing order the buckets grow. */
int64_t zone_bucket(struct zone *zone, int64_t time, uint32_t seconds, int64_t *end);

/* "2026-11-22T03:14:15+08:00", with ".123" where `with_milliseconds`; returns its length. */
#define ZONE_TEXT_MAX 40
size_t zone_format(
    struct zone *zone, int64_t time, bool with_milliseconds, char text[ZONE_TEXT_MAX]);

/* "+08:00"; returns its length. */
size_t zone_format_offset(int32_t offset, char text[ZONE_TEXT_MAX]);

/* Reads what zone_format writes, and the like: RFC 3339, with 1 to 9 digits of fraction, cut to
 * milliseconds, and `Z`. False when it is no such time. */
bool zone_parse(const char *text, int64_t *time);

/* Reads "+08:00" into seconds. */
bool zone_parse_offset(const char *text, int32_t *offset);

#endif
