/*
 * Owns a run over reports in place of logs. Must not know how they are read or added.
 */
#include <string.h>

#include "base/zone.h"
#include "cli/delivery.h"
#include "cli/mode.h"
#include "match/standing.h"
#include "report/merge.h"

/* The zone that was asked for, if one was, else the reports'. */
static bool read_reports(const struct options *options, const struct catalog *catalog,
    struct summary **summary, struct error *error)
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
	*summary = merge_read(
	    (const char *const *)options->operands.items, options->operands.count, &wanted, error);
	return *summary != NULL;
}

static int deliver(struct delivery *delivery, const struct summary *summary)
{
	int status = delivery_judge(delivery, summary, delivery_has_damage(summary));

	if (delivery_wants_totals(delivery))
		delivery_print_totals(delivery, summary);
	return delivery_status(delivery, status);
}

int mode_merge(const struct options *options)
{
	struct setup lookup = { 0 };
	struct setup setup = { 0 };
	struct delivery delivery = { 0 };
	struct summary *summary = NULL;
	struct error error = ERROR_INIT;
	bool is_ready = setup_init_catalog(&lookup, options, &error) &&
	                read_reports(options, lookup.catalog, &summary, &error) &&
	                setup_init_merged(&setup, options, summary, &error) &&
	                setup_compare(&setup, options, summary, &error) &&
	                delivery_init(&delivery, options, &setup, &error);
	int status = is_ready ? deliver(&delivery, summary) : delivery_refuse(options, &error);

	summary_free(summary);
	delivery_release(&delivery);
	setup_release(&setup);
	setup_release(&lookup);
	return status;
}
