#ifndef JGANNOTATE_CLI_MODE_H
#define JGANNOTATE_CLI_MODE_H

#include "base/error.h"
#include "cli/options.h"

struct session;

/* Does what the options ask for, prints its messages and returns the exit status; dies of a signal
 * where the status would be one. */
int mode_run(const struct options *options);

/* mode_follow_store.c: the same for files that are followed, with a database beside them. */
int mode_follow_store(const struct options *options);

/* The report of a database, judged and delivered; returns the exit status, or -1 and `error`. */
int mode_report_session(struct session *session, struct error *error);

#endif
