/*
 * Owns a run that follows its files and counts them into a database. Two runs work side by side:
 * one prints what comes, as without a database; the other one takes in what is new every few
 * seconds, as each run over a database does. So what was counted never depends on what was
 * printed, and whoever else takes the logs in meanwhile, or a kill at any moment, changes nothing.
 * Must not know how either is done.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/message.h"
#include "base/now.h"
#include "cli/mode.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "input/follow_start.h"

/* What is new waits for so long, so that much of it is written at once. */
#define SAVE_MILLISECONDS 5000
/* At the end: how often it is tried, and how long between, while others use the database. */
#define LAST_TRIES 20
#define LAST_PAUSE 100

/* A file as the database knew it at the start. */
struct start {
	size_t file; /* the index of the log */
	char *path;
	int fd; /* -1: more are there than may be open; it is opened when it is printed */
	struct file_identity identity;
	uint64_t from, to; /* what was not counted yet */
	int64_t last_time;
	bool is_followed;
};

struct keeper {
	struct run counter; /* into the database; prints only reports */
	struct run watcher; /* prints lines */
	struct options counted, watched;
	struct session session;
	struct start *starts;
	size_t start_count;
	uint64_t saved_lines; /* of the watcher, when it was saved last */
	uint64_t ticks;       /* of --every that were dealt with */
	int64_t save_at;      /* milliseconds of the clock; 0: there is nothing new */
	char told[sizeof(((struct error *)NULL)->text)]; /* why it could not be saved */
};

/* ---- where it begins ---- */

/* Its name lives on, for the watcher's counts. */
static void close_start(struct start *start)
{
	if (start->fd >= 0)
		(void)close(start->fd);
	start->fd = -1;
}

static void release_start(struct start *start)
{
	close_start(start);
	free(start->path);
}

static void release_starts(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->start_count; i++)
		release_start(&keeper->starts[i]);
	free(keeper->starts);
	keeper->starts = NULL;
	keeper->start_count = 0;
}

/* A descriptor of the file of our own, as far as the rest can open its files, too; or -1. */
static int hold_open(int fd)
{
	int held = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (held < 0 || file_has_room(held))
		return held;
	(void)close(held);
	return -1;
}

static bool add_start(
    struct keeper *keeper, size_t file, const struct log_news *news, size_t i, struct error *error)
{
	const struct rotated_file *rotated = &news->rotated.files[i];
	const struct continuation *continuation = &news->files[i];
	struct start start = { .file = file,
		.path = strdup(rotated->path),
		.fd = hold_open(rotated->fd),
		.identity = rotated->state.identity,
		.from = continuation->from,
		.to = continuation->whole.offset,
		.last_time = news->last_times[i] };
	struct start *grown =
	    realloc(keeper->starts, (keeper->start_count + 1) * sizeof(*keeper->starts));

	if (grown != NULL)
		keeper->starts = grown;
	if (grown == NULL || start.path == NULL) {
		release_start(&start);
		return error_set_memory(error);
	}
	keeper->starts[keeper->start_count++] = start;
	return true;
}

/* What was new when it was counted for the first time is printed, too: of a log that is known. */
static bool note_starts(
    void *context, size_t file, const struct log_news *news, struct error *error)
{
	struct keeper *keeper = context;

	for (size_t i = keeper->start_count; i-- > 0;)
		if (keeper->starts[i].file == file) {
			release_start(&keeper->starts[i]);
			keeper->starts[i] = keeper->starts[--keeper->start_count];
		}
	if (news->is_first && !keeper->counted.from_now)
		return true;
	for (size_t i = 0; i < news->rotated.count; i++)
		if ((news->rotated.files[i].is_live || log_news_has_news(news, i)) &&
		    !add_start(keeper, file, news, i, error))
			return false;
	return true;
}

