#ifndef JGANNOTATE_CLI_RUN_PARTS_H
#define JGANNOTATE_CLI_RUN_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/error.h"
#include "cli/lane.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/setup.h"
#include "match/standing.h"
#include "output/examples.h"
#include "output/writer.h"
#include "report/report.h"
#include "stream/parallel.h"
#include "stream/scan.h"
#include "tally/tally.h"

/*
 * A run, shared by its parts: run.c builds it and chooses the exit status,
 * run_feed.c feeds the inputs, run_close.c writes totals and reports. Nobody
 * else includes this.
 */
struct run {
	const struct options *options;
	struct setup setup;
	struct writer *writer;
	struct lane_options lane_options;
	struct lane *lane;         /* what is printed and counted, in the order of the input */
	struct examples *examples; /* -v */
	struct scan scan;
	struct parallel *parallel; /* NULL until a file is worth it, or where -j1 is asked for */
	struct progress progress;
	struct report_style style;
	const char **files; /* inputs in order; NULL entries: standard input */
	size_t file_count;
	uint64_t unreadable, damaged;
	uint64_t skipped_bytes; /* that lie before the window */
	struct scan_fields fields;
	struct counts_shown { /* by --every */
		uint64_t responses, errors, lines;
		uint64_t *codes; /* by entry id; NULL: none were, or there is no memory */
	} shown;
	struct window report_window; /* --db: of the report; that of the setup is for counting */
	struct tally *restored;      /* --db: the counts that the report is made of */
	uint64_t ticks;     /* of --every so far */
	bool is_ending;     /* a signal has been obeyed: what is still to be done is not to be stopped */
	bool has_failed;    /* output or memory */
	bool pipe_closed;
};

/* run_feed.c: feeds all inputs and flushes standard output. Failures are in `run`. */
void run_feed(struct run *run);

/* run.c: builds what the options ask for, but for the signals. To be released in any case. */
bool run_init(struct run *run, struct error *error);
void run_release(struct run *run);

/* Whoever does more than print while files are followed. All may be NULL. */
struct follow_hooks {
	void *context;
	/* Where to begin in a file that is there at the start; false: as it is usual. */
	bool (*start)(void *context, size_t file, int fd, uint64_t *offset);
	/* The starts are known, and nothing is read yet. */
	void (*ready)(void *context);
	/* Called again and again while it follows; `milliseconds` until it must be called again,
	 * -1: when there is more. */
	int (*work)(void *context);
};

/* run_follow.c: follows the files until it is told to stop. Returns the exit status where nothing
 * can be followed, else -1. `hooks` may be NULL. */
int run_follow(struct run *run, const struct follow_hooks *hooks);

/* run_follow_store.c: the same for --db, whatever is printed; returns the exit status. */
int run_follow_store(const struct options *options);

/* run_store.c: the report of a database, judged and delivered; returns the exit status, or -1 and
 * `error`. And what is to be done with an error. */
struct session;
int run_report_store(struct session *session, struct error *error);
int run_refuse_store(const struct run *run, const struct error *error);

/* run_feed.c: whether a signal asked to stop. */
bool run_must_stop(const struct run *run);

/* run_feed.c: answers signals; true: one asks to stop. `context` is the run. */
bool run_is_interrupted(void *context);

/* run_feed.c: what comes next is written while it is read; `path`: NULL, or of its file. */
void run_refer_stamps(struct run *run, const char *path);

/* run_feed.c: the offset from which on a plain file has to be read, since all before it lies before
 * the window; at most `from`: all of it. */
off_t run_find_entry(const struct run *run, int fd, off_t from, off_t end);

/* run_feed.c: counts the bytes [from, to) of an open file, as many of them as there are. `*last_time`
 * is that of the lines before them, then of the last of them. As feed_source. */
enum feed_result run_feed_range(struct run *run, int fd, const char *path, uint64_t from, uint64_t to,
    int64_t *last_time, struct error *error);

