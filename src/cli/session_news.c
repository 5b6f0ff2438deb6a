/*
 * Owns the way of what is new in the logs into the database. Must not know how files are matched
 * or rows are kept.
 *
 * Everything is counted first, then the files are looked at again: where one was cut or rewritten
 * meanwhile all is counted anew. Only then is it written, in one transaction with the positions.
 * With it goes what people who read the database themselves want to know: what codes mean by the
 * run's catalogs and --errors, and what its zone's clocks show.
 */
#include "cli/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/now.h"
#include "base/strbuf.h"
#include "base/zone.h"

/* How often a run begins anew when logs are cut while it reads them. */
#define TRIES 3
/* How many of the files that are left out are named. */
#define LEFT_NAMED 5
#define DAY_MILLISECONDS INT64_C(86400000)
#define DAY (DAY_MILLISECONDS / 1000)
#define QUARTER (COUNT_QUARTER_MILLISECONDS / 1000)

/* How long counts are kept, unless --keep says another number. */
#define KEEP_DAYS 400

/* ---- taking in ---- */

static void release_news(struct session *session)
{
	for (size_t i = 0; i < session->news_count; i++)
		log_news_release(&session->news[i]);
	session->news_count = 0;
}

/* Files that may be another log's are named when they are seen first. */
static void name_left(const struct log_news *news)
{
	struct strbuf names = STRBUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < news->rotated.count; i++) {
		if (!news->files[i].is_left || news->files[i].generation != NULL)
			continue;
		if (count++ >= LEFT_NAMED)
			continue;
		strbuf_add_text(&names, count == 1 ? "'" : ", '");
		strbuf_add_text(&names, news->rotated.files[i].path);
		strbuf_add_char(&names, '\'');
	}
	if (count > LEFT_NAMED)
		strbuf_add_format(&names, " and %zu more", count - LEFT_NAMED);
	if (count > 0 && !names.failed)
		message_print("%s: not counted: not changed since '%s' was counted last, by a "
		              "release that did not take such names for its rotated ones; if they "
		              "are, name them with --rotated GLOB",
		    names.data, news->rotated.name);
	strbuf_release(&names);
}

static void name_news(const struct session *session, const struct log_news *news)
{
	size_t new_files = 0;

	for (size_t i = 0; i < news->rotated.count; i++) {
		const struct continuation *file = &news->files[i];

		new_files += news->is_first && file->whole.offset > 0 && !file->is_copy;
		if (session->run->options->verbose)
			message_print("%s: %s, %" PRIu64 " bytes of %" PRIu64 " are new",
			    news->rotated.files[i].path,
			    file->is_finished          ? "known, untouched"
			    : file->is_copy            ? "a copy"
			    : file->is_partial         ? "not whole yet"
			    : file->is_left            ? "left out"
			    : file->generation != NULL ? "known"
			                               : "new",
			    file->whole.offset - file->from, file->whole.offset);
	}
	name_left(news);
	if (new_files > 0)
		message_print("'%s': seen for the first time, with %zu file%s%s",
		    news->rotated.name, new_files, new_files == 1 ? "" : "s",
		    session->run->options->from_now ? "; counted from their ends on" : "");
}

/* Whether trouble with the log is to be told: while it is followed, only the first time. */
static bool must_tell(struct session *session, size_t log)
{
	return !session->is_again || !session->logs[log].is_told;
}

static void name_failures(struct session *session, size_t log, const struct log_news *news)
{
	for (size_t i = 0; i < news->rotated.failure_count; i++) {
		const struct rotated_failure *failure = &news->rotated.failures[i];
		bool is_log = strcmp(failure->path, session->run->reading.files[log]) == 0;

		if (must_tell(session, log) && !(session->is_again && is_log))
			message_print(
			    "cannot open '%s': %s", failure->path, rotated_failure_text(failure));
		session->run->reading.unreadable++;
	}
	session->logs[log].is_told = news->rotated.failure_count > 0;
}

/* Says why a log cannot be read; it is left for the next run, and the others are done. */
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

