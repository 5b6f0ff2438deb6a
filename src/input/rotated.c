/*
 * Owns the set of a log's files as it was at one moment, and what a file must be to belong to it:
 * regular, reachable without a link, readable. Must not know what is in the files, or what was
 * counted of them.
 *
 * A look walks through the folders (rotated_walk.h) and describes what it meets; the first look of
 * an attempt opens the files, too. A second look that meets the same names and files shows that
 * both are of one moment; else the attempt is made anew. Of the first look the files are handed
 * over, each once, oldest first. Where not all files can be open, the second look is kept, so that
 * rotated_is_still can compare it with a third one.
 */
#include "input/rotated.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "input/rotated_walk.h"

static void close_file(struct rotated_file *file)
{
	if (file->fd >= 0)
		(void)close(file->fd);
	file->fd = -1;
}

static void release_file(struct rotated_file *file)
{
	close_file(file);
	free(file->path);
}

/* ---- where the log is ---- */

/* Where the log is, once its link is followed. */
struct location {
	char *directory; /* real */
	char *prefix;    /* in front of names in messages: the folder as the user named it */
	char *name;
	int folder;
};

static void location_release(struct location *location)
{
	if (location->folder >= 0)
		(void)close(location->folder);
	free(location->directory);
	free(location->prefix);
	free(location->name);
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

static bool location_find(struct location *location, const char *path, struct error *error)
{
	char *followed = follow_once(path);
	const char *slash = followed == NULL ? NULL : strrchr(followed, '/');
	const char *name = slash == NULL ? followed : slash + 1;

	*location = (struct location){ .folder = -1 };
	if (followed == NULL)
		return error_set_memory(error);
	location->name = strdup(name);
	location->prefix = strndup(followed, (size_t)(name - followed));
	free(followed);
	if (location->name == NULL || location->prefix == NULL)
		return error_set_memory(error);
	if (location->name[0] == '\0')
		return error_set(
		    error, ERROR_USAGE, "'%s' is a directory; name the log in it", path);
	location->directory = realpath(location->prefix[0] == '\0' ? "." : location->prefix, NULL);
	if (location->directory != NULL)
		location->folder =
		    file_open_more(AT_FDCWD, location->directory, O_PATH | O_DIRECTORY);
	if (location->folder < 0)
		return error_set_errno(error, errno, "cannot open '%s'", path);
	return true;
}

bool rotated_locate(const char *path, char **directory, char **name, struct error *error)
{
	struct location location;
	bool found = location_find(&location, path, error);

	*directory = found ? location.directory : NULL;
	*name = found ? location.name : NULL;
	if (found)
		location.directory = location.name = NULL;
	location_release(&location);
	return found;
}

/* ---- a look ---- */

/* What was found under a name: a file, or the reason why not. */
struct entry {
	struct rotated_file file;
	int errnum;
	bool is_dropped; /* it is another name of a file that is taken */
};

/* What one look saw: which files are there, under which names. */
struct rotated_look {
	struct entry *entries;
	size_t count, capacity;
	bool opens;      /* the files are opened, not only described */
	bool is_in_turn; /* more files are there than can be open */
	unsigned owner;  /* of the log, or of its folder where there is none */
};

/* What is asked of a file to be taken. */
struct nature {
	unsigned mode, owner, links;
};

/* Fills in what the system says; with an empty name of `folder` itself. Returns errno. */
static int describe(
    struct rotated_file *file, int folder, const char *name, int flags, struct nature *nature)
{
	struct statx status;

	if (file_describe(folder, name, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME,
	        &status) != 0)
		return errno;
	*nature = (struct nature){ status.stx_mode, status.stx_uid, status.stx_nlink };
	file->state = file_state_of(&status);
	return 0;
}

/* Opens it for reading, if it is a regular file, and describes what was opened: it may be another
 * file by now. Returns errno; 0 without a descriptor for what is no regular file. */
static int open_file(struct rotated_file *file, int folder, const char *name, struct nature *nature)
{
	int follow = file->is_live ? 0 : O_NOFOLLOW;
	int errnum;

	*nature = (struct nature){ 0, 0, 0 };
	file->fd = file_open_more(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | follow);
	if (file->fd < 0)
		return errno;
	errnum = describe(file, file->fd, "", AT_EMPTY_PATH, nature);
	if (errnum == 0 && S_ISREG(nature->mode))
		return 0;
	close_file(file);
	return errnum;
}

/* As many as may be are open; the others have their turns. */
static int hold_open(struct rotated_look *look, struct rotated_file *file, int folder,
    const char *name, struct nature *nature)
{
	int errnum = 0;

	if (!look->opens || look->is_in_turn)
		return 0;
	errnum = open_file(file, folder, name, nature);
	if (errnum == 0 && file->fd >= 0 && file_has_room(file->fd))
		return 0;
	look->is_in_turn = file->fd >= 0 || errnum == EMFILE || errnum == ENFILE;
	close_file(file);
	return look->is_in_turn ? 0 : errnum;
}

static bool keep(struct rotated_look *look, const struct entry *entry, const char *path)
{
	if (look->count == look->capacity) {
		size_t capacity = look->capacity == 0 ? 16 : 2 * look->capacity;
		struct entry *entries = realloc(look->entries, capacity * sizeof(*entries));

		if (entries == NULL)
			return false;
		look->entries = entries;
		look->capacity = capacity;
	}
	look->entries[look->count] = *entry;
	look->entries[look->count].file.path = strdup(path);
	return look->entries[look->count].file.path != NULL && ++look->count > 0;
}

static bool add(
    struct rotated_look *look, struct entry *entry, const char *path, struct error *error)
{
	if (entry->errnum == EMFILE || entry->errnum == ENFILE) /* not even the folders */
		return error_set_errno(error, entry->errnum,
		    "cannot open '%s' besides all that are open; allow more (ulimit -n)", path);
	if (keep(look, entry, path))
		return true;
	close_file(&entry->file);
	return error_set_memory(error);
}

/* Gone meanwhile, or not a file of lines: not a part of the log. */
static bool is_nothing(const struct entry *entry, const struct nature *nature)
{
	return entry->errnum == ENOENT || (entry->errnum == 0 && !S_ISREG(nature->mode));
}

static bool take_found(void *context, const struct rotated_found *found, struct error *error)
{
	struct rotated_look *look = context;
	struct entry entry = { .file = { .fd = -1, .name = found->order },
		.errnum = found->errnum };
	struct nature nature = { S_IFREG, look->owner, 1 };

	if (entry.errnum == 0)
		entry.errnum =
		    describe(&entry.file, found->folder, found->name, AT_SYMLINK_NOFOLLOW, &nature);
	if (entry.errnum == 0 && S_ISLNK(nature.mode))
		entry.errnum = ELOOP;
	if (entry.errnum == 0 && S_ISREG(nature.mode))
		entry.errnum = hold_open(look, &entry.file, found->folder, found->name, &nature);
	if (entry.errnum == 0 && nature.links > 1 && nature.owner != look->owner) {
		close_file(&entry.file);
		entry.errnum = EMLINK;
	}
	return is_nothing(&entry, &nature) || add(look, &entry, found->path, error);
}

/* Who may own files of several names: whoever owns the log; its folder, where it is not there. */
static void find_owner(struct rotated_look *look, const struct location *location)
{
	struct rotated_file ignored = { .fd = -1 };
	struct nature nature = { 0, 0, 0 };

	(void)describe(&ignored, location->folder, "", AT_EMPTY_PATH, &nature);
	look->owner = nature.owner;
	if (describe(&ignored, location->folder, location->name, 0, &nature) == 0)
		look->owner = nature.owner;
}

static bool take_live(struct rotated_look *look, const struct location *location, const char *path,
    struct error *error)
{
	struct entry entry = { .file = { .fd = -1, .is_live = true } };
	struct nature nature = { .mode = S_IFREG };

	entry.errnum = describe(&entry.file, location->folder, location->name, 0, &nature);
	if (entry.errnum == 0 && S_ISREG(nature.mode))
		entry.errnum =
		    hold_open(look, &entry.file, location->folder, location->name, &nature);
	if (entry.errnum == 0 && S_ISDIR(nature.mode))
		return error_set(
		    error, ERROR_USAGE, "'%s' is a directory; name the log in it", path);
	if (entry.errnum == 0 && !S_ISREG(nature.mode))
		return error_set(error, ERROR_USAGE,
		    "'%s' is not a regular file: its lines could not be known again", path);
	return is_nothing(&entry, &nature) || add(look, &entry, path, error);
}

/* It is empty then. */
static void look_release(struct rotated_look *look)
{
	for (size_t i = 0; i < look->count; i++)
		release_file(&look->entries[i].file);
	free(look->entries);
	*look = (struct rotated_look){ .opens = look->opens };
}

/* Looks; `look` must be empty but for `opens`, and is to be released in any case. */
static bool look_take(struct rotated_look *look, const struct location *location,
    const struct rotated_search *search, struct error *error)
{
	struct rotated_walk walk = { location->folder, location->prefix, location->name,
		search->patterns, search->pattern_count, take_found, look };

	find_owner(look, location);
	return take_live(look, location, search->path, error) && rotated_walk(&walk, error);
}

static int compare_paths(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return strcmp(a->file.path, b->file.path);
}

static void sort(struct rotated_look *look, int (*compare)(const void *, const void *))
{
	if (look->count > 0)
		qsort(look->entries, look->count, sizeof(*look->entries), compare);
}

/* Whether both saw the same files under the same names. Sorts them. */
static bool look_agrees(struct rotated_look *a, struct rotated_look *b)
{
	sort(a, compare_paths);
	sort(b, compare_paths);
	for (size_t i = 0; i < a->count && a->count == b->count; i++) {
		const struct rotated_file *left = &a->entries[i].file, *right = &b->entries[i].file;

		if (compare_paths(&a->entries[i], &b->entries[i]) != 0 ||
		    !file_identity_is_same(&left->state.identity, &right->state.identity))
			return false;
	}
	return a->count == b->count;
}

/* Oldest first, the live one last. */
static int compare_ages(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order;

	if (a->file.is_live != b->file.is_live)
		return a->file.is_live ? 1 : -1;
	order = rotated_name_compare(&a->file.name, &b->file.name);
	if (order == 0 && a->file.state.mtime != b->file.state.mtime)
		order = a->file.state.mtime < b->file.state.mtime ? -1 : 1;
	return order != 0 ? order : compare_paths(left, right);
}

/* ---- what is taken of a look ---- */

/* 0: it is the same file, or the same trouble. */
static int compare_contents(const struct entry *a, const struct entry *b)
{
	if (a->errnum != b->errnum)
		return a->errnum < b->errnum ? -1 : 1;
	return a->errnum != 0
	           ? strcmp(a->file.path, b->file.path)
	           : file_identity_compare(&a->file.state.identity, &b->file.state.identity);
}

/* These beside each other: the live name first, then as they are. */
static int compare_files(const void *left, const void *right)
{
	const struct entry *a = *(struct entry *const *)left;
	const struct entry *b = *(struct entry *const *)right;
	int order = compare_contents(a, b);

	if (order == 0 && a->errnum == 0 && a->file.is_live != b->file.is_live)
		order = a->file.is_live ? -1 : 1;
	return order != 0 ? order : a < b ? -1 : a > b;
}

/* Drops all but one name of a file. */
static bool drop_repetitions(struct rotated_look *look, struct error *error)
{
	struct entry **sorted = calloc(look->count + 1, sizeof(*sorted));
	struct entry *kept = NULL;

	if (sorted == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < look->count; i++)
		sorted[i] = &look->entries[i];
	qsort(sorted, look->count, sizeof(struct entry *), compare_files);
	for (size_t i = 0; i < look->count; i++) {
		sorted[i]->is_dropped = kept != NULL && compare_contents(sorted[i], kept) == 0;
		if (!sorted[i]->is_dropped)
			kept = sorted[i];
		else /* one of its names was known first, or named by the user */
			kept->file.name.is_late &= sorted[i]->file.name.is_late;
	}
	free(sorted);
	return true;
}

static void hand_over(struct rotated *rotated, struct entry *entry)
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
static bool take_over(struct rotated *rotated, struct rotated_look *look, struct location *location,
    const struct rotated_search *search, struct error *error)
{
	if (look->count == 0)
		return error_set_errno(error, ENOENT, "cannot open '%s'", search->path);
	rotated->files = calloc(look->count, sizeof(*rotated->files));
	rotated->failures = calloc(look->count, sizeof(*rotated->failures));
	if (rotated->files == NULL || rotated->failures == NULL)
		return error_set_memory(error);
	sort(look, compare_ages);
	if (!drop_repetitions(look, error))
		return false;
	for (size_t i = 0; i < look->count; i++)
		if (!look->entries[i].is_dropped)
			hand_over(rotated, &look->entries[i]);
	if (!find_twins(rotated, error))
		return false;
	rotated->turn = SIZE_MAX;
	rotated->directory = location->directory;
	rotated->name = location->name;
	location->directory = location->name = NULL;
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
	struct nature ignored;
	int errnum;

	if (rotated->turn < rotated->count)
		close_file(&rotated->files[rotated->turn]);
	rotated->turn = SIZE_MAX;
	errnum = open_file(&now, AT_FDCWD, file->path, &ignored);
	if (now.fd >= 0 && file_identity_is_same(&now.state.identity, &file->state.identity)) {
		rotated->turn = i;
		return file->fd = now.fd;
	}
	close_file(&now);
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
	struct location location = { .folder = -1 };
	bool is_done = true;

	*is_still = !rotated->is_lost;
	if (rotated->is_in_turn && *is_still) {
		is_done = location_find(&location, rotated->search.path, error) &&
		          look_take(&look, &location, &rotated->search, error);
		*is_still = is_done && look_agrees(rotated->look, &look);
		look_release(&look);
		location_release(&location);
	}
	return is_done;
}

void rotated_drop(struct rotated *rotated, size_t i)
{
	release_file(&rotated->files[i]);
	if (rotated->turn == i)
		rotated->turn = SIZE_MAX;
	else if (rotated->turn != SIZE_MAX && rotated->turn > i)
		rotated->turn--;
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
	struct location location;

	if (!location_find(&location, search->path, error) ||
	    !look_take(&first, &location, search, error))
		goto done;
	if (search->between != NULL)
		search->between(search->context);
	if (!look_take(&second, &location, search, error))
		goto done;
	if (!look_agrees(&first, &second))
		result = ATTEMPT_CHANGED;
	else if (take_over(rotated, &first, &location, search, error) &&
	         (!first.is_in_turn || keep_look(rotated, search, &second, error)))
		result = ATTEMPT_DONE;
done:
	look_release(&first);
	look_release(&second);
	location_release(&location);
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
	for (size_t i = 0; i < rotated->count; i++)
		release_file(&rotated->files[i]);
	for (size_t i = 0; i < rotated->failure_count; i++)
		free(rotated->failures[i].path);
	if (rotated->look != NULL)
		look_release(rotated->look);
	free(rotated->look);
	free(rotated->files);
	free(rotated->failures);
	free(rotated->directory);
	free(rotated->name);
	*rotated = (struct rotated){ .files = NULL };
}
