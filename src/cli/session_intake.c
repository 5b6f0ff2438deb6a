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
#include "cli/run.h"
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

static void name_failures(struct session *session, const struct intake *intake)
{
	for (size_t i = 0; i < intake->rotated.failure_count; i++) {
		const struct rotated_failure *failure = &intake->rotated.failures[i];

		if (!session->is_again)
			message_print(
			    "cannot open '%s': %s", failure->path, rotated_failure_text(failure));
		session->run->unreadable++;
	}
}

static bool feed_files(struct session *session, struct intake *intake, struct error *error)
{
	for (size_t i = 0; i < intake->rotated.count; i++) {
		const struct rotated_file *file = &intake->rotated.files[i];
		const struct claim *claim = &intake->claims[i];

		/* what is still being made of the file beside it */
		bool is_damaged = claim->is_damaged && !(claim->is_copy && claim->twin != NULL);

		if (is_damaged && !session->is_again)
			message_print("'%s' ends early: %s", file->path,
			    claim->is_partial ? "less than was counted, it is left for the next run"
			                      : "its whole lines are counted");
		session->run->damaged += is_damaged;
		int fd = intake_has_news(intake, i) ? intake_reach(intake, i, error) : -1;

		if (intake->rotated.is_lost) {
			*error = (struct error)ERROR_INIT;
			return true; /* all anew */
		}
		if (!intake_has_news(intake, i))
			continue;
		if (fd < 0 || !run_feed_range(session->run, fd, file->path, claim->from,
		                  claim->whole.offset, &intake->last_times[i], error))
			return false;
	}
	return true;
}

/* Counts what is new in all logs. A log that cannot be read is named, and the others are
 * done. */
static bool take_in_once(struct session *session, struct error *error)
{
	struct run *run = session->run;

	for (size_t i = 0; i < run->file_count; i++) {
		struct intake *intake = &session->intakes[session->intake_count];
		struct rotated_search search = { .path = run->files[i],
			.patterns = (const char *const *)run->options->rotated.items,
			.pattern_count = run->options->rotated.count };

		if (!intake_init(intake, session->store, &search, &run->setup.stamps,
		        run->options->from_now, error)) {
			if (error->kind == ERROR_STORE || error->kind == ERROR_USAGE)
				return false;
			if (!session->is_again)
				run_complain(error);
			run->unreadable++;
			continue;
		}
		session->intake_count++;
		if (!intake_check_apart(session->intakes, session->intake_count, error))
			return false;
		if (session->seen != NULL && !session->seen(session->context, i, intake, error))
			return false;
		name_intake(session, intake);
		name_failures(session, intake);
		if (!feed_files(session, intake, error))
			return false;
	}
	return true;
}

static bool check_all(const struct session *session, bool *is_same, struct error *error)
{
	*is_same = true;
	for (size_t i = 0; i < session->intake_count && *is_same; i++)
		if (!intake_check(&session->intakes[i], is_same, error))
			return false;
	return true;
}

/* A file that was cut under the reader was read half of before and half of after: all anew. */
static bool count_news(struct session *session, struct error *error)
{
	struct run *run = session->run;
	bool is_same = false;

	session->intakes = calloc(run->file_count + 1, sizeof(*session->intakes));
	if (session->intakes == NULL)
		return error_set_memory(error);
	for (int i = 0; i < TRIES && !is_same; i++) {
		release_intakes(session);
		lane_reset(run->lane);
		/* what is written from now on may not be seen */
		session->record.started = session->record.ended = now_of_files();
		run->unreadable = run->damaged = 0;
		if (!take_in_once(session, error) || run_must_stop(run) ||
		    !check_all(session, &is_same, error))
			return false;
	}
	return is_same ||
	       error_set(error, ERROR_STORE,
	           "the logs were cut or rewritten while they were read, %d times: nothing was "
	           "counted; run again",
	           TRIES);
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
	bool written = tally_visit(lane_tally(session->run->lane), gather, &gathering, error) &&
	               store_write_run(session->store, &session->record, gathering.counts,
	                   gathering.count, error);

	free(gathering.counts);
	return written;
}

static bool write_gap(void *context, const struct store_gap *gap, struct error *error)
{
	struct session *session = context;

	message_print("gap in '%s': %s; what came after it may be missing from the counts, unless "
	              "it is in a file that --rotated would name",
	    gap->file, gap->reason);
	session->gaps++;
	return store_write_gap(session->store, session->record.id, gap, error);
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
	struct summary *summary = run_summarize(session->run, error);

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
		if (!intake_visit_gaps(&session->intakes[i], write_gap, session, error) ||
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
	tally_free(session->run->restored);
	session->run->restored = NULL;
	is_taken = session_begin(session, error) && count_news(session, error) &&
	           write_news(session, error);

	if (!is_taken)
		store_rollback(session->store);
	release_intakes(session);
	free(session->intakes);
	session->intakes = NULL;
	return is_taken;
}
