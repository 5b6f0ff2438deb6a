#ifndef JGANNOTATE_CLI_OPTIONS_H
#define JGANNOTATE_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "cli/option_values.h"

/*
 * The command line, read and checked as a whole. Every option is one row of the table in
 * cli/option_table.c, which the help is made from, too; a test holds the man page and README to it.
 */

/* Reads the command line. On a fault returns false with ERROR_USAGE; the text is the cause, the
 * hint line the nearest right spelling or where to look. `options` must be released in any case.
 * argv must outlive it. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);

/* Gives an ERROR_USAGE that has no hint the one of all others: where all options are explained.
 * Returns false. */
bool options_refuse(struct error *error);

void options_release(struct options *options);

/* Whether lines or objects are asked for. */
bool options_print(const struct options *options);

/* Whether what people read is to be in Chinese. */
bool options_are_chinese(const struct options *options);

/* Whether a threshold was given, also when the command line is faulty: then the
 * exit status is that of a monitoring plugin. */
bool options_have_threshold(const struct options *options);

/* Whether a report is asked for that says what came, or a threshold's line: totals for Prometheus
 * do not. */
bool options_have_reader(const struct options *options);

/* The text of --help: one screen of 80 x 50. */
void options_help(struct strbuf *out);

#endif
