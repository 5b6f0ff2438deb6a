/*
 * Owns the way of what is new in the logs into the database. Must not know how files are matched
 * or rows are kept.
 */
#include "cli/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/now.h"
#include "base/strbuf.h"
#include "cli/signals.h"

/* How often a run begins anew when logs are cut while it reads them. */
#define TRIES 3
/* Of files that are left out, so many are named. */
#define LEFT_NAMED 5
#define DAY_MILLISECONDS INT64_C(86400000)

/* How long counts are kept, unless --keep says another number. */
#define KEEP_DAYS 400

/* ---- taking in ---- */

static void release_intakes(struct session *session)
{
	for (size_t i = 0; i < session->intake_count; i++)
		intake_release(&session->intakes[i]);
	session->intake_count = 0;
}

/* Files that may be another log's are named when they are seen first. */
static void name_left(const struct intake *intake)
{
	struct strbuf names = STRBUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < intake->rotated.count; i++) {
		if (!intake->claims[i].is_left || intake->claims[i].generation != NULL)
			continue;
		if (count++ >= LEFT_NAMED)
			continue;
		strbuf_add_text(&names, count == 1 ? "'" : ", '");
		strbuf_add_text(&names, intake->rotated.files[i].path);
		strbuf_add_char(&names, '\'');
	}
	if (count > LEFT_NAMED)
		strbuf_add_format(&names, " and %zu more", count - LEFT_NAMED);
	if (count > 0 && !names.failed)
		message_print("%s: not counted: not changed since '%s' was counted last, by a "
		              "release that did not take such names for its rotated ones; if they "
		              "are, name them with --rotated GLOB",
		    names.data, intake->rotated.name);
	strbuf_release(&names);
}

static void name_intake(const struct session *session, const struct intake *intake)
{
	size_t new_files = 0;

	for (size_t i = 0; i < intake->rotated.count; i++) {
		const struct claim *claim = &intake->claims[i];

		new_files += intake->is_first && claim->whole.offset > 0 && !claim->is_copy;
		if (session->run->options->verbose)
			message_print("%s: %s, %" PRIu64 " bytes of %" PRIu64 " are new",
			    intake->rotated.files[i].path,
			    claim->is_finished          ? "known, untouched"
			    : claim->is_copy            ? "a copy"
			    : claim->is_partial         ? "not whole yet"
			    : claim->is_left            ? "left out"
			    : claim->generation != NULL ? "known"
			                                : "new",
			    claim->whole.offset - claim->from, claim->whole.offset);
	}
	name_left(intake);
	if (new_files > 0)
		message_print("'%s': seen for the first time, with %zu file%s%s",
		    intake->rotated.name, new_files, new_files == 1 ? "" : "s",
		    session->run->options->from_now ? "; counted from their ends on" : "");
}

/* What is wrong with a log is said once, where it is looked at again and again. */
static bool must_tell(struct session *session, size_t log)
{
	return !session->is_again || !session->logs[log].is_told;
}

static void name_failures(struct session *session, size_t log, const struct intake *intake)
{
	for (size_t i = 0; i < intake->rotated.failure_count; i++) {
		const struct rotated_failure *failure = &intake->rotated.failures[i];
		bool is_log = strcmp(failure->path, session->run->reading.files[log]) == 0;

		if (must_tell(session, log) && !(session->is_again && is_log))
			message_print(
			    "cannot open '%s': %s", failure->path, rotated_failure_text(failure));
		session->run->reading.unreadable++;
	}
	session->logs[log].is_told = intake->rotated.failure_count > 0;
}

/* The log is left for the next run, and the others are done. */
static void refuse_log(
    struct session *session, size_t log, bool is_missing, const struct error *error)
{
	if (must_tell(session, log) && !(session->is_again && is_missing))
		message_error(error);
	session->logs[log].is_refused = session->logs[log].is_told = true;
}

enum taking {
	TAKING_DONE,
	TAKING_AGAIN, /* what was counted is not what is there: all anew */
	TAKING_FAILED,
};

/* Counts what is new of a file: all of it, or it is none of it. */
static enum taking feed_file(
    struct session *session, size_t log, struct intake *intake, size_t i, struct error *error)
{
	struct run *run = session->run;
	const struct rotated_file *file = &intake->rotated.files[i];
	const struct claim *claim = &intake->claims[i];
	uint64_t before = tally_bytes(outputs_tally(run->reading.outputs));
	int fd = intake_reach(intake, i, error);
	enum feed_result result = FEED_INPUT_ERROR;

