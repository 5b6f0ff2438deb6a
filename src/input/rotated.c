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

/* The same file, or the same trouble, beside each other: the live name first, then as they are. */
static int compare_files(const void *left, const void *right)
{
	const struct rotated_entry *a = *(struct rotated_entry *const *)left;
	const struct rotated_entry *b = *(struct rotated_entry *const *)right;
	int order = 0;

	if (a->errnum != b->errnum)
		return a->errnum < b->errnum ? -1 : 1;
	if (a->errnum != 0)
		order = strcmp(a->file.path, b->file.path);
	else if (a->file.state.identity.device != b->file.state.identity.device)
		return a->file.state.identity.device < b->file.state.identity.device ? -1 : 1;
	else if (a->file.state.identity.inode != b->file.state.identity.inode)
		return a->file.state.identity.inode < b->file.state.identity.inode ? -1 : 1;
	else if (a->file.is_live != b->file.is_live)
		return a->file.is_live ? -1 : 1;
	return order != 0 ? order : a < b ? -1 : a > b;
}

static bool is_repetition(const struct rotated_entry *entry, const struct rotated_entry *other)
{
	return entry->errnum == other->errnum &&
	       (entry->errnum != 0
	               ? strcmp(entry->file.path, other->file.path) == 0
	               : entry->file.state.identity.device == other->file.state.identity.device &&
	                     entry->file.state.identity.inode == other->file.state.identity.inode);
}

