/*
 * Owns the building of objects from options: what codes there are, how they are found, what times
 * and groups they are counted by, what the run is judged by. All is checked here before any input
 * is read. Must not know inputs, outputs or what the objects are used for.
 *
 * The catalog comes first, since all that names codes is looked up in it; for --merge the codes of
 * the reports are in it, too. Then the zone, in which times are read.
 */
#include "cli/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/now.h"
#include "base/zone.h"
#include "cli/option_hints.h"
#include "cli/when.h"
#include "match/standing.h"
#include "report/baseline.h"
#include "tally/count.h"

/* ---- codes, and how they are found ---- */

/* Loads the colon-separated files of JGANNOTATE_CATALOG. */
static bool load_from_environment(struct catalog *catalog, struct error *error)
{
	const char *list = getenv("JGANNOTATE_CATALOG");

	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, ":");
		char *path;
		bool loaded;

		if (length > 0) {
			path = strndup(list, length);
			if (path == NULL)
				return error_set_memory(error);
			loaded = catalog_load(catalog, path, error);
			free(path);
			if (!loaded)
				return false;
		}
		list += length;
		list += *list == ':';
	}
	return true;
}

static bool fill_catalog(struct setup *setup, const struct options *options, struct error *error)
{
	memset(setup, 0, sizeof(*setup));
	setup->catalog = catalog_new(error);
	if (setup->catalog == NULL || !catalog_add_builtin(setup->catalog, error) ||
	    !load_from_environment(setup->catalog, error))
		return false;
	for (size_t i = 0; i < options->catalogs.count; i++)
		if (!catalog_load(setup->catalog, options->catalogs.items[i], error)) {
			const char *hint = option_hint("-c", options->catalogs.items[i]);

			if (error->kind == ERROR_USAGE && hint != NULL)
				(void)error_hint(error, "%s", hint);
			return false;
		}
	return true;
}

bool setup_init_catalog(struct setup *setup, const struct options *options, struct error *error)
{
	return fill_catalog(setup, options, error) && catalog_freeze(setup->catalog, error);
}

static bool make_selections(struct setup *setup, const struct options *options, struct error *error)
{
	setup->errors = options->errors == NULL ? selection_new_errors(setup->catalog, error)
	                                        : selection_new("--errors", options->errors,
	                                              setup->catalog, NULL, error);
	if (setup->errors == NULL)
		return false;
	if (options->only == NULL)
		return true;
	setup->only = selection_new("--only", options->only, setup->catalog, setup->errors, error);
	return setup->only != NULL;
}

static bool make_matcher(struct setup *setup, const struct options *options, struct error *error)
{
	struct matcher_options wanted = { .keys = &setup->keys,
		.patterns = options->patterns.items,
		.pattern_count = options->patterns.count,
		.where = options->where,
		.group = options->by };
	bool made = options->keys.count == 0 ? key_set_init(&setup->keys, error)
	                                     : key_set_init_from(&setup->keys, options->keys.items,
	                                           options->keys.count, error);

	if (!made)
		return false;
	/* patterns stand in place of the usual keys, but beside keys that were asked for */
	if (options->patterns.count > 0 && options->keys.count == 0)
		wanted.keys = NULL;
	setup->matcher = matcher_new(&wanted, setup->catalog, error);
	return setup->matcher != NULL;
}

/* ---- times and groups ---- */

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

static bool make_times(struct setup *setup, const struct options *options, struct error *error)
{
	struct zone zone = { 0 };

	if (!zone_choose(options->zone == NULL ? "local" : options->zone, error))
		return name_option(error, "--tz");
	setup->window.keeps_zone = options->zone != NULL || options->since != NULL ||
	                           options->until != NULL || options->bucket != NULL ||
	                           options->db != NULL;
	if (!read_window(setup, options, error))
		return false;
	if (!timestamp_rule_init(&setup->stamps, options->time_format, setup->now, &zone, error))
		return name_option(error, "--time-format");
	if (!timestamp_rule_set_keys(
	        &setup->stamps, options->time_keys.items, options->time_keys.count, error))
		return name_option(error, "--time-key");
	setup->notes = timestamp_notes_new(error);
	if (setup->notes == NULL)
		return false;
	setup->stamps.notes = setup->notes;
	setup->stamps.now = now;
	if (options->every != NULL && !when_parse_duration(options->every, &setup->every, error))
		return name_option(error, "--every");
	setup->has_by = options->by != NULL;
	if (setup->has_by &&
	    !field_rule_init(&setup->by, options->by, matcher_has_group(setup->matcher), error))
		return false;
	if (setup->has_by && setup->by.kind == FIELD_LABEL && !options->merge)
		return error_set(
		    error, ERROR_USAGE, "--by label groups merged reports: it goes with --merge");
	return true;
}

/* ---- what the run is judged by ---- */

static bool add_thresholds(struct verdict *verdict, const struct options_list *list,
    enum verdict_state level, struct error *error)
{
	for (size_t i = 0; i < list->count; i++)
		if (!verdict_add(verdict, level, list->items[i], error))
			return false;
	return true;
}

static bool make_verdict(struct setup *setup, const struct options *options, struct error *error)
{
	if (!options_have_threshold(options))
		return true;
	setup->verdict = verdict_new(setup->catalog, setup->errors, options->min_responses, error);
	return setup->verdict != NULL &&
	       add_thresholds(setup->verdict, &options->warnings, VERDICT_WARNING, error) &&
	       add_thresholds(setup->verdict, &options->criticals, VERDICT_CRITICAL, error);
}

