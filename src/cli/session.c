/*
 * Owns the opening and closing of a run's database: whether it counts as the run does, and which of
 * the files that were named are logs of their own. Must not know how logs are taken in or reports
 * are made.
 *
 * Of `api.log*` only api.log is a log, since it brings its rotated files along: counted by
 * themselves their lines would count twice.
 */
#include "cli/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "input/rotated.h"
#include "input/rotated_name.h"
#include "input/rotated_walk.h"

/* ---- does the database count as the run does? ---- */

/* The zone in which stamps without one are read, as its offsets in winter and summer: a zone has
 * many names. */
static void name_zone(char text[2 * ZONE_TEXT_MAX])
{
	struct zone zone = { 0 };
	int32_t january = zone_offset(&zone, 1767225600); /* 2026-01-01 */
	int32_t july = zone_offset(&zone, 1782864000);
	char winter[ZONE_TEXT_MAX];
	char summer[ZONE_TEXT_MAX];

	(void)zone_format_offset(january, winter);
	(void)zone_format_offset(july, summer);
	(void)snprintf(text, (size_t)2 * ZONE_TEXT_MAX, january == july ? "%s" : "%s, in July %s",
	    winter, summer);
}

/* The options that decide what is found, and at which time. A run without logs need not repeat
 * them, but may not ask for others. */
#define EPOCH_OPTIONS (FINDING_COUNT + 2)

static size_t add_finding(struct store_option *options, const struct finding *finding, bool is_all)
{
	size_t count = 0;

	if (is_all)
		for (; count < FINDING_COUNT; count++)
			options[count] =
			    (struct store_option){ finding_names[count], finding->values[count] };
	else
		for (; count < finding->given_count; count++)
			options[count] = (struct store_option){ finding->given[count].name,
				finding->given[count].value };
	return count;
}

static bool choose_epoch(struct session *session, struct error *error)
{
	const struct options *asked = session->run->options;
	bool is_all = asked->operands.count > 0;
	struct store_option options[EPOCH_OPTIONS];
	size_t count = add_finding(options, &session->run->reading.finding, is_all);
	char zone[2 * ZONE_TEXT_MAX];
	enum store_epoch_result result;

	name_zone(zone);
	if (is_all) {
		options[count++] =
		    (struct store_option){ "--by", asked->by == NULL ? "" : asked->by };
		options[count++] = (struct store_option){ "--tz", zone };
	}
	result = store_choose_epoch(
	    session->store, MATCHER_RULES, options, count, asked->new_epoch, error);
	if (result == STORE_EPOCH_RULES && is_all)
		message_print(
		    "database '%s': the counts of before were made by older rules; they go "
		    "on, and reports that reach back to them say so",
		    asked->db);
	return result != STORE_EPOCH_REFUSED;
}

/* Whether --by asks for the field by which the database counts. */
static bool check_by(const struct session *session, struct error *error)
{
	const char *asked = session->run->options->by;
	const char *kept = store_option_value(session->store, "--by");

	if (asked == NULL || (kept != NULL && strcmp(asked, kept) == 0))
		return true;
	return error_set(error, ERROR_STORE, "database '%s' counts %s%s: it has no groups by '%s'",
	    session->run->options->db, kept == NULL || *kept == '\0' ? "no groups" : "by ",
	    kept == NULL ? "" : kept, asked);
}

/* ---- which of the files are logs ---- */

struct place {
	char *directory, *name; /* NULL: the folder cannot be reached */
	bool is_known;          /* to the database, as a log of its own */
};

/* Whether rotated files of a log in `folder` are looked for in `below`. */
static bool is_searched(const char *folder, const char *below, bool *is_late)
{
	size_t length = strlen(folder);

	if (length == 1) /* the root */
		length = 0;
	return strncmp(folder, below, length) == 0 &&
	       (below[length] == '\0' || below[length] == '/') &&
	       rotated_walk_reaches(below + length, is_late);
}

/* Whether the log at `log` takes in `other`, too. By a name that was not taken for a rotated one
 * at first it may have been counted as a log of its own: then it stays one. */
static bool takes_in(const struct place *log, const struct place *other)
{
	struct rotated_name parsed;
	bool is_late;

	return log->name != NULL && other->name != NULL &&
	       rotated_name_parse(&parsed, log->name, other->name) &&
	       is_searched(log->directory, other->directory, &is_late) &&
	       !(other->is_known && (is_late || parsed.is_late));
}

static bool is_same(const struct place *a, const struct place *b)
{
	return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->directory, b->directory) == 0;
}

/* The log among the named ones that takes in place `i`; NULL: it is one of its own. */
static const char *find_log(const struct run *run, const struct place *places, size_t i)
{
	for (size_t j = 0; j < run->reading.file_count; j++)
		if (takes_in(&places[j], &places[i]) || (j < i && is_same(&places[j], &places[i])))
			return run->reading.files[j];
	return NULL;
}

/* A log that was counted before must not be a part of this one, nor the other way round. */
static bool check_known(const struct session *session, const struct place *place,
    const struct store_log *log, struct error *error)
{
	const struct place known = { (char *)log->directory, (char *)log->name, true };
	const char *db = session->run->options->db;

	if (takes_in(&known, place))
		return error_set(error, ERROR_STORE,
		    "'%s/%s' is a rotated file of '%s', of which database '%s' counts all: name "
		    "that one",
		    place->directory, place->name, log->name, db);
	if (takes_in(place, &known))
		return error_set(error, ERROR_STORE,
		    "database '%s' has counted '%s/%s', a rotated file of '%s', as a log of its "
		    "own: its lines would count twice; count '%s' into another database",
		    db, log->directory, log->name, place->name, place->name);
	return true;
}

