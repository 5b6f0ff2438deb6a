/*
 * Owns the reading of what a run is judged by: thresholds and the report of before. Must
 * not know how it ends.
 */
#include <string.h>
#include <unistd.h>

#include "cli/setup_parts.h"
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

bool setup_goals(struct setup *setup, const struct options *options, struct error *error)
{
	struct report_lookup lookup = { setup->catalog, standing_reason_zh };

	if (gethostname(setup->host, sizeof(setup->host) - 1) != 0)
		strcpy(setup->host, "localhost");
	if (!make_verdict(setup, options, error))
		return false;
	if (options->baseline == NULL)
		return true;
	setup->before = report_file_read(options->baseline, &lookup, error);
	return setup->before != NULL &&
	    baseline_check(options->baseline, report_file_summary(setup->before), options->errors,
		error);
}
