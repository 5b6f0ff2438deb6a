#ifndef JGANNOTATE_CLI_MODE_H
#define JGANNOTATE_CLI_MODE_H

#include "base/error.h"
#include "cli/options.h"

/*
 * What the program can do. A mode does what the options ask for, prints its messages and returns
 * the exit status; dies of a signal where the status would be one.
 */

/* The mode that is asked for. */
int mode_run(const struct options *options);

int mode_explain(const struct options *options);      /* what codes mean, without a log */
int mode_merge(const struct options *options);        /* reports in place of logs */
int mode_follow_store(const struct options *options); /* files, and a database beside it */
int mode_store(const struct options *options);        /* what is new, into a database */
int mode_follow(const struct options *options);       /* files, until a signal comes */
int mode_read(const struct options *options);         /* inputs to their ends */

/* mode_store.c: the report of a database, judged and delivered; returns the exit status, or -1 and
 * `error`. */
struct session;
int mode_store_report(struct session *session, struct error *error);

#endif