/* Counts what is new in a file. Where less came than was found before, the file was cut. */
static enum taking feed_file(
    struct session *session, size_t log, struct log_news *news, size_t i, struct error *error)
{
	struct run *run = session->run;
	const struct rotated_file *rotated = &news->rotated.files[i];
	const struct continuation *file = &news->files[i];
	uint64_t before = tally_bytes(outputs_tally(run->reading.outputs));
	int fd = log_news_reach(news, i, error);
	enum feed_result result = FEED_INPUT_ERROR;

	if (news->rotated.is_lost) {
		*error = (struct error)ERROR_INIT;
		return TAKING_AGAIN;
	}
	if (fd >= 0)
		result = run_feed_range(run, fd, rotated->path, file->from, file->whole.offset,
		    &news->last_times[i], error);
	switch (result) {
	case FEED_DONE:
		return tally_bytes(outputs_tally(run->reading.outputs)) - before ==
		               file->whole.offset - file->from
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
    struct session *session, size_t log, struct log_news *news, struct error *error)
{
	enum taking taking = TAKING_DONE;

	for (size_t i = 0; i < news->rotated.count && taking == TAKING_DONE; i++) {
		const struct continuation *file = &news->files[i];

		/* a copy that is still being made of its plain twin is no damage */
		bool is_damaged = file->is_damaged && !(file->is_copy && file->twin != NULL);

		if (is_damaged && !session->is_again)
			message_print("'%s' ends early: %s", news->rotated.files[i].path,
			    file->is_partial ? "less than was counted, it is left for the next run"
			                     : "its whole lines are counted");
		session->run->reading.damaged += is_damaged;
		if (log_news_has_news(news, i))
			taking = feed_file(session, log, news, i, error);
	}
	return taking;
}

static enum taking take_log(struct session *session, size_t log, struct error *error)
{
	struct run *run = session->run;
	struct log_news *news = &session->news[session->news_count];
	struct rotated_search search = { .path = run->reading.files[log],
		.patterns = (const char *const *)run->options->rotated.items,
		.pattern_count = run->options->rotated.count };

