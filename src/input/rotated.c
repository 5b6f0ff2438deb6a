/*
 * Owns the moment at which a log's files are seen: two looks that agree. Must not know what
 * is in the files, or what was counted of them.
 */
#include "input/rotated.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "input/rotated_look.h"
#include "input/rotated_walk.h"

/* ---- where the log is ---- */

static void place_release(struct rotated_place *place)
{
	if (place->folder >= 0)
		(void)close(place->folder);
	free(place->directory);
	free(place->prefix);
	free(place->name);
}

/* The path without a symbolic link at its end: a link is followed once. The
 * caller's to free; NULL when there is no memory. */
static char *follow_once(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct strbuf followed = STRBUF_INIT;
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));

	if (length <= 0 || (size_t)length == sizeof(target))
		return strdup(path);
	if (target[0] != '/' && slash != NULL)
		strbuf_add(&followed, path, (size_t)(slash + 1 - path));
	strbuf_add(&followed, target, (size_t)length);
	if (followed.failed)
		strbuf_release(&followed);
	return followed.len == 0 ? NULL : followed.data;
}

static bool find_place(struct rotated_place *place, const char *path, struct error *error)
{
	char *followed = follow_once(path);
	const char *slash = followed == NULL ? NULL : strrchr(followed, '/');
	const char *name = slash == NULL ? followed : slash + 1;

	*place = (struct rotated_place){ .folder = -1 };
	if (followed == NULL)
		return error_set_memory(error);
	place->name = strdup(name);
	place->prefix = strndup(followed, (size_t)(name - followed));
	free(followed);
	if (place->name == NULL || place->prefix == NULL)
		return error_set_memory(error);
	if (place->name[0] == '\0')
		return error_set(
		    error, ERROR_USAGE, "'%s' is a directory; name the log in it", path);
	place->directory = realpath(place->prefix[0] == '\0' ? "." : place->prefix, NULL);
	if (place->directory != NULL)
		place->folder = rotated_open(AT_FDCWD, place->directory, O_PATH | O_DIRECTORY);
	if (place->folder < 0)
		return error_set_errno(error, errno, "cannot open '%s'", path);
	return true;
}

bool rotated_locate(const char *path, char **directory, char **name, struct error *error)
{
	struct rotated_place place;
	bool found = find_place(&place, path, error);

	*directory = found ? place.directory : NULL;
	*name = found ? place.name : NULL;
	if (found)
		place.directory = place.name = NULL;
	place_release(&place);
	return found;
}

/* ---- what is taken of a look ---- */

/* The same file under another name, or the same trouble named twice. The live name is kept. */
static bool is_repetition(const struct rotated_entry *entry, const struct rotated_entry *other)
{
	if (other->is_dropped || entry->file.is_live || entry->errnum != other->errnum)
		return false;
	if (entry->errnum != 0)
		return other < entry && strcmp(entry->file.path, other->file.path) == 0;
	return (other < entry || other->file.is_live) && entry->file.device == other->file.device &&
	       entry->file.inode == other->file.inode;
}

static void drop_repetitions(struct rotated_look *look)
{
	for (size_t i = 0; i < look->count; i++) {
		struct rotated_entry *entry = &look->entries[i];

		for (size_t j = 0; j < look->count && !entry->is_dropped; j++)
			entry->is_dropped = is_repetition(entry, &look->entries[j]);
	}
}

static void hand_over(struct rotated *rotated, struct rotated_entry *entry)
{
	if (entry->errnum == 0)
		rotated->files[rotated->count++] = entry->file;
	else
		rotated->failures[rotated->failure_count++] =
		    (struct rotated_failure){ entry->file.path, entry->errnum };
	entry->file.fd = -1;
	entry->file.path = NULL;
}

/* Finds the file that has the same name, but for the ending of a compressed one. */
static void find_twin(const struct rotated *rotated, struct rotated_file *file)
{
	size_t packing = file->path == NULL ? 0 : rotated_name_packing(file->path);
	size_t length = packing == 0 ? 0 : strlen(file->path) - packing;

	file->twin = ROTATED_NO_TWIN;
	for (size_t i = 0; i < rotated->count && packing > 0; i++) {
		const char *other = rotated->files[i].path;

		if (other != NULL && strncmp(other, file->path, length) == 0 &&
		    other[length] == '\0')
			file->twin = i;
	}
}

/* Makes the result of a look; what it does not take is left in the look. */
static bool take(struct rotated *rotated, struct rotated_look *look, struct rotated_place *place,
    const struct rotated_search *search, struct error *error)
{
	if (look->count == 0)
		return error_set_errno(error, ENOENT, "cannot open '%s'", search->path);
	rotated->files = calloc(look->count, sizeof(*rotated->files));
	rotated->failures = calloc(look->count, sizeof(*rotated->failures));
	if (rotated->files == NULL || rotated->failures == NULL)
		return error_set_memory(error);
	rotated_look_sort(look);
	drop_repetitions(look);
	for (size_t i = 0; i < look->count; i++)
		if (!look->entries[i].is_dropped)
			hand_over(rotated, &look->entries[i]);
	for (size_t i = 0; i < rotated->count; i++)
		find_twin(rotated, &rotated->files[i]);
	rotated->directory = place->directory;
	rotated->name = place->name;
	place->directory = place->name = NULL;
	return true;
}

/* ---- two looks ---- */

enum attempt { ATTEMPT_DONE, ATTEMPT_CHANGED, ATTEMPT_FAILED };

static enum attempt attempt(
    struct rotated *rotated, const struct rotated_search *search, struct error *error)
{
	struct rotated_look first = { .opens = true }, second = { .opens = false };
	enum attempt result = ATTEMPT_FAILED;
	struct rotated_place place;

	if (!find_place(&place, search->path, error) ||
	    !rotated_look_take(&first, &place, search, error))
		goto done;
	if (search->between != NULL)
		search->between(search->context);
	if (!rotated_look_take(&second, &place, search, error))
		goto done;
	if (!rotated_look_agrees(&first, &second))
		result = ATTEMPT_CHANGED;
	else if (take(rotated, &first, &place, search, error))
		result = ATTEMPT_DONE;
done:
	rotated_look_release(&first);
	rotated_look_release(&second);
	place_release(&place);
	return result;
}

bool rotated_find(struct rotated *rotated, const struct rotated_search *search, struct error *error)
{
	enum attempt result = ATTEMPT_CHANGED;

	*rotated = (struct rotated){ .files = NULL };
	for (int i = 0; i < ROTATED_TRIES && result == ATTEMPT_CHANGED; i++)
		result = attempt(rotated, search, error);
	if (result == ATTEMPT_DONE)
		return true;
	rotated_release(rotated);
	if (result == ATTEMPT_CHANGED)
		error_set(error, ERROR_STORE,
		    "the files of '%s' were renamed at each of %d looks; run it again when their "
		    "rotation is done",
		    search->path, ROTATED_TRIES);
	return false;
}

void rotated_release(struct rotated *rotated)
{
	for (size_t i = 0; i < rotated->count; i++) {
		if (rotated->files[i].fd >= 0)
			(void)close(rotated->files[i].fd);
		free(rotated->files[i].path);
	}
	for (size_t i = 0; i < rotated->failure_count; i++)
		free(rotated->failures[i].path);
	free(rotated->files);
	free(rotated->failures);
	free(rotated->directory);
	free(rotated->name);
	*rotated = (struct rotated){ .files = NULL };
}
