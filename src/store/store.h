#ifndef JGANNOTATE_STORE_STORE_H
#define JGANNOTATE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "tally/count.h"

/*
 * The database of --db: how far each log was counted, what was counted, and which runs
 * have delivered it. Positions and counts change in one transaction, so a crash leaves
 * the state of before or of after, both right.
 *
 * One `struct store` per process, used by one thread. Its tables are in store_schema.c.
 * Where a function fails, the error says what to do; ERROR_STORE means that the database
 * itself is refused: damaged, foreign, newer, in use, or begun with other options.
 */
struct store;
struct generation; /* continuation.h */

enum store_flags {
	STORE_WRITE = 1,   /* begin a transaction at once, which keeps other writers out */
	STORE_WAIT = 2,    /* with STORE_WRITE: wait for another run to end */
	STORE_DRY_RUN = 4, /* with STORE_WRITE: nothing is ever written to the file */
	STORE_OFTEN = 8,   /* with STORE_WRITE: later transactions never wait to begin */
};

/* Opens the database. With STORE_WRITE it is made where there is none (0640 less umask); else
 * it must be there, and needs only be readable. A symbolic or hard link, a directory or a
 * device is refused. NULL on error. */
struct store *store_open(const char *path, unsigned flags, struct error *error);

/* Whether opening it brought the tables of an older release up to date; PATH.bak is the database
 * as it was before. */
bool store_is_updated(const struct store *store);

/* Who else may change the database, in words for a warning; NULL: nobody, or it is only read. */
const char *store_exposure(const struct store *store);

/* Takes rows that somebody else has changed as they are: they get the checksums of what they hold
 * now, in the transaction. `accepted` says how many in which tables; nothing: there were none. Else
 * PATH.bak is the database as it was before. For a database that was opened with STORE_WRITE, but
 * not STORE_DRY_RUN. */
bool store_accept(struct store *store, struct strbuf *accepted, struct error *error);

/* Closes; what was not committed is undone. NULL is allowed. */
void store_close(struct store *store);

/* Begins another transaction after the one of store_open was committed or undone; nothing where
 * one is open. Others may have written meanwhile: choose the epoch again. */
bool store_begin(struct store *store, struct error *error);

/* Whether the last store_begin or store_commit failed since others used the database. */
bool store_is_busy(const struct store *store);

/* Ends the transaction: all is written and synced, or nothing. With STORE_DRY_RUN it stays
 * open and is undone by store_close. Reading goes on. */
bool store_commit(struct store *store, struct error *error);

/* Undoes what was not committed. */
void store_rollback(struct store *store);

/* From here to store_release all is read as of one moment, though others may write. */
bool store_hold(struct store *store, struct error *error);
void store_release(struct store *store);

/* ---- epoch: what finding options the counts were made with ---- */

/* One thing that decides what is found: ("--key", "code,errcode"). */
struct store_option {
	const char *name;
	const char *value;
};

enum store_epoch_result {
	STORE_EPOCH_SAME,
	STORE_EPOCH_BEGUN, /* the first one, or as asked for by `begin_new` */
	STORE_EPOCH_RULES, /* begun, since this release finds by other rules: the series goes on */
	STORE_EPOCH_REFUSED, /* other options; the error names the differences */
};

/* Compares with the last epoch and begins one where needed. With `begin_new` other options
 * begin an epoch rather than being refused. Counts of other options are never added: from now on
 * all functions see this epoch only, and those right before it that differ in nothing but the
 * rules (the series). How far logs were counted is of no epoch: that goes on. `rules`: version of
 * the finding rules, which must outlive the store. Without STORE_WRITE nothing is begun, and only
 * the given options are compared. */
enum store_epoch_result store_choose_epoch(struct store *store, const char *rules,
    const struct store_option *options, size_t count, bool begin_new, struct error *error);

/* The value of an option of the current epoch ("--by"); NULL: there is no epoch, or no such option.
 * Valid until an epoch is chosen again, or store_close. */
const char *store_option_value(const struct store *store, const char *name);

/* ---- reading row by row ---- */

