#ifndef JGANNOTATE_CLI_READING_H
#define JGANNOTATE_CLI_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "cli/delivery.h"
#include "cli/finding.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/setup.h"
#include "input/source.h"
#include "output/examples.h"
#include "stream/parallel.h"
#include "stream/scan.h"
#include "tally/tally.h"

/*
 * What inputs are read with, and what is known of them so far. The scan finds codes and hands them
 * to the outputs: what is printed, and what is counted; threads have scans and outputs of their
 * own, which are merged into these in the order of the input.
 */
struct reading {
	const struct options *options;
	struct setup setup;
	struct scan scan;
	struct scan_fields fields;
	struct outputs_options outputs_options;
	struct outputs *outputs;
	struct examples *examples; /* -v */
	struct parallel *parallel; /* NULL until a file is worth it, or where -j1 is asked for */
	struct progress progress;
	const char **files; /* inputs in order; NULL entries: standard input */
	size_t file_count;
	uint64_t unreadable, damaged;
	uint64_t skipped_bytes;      /* that lie before the window */
	struct finding finding;      /* the options', for a report and a database */
	struct summary_slice *slices; /* of the inputs that have ended; NULL: nobody asks */
	size_t slice_count;
	struct arena slice_texts;
	struct window report_window; /* --db: of the report; that of the setup is for counting */
	struct tally *restored;      /* --db: the counts that the report is made of */
};

/* Checks and builds what the options ask for. `options` must outlive it. To be released in any
 * case. */
bool reading_init(struct reading *reading, const struct options *options, struct error *error);

/* Then: opens the outputs, which print to where the delivery does. */
bool reading_open(struct reading *reading, const struct delivery *delivery, struct error *error);
void reading_release(struct reading *reading);

/* False where one thread is enough, or all there are. */
bool reading_start_threads(struct reading *reading);

/* The counts so far; NULL (and `error`) when there is no memory. */
struct summary *reading_summarize(const struct reading *reading, struct error *error);

/* Says on standard error what of the summary is hardly as it was meant, and what would help. */
void reading_name_doubts(const struct reading *reading, const struct summary *summary);

/* What comes next is written while it is read; `path`: NULL, or of its file. */
void reading_refer_stamps(struct reading *reading, const char *path);

/* The offset from which on a plain file has to be read, since all before it lies before the window;
 * at most `from`: all of it. */
off_t reading_find_entry(const struct reading *reading, int fd, off_t from, off_t end);

#endif
