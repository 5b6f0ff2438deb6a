#ifndef JGANNOTATE_TIME_TIMESTAMP_H
#define JGANNOTATE_TIME_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/zone.h"
#include "time/timestamp_notes.h"

/*
 * The time stamp of a line: the first one whose hour stands in the line's first TIMESTAMP_REACH
 * bytes. But where a record begins there, JSON or its like in any spelling of quotes (spelling.h),
 * and no stamp stands in front of it: the one at the very beginning of its text (`log`, `message`,
 * `msg`, `MESSAGE`); else a member of its own, wherever in the line: one of the rule's keys, else
 * one that loggers name (timestamp_member.c); else that of the record that its text is. A date
 * deeper in is never the line's. Recognised are a date and a time:
 *
 *     2026-11-22T03:14:15.123456+08:00   T, a blank or _; -, / or . in the date; 20261122
 *     2026-11-22 03:14:15,123            fraction of any length behind . or ,
 *     20261122T031415Z
 *     2026年11月22日 03时14分15秒          also 03:14:15, 下午3:14:15
 *     26/11/22 03:14:15                  log4j's yy/MM/dd
 *     [22/Nov/2026:03:14:15 +0800]       nginx, Apache; also 22 Nov 2026, 22-Nov-2026,
 *                                        2026-Nov-22, 2026 Nov 22, 22.11.2026
 *     Nov 22, 2026 3:14:15 PM            clocks of twelve hours, in any of these
 *     22/11/2026 03:14:15                also 11/22/2026 and with -, in the order that the input's
 *                                        dates show: where one number is above 12
 *     Nov 22 03:14:15                    syslog; also Nov 22 2026, and a year behind the time
 *     11-22 03:14:15.123                 Android
 *     I1122 03:14:15.123456              klog, glog; also I20261122
 *     1795288455.123                     at the line's head; also fluent-bit's and auditd's
 *     {"ts":1795288455.123}              seconds, milli-, micro- or nanoseconds, told apart by
 *                                        size, in the years 2000 to 2100; or one of these as text
 *     03:14:15                           at the line's head, where the day is certain
 *
 * with a zone (Z, +08:00, +0800, +08, UTC, GMT+8, Asia/Shanghai, some abbreviations) or else of
 * the zone's clocks. Days and hours that do not exist are no stamps; nor are years before 1970 and
 * from 2200 on.
 */
#define TIMESTAMP_REACH 128u

/* How a stamp says in what zone it stands. */
enum timestamp_zone {
	TIMESTAMP_ZONE_NONE,    /* not at all: on the clocks of the zone that was chosen */
	TIMESTAMP_ZONE_UTC,     /* Z; or it counts from 1970 */
	TIMESTAMP_ZONE_NUMERIC, /* +08:00, +0800, +08, UTC+8 */
	TIMESTAMP_ZONE_NAMED,   /* UTC, CST, Asia/Shanghai */
};

/* Whether what stands further right in the line may tell another time. */
enum timestamp_hold {
	TIMESTAMP_HOLDS,
	TIMESTAMP_HOLDS_BUT_FOR_TEXT, /* a record's text may, but nothing else */
	TIMESTAMP_MAY_CHANGE,
};

/* What was read. */
struct timestamp {
	int64_t time;   /* milliseconds since 1970 */
	int32_t offset; /* seconds east of UTC that its zone stands for; 0 where it has none */
	enum timestamp_zone zone;
	bool is_lost; /* there is a stamp, but its time cannot be known: its zone, or which of its
	               * numbers is the day */
	enum timestamp_hold hold;
};

/*
 * What the stamps of a log say of their zones, taken together: nothing yet, all the same, or
 * unlike. The order in which they come makes no difference, nor how they are split: what two
 * halves give, joined, is what the whole gives. A value; zeros are STAMP_ZONES_NONE.
 */
enum stamp_zones_state {
	STAMP_ZONES_NONE, /* no stamp was seen */
	STAMP_ZONES_ONE,
	STAMP_ZONES_UNLIKE,
};

struct stamp_zones {
	enum stamp_zones_state state;
	enum timestamp_zone zone; /* STAMP_ZONES_ONE only, like the next */
	int32_t offset;
};

static inline void stamp_zones_join(struct stamp_zones *zones, const struct stamp_zones *other)
{
	if (zones->state == STAMP_ZONES_NONE)
		*zones = *other;
	else if (other->state != STAMP_ZONES_NONE &&
	         (other->state != zones->state || other->zone != zones->zone ||
	             other->offset != zones->offset))
		*zones = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
}

