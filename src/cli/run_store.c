/*
 * Owns a run over a database: what is new in the logs is counted into it, then the report is
 * made from it. Must not know how files are matched or rows are kept.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "cli/signals.h"
#include "store/intake.h"

/* How often a run begins anew when logs are cut while it reads them. */
#define TRIES 3
#define DAY_MILLISECONDS INT64_C(86400000)

struct store_session {
	struct run *run;
	struct store *store;
	struct intake *intakes; /* one per log */
	size_t intake_count;
	struct store_run record;
	uint64_t gaps, long_lines, regex_limits;
};

static int64_t now(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- taking in ---- */

static void release_intakes(struct store_session *session)
{
	for (size_t i = 0; i < session->intake_count; i++)
		intake_release(&session->intakes[i]);
	session->intake_count = 0;
}

static void name_intake(const struct store_session *session, const struct intake *intake)
{
	size_t new_files = 0;

	for (size_t i = 0; i < intake->rotated.count; i++) {
		const struct claim *claim = &intake->claims[i];

		new_files += intake->is_first && claim->whole.offset > 0 && !claim->is_copy;
		if (session->run->options->verbose)
			message_print("%s: %s, %" PRIu64 " bytes of %" PRIu64 " are new",
			    intake->rotated.files[i].path,
			    claim->is_finished		 ? "known, untouched"
				: claim->is_copy	 ? "a copy"
				: claim->is_partial	 ? "not whole yet"
				: claim->generation != NULL ? "known"
							 : "new",
			    claim->whole.offset - claim->from, claim->whole.offset);
	}
	if (new_files > 0)
		message_print("'%s': seen for the first time, with %zu file%s%s",
		    intake->rotated.name, new_files, new_files == 1 ? "" : "s",
		    session->run->options->from_now ? "; counted from their ends on" : "");
}

static void name_failures(struct store_session *session, const struct intake *intake)
{
	for (size_t i = 0; i < intake->rotated.failure_count; i++) {
		const struct rotated_failure *failure = &intake->rotated.failures[i];

		message_print("cannot open '%s': %s", failure->path, strerror(failure->errnum));
		session->run->unreadable++;
	}
}

static bool feed_files(struct store_session *session, struct intake *intake, struct error *error)
{
	for (size_t i = 0; i < intake->rotated.count; i++) {
		const struct rotated_file *file = &intake->rotated.files[i];
		const struct claim *claim = &intake->claims[i];

		if (claim->is_damaged) {
			message_print("'%s' ends early: %s", file->path,
			    claim->is_partial ? "less than was counted, it is left for the next run"
					      : "its whole lines are counted");
			session->run->damaged++;
		}
		if (intake_has_news(intake, i) &&
		    !run_feed_range(session->run, file->fd, file->path, claim->from,
			claim->whole.offset, &intake->last_times[i], error))
			return false;
	}
	return true;
}

/* Counts what is new in all logs. A log that cannot be read is named, and the others are
 * done. */
static bool take_in_once(struct store_session *session, struct error *error)
{
	struct run *run = session->run;

	for (size_t i = 0; i < run->file_count; i++) {
		struct intake *intake = &session->intakes[session->intake_count];
		struct rotated_search search = { .path = run->files[i],
			.patterns = (const char *const *)run->options->rotated.items,
			.pattern_count = run->options->rotated.count };

		if (!intake_init(intake, session->store, &search, run->options->from_now, error)) {
			if (error->kind == ERROR_STORE || error->kind == ERROR_USAGE)
				return false;
			run_complain(error);
			run->unreadable++;
			continue;
		}
		session->intake_count++;
		name_intake(session, intake);
		name_failures(session, intake);
		if (!feed_files(session, intake, error))
			return false;
	}
	return true;
}

static bool check_all(const struct store_session *session, bool *is_same, struct error *error)
{
	*is_same = true;
	for (size_t i = 0; i < session->intake_count && *is_same; i++)
		if (!intake_check(&session->intakes[i], is_same, error))
			return false;
	return true;
}

static bool take_in(struct store_session *session, struct error *error)
{
	bool is_same = false;

	session->intakes = calloc(session->run->file_count + 1, sizeof(*session->intakes));
	if (session->intakes == NULL)
		return error_set_memory(error);
	for (int i = 0; i < TRIES && !is_same; i++) {
		release_intakes(session);
		lane_reset(session->run->lane);
		session->run->unreadable = session->run->damaged = 0;
		if (!take_in_once(session, error))
			return false;
		if (signals_stop() != 0)
			return false;
		if (!check_all(session, &is_same, error))
			return false;
	}
	return is_same ||
	    error_set(error, ERROR_STORE,
		"the logs were cut or rewritten while they were read, %d times: nothing was "
		"counted; run again",
		TRIES);
}

/* ---- writing ---- */

static bool write_count(void *context, const struct count *count, struct error *error)
{
	const struct store_session *session = context;

	return store_write_count(session->store, session->record.id, count, error);
}

static bool write_gap(void *context, const struct store_gap *gap, struct error *error)
{
	struct store_session *session = context;

	message_print("gap in '%s': %s; what came after it may be missing from the counts",
	    gap->file, gap->reason);
	session->gaps++;
	return store_write_gap(session->store, session->record.id, gap, error);
}

static uint64_t count_new_files(const struct store_session *session)
{
	uint64_t count = 0;

	for (size_t i = 0; i < session->intake_count; i++)
		for (size_t f = 0; f < session->intakes[i].rotated.count; f++)
			count += session->intakes[i].claims[f].generation == NULL;
	return count;
}

/* Old counts go by the time of the lines, so that a clock that runs ahead drops nothing. */
static bool drop_old(struct store_session *session, struct error *error)
{
	int64_t keep = (int64_t)session->run->options->keep_days * DAY_MILLISECONDS;
	int64_t first;
	int64_t last;

	if (!store_read_span(session->store, &first, &last, error))
		return false;
	if (last == COUNT_NO_TIME || last > session->record.started)
		last = session->record.started;
	return store_drop_old(session->store, last - keep, error);
}

static bool write_all(struct store_session *session, struct error *error)
{
	struct store_run *record = &session->record;
	struct summary *summary = run_summarize(session->run, error);

	if (summary == NULL)
		return false;
	record->started = now();
	record->lines = summary->lines;
	record->bytes = summary->bytes;
	record->lines_with_hits = summary->lines_with_hits;
	record->long_lines = summary->trouble.long_lines;
	record->new_files = count_new_files(session);
	session->long_lines = summary->trouble.long_lines;
	session->regex_limits = summary->trouble.regex_limits;
	summary_free(summary);
	if (!store_write_run(session->store, record, error) ||
	    !tally_visit(lane_tally(session->run->lane), write_count, session, error))
		return false;
	for (size_t i = 0; i < session->intake_count; i++)
		if (!intake_visit_gaps(&session->intakes[i], write_gap, session, error) ||
		    !intake_write(&session->intakes[i], session->store, record->id, error))
			return false;
	return drop_old(session, error) && store_commit(session->store, error);
}

/* ---- opening ---- */

static char *join(const struct options_list *list)
{
	struct strbuf text = STRBUF_INIT;
	char *joined = NULL;

	for (size_t i = 0; i < list->count; i++)
		strbuf_add_format(&text, "%s%s", i == 0 ? "" : " ", list->items[i]);
	if (!text.failed)
		joined = strdup(text.data);
	strbuf_release(&text);
	return joined;
}

static const char *or_nothing(const char *text)
{
	return text == NULL ? "" : text;
}

/* What decides what is found, and when it was. */
static bool choose_epoch(struct store_session *session, struct error *error)
{
	static const char *const trusts[] = { [OPTION_TRUST_NORMAL] = "normal",
		[OPTION_TRUST_STRICT] = "strict", [OPTION_TRUST_ALL] = "all" };
	const struct options *asked = session->run->options;
	char *keys = join(&asked->keys);
	char *patterns = join(&asked->patterns);
	const struct store_option options[] = { { "--key", or_nothing(keys) },
		{ "--regexp", or_nothing(patterns) }, { "--where", or_nothing(asked->where) },
		{ "--trust", trusts[asked->trust] }, { "--by", or_nothing(asked->by) },
		{ "--time-format", or_nothing(asked->time_format) },
		{ "--tz", or_nothing(asked->zone) } };
	bool reads_logs = asked->operands.count > 0;
	enum store_epoch_result result;

	if (keys == NULL || patterns == NULL) {
		result = STORE_EPOCH_REFUSED;
		(void)error_set_memory(error);
	} else {
		result = store_choose_epoch(session->store, MATCHER_RULES,
		    reads_logs ? options : NULL,
		    reads_logs ? sizeof(options) / sizeof(options[0]) : 0, asked->new_epoch, error);
	}
	if (result == STORE_EPOCH_RULES)
		message_print("this release finds codes by other rules: database '%s' begins a new "
			      "epoch, counts of before are kept apart",
		    asked->db);
	free(keys);
	free(patterns);
	return result != STORE_EPOCH_REFUSED;
}

/* Groups are counted by the field that the database was begun with. */
static bool check_by(const struct store_session *session, struct error *error)
{
	const char *asked = session->run->options->by;
	const char *kept = store_option_value(session->store, "--by");

	if (asked == NULL || (kept != NULL && strcmp(asked, kept) == 0))
		return true;
	return error_set(error, ERROR_STORE, "database '%s' counts %s%s: it has no groups by '%s'",
	    session->run->options->db, kept == NULL || *kept == '\0' ? "no groups" : "by ",
	    or_nothing(kept), asked);
}

static bool open_session(struct store_session *session, struct error *error)
{
	const struct options *options = session->run->options;
	unsigned flags = 0;

	if (options->operands.count > 0)
		flags = STORE_WRITE | (options->wait ? (unsigned)STORE_WAIT : 0) |
		    (options->dry_run ? (unsigned)STORE_DRY_RUN : 0);
	session->store = store_open(options->db, flags, error);
	return session->store != NULL && choose_epoch(session, error) && check_by(session, error);
}

/* ---- the report ---- */

struct restoring {
	struct run *run;
	struct tally *tally;
};

static bool restore_count(void *context, const struct count *count, struct error *error)
{
	struct restoring *restoring = context;

	return tally_restore(restoring->tally, count, error);
}

static bool restore_run(void *context, const struct store_run *run, struct error *error)
{
	struct restoring *restoring = context;
	struct tally_lines lines = { run->lines, run->bytes, run->lines_with_hits,
		run->long_lines };

	(void)error;
	tally_restore_lines(restoring->tally, &lines);
	return true;
}

/* Which counts the report is about: a window; or what is new; or, without logs, all. */
static struct store_range range_of(const struct run *run)
{
	struct store_range range = { .undelivered = run->options->operands.count > 0,
		.since = run->report_window.since,
		.until = run->report_window.until };

	if (window_is_bounded(&run->report_window))
		range.undelivered = false;
	return range;
}

static struct tally *restore(struct run *run, struct store *store, const struct store_range *range,
    const struct window *window, struct error *error)
{
	struct restoring restoring = { run, tally_new(run->setup.catalog, error) };
	bool is_whole = !window_is_bounded(window);

	if (restoring.tally != NULL &&
	    tally_set_window(restoring.tally, window,
		run->setup.has_by ? &run->setup.by : NULL, error) &&
	    store_read_counts(store, range, restore_count, &restoring, error) &&
	    (!is_whole || store_read_runs(store, range, restore_run, &restoring, error)))
		return restoring.tally;
	tally_free(restoring.tally);
	return NULL;
}

struct remembering {
	struct summary_history *history;
	bool is_news;
};

static bool remember_run(void *context, const struct store_run *run, struct error *error)
{
	struct remembering *remembering = context;
	struct summary_history *history = remembering->history;
	struct summary_run row = { run->id, run->started, run->is_delivered, run->lines };

	/* what came before the first run that was not delivered is known to the reader */
	if (run->is_delivered && remembering->is_news)
		history->new_since = run->started;
	else if (!summary_history_add_run(history, &row))
		return error_set_memory(error);
	return true;
}

static bool remember_gap(void *context, const struct store_gap *gap, struct error *error)
{
	struct remembering *remembering = context;

	return summary_history_add_gap(
		   remembering->history, gap->file, gap->bytes, gap->reason) ||
	    error_set_memory(error);
}

/* What the database knows beside the counts. */
static bool remember(struct store_session *session, const struct store_range *range,
    struct summary *summary, struct error *error)
{
	struct store_range all = { .undelivered = false };
	struct remembering remembering = { .is_news = range->undelivered };

	summary->history = calloc(1, sizeof(*summary->history));
	if (summary->history == NULL)
		return error_set_memory(error);
	remembering.history = summary->history;
	summary->history->new_since = SUMMARY_NO_TIME;
	summary->history->is_of_window = window_is_bounded(&session->run->report_window);
	return store_read_runs(session->store, &all, remember_run, &remembering, error) &&
	    store_read_gaps(session->store, range, remember_gap, &remembering, error);
}

/* ---- the run ---- */

static int exit_status(const struct store_session *session)
{
	const struct run *run = session->run;

	if (run->has_failed || run->unreadable > 0)
		return EXIT_TROUBLE;
	if (session->gaps > 0 || run->damaged > 0 || session->long_lines > 0 ||
	    session->regex_limits > 0)
		return EXIT_DAMAGE;
	return EXIT_DONE;
}

static bool wants_report(const struct run *run)
{
	return run->options->reports.count > 0 || run->setup.verdict != NULL;
}

/* Whatever was asked for is written: now it is known to whom it may concern. */
static int deliver(struct store_session *session, int status)
{
	struct error error = ERROR_INIT;
	struct run *run = session->run;
	int copy = dup(STDOUT_FILENO);

	/* some file systems tell of a full disk no sooner than this */
	if (copy >= 0 && close(copy) != 0) {
		(void)error_set_errno(&error, errno, "cannot write standard output");
		run_fail(run, &error);
	}
	if (run->has_failed)
		return EXIT_TROUBLE;
	if (run->pipe_closed || session->record.id == 0 || !wants_report(run))
		return status;
	if (store_deliver(session->store, session->record.id, status, &error))
		return status;
	run_complain(&error);
	return error.kind == ERROR_STORE ? EXIT_STORE : EXIT_TROUBLE;
}

static int report(struct store_session *session, struct error *error)
{
	struct run *run = session->run;
	struct store_range range = range_of(run);
	struct summary *summary;
	int status = exit_status(session);

	if (run->file_count == 0) /* what the report is about */
		run->files[run->file_count++] = run->options->db;
	run->restored = restore(run, session->store, &range, &run->report_window, error);
	if (run->restored == NULL)
		return -1;
	summary = run_summarize(run, error);
	if (summary == NULL || !remember(session, &range, summary, error) ||
	    !run_compare(run, summary, error)) {
		summary_free(summary);
		return -1;
	}
	status = run_judge(run, summary, status);
	run_name_troubles(run, summary);
	if (!run->options->quiet && !wants_report(run) && !run->options->quiet_if_ok)
		run_print_totals(run, summary);
	summary_free(summary);
	return deliver(session, status);
}

static int refuse(const struct run *run, const struct error *error)
{
	run_complain(error);
	if (options_have_threshold(run->options))
		return run_refuse(error);
	return error->kind == ERROR_STORE ? EXIT_STORE
	    : error->kind == ERROR_USAGE  ? EXIT_USAGE
					  : EXIT_TROUBLE;
}

int run_store(struct run *run)
{
	struct store_session session = { .run = run };
	struct error error = ERROR_INIT;
	bool is_taken;
	int status = -1;

	is_taken = open_session(&session, &error);
	if (is_taken && run->options->operands.count > 0)
		is_taken = take_in(&session, &error) && write_all(&session, &error);
	if (is_taken)
		status = report(&session, &error);
	if (status < 0 && signals_stop() == 0)
		status = refuse(run, &error);
	release_intakes(&session);
	free(session.intakes);
	store_close(session.store);
	return status;
}
