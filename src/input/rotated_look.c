/*
 * Owns what a file under a rotated name must be to be taken: regular, reachable without a link,
 * readable. Must not know what two looks are compared for.
 */
#include "input/rotated_look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "input/rotated_walk.h"

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

static int open_file(struct rotated_file *file, int folder, const char *name, struct nature *nature)
{
	int follow = file->is_live ? 0 : O_NOFOLLOW;
	int errnum;

	*nature = (struct nature){ 0, 0, 0 };
	file->fd = rotated_open(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | follow);
	if (file->fd < 0)
		return errno;
	errnum = describe(file, file->fd, "", AT_EMPTY_PATH, nature);
	if (errnum == 0 && S_ISREG(nature->mode))
		return 0;
	(void)close(file->fd);
	file->fd = -1;
	return errnum;
}

int rotated_look_open(struct rotated_file *file, int folder, const char *name)
{
	struct nature nature;
	int errnum = open_file(file, folder, name, &nature);

	return errnum == 0 && file->fd < 0 ? ENOENT : errnum;
}

/* As many as may be are open; the others have their turns. */
static int hold_open(struct rotated_look *look, struct rotated_file *file, int folder,
    const char *name, struct nature *nature)
{
	int errnum = 0;

	if (!look->opens || look->is_in_turn)
		return 0;
	errnum = open_file(file, folder, name, nature);
	if (errnum == 0 && file->fd >= 0 && rotated_has_room(file->fd))
		return 0;
	if (file->fd >= 0)
		(void)close(file->fd);
	look->is_in_turn = file->fd >= 0 || errnum == EMFILE || errnum == ENFILE;
	file->fd = -1;
	return look->is_in_turn ? 0 : errnum;
}

static bool keep(struct rotated_look *look, const struct rotated_entry *entry, const char *path)
{
	if (look->count == look->capacity) {
		size_t capacity = look->capacity == 0 ? 16 : 2 * look->capacity;
		struct rotated_entry *entries = realloc(look->entries, capacity * sizeof(*entries));

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
    struct rotated_look *look, struct rotated_entry *entry, const char *path, struct error *error)
{
	if (entry->errnum == EMFILE || entry->errnum == ENFILE) /* not even the folders */
		return error_set_errno(error, entry->errnum,
		    "cannot open '%s' besides all that are open; allow more (ulimit -n)", path);
	if (keep(look, entry, path))
		return true;
	if (entry->file.fd >= 0)
		(void)close(entry->file.fd);
	return error_set_memory(error);
}

/* Gone meanwhile, or not a file of lines: not a part of the log. */
static bool is_nothing(const struct rotated_entry *entry, const struct nature *nature)
{
	return entry->errnum == ENOENT || (entry->errnum == 0 && !S_ISREG(nature->mode));
}

static bool take_found(void *context, const struct rotated_found *found, struct error *error)
{
	struct rotated_look *look = context;
	struct rotated_entry entry = { .file = { .fd = -1, .name = found->order },
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
		if (entry.file.fd >= 0)
			(void)close(entry.file.fd);
		entry.file.fd = -1;
		entry.errnum = EMLINK;
	}
	return is_nothing(&entry, &nature) || add(look, &entry, found->path, error);
}

/* Who may own files of several names: whoever owns the log; its folder, where it is not there. */
static void find_owner(struct rotated_look *look, const struct rotated_place *place)
{
	struct rotated_file ignored = { .fd = -1 };
	struct nature nature = { 0, 0, 0 };

	(void)describe(&ignored, place->folder, "", AT_EMPTY_PATH, &nature);
	look->owner = nature.owner;
	if (describe(&ignored, place->folder, place->name, 0, &nature) == 0)
		look->owner = nature.owner;
}

static bool take_live(struct rotated_look *look, const struct rotated_place *place,
    const char *path, struct error *error)
{
	struct rotated_entry entry = { .file = { .fd = -1, .is_live = true } };
	struct nature nature = { .mode = S_IFREG };

	entry.errnum = describe(&entry.file, place->folder, place->name, 0, &nature);
	if (entry.errnum == 0 && S_ISREG(nature.mode))
		entry.errnum = hold_open(look, &entry.file, place->folder, place->name, &nature);
	if (entry.errnum == 0 && S_ISDIR(nature.mode))
		return error_set(
		    error, ERROR_USAGE, "'%s' is a directory; name the log in it", path);
	if (entry.errnum == 0 && !S_ISREG(nature.mode))
		return error_set(error, ERROR_USAGE,
		    "'%s' is not a regular file: its lines could not be known again", path);
	return is_nothing(&entry, &nature) || add(look, &entry, path, error);
}

void rotated_look_release(struct rotated_look *look)
{
	for (size_t i = 0; i < look->count; i++) {
		if (look->entries[i].file.fd >= 0)
			(void)close(look->entries[i].file.fd);
		free(look->entries[i].file.path);
	}
	free(look->entries);
	*look = (struct rotated_look){ .opens = look->opens };
}

bool rotated_look_take(struct rotated_look *look, const struct rotated_place *place,
    const struct rotated_search *search, struct error *error)
{
	struct rotated_walk walk = { place->folder, place->prefix, place->name, search->patterns,
		search->pattern_count, take_found, look };

	find_owner(look, place);
	return take_live(look, place, search->path, error) && rotated_walk(&walk, error);
}

static int compare_paths(const void *left, const void *right)
{
	const struct rotated_entry *a = left, *b = right;

	return strcmp(a->file.path, b->file.path);
}

static void sort(struct rotated_look *look, int (*compare)(const void *, const void *))
{
	if (look->count > 0)
		qsort(look->entries, look->count, sizeof(*look->entries), compare);
}

/* Whether both looks saw the same files under the same names. */
bool rotated_look_agrees(struct rotated_look *a, struct rotated_look *b)
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

static int compare_ages(const void *left, const void *right)
{
	const struct rotated_entry *a = left, *b = right;
	int order;

	if (a->file.is_live != b->file.is_live)
		return a->file.is_live ? 1 : -1;
	order = rotated_name_compare(&a->file.name, &b->file.name);
	if (order == 0 && a->file.state.mtime != b->file.state.mtime)
		order = a->file.state.mtime < b->file.state.mtime ? -1 : 1;
	return order != 0 ? order : compare_paths(left, right);
}

void rotated_look_sort(struct rotated_look *look)
{
	sort(look, compare_ages);
}