/* run_feed.c: how inputs are read and signals answered. */
struct feed_control run_control(struct run *run);

/* run_feed.c: what is known of an input before it is read. */
struct run_front {
	uint64_t skipped_bytes; /* its front, which lies before the window */
	const char *encoding;   /* UTF-16 or another that cannot be searched; or NULL */
};

/* run_feed.c: an input is prepared when it was opened; in its turn the lane begins it, and what
 * became of it is said when it ends. */
void run_prepare_input(struct run *run, struct source *source, struct run_front *front);
void run_begin_lane(struct run *run, const struct source *source, const struct run_front *front);

/* run_doubts.c: the wide encoding that a plain input is written in; else NULL. */
const char *run_look_at_front(const struct source *source);

/* run_doubts.c: names it; the input counts as damaged. */
void run_name_encoding(struct run *run, const struct source *source, const char *encoding);

/* run_doubts.c: what was asked for and stood nowhere. */
void run_name_doubts(const struct run *run, const struct summary *summary);

/* run_doubts.c: whatever a terminal is told next does not begin on the line of the `^C`. */
void run_leave_caret(const struct run *run);

void run_end_input(
    struct run *run, const char *name, enum feed_result result, struct error *error);

/* run_feed.c: the whole of it, by this thread; `may_cut`: by all threads where it is large. Returns
 * false when the run must end. */
bool run_feed_input(struct run *run, const char *name, bool may_cut);

/* run_feed.c: whether a source is large and plain, so that threads can share it. */
bool run_is_to_cut(const struct run *run, const struct source *source);

/* run_feed.c: false where one thread is enough, or all there are. */
bool run_start_threads(struct run *run);

/* run_several.c: feeds inputs from `*at` on, several at once, as far as nothing is printed and none
 * is large and plain. Moves `*at` to the first that is not done. Returns false when the run must
 * end. */
bool run_feed_several(struct run *run, size_t *at);

/* run_store.c: before a run over a database is built: the window that was asked for is the
 * report's, counted is by quarters of an hour. ERROR_USAGE for what these cannot tell. */
bool run_prepare_store(struct run *run, struct error *error);

/* run_store.c: whether a quarter of an hour begins then; CLOCK_UNKNOWN: none need. */
bool run_check_quarter(const char *option, int64_t time, struct error *error);

/* run_store.c: the whole of --db, once the run is built; returns the exit status. */
int run_store(struct run *run);

/* run_close.c: the counts so far; NULL (and `error`) when there is no memory. */
struct summary *run_summarize(const struct run *run, struct error *error);
enum reports_written {
	REPORTS_FILES,
	REPORTS_OUTPUT,
	REPORTS_SCREEN, /* files, and on standard output as much as its terminal has room for */
};
void run_write_reports(
    struct run *run, const struct summary *summary, enum reports_written written);
/* On standard error. Without memory for them it says so, and the run has failed. */
void run_print_totals(struct run *run, const struct summary *summary);
void run_name_troubles(const struct run *run, const struct summary *summary);

/* run_every.c: what came since it was last called, as one line; the report files anew. */
void run_show_interval(struct run *run);

/* run_every.c: the reports anew: files; on a terminal that of standard output, too. */
void run_renew_reports(struct run *run, const struct summary *summary);

/* run_judge.c: the report of before beside the summary; thresholds, reports, and the exit
 * status that they ask for: `status` where there are no thresholds. */
bool run_compare(const struct run *run, struct summary *summary, struct error *error);
int run_judge(struct run *run, const struct summary *summary, int status);

/* run_merge.c: the whole of --merge; returns the exit status. */
int run_merge(const struct options *options);

/* Notes a failure of output. A closed pipe is quiet: its reader knows. */
void run_fail(struct run *run, const struct error *error);

/* How reports and totals look. */
void run_set_style(struct run *run);

/* run_explain.c: the whole of --explain; returns the exit status. */
int run_explain(const struct options *options);

#endif
