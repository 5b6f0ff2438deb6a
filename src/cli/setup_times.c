/*
 * Owns the reading of the options on time and groups. Must not know what is counted by them.
 */
#include <stdio.h>
#include <time.h>

#include "base/zone.h"
#include "cli/setup_parts.h"
#include "cli/when.h"

static int64_t now(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
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

static bool read_time(
    const char *option, const char *text, int64_t *time, struct error *error)
{
	*time = CLOCK_UNKNOWN;
	return text == NULL || when_parse(text, now(), time, error) || name_option(error, option);
}

static bool read_window(struct window *window, const struct options *options, struct error *error)
{
	if (!read_time("--since", options->since, &window->since, error) ||
	    !read_time("--until", options->until, &window->until, error))
		return false;
	if (window->since != CLOCK_UNKNOWN && window->until != CLOCK_UNKNOWN &&
	    window->since > window->until)
		return error_set(error, ERROR_USAGE,
		    "--since '%s' is after --until '%s'",
		    options->since, options->until);
	if (options->bucket != NULL &&
	    !when_parse_bucket(options->bucket, &window->bucket_seconds, error))
		return name_option(error, "--bucket");
	return true;
}

bool setup_times(struct setup *setup, const struct options *options, struct error *error)
{
	struct zone zone = { 0 };

	if (!zone_choose(options->zone == NULL ? "local" : options->zone, error))
		return name_option(error, "--tz");
	if (!read_window(&setup->window, options, error))
		return false;
	if (!timestamp_rule_init(&setup->stamps, options->time_format, now(), &zone, error))
		return name_option(error, "--time-format");
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
