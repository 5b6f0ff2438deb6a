/*
 * Owns a run over reports in place of logs. Must not know how they are read or added.
 */
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "match/standing.h"
#include "report/baseline.h"
#include "report/merge.h"

/* The zone that was asked for, if one was, else the reports'. */
static bool read_reports(const struct options *options, const struct catalog *catalog,
    struct merge **merge, struct error *error)
{
	struct merge_options wanted = { .version = JGANNOTATE_VERSION,
		.label = options->label,
		.by_label = options->by != NULL,
		.choose_zone = options->zone == NULL,
		.keeps_zone = options->zone != NULL,
		.lookup = { catalog, standing_reason_zh } };

	if (options->by != NULL && strcmp(options->by, "label") != 0)
		return error_set(error, ERROR_USAGE,
		    "--by %s: merged reports are grouped by label; other groups are added up as "
		    "the reports have them",
		    options->by);
	if (!zone_choose(options->zone == NULL ? "local" : options->zone, error))
		return false;
	*merge = merge_read((const char *const *)options->operands.items, options->operands.count,
	    &wanted, error);
	return *merge != NULL;
}

static bool compare(struct run *run, struct merge *merge, struct error *error)
{
	struct summary_baseline *baseline;

	if (run->setup.before == NULL)
		return true;
	baseline = baseline_new(run->options->baseline, report_file_summary(run->setup.before),
	    merge_summary(merge), error);
	if (baseline == NULL)
		return false;
	merge_set_baseline(merge, baseline);
	return true;
}

static int exit_status(const struct summary *summary)
{
	if (summary->trouble.unreadable_files > 0)
		return EXIT_TROUBLE;
	if (summary->trouble.long_lines > 0 || summary->trouble.regex_limits > 0 ||
	    summary->trouble.damaged_files > 0)
		return EXIT_DAMAGE;
	return EXIT_DONE;
}

static bool build(struct run *run, const struct setup *lookup, struct merge **merge,
    struct error *error)
{
	if (!read_reports(run->options, lookup->catalog, merge, error) ||
	    !setup_init_merged(&run->setup, run->options, *merge, error) ||
	    !compare(run, *merge, error))
		return false;
	run_set_style(run);
	run->writer = writer_new(STDOUT_FILENO, "standard output", error);
	return run->writer != NULL;
}

int run_merge(const struct options *options)
{
	struct run run = { .options = options };
	struct setup lookup = { 0 };
	struct merge *merge = NULL;
	struct error error = ERROR_INIT;
	int status;

	if (setup_init_catalog(&lookup, options, &error) && build(&run, &lookup, &merge, &error)) {
		const struct summary *summary = merge_summary(merge);

		status = run_judge(&run, summary, exit_status(summary));
		if (!options->quiet && options->reports.count == 0 && run.setup.verdict == NULL &&
		    !options->quiet_if_ok)
			run_print_totals(&run, summary);
		if (run.has_failed && run.setup.verdict == NULL)
			status = EXIT_TROUBLE;
	} else {
		run_complain(&error);
		status = options_have_threshold(options) ? run_refuse(&error)
		    : error.kind == ERROR_USAGE		 ? EXIT_USAGE
							 : EXIT_TROUBLE;
	}
	merge_free(merge);
	writer_free(run.writer);
	setup_release(&run.setup);
	setup_release(&lookup);
	return status;
}