/* Drops all but one name of a file. */
static bool drop_repetitions(struct rotated_look *look, struct error *error)
{
	struct rotated_entry **sorted = calloc(look->count + 1, sizeof(*sorted));
	struct rotated_entry *kept = NULL;

	if (sorted == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < look->count; i++)
		sorted[i] = &look->entries[i];
	qsort(sorted, look->count, sizeof(struct rotated_entry *), compare_files);
	for (size_t i = 0; i < look->count; i++) {
		sorted[i]->is_dropped = kept != NULL && is_repetition(sorted[i], kept);
		if (!sorted[i]->is_dropped)
			kept = sorted[i];
		else /* one of its names was known first, or named by the user */
			kept->file.name.is_late &= sorted[i]->file.name.is_late;
	}
	free(sorted);
	return true;
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

static int compare_names(const void *left, const void *right)
{
	const struct rotated_file *a = *(struct rotated_file *const *)left;
	const struct rotated_file *b = *(struct rotated_file *const *)right;

	return strcmp(a->path, b->path);
}

/* Finds the file that has the same name, but for the ending of a compressed one. */
static const struct rotated_file *find_twin(
    const struct rotated *rotated, struct rotated_file **sorted, const struct rotated_file *file)
{
	struct rotated_file wanted = { .path = strdup(file->path) };
	const struct rotated_file *const key = &wanted;
	struct rotated_file **found = NULL;

	if (wanted.path != NULL) {
		wanted.path[strlen(file->path) - rotated_name_packing(file->path)] = '\0';
		found = bsearch(
		    &key, sorted, rotated->count, sizeof(struct rotated_file *), compare_names);
	}
	free(wanted.path);
	return found == NULL ? NULL : *found;
}

static bool find_twins(struct rotated *rotated, struct error *error)
{
	struct rotated_file **sorted = calloc(rotated->count + 1, sizeof(*sorted));

	if (sorted == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < rotated->count; i++)
		sorted[i] = &rotated->files[i];
	qsort(sorted, rotated->count, sizeof(struct rotated_file *), compare_names);
	for (size_t i = 0; i < rotated->count; i++) {
		struct rotated_file *file = &rotated->files[i];
		const struct rotated_file *twin =
		    rotated_name_packing(file->path) == 0 ? NULL : find_twin(rotated, sorted, file);

		file->twin = twin == NULL ? ROTATED_NO_TWIN : (size_t)(twin - rotated->files);
	}
	free(sorted);
	return true;
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
	if (!drop_repetitions(look, error))
		return false;
	for (size_t i = 0; i < look->count; i++)
		if (!look->entries[i].is_dropped)
			hand_over(rotated, &look->entries[i]);
	if (!find_twins(rotated, error))
		return false;
	rotated->turn = SIZE_MAX;
	rotated->directory = place->directory;
	rotated->name = place->name;
	place->directory = place->name = NULL;
	return true;
}

/* ---- files that have their turns ---- */

/* Keeps what the second look saw, so that it can be compared with what is there in the end. */
static bool keep_look(struct rotated *rotated, const struct rotated_search *search,
    struct rotated_look *look, struct error *error)
{
	rotated->is_in_turn = true;
	rotated->look = malloc(sizeof(*rotated->look));
	rotated->search = *search;
	if (rotated->look == NULL)
		return error_set_memory(error);
	*rotated->look = *look;
	*look = (struct rotated_look){ .opens = false };
	return true;
}

static int reach_in_turn(struct rotated *rotated, size_t i, struct error *error)
{
	struct rotated_file *file = &rotated->files[i];
	struct rotated_file now = { .fd = -1, .is_live = file->is_live };
	int errnum;

	if (rotated->turn < rotated->count) {
		(void)close(rotated->files[rotated->turn].fd);
		rotated->files[rotated->turn].fd = -1;
		rotated->turn = SIZE_MAX;
	}
	errnum = rotated_look_open(&now, AT_FDCWD, file->path);
	if (errnum == 0 && file_identity_is_same(&now.state.identity, &file->state.identity)) {
		rotated->turn = i;
		return file->fd = now.fd;
	}
	if (now.fd >= 0)
		(void)close(now.fd);
	rotated->is_lost = errnum == 0 || errnum == ENOENT || errnum == ELOOP;
	if (!rotated->is_lost)
		(void)error_set_errno(error, errnum, "cannot open '%s'", file->path);
	else
		(void)error_set(error, ERROR_STORE,
		    "'%s' was renamed before its turn, and more files are there than may be open "
		    "(ulimit -n): run it again when their rotation is done",
		    file->path);
	return -1;
}

int rotated_reach(struct rotated *rotated, size_t i, struct error *error)
{
	return rotated->files[i].fd >= 0 ? rotated->files[i].fd : reach_in_turn(rotated, i, error);
}

bool rotated_is_still(struct rotated *rotated, bool *is_still, struct error *error)
{
	struct rotated_look look = { .opens = false };
	struct rotated_place place = { .folder = -1 };
	bool is_done = true;

	*is_still = !rotated->is_lost;
	if (rotated->is_in_turn && *is_still) {
		is_done = find_place(&place, rotated->search.path, error) &&
		          rotated_look_take(&look, &place, &rotated->search, error);
		*is_still = is_done && rotated_look_agrees(rotated->look, &look);
		rotated_look_release(&look);
		place_release(&place);
	}
	return is_done;
}

void rotated_drop(struct rotated *rotated, size_t i)
{
	if (rotated->files[i].fd >= 0)
		(void)close(rotated->files[i].fd);
	if (rotated->turn == i)
		rotated->turn = SIZE_MAX;
	else if (rotated->turn != SIZE_MAX && rotated->turn > i)
		rotated->turn--;
	free(rotated->files[i].path);
	rotated->count--;
	memmove(&rotated->files[i], &rotated->files[i + 1],
	    (rotated->count - i) * sizeof(*rotated->files));
	for (size_t j = 0; j < rotated->count; j++) {
		size_t *twin = &rotated->files[j].twin;

		*twin =
		    *twin == i ? ROTATED_NO_TWIN : *twin - (*twin != ROTATED_NO_TWIN && *twin > i);
	}
}

const char *rotated_failure_text(const struct rotated_failure *failure)
{
	return failure->errnum == EMLINK
	           ? "it has another owner than the log, and other names: not read"
	           : strerror(failure->errnum);
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
	else if (take(rotated, &first, &place, search, error) &&
	         (!first.is_in_turn || keep_look(rotated, search, &second, error)))
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
	if (rotated->look != NULL)
		rotated_look_release(rotated->look);
	free(rotated->look);
	free(rotated->files);
	free(rotated->failures);
	free(rotated->directory);
	free(rotated->name);
	*rotated = (struct rotated){ .files = NULL };
}
