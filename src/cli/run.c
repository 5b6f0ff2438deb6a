/*
 * Owns the life of a run: what it needs is built, work is done with it, and it is let go. Must not
 * know how anything is done.
 */
#include "cli/run.h"

#include <stdlib.h>

#include "cli/signals.h"

bool run_init(struct run *run, const struct options *options, struct error *error)
{
	*run = (struct run){ .options = options };
	return reading_init(&run->reading, options, error) &&
	       delivery_init(&run->delivery, options, &run->reading.setup, error) &&
	       reading_open(&run->reading, &run->delivery, error);
}

void run_release(struct run *run)
{
	reading_release(&run->reading);
	delivery_release(&run->delivery);
	free(run->shown.codes);
}

bool run_must_stop(const struct run *run)
{
	return signals_stop() != 0 && !run->is_ending;
}

int run_whole(const struct options *options, int (*work)(struct run *run))
{
	struct run run;
	struct error error = ERROR_INIT;
	int status;
	int stop;

	if (!run_init(&run, options, &error) || !signals_install(run.reading.setup.every, &error)) {
		run_release(&run);
		return delivery_refuse(options, &error);
	}
	status = work(&run);
	stop = signals_stop();
	run_release(&run);
	if (stop != 0)
		signals_die(stop);
	return status;
}