static bool check_all_known(
    const struct session *session, const struct place *place, struct error *error)
{
	struct store_cursor *logs = store_cursor_new(session->store, NULL, error);
	struct store_log log;
	bool is_right = true;

	while (is_right && store_next_log(logs, &log, error))
		is_right = check_known(session, place, &log, error);
	return store_cursor_end(logs) && is_right;
}

static void release_places(struct place *places, size_t count)
{
	for (size_t i = 0; places != NULL && i < count; i++) {
		free(places[i].directory);
		free(places[i].name);
	}
	free(places);
}

/* Where each of the files is; what cannot be reached is named when it is taken in. */
static bool locate(const struct session *session, struct place *places, struct error *error)
{
	const struct run *run = session->run;

	for (size_t i = 0; i < run->reading.file_count; i++) {
		struct error ignored = ERROR_INIT;

		if (rotated_locate(
		        run->reading.files[i], &places[i].directory, &places[i].name, &ignored) &&
		    !store_knows_log(session->store, places[i].directory, places[i].name,
		        &places[i].is_known, error))
			return false;
	}
	return true;
}

static bool choose_logs(struct session *session, const struct place *places, const char **logs,
    size_t *count, struct error *error)
{
	struct run *run = session->run;

	for (size_t i = 0; i < run->reading.file_count; i++) {
		const char *log = find_log(run, places, i);

		if (log != NULL) {
			if (run->options->verbose)
				message_print("%s: taken in with %s", run->reading.files[i], log);
			continue;
		}
		if (places[i].name != NULL && !check_all_known(session, &places[i], error))
			return false;
		logs[(*count)++] = run->reading.files[i];
	}
	return true;
}

static bool find_logs(struct session *session, struct error *error)
{
	struct run *run = session->run;
	size_t all = run->reading.file_count;
	size_t count = 0;
	struct place *places = calloc(all + 1, sizeof(*places));
	const char **logs = calloc(all + 1, sizeof(*logs));
	bool found = false;

	if (places == NULL || logs == NULL) {
		(void)error_set_memory(error);
	} else {
		found = locate(session, places, error) &&
		        choose_logs(session, places, logs, &count, error);
		if (found) {
			memcpy(run->reading.files, logs, count * sizeof(*logs));
			run->reading.file_count = count;
		}
	}
	release_places(places, all);
	free(logs);
	return found;
}

/* ---- opening and closing ---- */

/* Opens the database, and says what is to be known of it. */
static struct store *open_store(const struct options *options, unsigned flags, struct error *error)
{
	struct store *store = store_open(options->db, flags, error);

	if (store != NULL && store_is_updated(store))
		message_print("database '%s' is brought up to date for this release; as it was "
		              "before: '%s.bak'",
		    options->db, options->db);
	if (store != NULL && store_exposure(store) != NULL)
		message_print("database '%s': %s", options->db, store_exposure(store));
	return store;
}

/* Does what --accept asks for, in a transaction of its own, before the database is opened for
 * the run. Where there is no database there is nothing to accept. */
static bool accept(const struct options *options, struct error *error)
{
	struct strbuf rows = STRBUF_INIT;
	struct store *store;
	bool accepted;

	if (!options->accept || access(options->db, F_OK) != 0)
		return true;
	store =
	    open_store(options, STORE_WRITE | (options->wait ? (unsigned)STORE_WAIT : 0), error);
	accepted = store != NULL && store_accept(store, &rows, error) && store_commit(store, error);
	if (accepted && rows.len > 0)
		message_print("database '%s': rows that were changed by hand are accepted: %s; as "
		              "it was before: '%s.bak'",
		    options->db, rows.data, options->db);
	else if (accepted)
		message_print("database '%s': no row was changed by hand", options->db);
	store_close(store);
	strbuf_release(&rows);
	return accepted;
}

bool session_open(struct session *session, struct run *run, struct error *error)
{
	const struct options *options = run->options;
	unsigned flags = 0;

	session_close(session);
	session->run = run;
	if (options->operands.count > 0)
		flags = STORE_WRITE | (options->wait ? (unsigned)STORE_WAIT : 0) |
		        (options->dry_run ? (unsigned)STORE_DRY_RUN : 0) |
		        (options->follow ? (unsigned)STORE_OFTEN : 0);
	if (!accept(options, error))
		return false;
	session->store = open_store(options, flags, error);
	if (session->store != NULL && choose_epoch(session, error) && check_by(session, error) &&
	    find_logs(session, error))
		return true;
	session_close(session);
	return false;
}

void session_close(struct session *session)
{
	store_close(session->store);
	session->store = NULL;
	free(session->logs);
	session->logs = NULL;
}

bool session_begin(struct session *session, struct error *error)
{
	return store_begin(session->store, error) && choose_epoch(session, error);
}

bool session_deliver(struct session *session, int status, struct error *error)
{
	return session->record.id == 0 ||
	       store_deliver(session->store, session->record.id, status, error);
}