static bool start(void *context, size_t file, int fd, uint64_t *offset)
{
	struct keeper *keeper = context;
	struct file_identity identity = file_identity_of(fd);

	if (identity.inode == 0) {
		*offset = FOLLOW_START_UNKNOWN;
		return true;
	}
	for (size_t i = 0; i < keeper->start_count; i++) {
		struct start *at = &keeper->starts[i];

		if (at->file != file || !file_identity_is_same(&at->identity, &identity))
			continue;
		at->is_followed = true;
		*offset = at->from;
		return true;
	}
	return false;
}

/* Opens one that was not kept open. */
static bool reopen(struct start *at, struct error *error)
{
	struct file_identity identity;
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;

	if (at->fd >= 0)
		return true;
	at->fd = file_open(AT_FDCWD, at->path, flags);
	if (at->fd < 0)
		return error_set_errno(error, errno, "cannot open '%s'", at->path);
	identity = file_identity_of(at->fd);
	return file_identity_is_same(&at->identity, &identity) ||
	       error_set(error, ERROR_SYSTEM,
	           "'%s' was renamed before its turn, and more files are there than may be open "
	           "(ulimit -n): lines between may be missing",
	           at->path);
}

static enum feed_result feed_start(struct run *run, struct start *at, struct error *error)
{
	return reopen(at, error)
	           ? run_feed_range(run, at->fd, at->path, at->from, at->to, &at->last_time, error)
	           : FEED_INPUT_ERROR;
}

/* The rotated files, of which nothing more will come. */
static void print_rotated(void *context)
{
	struct keeper *keeper = context;
	struct run *run = &keeper->watcher;
	struct error error = ERROR_INIT;

	for (size_t i = 0; i < keeper->start_count && options_print(run->options); i++) {
		struct start *at = &keeper->starts[i];

		if (at->is_followed || at->from >= at->to || signals_stop() != 0)
			continue;
		switch (feed_start(run, at, &error)) {
		case FEED_INPUT_ERROR:
			run->reading.unreadable++;
			message_error(&error);
			break;
		case FEED_FATAL:
			delivery_fail(&run->delivery, &error);
			break;
		default:
			break;
		}
		at->from = at->to; /* should it be followed later */
		close_start(at);
		error = (struct error)ERROR_INIT;
	}
	for (size_t i = 0; i < keeper->start_count; i++)
		close_start(&keeper->starts[i]);
}

/* ---- saving ---- */

static uint64_t lines_seen(const struct keeper *keeper)
{
	return tally_lines(outputs_tally(keeper->watcher.reading.outputs));
}

/* Takes in what is new. What fails is said once, and tried again. */
static bool save(struct keeper *keeper, struct error *error)
{
	uint64_t lines = lines_seen(keeper);
	bool is_saved;

	keeper->save_at = 0;
	is_saved = session_take_in(&keeper->session, error);
	if (is_saved) {
		keeper->saved_lines = lines;
		keeper->told[0] = '\0';
		return true;
	}
	keeper->save_at = now_steady() + SAVE_MILLISECONDS;
	return false;
}

static void complain_once(struct keeper *keeper, const struct error *error)
{
	if (error->kind == ERROR_NONE || store_is_busy(keeper->session.store) ||
	    strcmp(keeper->told, error->text) == 0)
		return;
	(void)snprintf(keeper->told, sizeof(keeper->told), "%s", error->text);
	message_error(error);
}

static void renew_reports(struct keeper *keeper)
{
	struct error error = ERROR_INIT;
	struct summary *summary;

	if (keeper->counted.reports.count == 0)
		return;
	summary = session_summarize(&keeper->session, &error);
	if (summary == NULL)
		complain_once(keeper, &error);
	else
		delivery_renew(&keeper->counter.delivery, summary);
	summary_free(summary);
}