static inline struct stamp_zones stamp_zones_of(const struct timestamp *stamp)
{
	return (struct stamp_zones){ STAMP_ZONES_ONE, stamp->zone, stamp->offset };
}

/* The same where only offsets that are numbers are told apart: any other zone is unlike. */
static inline struct stamp_zones stamp_zones_of_offset(const struct timestamp *stamp)
{
	return stamp->zone == TIMESTAMP_ZONE_NUMERIC
	           ? stamp_zones_of(stamp)
	           : (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
}

/* Which comes first in dates like 05/06/2026. */
enum timestamp_order {
	TIMESTAMP_ORDER_OPEN, /* nothing shows it */
	TIMESTAMP_ORDER_DAY,
	TIMESTAMP_ORDER_MONTH,
	TIMESTAMP_ORDER_MIXED, /* both are met */
};

/* What is configured, and what is known of an input. A value; for any number of threads as long as
 * they only read stamps, or have one each. */
struct timestamp_rule {
	const char *format; /* borrowed; NULL: the stamps above */
	char *const *keys;  /* of timestamp_rule_set_keys; borrowed */
	size_t key_count;
	uint64_t names; /* which names may be of time members: a filter */
	bool format_has_year;
	bool format_has_offset;
	bool format_has_zone; /* %Z */
	bool format_is_epoch; /* %s */
	char format_first; /* what it begins with: '0' a digit, another sign itself, 0 anything */
	bool is_american;  /* CST is that of America */
	struct timestamp_notes
	    *notes;     /* borrowed; may be NULL: nothing is noted, no region known */
	bool is_silent; /* nothing is noted of times that are not known */

	/* Returns the time in milliseconds; to be set for timestamp_rule_refer_now. */
	int64_t (*now)(void *context);
	void *now_context;

	/* of the input */
	bool moves;        /* the reference is the clock */
	int64_t reference; /* when the input was last changed, or now */
	int64_t latest;    /* no stamp without a year is later than this: wall-clock milliseconds */
	int latest_year;   /* its year */
	enum timestamp_order order;
	bool is_settled;  /* nothing more is to be learned of the order */
	bool is_live;     /* a time without a day is the latest one before the reference */
	struct civil day; /* of a time without a day; its year is 0 where that is not certain */
};

/* `format` (NULL: none) is a pattern of strptime: then stamps of this kind are the only ones,
 * at the beginning of a token in a line's first 256 bytes; a fraction and a zone may follow.
 * One that names no day is an ERROR_USAGE. `reference` is when the file was last changed, or
 * now: a stamp without a year has the last year in which it does not lie more than a day
 * after it. The zone's is the calendar for that. */
bool timestamp_rule_init(struct timestamp_rule *rule, const char *format, int64_t reference,
    struct zone *zone, struct error *error);

/* Names of members of records that tell the time and go before the usual names: `ts`, or
 * `event.time` where it is in an object. They are borrowed. ERROR_USAGE for what is no name. */
bool timestamp_rule_set_keys(
    struct timestamp_rule *rule, char *const *keys, size_t count, struct error *error);

/* Seconds east of UTC as which it reads CST. */
static inline int32_t timestamp_rule_cst(const struct timestamp_rule *rule)
{
	return (rule->is_american ? -6 : 8) * 3600;
}

/* Another input, another reference. What is known of the one before is forgotten. */
void timestamp_rule_refer(struct timestamp_rule *rule, int64_t reference, struct zone *zone);

/* The same for an input that is written while it is read: the reference goes on with the clock. */
void timestamp_rule_refer_now(struct timestamp_rule *rule, struct zone *zone);

/* Then: the input's path. A date in its name is the day of times without one, but for that of a
 * rotation (api.log-20261122), or one that is later than the reference. */
void timestamp_rule_name(struct timestamp_rule *rule, const char *path, struct zone *zone);

/* Then, where the input's head is known before it is read: whole lines of its head. Else the
 * first piece shows it. */
void timestamp_rule_learn(struct timestamp_rule *rule, const char *data, size_t length);

/* Before the lines of a piece are read: the reference follows the clock, and the piece shows the
 * order of dates and whether it was written just now, as far as that is not known yet. */
void timestamp_rule_begin_piece(
    struct timestamp_rule *rule, struct zone *zone, const char *data, size_t length);

/* The stamp of the line of `length` bytes, any bytes. Returns false when it has none; then
 * of `*stamp` only `is_lost` is of use. */
bool timestamp_read(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    size_t length, struct timestamp *stamp);

/* Whether the text of a record, with a stamp at its beginning, may stand in this rest of a line. No
 * is certain. */
bool timestamp_may_follow(const char *at, const char *end);

#endif
