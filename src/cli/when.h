#ifndef JGANNOTATE_CLI_WHEN_H
#define JGANNOTATE_CLI_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Times and durations as they are typed. Days and hours are the zone's, which must have
 * been chosen. An error is an ERROR_USAGE that names the text; its hint says what is taken.
 */

/* The argument of --since and --until, in milliseconds since 1970:
 *
 *     2026-11-22T03:14:15+08:00   RFC 3339; Z, a fraction
 *     2026-11-22 03:14:15         blank or T; seconds or all of the time may be left out
 *     03:14  03:14:15             of today, or yesterday where that is still to come
 *     today  yesterday            their midnight
 *     now
 *     10m  2h  3d  1w  1h30m      so long before `now`; also with a - in front: days are
 *                                 of 24 hours
 *     1795288455                  epoch seconds, or milliseconds
 *
 * `now` is in milliseconds. Where clocks change, a time is what zone_to_utc says. */
bool when_parse(const char *text, int64_t now, int64_t *milliseconds, struct error *error);

/* Whether a time that when_parse takes is so long before `now`, or `now` itself. */
bool when_is_relative(const char *text);

/* Where the quarter of an hour begins that holds `time`, in milliseconds. */
int64_t when_quarter(int64_t time);

/* Whether a quarter of an hour begins then, by which a database counts; CLOCK_UNKNOWN: none need.
 * `option` is the one that asked for it. */
bool when_check_quarter(const char *option, int64_t time, struct error *error);

/* Whether a text that when_parse takes stands for a time on the zone's clocks: in another zone it
 * is another. Not so what names an offset, counts from 1970 or back from now. */
bool when_is_on_clocks(const char *text);

/* SINCE..UNTIL, two times with two dots between them, in quarters of an hour where they are
 * relative. Returns false, with no error, when there are no dots; else `*valid` is whether both are
 * times, in this order (else `error`). */
bool when_parse_window(const char *text, int64_t now, int64_t *since, int64_t *until, bool *valid,
    struct error *error);

/* Whole days, as 7d or 1w, at most a year; 0: it is no such thing. */
unsigned when_parse_days(const char *text);

/* The same time on the zone's clocks, so many days before. */
int64_t when_days_before(int64_t time, unsigned days);

/* How many days a window takes on the zone's clocks, a part of one counted as a whole; at least 1,
 * at most 100,000. */
unsigned when_days_of(int64_t since, int64_t until);

/* A duration: 30s, 1m, 15m, 1h, 1h30m, 1d, 1w; from a second to a year. */
bool when_parse_duration(const char *text, uint32_t *seconds, struct error *error);

/* The argument of --bucket: a duration by which a day can be divided, or whole days up to a
 * week. */
bool when_parse_bucket(const char *text, uint32_t *seconds, struct error *error);

#endif
