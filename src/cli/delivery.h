#ifndef JGANNOTATE_CLI_DELIVERY_H
#define JGANNOTATE_CLI_DELIVERY_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "output/writer.h"
#include "report/report.h"
#include "report/verdict.h"
#include "tally/summary.h"

/*
 * Where the results of a run go, and what becomes of its failures: lines and reports, the verdict
 * of thresholds, closing totals, and the exit status, which nobody else chooses. Knows summaries,
 * not how they were counted.
 */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_TROUBLE = 1, /* input, output, memory: everything readable was still done */
	EXIT_USAGE = 2,
	EXIT_DAMAGE = 3,  /* done, but with damage, a gap, a limit or an over-long line */
	EXIT_REFUSED = 4, /* the database, or a report that was to be read; nothing was printed */
};

struct delivery {
	const struct options *options;
	struct report_style style;
	struct writer *writer;         /* standard output */
	const struct verdict *verdict; /* the setup's; NULL: no threshold */
	int failure; /* exit status of what failed first: output, memory, the database; else 0 */
	bool pipe_closed; /* whoever reads standard output went away */
};

/* Options and setup must outlive it. To be released in any case. */
bool delivery_init(struct delivery *delivery, const struct options *options,
    const struct setup *setup, struct error *error);
void delivery_release(struct delivery *delivery);

/* Notes a failure of output, memory or the database, and prints it. A closed pipe is quiet: its
 * reader knows. */
void delivery_fail(struct delivery *delivery, const struct error *error);

/* Dies of SIGPIPE where standard output has no reader any more, unless a signal asks to stop: the
 * same Ctrl-C may have ended the reader a moment before it reaches us. */
void delivery_die_with_reader(const struct delivery *delivery);

/* Whatever a terminal is told next does not begin on the line of the `^C`. */
void delivery_leave_caret(const struct delivery *delivery);

/* The reports anew, while it runs: files; on a terminal that of standard output, too. */
void delivery_renew(struct delivery *delivery, const struct summary *summary);

/* Totals on standard error. Without memory for them it says so, and the run has failed. */
void delivery_print_totals(struct delivery *delivery, const struct summary *summary);

/* At the end: reports, and the line of thresholds. `is_damaged`: done, but with damage, a gap, a
 * limit or an over-long line; of a whole summary delivery_has_damage. Returns the exit status so
 * far. */
bool delivery_has_damage(const struct summary *summary);
int delivery_judge(struct delivery *delivery, const struct summary *summary, bool is_damaged);

/* Whether nothing else tells the result, and so totals are to. */
bool delivery_wants_totals(const struct delivery *delivery);

/* The exit status, where delivery_judge returned `status` and more may have failed since. */
int delivery_status(const struct delivery *delivery, int status);

/* The exit status of a run that ended with this error. */
int delivery_error_status(const struct error *error);

/* Prints the error that a run ended with before it had a result; where thresholds were asked for,
 * their line as well. Returns the exit status. */
int delivery_refuse(const struct options *options, const struct error *error);

/* Prints a text to standard output, all of it. */
bool delivery_print(const struct strbuf *text, struct error *error);

#endif
