#ifndef JGANNOTATE_CLI_RUN_H
#define JGANNOTATE_CLI_RUN_H

#include "cli/options.h"

/*
 * Does what the options ask for. Prints its messages and returns the exit status;
 * dies of a signal where the status would be one.
 */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_TROUBLE = 1, /* input, output, memory: everything readable was still done */
	EXIT_USAGE = 2,
	EXIT_DAMAGE = 3,  /* done, but with damage, a gap, a limit or an over-long line */
	EXIT_STORE = 4,   /* the database was refused */
};

int run_options(const struct options *options);

/* The line on standard output of a run with thresholds that could not be; returns the exit
 * status, which is then a monitoring plugin's. */
int run_refuse(const struct error *error);

/* Prints the error, and its hint if it has one. */
void run_complain(const struct error *error);

#endif
