#ifndef JGANNOTATE_CLI_OPTION_TABLE_H
#define JGANNOTATE_CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/option_values.h"
#include "report/report.h"

/*
 * The table of options: parser and help both live on it. An option is one row here and one field
 * in struct options, mostly used in setup.c.
 */
enum option_group { GROUP_PRINT, GROUP_FIND, GROUP_TIME, GROUP_NIGHT, GROUP_GENERAL, GROUP_COUNT };

struct option_row {
	char letter;          /* 0: none */
	const char *name;     /* without the dashes */
	const char *argument; /* NULL: takes none; "[=WHEN]": may be left out */
	enum option_group group;
	const char *help; /* lines are separated by newlines; NULL: it stands on one line with the
	                     other such options behind it */
	/* Checks and stores `value` (NULL: none given). `spelled` is the option as typed,
	 * for messages. */
	bool (*store)(
	    struct options *options, const char *spelled, const char *value, struct error *error);
};

/* Whether the word behind an option whose argument may be left out is its argument. */
bool option_takes_word(const struct option_row *row, const char *word);

/* Another letter that means the same as this one; 0: there is none. */
char option_also(char letter);

const struct option_row *option_rows(size_t *count);

/* The words of --trust, and of -o, where one was given. */
const char *option_trust_word(enum trust trust);
const char *option_output_word(enum output_form form);

/* An argument of -r: which report goes where. */
struct report_target {
	const struct report_format *format;
	const char *file; /* NULL: standard output. Points into the argument. */
};

/* Reads FORMAT, FILE or FORMAT:FILE. Returns false when it is none of them; the format is then
 * NULL, or that behind whose colon no file stands. */
bool report_target_read(struct report_target *target, const char *what);

/* Appends to a list, which keeps the pointer. */
bool options_list_add(struct options_list *list, const char *item, struct error *error);

#endif