/* Which runs, counts and gaps are read; logs and totals are always all. */
struct store_range {
	bool undelivered; /* only runs that were not delivered */
	/* Milliseconds; COUNT_NO_TIME: open. Of counts and gaps; of runs all are given. */
	int64_t since, until;
	int64_t after_run;      /* only runs after this one; 0: all */
	int64_t last_run;       /* only runs up to this one; 0: all */
	int64_t timeless_after; /* counts without time only of runs after this one; 0: all */
};

/*
 * A cursor gives rows of one kind, one at each call, until there are no more:
 *
 *     struct store_cursor *cursor = store_cursor_new(store, &range, error);
 *     struct count count;
 *
 *     while (store_next_count(cursor, &count, error))
 *             ...
 *     if (!store_cursor_end(cursor))
 *             (error says why)
 *
 * The texts of a row live until the next call. Each row is checked before it is given. After a
 * failure there is no next row; also for a cursor that is NULL, so that only the end needs a look.
 * Between two calls the database may be read, and runs may be written.
 */
struct store_cursor;

/* `range` NULL: all. NULL when there is no memory. */
struct store_cursor *store_cursor_new(
    struct store *store, const struct store_range *range, struct error *error);

/* Frees the cursor, at its end or before. False where it is NULL or a call failed. */
bool store_cursor_end(struct store_cursor *cursor);

/* ---- generations ---- */

/* A log that was ever taken in. */
struct store_log {
	const char *directory, *name;
};
bool store_next_log(struct store_cursor *cursor, struct store_log *log, struct error *error);

/* All generations of the log `name` in `directory` (a real path), most recently seen first;
 * `*generations` is the caller's to free. A row whose checksum is wrong is an error. */
bool store_read_generations(struct store *store, const char *directory, const char *name,
    struct generation **generations, size_t *count, struct error *error);

/* Writes a generation; one with id 0 is new and gets its id. */
bool store_write_generation(struct store *store, const char *directory, const char *name,
    struct generation *generation, struct error *error);

/* Of those that the run has not seen GENERATIONS_KEPT are kept for a log: those not seen for
 * longest are dropped. */
bool store_drop_generations(
    struct store *store, const char *directory, const char *name, int64_t run, struct error *error);
bool store_drop_generation(struct store *store, int64_t id, struct error *error);

/* Whether a run has looked at the log before. It may have no generations all the same, since it was
 * empty. store_write_log notes that a run has. */
bool store_knows_log(
    struct store *store, const char *directory, const char *name, bool *knows, struct error *error);
bool store_write_log(
    struct store *store, const char *directory, const char *name, struct error *error);

/* ---- runs and counts ---- */

struct store_run {
	int64_t id;      /* 0: not yet written */
	int64_t started; /* milliseconds since 1970 */
	int64_t ended;   /* when it last wrote */
	int exit_status;
	bool is_delivered;
	uint64_t lines, bytes, lines_with_hits, long_lines;
	uint64_t new_files; /* seen for the first time */

	/* Set by the store: */
	int64_t epoch;
	int64_t first_count, last_count; /* numbers of its rows of counts; last < first: none */
};

/* A stretch of a log that can never be counted. */
struct store_gap {
	const char *file;
	uint64_t bytes;     /* 0: not known */
	const char *reason; /* "deleted before it was read to its end" */
};

/* Writes what a run took in. Where record->id is that of a run which can go on, it is added to
 * that one; it cannot once it is delivered, large, or of another epoch. Else a new run is begun.
 * record->id is set to the id of the run it became part of. Times of counts are the starts of
 * quarter hours, or COUNT_NO_TIME; counts that differ in nothing but their number are added. */
bool store_write_run(struct store *store, struct store_run *record, const struct count *counts,
    size_t count, struct error *error);
bool store_write_gap(
    struct store *store, int64_t run, const struct store_gap *gap, struct error *error);

/* Drops counts of quarter hours before `oldest`. Of runs that were delivered and ended before
 * it also counts without time and gaps, then the runs; and what is known of reports that ended
 * before it, but for the latest of --since last. Totals stay. */
bool store_drop_old(struct store *store, int64_t oldest, struct error *error);

