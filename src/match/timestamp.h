#ifndef JGANNOTATE_MATCH_TIMESTAMP_H
#define JGANNOTATE_MATCH_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/zone.h"

/*
 * The time stamp of a line: the first one whose hour stands in the line's first
 * TIMESTAMP_REACH bytes, else that of a JSON member. Recognised are a date and a time:
 *
 *     2026-11-22T03:14:15.123456+08:00   T or a blank; -, / or . in the date; 20261122
 *     2026-11-22 03:14:15,123            fraction of any length behind . or ,
 *     26/11/22 03:14:15                  log4j's yy/MM/dd
 *     [22/Nov/2026:03:14:15 +0800]       nginx, Apache; also 22 Nov 2026, 22-Nov-2026
 *     Nov 22 03:14:15                    syslog; also Nov 22 2026, and a year behind the time
 *     11-22 03:14:15.123                 Android
 *     {"ts":1795288455.123}              a member ts, time, timestamp or @timestamp of an object
 *                                        that begins in those first bytes: epoch seconds (also
 *                                        milli-, micro-, nanoseconds), or one of the above as text
 *
 * with an offset (Z, +08:00, +0800, +08, UTC) or else of the zone's clocks. Days and hours
 * that do not exist are no stamps; nor are years before 1970 and from 2200 on.
 */
#define TIMESTAMP_REACH 128u

/* How a stamp says in what zone it stands. */
enum timestamp_zone {
	TIMESTAMP_ZONE_NONE,    /* not at all: on the clocks of the zone that was chosen */
	TIMESTAMP_ZONE_UTC,     /* Z; or it counts from 1970 */
	TIMESTAMP_ZONE_NUMERIC, /* +08:00, +0800, +08, UTC+8 */
	TIMESTAMP_ZONE_NAMED,   /* UTC, CST, Asia/Shanghai */
};

/* What was read. */
struct timestamp {
	int64_t time;   /* milliseconds since 1970 */
	int32_t offset; /* seconds east of UTC that its zone stands for; 0 where it has none */
	enum timestamp_zone zone;
};

/* What is configured. A value, the same for all lines of a file; after it was made only
 * read, by any number of threads. */
struct timestamp_rule {
	const char *format;   /* borrowed; NULL: the stamps above */
	bool format_has_year;
	bool format_has_offset;
	int64_t latest;  /* no stamp without a year is later than this: wall-clock milliseconds */
	int latest_year; /* its year */
};

/* `format` (NULL: none) is a pattern of strptime: then stamps of this kind are the only ones,
 * at the line's start or behind leading blanks and `[`; a fraction and an offset may follow.
 * One that names no day is an ERROR_USAGE. `reference` is when the file was last changed, or
 * now: a stamp without a year has the last year in which it does not lie more than a day
 * after it. The zone's is the calendar for that. */
bool timestamp_rule_init(struct timestamp_rule *rule, const char *format, int64_t reference,
    struct zone *zone, struct error *error);

/* Another file, another reference. */
void timestamp_rule_refer(struct timestamp_rule *rule, int64_t reference, struct zone *zone);

/* The stamp of the line of `length` bytes, any bytes. Returns false when it has none; then
 * `*stamp` holds nothing of use. */
bool timestamp_read(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    size_t length, struct timestamp *stamp);

#endif
