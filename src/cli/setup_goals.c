/*
 * Owns the reading of what a run is judged by: thresholds and the report of before. Must
 * not know how it ends.
 */
#include <string.h>
#include <unistd.h>

#include "base/now.h"
#include "cli/setup_parts.h"
#include "cli/when.h"
#include "match/standing.h"
#include "report/baseline.h"

const char *setup_label(const struct setup *setup, const struct options *options)
{
	return options->label != NULL ? options->label : setup->host;
}

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
	setup->verdict =
	    verdict_new(setup->catalog, setup->errors, options->min_responses, error);
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
	setup->before_window = (struct window){ CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, false, true };
	setup->before = report_file_read(options->baseline, &lookup, error);
	return setup->before != NULL &&
	    baseline_check(options->baseline, report_file_summary(setup->before), options->errors,
		error);
}

bool setup_goals(struct setup *setup, const struct options *options, struct error *error)
{
	setup->before_window = (struct window){ CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, false, true };
	if (gethostname(setup->host, sizeof(setup->host) - 1) != 0)
		strcpy(setup->host, "localhost");
	return make_verdict(setup, options, error) && read_baseline(setup, options, error);
}
