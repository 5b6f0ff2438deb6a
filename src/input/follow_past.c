/*
 * Owns the search for files that had a name. Must not know what is read from them.
 */
#include "input/follow_past.h"

#include <unistd.h>

#include "input/decoder.h"
#include "input/rotated.h"

static struct follow_identity identity_of(const struct rotated_file *file)
{
	return (struct follow_identity){ file->device, file->inode, file->birth };
}

static bool is_of(const struct rotated_file *file, const struct follow_part *part)
{
	struct follow_identity identity = identity_of(file);

	return follow_identity_is_same(&identity, &part->identity);
}

static bool is_known(const struct rotated_file *file, const struct follow_part *parts)
{
	for (; parts != NULL; parts = parts->next)
		if (is_of(file, parts))
			return true;
	return false;
}

static bool is_compressed(const struct rotated_file *file)
{
	char head[DECODER_MAGIC_MAX];
	ssize_t count = pread(file->fd, head, sizeof(head), 0);
	bool is_open;

	return count > 0 && decoder_detect(head, (size_t)count, &is_open) != NULL;
}

static int take(struct rotated_file *file)
{
	int fd = file->fd;

	file->fd = -1;
	return fd;
}

/* The index behind the last part; `count` where it is not found. */
static size_t behind(const struct rotated *rotated, const struct follow_part *last)
{
	for (size_t i = 0; last != NULL && i < rotated->count; i++)
		if (is_of(&rotated->files[i], last))
			return i + 1;
	return rotated->count;
}

size_t follow_past_find(const char *path, const struct follow_part *parts, int64_t since,
    int fds[FOLLOW_PAST_MAX], int *live)
{
	struct rotated_search search = { .path = path };
	const struct follow_part *last = parts;
	struct error ignored = ERROR_INIT;
	struct rotated rotated;
	size_t count = 0;
	size_t at;
	bool goes_by_name;

	if (!rotated_find(&rotated, &search, &ignored))
		return 0;
	while (last != NULL && last->next != NULL)
		last = last->next;
	at = behind(&rotated, last);
	goes_by_name = at < rotated.count;
	/* without the last file beside them, only their age tells which come after it */
	for (at = goes_by_name ? at : 0; at < rotated.count && count < FOLLOW_PAST_MAX; at++) {
		struct rotated_file *file = &rotated.files[at];

		if (is_known(file, parts))
			continue;
		if (file->is_live) {
			(void)close(*live);
			*live = take(file);
		} else if ((goes_by_name || (since != 0 && file->birth > since)) &&
		           !is_compressed(file)) {
			fds[count++] = take(file);
		}
	}
	rotated_release(&rotated);
	return count;
}

/* Whether it can have been written since the part was opened: an older file that begins alike is
 * no copy. */
static bool is_young(const struct rotated_file *file, const struct follow_part *part)
{
	return file->birth >= part->opened || file->mtime >= part->opened;
}

int follow_past_find_copy(const char *path, const struct follow_part *part)
{
	struct rotated_search search = { .path = path };
	struct error ignored = ERROR_INIT;
	struct rotated rotated;
	int copy = -1;

	if (!rotated_find(&rotated, &search, &ignored))
		return -1;
	for (size_t i = rotated.count; i-- > 0;) {
		struct rotated_file *file = &rotated.files[i];

		if (file->is_live || !is_young(file, part) || is_known(file, part) ||
		    !follow_part_is_copy(part, file->fd))
			continue;
		if (file->size > part->position)
			copy = take(file);
		break;
	}
	rotated_release(&rotated);
	return copy;
}