	if (intake->rotated.is_lost) {
		*error = (struct error)ERROR_INIT;
		return TAKING_AGAIN;
	}
	if (fd >= 0)
		result = run_feed_range(run, fd, file->path, claim->from, claim->whole.offset,
		    &intake->last_times[i], error);
	switch (result) {
	case FEED_DONE:
		return tally_bytes(outputs_tally(run->reading.outputs)) - before ==
		               claim->whole.offset - claim->from
		           ? TAKING_DONE
		           : TAKING_AGAIN;
	case FEED_INPUT_ERROR:
		refuse_log(session, log, false, error);
		*error = (struct error)ERROR_INIT;
		return TAKING_AGAIN;
	default:
		return TAKING_FAILED;
	}
}

static enum taking feed_files(
    struct session *session, size_t log, struct intake *intake, struct error *error)
{
	enum taking taking = TAKING_DONE;

	for (size_t i = 0; i < intake->rotated.count && taking == TAKING_DONE; i++) {
		const struct claim *claim = &intake->claims[i];

		/* what is still being made of the file beside it */
		bool is_damaged = claim->is_damaged && !(claim->is_copy && claim->twin != NULL);

		if (is_damaged && !session->is_again)
			message_print("'%s' ends early: %s", intake->rotated.files[i].path,
			    claim->is_partial ? "less than was counted, it is left for the next run"
			                      : "its whole lines are counted");
		session->run->reading.damaged += is_damaged;
		if (intake_has_news(intake, i))
			taking = feed_file(session, log, intake, i, error);
	}
	return taking;
}

static enum taking take_log(struct session *session, size_t log, struct error *error)
{
	struct run *run = session->run;
	struct intake *intake = &session->intakes[session->intake_count];
	struct rotated_search search = { .path = run->reading.files[log],
		.patterns = (const char *const *)run->options->rotated.items,
		.pattern_count = run->options->rotated.count };

	if (!intake_init(intake, session->store, &search, &run->reading.setup.stamps,
	        run->options->from_now, error)) {
		if (error->kind == ERROR_STORE || error->kind == ERROR_USAGE)
			return TAKING_FAILED;
		refuse_log(session, log, intake->is_missing, error);
		*error = (struct error)ERROR_INIT;
		run->reading.unreadable++;
		return TAKING_DONE;
	}
	session->intake_logs[session->intake_count++] = log;
	if (!intake_check_apart(session->intakes, session->intake_count, error))
		return TAKING_FAILED;
	if (session->seen != NULL && !session->seen(session->context, log, intake, error))
		return TAKING_FAILED;
	name_intake(session, intake);
	name_failures(session, log, intake);
	return feed_files(session, log, intake, error);
}

/* Counts what is new in all logs. A log that cannot be read is named, and the others are
 * done. */
static enum taking take_in_once(struct session *session, struct error *error)
{
	struct run *run = session->run;
	enum taking taking = TAKING_DONE;

	for (size_t i = 0; i < run->reading.file_count && taking == TAKING_DONE; i++) {
		if (session->logs[i].is_refused)
			run->reading.unreadable++;
		else
			taking = take_log(session, i, error);
	}
	return taking;
}

/* Whether what was counted is still there. */
static enum taking check_all(struct session *session)
{
	for (size_t i = 0; i < session->intake_count; i++) {
		struct error error = ERROR_INIT;
		bool is_same = false;

		if (!intake_check(&session->intakes[i], &is_same, &error))
			refuse_log(session, session->intake_logs[i], false, &error);
		if (!is_same)
			return TAKING_AGAIN;
	}
	return TAKING_DONE;
}

static size_t count_refused(const struct session *session)
{
	size_t count = 0;

	for (size_t i = 0; i < session->run->reading.file_count; i++)
		count += session->logs[i].is_refused;
	return count;
}

/* A file that was cut under the reader was read half of before and half of after: all anew.
 * Without a log that turned out to be unreadable all is begun anew, too. */
static bool count_all(struct session *session, struct error *error)
{
	struct run *run = session->run;
	enum taking taking = TAKING_AGAIN;

	for (int i = 0; i < TRIES && taking == TAKING_AGAIN;) {
		size_t refused = count_refused(session);

		release_intakes(session);
		tally_reset(outputs_tally(run->reading.outputs));
		/* what is written from now on may not be seen */
		session->record.started = session->record.ended = now_of_files();
		run->reading.unreadable = run->reading.damaged = 0;
		taking = take_in_once(session, error);
		if (run_must_stop(run))
			return false;
		if (taking == TAKING_DONE)
			taking = check_all(session);
		i += count_refused(session) == refused;
	}
	if (taking == TAKING_AGAIN)
		return error_set(error, ERROR_STORE,
		    "the logs were cut or rewritten while they were read, %d times: nothing was "
		    "counted; run again",
		    TRIES);
	return taking == TAKING_DONE;
}

