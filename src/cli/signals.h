#ifndef JGANNOTATE_CLI_SIGNALS_H
#define JGANNOTATE_CLI_SIGNALS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Signals become questions that the program asks when it has time. INT, TERM and HUP
 * ask it to stop, once: a second one ends it at once, as if unhandled, and so does the first after
 * a second in which the program did not ask, since it waits for a reader or is at some long work.
 * USR1 asks for the totals; a timer may ring again and again. PIPE and XFSZ are ignored: writes
 * report them.
 *
 * A process has one set of signals, so this module has state of its own.
 */
bool signals_install(unsigned tick_seconds, struct error *error);

/* Readable whenever a signal came that was not asked about yet. */
int signals_wake_fd(void);

/* The signal that asked to stop, or 0. */
int signals_stop(void);

/* Whether `tick_seconds` have passed since it last said so; where they are 0, never. */
bool signals_take_tick(void);

/* Whether USR1 came since the last call. Also empties the wake descriptor. */
bool signals_take_report(void);

/* Waits up to `milliseconds` for a signal that asks to stop. Returns it, or 0. */
int signals_wait_stop(int milliseconds);

/* Dies of this signal, so that the shell sees it. */
void signals_die(int signal_number);

#endif
