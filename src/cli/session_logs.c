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

struct place {
	char *directory, *name; /* NULL: the folder cannot be reached */
};

/* Whether rotated files of a log in `folder` are looked for in `below`. */
static bool is_searched(const char *folder, const char *below)
{
	size_t length = strlen(folder);
	char part[64];

	if (strncmp(folder, below, length) != 0)
		return false;
	if (length == 1) /* the root */
		length = 0;
	for (below += length; *below == '/'; below += length) {
		length = strcspn(++below, "/");
		if (length >= sizeof(part))
			return false;
		memcpy(part, below, length);
		part[length] = '\0';
		if (rotated_folder_parse(part) == ROTATED_FOLDER_OTHER)
			return false;
	}
	return *below == '\0';
}

/* Whether the log at `log` takes in `other`, too. */
static bool takes_in(const struct place *log, const struct place *other)
{
	struct rotated_name parsed;

	return log->name != NULL && other->name != NULL &&
	    rotated_name_parse(&parsed, log->name, other->name) &&
	    is_searched(log->directory, other->directory);
}

static bool is_same(const struct place *a, const struct place *b)
{
	return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0 &&
	    strcmp(a->directory, b->directory) == 0;
}

/* The log among the named ones that takes in place `i`; NULL: it is one of its own. */
static const char *find_log(const struct run *run, const struct place *places, size_t i)
{
	for (size_t j = 0; j < run->file_count; j++)
		if (takes_in(&places[j], &places[i]) || (j < i && is_same(&places[j], &places[i])))
			return run->files[j];
	return NULL;
}

/* ---- logs of before ---- */

struct checking {
	struct session *session;
	const struct place *place;
};

static bool check_known(
    void *context, const char *directory, const char *name, struct error *error)
{
	struct checking *checking = context;
	const struct place known = { (char *)directory, (char *)name };
	const char *db = checking->session->run->options->db;

	if (takes_in(&known, checking->place))
		return error_set(error, ERROR_STORE,
		    "'%s/%s' is a rotated file of '%s', of which database '%s' counts all: name "
		    "that one",
		    checking->place->directory, checking->place->name, name, db);
	if (takes_in(checking->place, &known))
		return error_set(error, ERROR_STORE,
		    "database '%s' has counted '%s/%s', a rotated file of '%s', as a log of its "
		    "own: its lines would count twice; count '%s' into another database",
		    db, directory, name, checking->place->name, checking->place->name);
	return true;
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
static void locate(const struct run *run, struct place *places)
{
	for (size_t i = 0; i < run->file_count; i++) {
		struct error ignored = ERROR_INIT;

		(void)rotated_locate(
		    run->files[i], &places[i].directory, &places[i].name, &ignored);
	}
}

static bool choose(struct session *session, const struct place *places, const char **logs,
    size_t *count, struct error *error)
{
	struct run *run = session->run;

	for (size_t i = 0; i < run->file_count; i++) {
		struct checking checking = { session, &places[i] };
		const char *log = find_log(run, places, i);

		if (log != NULL) {
			if (run->options->verbose)
				message_print("%s: taken in with %s", run->files[i], log);
			continue;
		}
		if (places[i].name != NULL &&
		    !store_read_logs(session->store, check_known, &checking, error))
			return false;
		logs[(*count)++] = run->files[i];
	}
	return true;
}

bool session_find_logs(struct session *session, struct error *error)
{
	struct run *run = session->run;
	size_t all = run->file_count;
	size_t count = 0;
	struct place *places = calloc(all + 1, sizeof(*places));
	const char **logs = calloc(all + 1, sizeof(*logs));
	bool found = false;

	if (places == NULL || logs == NULL) {
		(void)error_set_memory(error);
	} else {
		locate(run, places);
		found = choose(session, places, logs, &count, error);
		if (found) {
			memcpy(run->files, logs, count * sizeof(*logs));
			run->file_count = count;
		}
	}
	release(places, all);
	free(logs);
	return found;
}