static bool count_news(struct session *session, struct error *error)
{
	size_t count = session->run->reading.file_count + 1;

	session->intakes = calloc(count, sizeof(*session->intakes));
	session->intake_logs = calloc(count, sizeof(*session->intake_logs));
	if (session->logs == NULL)
		session->logs = calloc(count, sizeof(*session->logs));
	if (session->intakes == NULL || session->intake_logs == NULL || session->logs == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < session->run->reading.file_count; i++)
		session->logs[i].is_refused = false;
	return count_all(session, error);
}

/* ---- writing ---- */

struct gathering {
	struct count *counts; /* groups point into the tally */
	size_t count, room;
};

static bool gather(void *context, const struct count *count, struct error *error)
{
	struct gathering *gathering = context;

	if (gathering->count == gathering->room) {
		size_t room = gathering->room * 2 + 256;
		struct count *grown = realloc(gathering->counts, room * sizeof(*grown));

		if (grown == NULL)
			return error_set_memory(error);
		gathering->counts = grown;
		gathering->room = room;
	}
	gathering->counts[gathering->count++] = *count;
	return true;
}

static bool write_run(struct session *session, struct error *error)
{
	struct gathering gathering = { .count = 0 };
	const struct tally *tally = outputs_tally(session->run->reading.outputs);
	bool written = tally_visit(tally, gather, &gathering, error) &&
	               store_write_run(session->store, &session->record, gathering.counts,
	                   gathering.count, error);

	free(gathering.counts);
	return written;
}

static bool write_gaps(struct session *session, const struct intake *intake, struct error *error)
{
	struct store_gap gap;
	bool written = true;

	for (size_t at = 0; written && intake_next_gap(intake, &at, &gap);) {
		message_print("gap in '%s': %s; what came after it may be missing from the counts, "
		              "unless it is in a file that --rotated would name",
		    gap.file, gap.reason);
		session->gaps++;
		written = store_write_gap(session->store, session->record.id, &gap, error);
	}
	return written;
}

static uint64_t count_new_files(const struct session *session)
{
	uint64_t count = 0;

	for (size_t i = 0; i < session->intake_count; i++)
		for (size_t f = 0; f < session->intakes[i].rotated.count; f++)
			count += session->intakes[i].claims[f].generation == NULL &&
			         !session->intakes[i].claims[f].is_left;
	return count;
}

/* Old counts go by the time of the lines, so that a clock that runs ahead drops nothing. */
static bool drop_old(struct session *session, struct error *error)
{
	unsigned long asked = session->run->options->keep_days;
	int64_t keep = (asked == 0 ? KEEP_DAYS : (int64_t)asked) * DAY_MILLISECONDS;
	int64_t first;
	int64_t last;

	if (!store_read_span(session->store, &first, &last, error))
		return false;
	if (last == COUNT_NO_TIME || last > session->record.started)
		last = session->record.started;
	return store_drop_old(session->store, last - keep, error);
}

static bool write_news(struct session *session, struct error *error)
{
	struct store_run *record = &session->record;
	struct summary *summary = reading_summarize(&session->run->reading, error);

	if (summary == NULL)
		return false;
	record->lines = summary->lines;
	record->bytes = summary->bytes;
	record->lines_with_hits = summary->lines_with_hits;
	record->long_lines = summary->trouble.long_lines;
	record->new_files = count_new_files(session);
	session->long_lines = summary->trouble.long_lines;
	session->regex_limits = summary->trouble.regex_limits;
	summary_free(summary);
	if (!write_run(session, error))
		return false;
	for (size_t i = 0; i < session->intake_count; i++)
		if (!write_gaps(session, &session->intakes[i], error) ||
		    !intake_write(&session->intakes[i], session->store, record->id, error))
			return false;
	return drop_old(session, error) && session_write_meaning(session, error) &&
	       session_find_window(session, error) && session_announce(session, error) &&
	       store_commit(session->store, error);
}

bool session_take_in(struct session *session, struct error *error)
{
	bool is_taken;

	/* what was summed up for a report is not what is new */
	tally_free(session->run->reading.restored);
	session->run->reading.restored = NULL;
	is_taken = session_begin(session, error) && count_news(session, error) &&
	           write_news(session, error);

	if (!is_taken)
		store_rollback(session->store);
	release_intakes(session);
	free(session->intakes);
	free(session->intake_logs);
	session->intakes = NULL;
	session->intake_logs = NULL;
	return is_taken;
}
