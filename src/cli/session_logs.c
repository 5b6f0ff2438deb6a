/*
 * Owns which of the files that were named are logs of their own: of `api.log*` only api.log is,
 * since it brings its rotated files along. Counted by themselves their lines would count twice.
 * Must not know how a log is taken in.
 */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "input/rotated.h"
#include "input/rotated_name.h"
#include "input/rotated_walk.h"

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

/* ---- logs of before ---- */

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

/* ---- all ---- */

static void release(struct place *places, size_t count)
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

static bool choose(struct session *session, const struct place *places, const char **logs,
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

bool session_find_logs(struct session *session, struct error *error)
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
		found =
		    locate(session, places, error) && choose(session, places, logs, &count, error);
		if (found) {
			memcpy(run->reading.files, logs, count * sizeof(*logs));
			run->reading.file_count = count;
		}
	}
	release(places, all);
	free(logs);
	return found;
}
