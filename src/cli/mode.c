/*
 * Owns the choice of what is done; and the two modes whose results are of what was just read:
 * inputs to their ends, or files that are followed. Must not know how either is done.
 */
#include "cli/mode.h"

#include "cli/run.h"

/* Totals and reports, as far as somebody is there to read them. */
static int close_run(struct run *run)
{
	struct delivery *delivery = &run->delivery;
	struct error error = ERROR_INIT;
	struct summary *summary;
	int status;

	delivery_die_with_reader(delivery);
	delivery_leave_caret(delivery);
	summary = reading_summarize(&run->reading, &error);
	if (summary == NULL || !setup_compare(&run->reading.setup, run->options, summary, &error)) {
		summary_free(summary);
		return delivery_refuse(run->options, &error);
	}
	status = delivery_judge(delivery, summary, delivery_has_damage(summary));
	delivery_die_with_reader(delivery);
	reading_name_doubts(&run->reading, summary);
	if (delivery_wants_totals(delivery))
		delivery_print_totals(delivery, summary);
	summary_free(summary);
	return delivery_status(delivery, status);
}

static int read_all(struct run *run)
{
	run_feed(run);
	return close_run(run);
}

static int follow_all(struct run *run)
{
	int status = run_follow(run, NULL);

	return status < 0 ? close_run(run) : status;
}

int mode_read(const struct options *options)
{
	return run_whole(options, read_all);
}

int mode_follow(const struct options *options)
{
	return run_whole(options, follow_all);
}

int mode_run(const struct options *options)
{
	/* the first that is asked for */
	const struct {
		bool is_asked;
		int (*run)(const struct options *options);
	} modes[] = { { options->action == ACTION_EXPLAIN, mode_explain },
		{ options->merge, mode_merge },
		{ options->db != NULL && options->follow, mode_follow_store },
		{ options->db != NULL, mode_store }, { options->follow, mode_follow },
		{ true, mode_read } };
	size_t i = 0;

	while (!modes[i].is_asked)
		i++;
	return modes[i].run(options);
}