static int work(void *context)
{
	struct keeper *keeper = context;
	struct error error = ERROR_INIT;
	bool is_tick = keeper->ticks != keeper->watcher.ticks;
	bool has_more = lines_seen(keeper) != keeper->saved_lines;
	int64_t now = now_steady();

	keeper->ticks = keeper->watcher.ticks;
	if (has_more && keeper->save_at == 0)
		keeper->save_at = now + SAVE_MILLISECONDS;
	if (has_more && (is_tick || now >= keeper->save_at) && !save(keeper, &error))
		complain_once(keeper, &error);
	if (is_tick)
		renew_reports(keeper);
	now = now_steady();
	return keeper->save_at == 0     ? -1
	       : keeper->save_at <= now ? 0
	                                : (int)(keeper->save_at - now);
}

/* ---- the run ---- */

static void split_options(struct keeper *keeper, const struct options *options)
{
	static const struct options_list none = { NULL, 0 };

	keeper->counted = keeper->watched = *options;
	keeper->counted.output = OUTPUT_NONE;
	keeper->counted.only = NULL;
	keeper->watched.db = NULL;
	keeper->watched.reports = keeper->watched.warnings = keeper->watched.criticals = none;
	keeper->watched.baseline = NULL;
	keeper->watched.verbose = false;
}

static bool open_all(struct keeper *keeper, struct error *error)
{
	keeper->session.is_again = true; /* whoever follows says what is not there */
	keeper->session.seen = note_starts;
	keeper->session.context = keeper;
	if (!run_init(&keeper->counter, &keeper->counted, error) ||
	    !run_init(&keeper->watcher, &keeper->watched, error) ||
	    !signals_install(keeper->watcher.reading.setup.every, error) ||
	    !session_open(&keeper->session, &keeper->counter, error) || !save(keeper, error))
		return false;
	keeper->session.seen = NULL;
	keeper->counted.verbose = false; /* what was taken in is told once */
	return true;
}

/* What came last, though others may be at it. */
static bool save_last(struct keeper *keeper, struct error *error)
{
	struct timespec pause = { 0, LAST_PAUSE * INT64_C(1000000) };
	bool is_saved = false;

	keeper->counter.is_ending = true;
	for (int i = 0; i < LAST_TRIES && !is_saved; i++) {
		*error = (struct error)ERROR_INIT;
		is_saved = save(keeper, error);
		if (is_saved || !store_is_busy(keeper->session.store))
			break;
		(void)nanosleep(&pause, NULL);
	}
	return is_saved;
}

/* The database's last state, and the report; a database in use is no failure: nothing is lost. */
static int close_all(struct keeper *keeper)
{
	struct delivery *counted = &keeper->counter.delivery;
	struct delivery *watched = &keeper->watcher.delivery;
	struct error error = ERROR_INIT;
	int status;

	if (!save_last(keeper, &error)) {
		if (!store_is_busy(keeper->session.store))
			return delivery_refuse(&keeper->counted, &error);
		message_print("database '%s' is in use: what came last is left for the next run",
		    keeper->counted.db);
	}
	delivery_die_with_reader(watched);
	counted->pipe_closed = watched->pipe_closed;
	if (counted->failure == EXIT_DONE)
		counted->failure = watched->failure;
	status = mode_report_session(&keeper->session, &error);
	return status < 0 ? delivery_refuse(&keeper->counted, &error) : status;
}

static int follow(struct keeper *keeper)
{
	struct follow_hooks hooks = { keeper, start, print_rotated, work };
	struct error error = ERROR_INIT;
	int status;

	if (!open_all(keeper, &error))
		return signals_stop() != 0 ? EXIT_DONE : delivery_refuse(&keeper->counted, &error);
	status = run_follow(&keeper->watcher, &hooks);
	return status < 0 ? close_all(keeper) : status;
}

int mode_follow_store(const struct options *options)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));
	struct error error = ERROR_INIT;
	int status;
	int stop;

	if (keeper == NULL) {
		(void)error_set_memory(&error);
		return delivery_refuse(options, &error);
	}
	split_options(keeper, options);
	status = follow(keeper);
	release_starts(keeper);
	session_close(&keeper->session);
	run_release(&keeper->watcher);
	run_release(&keeper->counter);
	free(keeper);
	stop = signals_stop();
	if (stop != 0)
		signals_die(stop);
	return status;
}
