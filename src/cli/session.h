#ifndef JGANNOTATE_CLI_SESSION_H
#define JGANNOTATE_CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/run.h"
#include "store/log_news.h"
#include "store/store.h"

/*
 * A run's work with its database: opened once, then as often as wanted what is new in the logs
 * is taken in, each time in one transaction, and a summary is made of what the database holds.
 *
 *     session_open           opens the database, and checks that it counts as the run does
 *     session_take_in        what is new in the logs, counted and committed: all or nothing
 *     session_summarize      what the database holds of the window, or of what is new
 *     session_deliver        the reports are written: now it is known to whom it may concern
 *     session_close
 *
 * Between two calls the database is free for others. Each function that fails says what to do;
 * session_open and session_take_in can be called again after that.
 */
struct session_log {
	bool is_refused; /* it cannot be read: not taken in this time */
	bool is_told;    /* of that, or of its files that cannot be opened, the user knows */
};

struct session {
	struct run *run;       /* which prints no lines: logs are read again when they were cut */
	struct store *store;   /* NULL: not open */
	struct log_news *news; /* of the logs that could be read, while they are taken in */
	size_t news_count;
	struct session_log *logs; /* of the run's files; NULL until they are taken in */
	size_t *news_logs;        /* of each of the news its index there */
	struct store_run record;  /* of what was taken in last; id 0: nothing was */
	uint64_t gaps, long_lines, regex_limits; /* since session_open */
	struct store_reached reached;            /* once the window of the report is known */
	struct store_rules rules;                /* of what was summarized last */
	bool is_announced;                       /* the report that is made will be delivered */
	bool is_again; /* what is missing is said by others, and trouble only once */
	/* Called for each log that is taken in, before it is read: file is its index in the run's
	 * files. NULL: not. Perhaps more than once for one log: the last one holds. */
	bool (*seen)(void *context, size_t file, const struct log_news *news, struct error *error);
	void *context;
};

/* Opens the database; where the run has logs, for writing, and leaves of the run's files those that
 * are logs of their own. With --accept rows that were changed by hand are accepted before that. */
bool session_open(struct session *session, struct run *run, struct error *error);
void session_close(struct session *session);

/* Counts what is new in the run's logs, writes and commits it. A log that cannot be read is named,
 * counted as unreadable, and the others are done. On failure nothing is changed; without `error`,
 * since a signal came. */
bool session_take_in(struct session *session, struct error *error);

/* The counts of the window that was asked for; else, with logs, those that no run delivered; else
 * all. Free before the run's tally. NULL on error. */
struct summary *session_summarize(struct session *session, struct error *error);

/* Puts what --baseline asks for beside the summary. */
bool session_compare(struct session *session, struct summary *summary, struct error *error);

/* Whether all of the report's window was reported before. */
bool session_is_covered(const struct session *session);

/* Says on standard error what came late for the reports of before, and what none has covered. */
void session_name_reports(const struct session *session, const struct summary *summary);

/* Notes that the reports are written, and the exit status. */
bool session_deliver(struct session *session, int status, struct error *error);

/* ---- steps of session_take_in ---- */

/* session.c: keeps others out until the next commit, as session_open does for the first one. False
 * also when the database was begun anew with other options meanwhile. */
bool session_begin(struct session *session, struct error *error);

/* session_report.c: once the news are written, in the same transaction: finds the window of the
 * report, where it begins at the last one's end (it may be empty); then says in the database what
 * will be reported, for session_deliver. */
bool session_find_window(struct session *session, struct error *error);
bool session_announce(struct session *session, struct error *error);

#endif