/* The runs of the range, in the order in which they were made. */
bool store_next_run(struct store_cursor *cursor, struct store_run *run, struct error *error);

/* The counts of the range, run by run, each by time. Counts without time belong to a range without
 * ends only; where they could lie in it they are given all the same, for the caller to say so. The
 * cost is that of the range, not of all that the database holds. */
bool store_next_count(struct store_cursor *cursor, struct count *count, struct error *error);

/* When the run last wrote; INT64_MIN: it is not there any more. */
bool store_read_end(struct store *store, int64_t run, int64_t *ended, struct error *error);
/* The gaps of the range. What was lost was written between the run that found it and the one
 * before: where the range touches that time, the gap is given. */
bool store_next_gap(struct store_cursor *cursor, struct store_gap *gap, struct error *error);

/* By which rules the counts of a range were made. */
struct store_rules {
	const char *name; /* valid as store_option_value; NULL: by several, or there are none */
	bool is_mixed;    /* by several */
	int64_t until;    /* when those of other rules than this release's were made, the last of
	                   * them; milliseconds; COUNT_NO_TIME: there are none */
};

/* A run concerns a range where it has counts in it, or read lines of the time since the run before
 * it: what it did not find there may also be due to its rules. */
bool store_read_rules(struct store *store, const struct store_range *range,
    struct store_rules *rules, struct error *error);

/* All that was ever taken in, in all epochs, also what was dropped since: these only grow. */
struct store_sums {
	uint64_t runs, gaps, lines, bytes;
};
bool store_read_sums(struct store *store, struct store_sums *sums, struct error *error);

/* The same of hits, by class and code: counts without times and groups. */
bool store_next_total(struct store_cursor *cursor, struct count *total, struct error *error);

/* The quarter hours of the first and the last count with a time; COUNT_NO_TIME: none. */
bool store_read_span(struct store *store, int64_t *first, int64_t *last, struct error *error);

/* Marks all runs up to `run` as delivered, and the report that was announced for it, in a
 * transaction of its own; `exit_status` is kept with `run`. To be called after store_commit; with
 * STORE_DRY_RUN it does nothing. */
bool store_deliver(struct store *store, int64_t run, int exit_status, struct error *error);

/* ---- reports ---- */

/* The window of a report that a run over logs makes. Milliseconds; `since` may be COUNT_NO_TIME:
 * from the first count on. */
struct store_report {
	int64_t run;
	int64_t since, until;
	bool is_last;      /* it begins where the last one ended */
	bool is_delivered; /* kept by the store: whoever announces need not set it */
};

/* Says, in the run's own transaction, what its report will be about. From then on no run up to
 * this one can go on, so that what it reports is what store_deliver marks. */
bool store_announce(struct store *store, const struct store_report *report, struct error *error);

/* How far reports have come that were delivered. */
struct store_reached {
	int64_t until;            /* the latest end of all; COUNT_NO_TIME: there was none */
	struct store_report last; /* the latest of --since last; run 0: there was none */
	/* Where one of --since last ended that came later, but ends after `limit`; COUNT_NO_TIME:
	 * there was none. */
	int64_t ahead;
};

/* Reports that end after `limit` count for nothing: a clock that ran ahead made them. */
bool store_read_reached(
    struct store *store, int64_t limit, struct store_reached *reached, struct error *error);

/* ---- for those who read the database themselves ---- */

/* What a code means to the catalogs of the run. */
struct store_meaning {
	uint32_t code;
	const char *description, *category, *outcome;
	bool is_error;
};

/* Puts these, which are in the order of codes, in place of what codes meant before; where nothing
 * differs nothing is written. */
bool store_write_meanings(
    struct store *store, const struct store_meaning *meanings, size_t count, struct error *error);

/* By how many seconds clocks are ahead of UTC, from `since` on, in seconds since 1970. */
struct store_offset {
	int64_t since;
	int32_t offset;
};

/* The same for the zone, by which the view `responses` shows times. */
bool store_write_offsets(
    struct store *store, const struct store_offset *offsets, size_t count, struct error *error);

#endif