/* The window or the days of the database that --baseline names. Returns false when it is neither:
 * a report's file. */
static bool read_stretch(
    struct setup *setup, const struct options *options, bool *valid, struct error *error)
{
	struct window *window = &setup->before_window;

	if (strchr(options->baseline, '/') != NULL || access(options->baseline, F_OK) == 0)
		return false;
	setup->before_days = when_parse_days(options->baseline);
	*valid = setup->before_days > 0;
	if (!*valid && !when_parse_window(options->baseline, now_milliseconds(), &window->since,
	                   &window->until, valid, error))
		return false;
	if (*valid && options->db == NULL)
		*valid = error_set(error, ERROR_USAGE,
		    "--baseline %s: times of before are in a database: it goes with --db; or it "
		    "names a report's file",
		    options->baseline);
	return true;
}

static bool read_baseline(struct setup *setup, const struct options *options, struct error *error)
{
	struct report_lookup lookup = { setup->catalog, standing_reason_zh };
	bool valid;

	if (options->baseline == NULL)
		return true;
	if (read_stretch(setup, options, &valid, error))
		return valid;
	setup->before = report_read(options->baseline, &lookup, error);
	return setup->before != NULL &&
	       baseline_check(options->baseline, setup->before, options->errors, error);
}

static bool make_goals(struct setup *setup, const struct options *options, struct error *error)
{
	setup->before_window = (struct window){ CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, false, true };
	if (gethostname(setup->host, sizeof(setup->host) - 1) != 0)
		strcpy(setup->host, "localhost");
	return make_verdict(setup, options, error) && read_baseline(setup, options, error);
}

/* ---- all of it ---- */

bool setup_init(struct setup *setup, const struct options *options, struct error *error)
{
	if (!setup_init_catalog(setup, options, error))
		return false;
	return (make_selections(setup, options, error) && make_matcher(setup, options, error) &&
	           make_times(setup, options, error) && make_goals(setup, options, error)) ||
	       options_refuse(error);
}

bool setup_init_merged(struct setup *setup, const struct options *options,
    const struct summary *summary, struct error *error)
{
	struct options merged = *options;

	/* what counted as an error in the reports still does */
	if (merged.errors == NULL)
		merged.errors = summary->errors_list;
	if (!fill_catalog(setup, options, error) ||
	    !merge_fill_catalog(summary, setup->catalog, error) ||
	    !catalog_freeze(setup->catalog, error))
		return false;
	return (make_selections(setup, &merged, error) && make_goals(setup, &merged, error)) ||
	       options_refuse(error);
}

void setup_release(struct setup *setup)
{
	summary_free(setup->before);
	verdict_free(setup->verdict);
	matcher_free(setup->matcher);
	timestamp_notes_free(setup->notes);
	key_set_release(&setup->keys);
	selection_free(setup->only);
	selection_free(setup->errors);
	catalog_free(setup->catalog);
	memset(setup, 0, sizeof(*setup));
}

/* ---- for a database ---- */

static bool check_bucket(
    const struct setup *setup, const struct options *options, struct error *error)
{
	struct zone zone = { 0 };

	if (setup->window.bucket_seconds == 0)
		return true;
	if (setup->window.bucket_seconds * INT64_C(1000) % COUNT_QUARTER_MILLISECONDS != 0)
		return error_set(error, ERROR_USAGE,
		    "--bucket %s: a database counts by quarters of an hour: 15m, 30m, 1h, 1d",
		    options->bucket);
	if (zone_offset(&zone, setup->now / 1000) % (int32_t)(COUNT_QUARTER_MILLISECONDS / 1000) !=
	    0)
		return error_set(error, ERROR_USAGE,
		    "--bucket: in zone %s no bucket begins at a quarter of an hour in UTC, by "
		    "which a database counts: another --tz",
		    zone_name());
	return true;
}

static bool check_baseline(
    const struct setup *setup, const struct options *options, struct error *error)
{
	if (setup->before_days > 0 &&
	    ((setup->window.since == CLOCK_UNKNOWN && !setup->since_last) ||
	        setup->window.until == CLOCK_UNKNOWN))
		return error_set(error, ERROR_USAGE,
		    "--baseline %s compares with the same window on the days before: say which "
		    "one with --since and --until",
		    options->baseline);
	return when_check_quarter("--baseline", setup->before_window.since, error) &&
	       when_check_quarter("--baseline", setup->before_window.until, error);
}

bool setup_count_quarters(struct setup *setup, const struct options *options, struct error *error)
{
	if (!when_check_quarter("--since", setup->window.since, error) ||
	    !when_check_quarter("--until", setup->window.until, error) ||
	    !check_bucket(setup, options, error) || !check_baseline(setup, options, error))
		return options_refuse(error);
	setup->window = (struct window){ CLOCK_UNKNOWN, CLOCK_UNKNOWN,
		COUNT_QUARTER_MILLISECONDS / 1000, true, true };
	return true;
}

/* ---- for reports ---- */

bool setup_compare(const struct setup *setup, const struct options *options,
    struct summary *summary, struct error *error)
{
	if (setup->before == NULL)
		return true;
	summary->baseline = baseline_new(options->baseline, setup->before, summary, error);
	return summary->baseline != NULL;
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

	if (summary->hit_count > 0 || zones->state != STAMP_ZONES_ONE)
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
