/*
 * Owns the reading of the options on time and groups. Must not know what is counted by them.
 */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/now.h"
#include "base/zone.h"
#include "cli/setup_parts.h"
#include "cli/when.h"

/* For stamps without a year, which are judged when they are read. */
static int64_t now(void *context)
{
	(void)context;
	return now_milliseconds();
}

/* Puts the option in front of a message that does not name it. */
static bool name_option(struct error *error, const char *option)
{
	char text[sizeof(error->text)];

	(void)snprintf(text, sizeof(text), "%s", error->text);
	(void)snprintf(error->text, sizeof(error->text), "%s: %.*s", option,
	    (int)(sizeof(error->text) - 24), text);
	return false;
}

/* A time so long ago is of no quarter of an hour, by which a database counts: of the one that holds
 * it. What was typed to the minute is left as it is. */
static void round_down(struct setup *setup, const char *text, int64_t *time)
{
	if (!when_is_relative(text) || *time == when_quarter(*time))
		return;
	*time = when_quarter(*time);
	setup->is_rounded = true;
}

static bool read_time(struct setup *setup, const struct options *options, const char *option,
    const char *text, int64_t *time, struct error *error)
{
	*time = CLOCK_UNKNOWN;
	if (text == NULL)
		return true;
	if (!when_parse(text, setup->now, time, error))
		return name_option(error, option);
	if (options->db != NULL)
		round_down(setup, text, time);
	return true;
}

/* --since last: up to --until, but never to what is still to come, since nobody could tell of what
 * comes in it later. Where it begins is in the database. */
static bool read_since_last(struct setup *setup, const struct options *options, struct error *error)
{
	struct window *window = &setup->window;
	int64_t end = when_quarter(setup->now);

	if (options->db == NULL)
		return error_set(error, ERROR_USAGE,
		    "--since last is where the last report ended, as a database knows it: it goes "
		    "with --db");
	if (options->follow)
		return error_set(error, ERROR_USAGE,
		    "--since last is for a run that ends: it does not go with -F");
	setup->since_last = true;
	window->since = CLOCK_UNKNOWN;
	if (!read_time(setup, options, "--until", options->until, &window->until, error))
		return false;
	if (window->until > end)
		message_print(
		    "--until '%s' is still to come: reported is up to now", options->until);
	if (window->until == CLOCK_UNKNOWN || window->until > end)
		window->until = end;
	return true;
}

static bool read_since(struct setup *setup, const struct options *options, struct error *error)
{
	struct window *window = &setup->window;

	if (options->since != NULL && strcmp(options->since, "last") == 0)
		return read_since_last(setup, options, error);
	if (!read_time(setup, options, "--since", options->since, &window->since, error) ||
	    !read_time(setup, options, "--until", options->until, &window->until, error))
		return false;
	return window->since == CLOCK_UNKNOWN || window->until == CLOCK_UNKNOWN ||
	       window->since <= window->until ||
	       error_set(error, ERROR_USAGE, "--since '%s' is after --until '%s'", options->since,
	           options->until);
}

static bool read_window(struct setup *setup, const struct options *options, struct error *error)
{
	setup->now = now_milliseconds();
	if (!read_since(setup, options, error))
		return false;
	return options->bucket == NULL ||
	       when_parse_bucket(options->bucket, &setup->window.bucket_seconds, error) ||
	       name_option(error, "--bucket");
}

/* The same clocks in the zone of `offset`. */
static int64_t moved(int64_t time, bool is_on_clocks, int32_t offset)
{
	struct zone zone = { 0 };
	int64_t seconds = time / 1000;

	return time == SUMMARY_NO_TIME || !is_on_clocks
	           ? time
	           : time + ((int64_t)zone_offset(&zone, seconds) - offset) * 1000;
}

/* Whether in a zone of this offset some of what was outside would not be. */
static bool fits(const struct options *options, const struct summary *summary, int32_t offset)
{
	bool moves = summary->time.outside_zones.zone == TIMESTAMP_ZONE_NONE;
	int64_t first = moved(summary->time.outside_first, moves, offset);
	int64_t last = moved(summary->time.outside_last, moves, offset);
	int64_t since = moved(summary->time.since,
	    options->since != NULL && when_is_on_clocks(options->since), offset);
	int64_t until = moved(summary->time.until,
	    options->until != NULL && when_is_on_clocks(options->until), offset);

	return (since == SUMMARY_NO_TIME || last >= since) &&
	       (until == SUMMARY_NO_TIME || first < until);
}

void setup_fit_zone(const struct options *options, struct summary *summary)
{
	/* of clocks on which a log is written whose stamps name no zone */
	static const int32_t usual[] = { 0, 8 * 3600 };
	const struct stamp_zones *zones = &summary->time.outside_zones;
	size_t count = sizeof(usual) / sizeof(usual[0]);
	const int32_t *offsets = usual;

	if (summary->hits > 0 || zones->state != STAMP_ZONES_ONE)
		return;
	if (zones->zone != TIMESTAMP_ZONE_NONE) {
		offsets = &zones->offset;
		count = 1;
	}
	for (size_t i = 0; i < count; i++) {
		if (!fits(options, summary, offsets[i]))
			continue;
		if (offsets[i] == 0)
			memcpy(summary->time.fitting_zone, "UTC", sizeof("UTC"));
		else
			(void)zone_format_offset(offsets[i], summary->time.fitting_zone);
		return;
	}
}

bool setup_times(struct setup *setup, const struct options *options, struct error *error)
{
	struct zone zone = { 0 };

	if (!zone_choose(options->zone == NULL ? "local" : options->zone, error))
		return name_option(error, "--tz");
	setup->window.keeps_zone = options->zone != NULL || options->since != NULL ||
	    options->until != NULL || options->bucket != NULL || options->db != NULL;
	if (!read_window(setup, options, error))
		return false;
	if (!timestamp_rule_init(&setup->stamps, options->time_format, setup->now, &zone, error))
		return name_option(error, "--time-format");
	setup->notes = timestamp_notes_new(error);
	if (setup->notes == NULL)
		return false;
	setup->stamps.notes = setup->notes;
	setup->stamps.now = now;
	if (options->every != NULL && !when_parse_duration(options->every, &setup->every, error))
		return name_option(error, "--every");
	setup->has_by = options->by != NULL;
	if (setup->has_by && !field_rule_init(&setup->by, options->by,
				 matcher_has_group(setup->matcher), error))
		return false;
	if (setup->has_by && setup->by.kind == FIELD_LABEL && !options->merge)
		return error_set(error, ERROR_USAGE,
		    "--by label groups merged reports: it goes with --merge");
	return true;
}