	if (!log_news_init(news, session->store, &search, &run->reading.setup.stamps,
	        run->options->from_now, error)) {
		if (error->kind == ERROR_STORE || error->kind == ERROR_USAGE)
			return TAKING_FAILED;
		refuse_log(session, log, news->is_missing, error);
		*error = (struct error)ERROR_INIT;
		run->reading.unreadable++;
		return TAKING_DONE;
	}
	session->news_logs[session->news_count++] = log;
	if (!log_news_check_apart(session->news, session->news_count, error))
		return TAKING_FAILED;
	if (session->seen != NULL && !session->seen(session->context, log, news, error))
		return TAKING_FAILED;
	name_news(session, news);
	name_failures(session, log, news);
	return feed_files(session, log, news, error);
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
	for (size_t i = 0; i < session->news_count; i++) {
		struct error error = ERROR_INIT;
		bool is_same = false;

		if (!log_news_check(&session->news[i], &is_same, &error))
			refuse_log(session, session->news_logs[i], false, &error);
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

/* Counts all logs, and begins anew where what was counted is not what is there any more, or
 * where a log turned out to be unreadable: it is left out then. Only the former is given up
 * after some tries. */
static bool count_all(struct session *session, struct error *error)
{
	struct run *run = session->run;
	enum taking taking = TAKING_AGAIN;

	for (int i = 0; i < TRIES && taking == TAKING_AGAIN;) {
		size_t refused = count_refused(session);

		release_news(session);
		tally_reset(outputs_tally(run->reading.outputs));
		/* what is written to the logs from now on may be missed by this run */
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

	session->news = calloc(count, sizeof(*session->news));
	session->news_logs = calloc(count, sizeof(*session->news_logs));
	if (session->logs == NULL)
		session->logs = calloc(count, sizeof(*session->logs));
	if (session->news == NULL || session->news_logs == NULL || session->logs == NULL)
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

static bool write_gaps(struct session *session, const struct log_news *news, struct error *error)
{
	struct store_gap gap;
	bool written = true;

	for (size_t at = 0; written && log_news_next_gap(news, &at, &gap);) {
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

	for (size_t i = 0; i < session->news_count; i++)
		for (size_t f = 0; f < session->news[i].rotated.count; f++)
			count += session->news[i].files[f].generation == NULL &&
			         !session->news[i].files[f].is_left;
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

/* ---- for those who read the database themselves ---- */

static bool write_meanings(struct session *session, struct error *error)
{
	const struct setup *setup = &session->run->reading.setup;
	size_t count = catalog_size(setup->catalog);
	struct store_meaning *meanings = calloc(count + 1, sizeof(*meanings));
	bool written;

	if (meanings == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++) {
		const struct catalog_entry *entry = catalog_at(setup->catalog, i);

		meanings[i] = (struct store_meaning){ entry->code, entry->description,
			entry->category, outcome_info(entry->outcome)->name,
			selection_has(setup->errors, entry) };
	}
	written = store_write_meanings(session->store, meanings, count, error);
	free(meanings);
	return written;
}

struct offsets {
	struct store_offset *items;
	size_t count, room;
};

static bool add(struct offsets *offsets, int64_t since, int32_t offset)
{
	if (offsets->count == offsets->room) {
		size_t room = offsets->room * 2 + 8;
		struct store_offset *grown = realloc(offsets->items, room * sizeof(*grown));

		if (grown == NULL)
			return false;
		offsets->items = grown;
		offsets->room = room;
	}
	offsets->items[offsets->count++] = (struct store_offset){ since, offset };
	return true;
}

/* Finds the offset at `first` and each change until `last`, to the quarter of an hour. A day at
 * whose end the offset is as at its beginning is taken for one without a change. */
static bool find_offsets(struct offsets *offsets, int64_t first, int64_t last)
{
	struct zone zone = { 0 };
	int32_t offset = zone_offset(&zone, first);
	bool added = add(offsets, first, offset);

	for (int64_t day = first; day < last && added; day += DAY) {
		if (zone_offset(&zone, day + DAY) == offset)
			continue;
		for (int64_t at = day + QUARTER; at <= day + DAY && added; at += QUARTER)
			if (zone_offset(&zone, at) != offset) {
				offset = zone_offset(&zone, at);
				added = add(offsets, at, offset);
			}
	}
	return added;
}

static bool write_zone(struct session *session, struct error *error)
{
	struct offsets offsets = { NULL, 0, 0 };
	int64_t first;
	int64_t last;
	bool written;

	if (!store_read_span(session->store, &first, &last, error))
		return false;
	if (first == COUNT_NO_TIME)
		return store_write_offsets(session->store, NULL, 0, error);
	written = find_offsets(&offsets, first / 1000, last / 1000)
	              ? store_write_offsets(session->store, offsets.items, offsets.count, error)
	              : error_set_memory(error);
	free(offsets.items);
	return written;
}

static bool write_meaning(struct session *session, struct error *error)
{
	return write_meanings(session, error) && write_zone(session, error);
}

/* ---- all of it ---- */

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
	for (size_t i = 0; i < session->news_count; i++)
		if (!write_gaps(session, &session->news[i], error) ||
		    !log_news_write(&session->news[i], session->store, record->id, error))
			return false;
	return drop_old(session, error) && write_meaning(session, error) &&
	       session_find_window(session, error) && session_announce(session, error) &&
	       store_commit(session->store, error);
}

bool session_take_in(struct session *session, struct error *error)
{
	bool is_taken;

	/* else the summary of what is new would be made of the counts of the last report */
	tally_free(session->run->reading.restored);
	session->run->reading.restored = NULL;
	is_taken = session_begin(session, error) && count_news(session, error) &&
	           write_news(session, error);

	if (!is_taken)
		store_rollback(session->store);
	release_news(session);
	free(session->news);
	free(session->news_logs);
	session->news = NULL;
	session->news_logs = NULL;
	return is_taken;
}
