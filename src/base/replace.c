/*
 * Owns the atomic replacement of a file, and the writing to what is none. Must not know what is
 * written.
 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/place.h"
#include "base/seed.h"
#include "base/strbuf.h"

enum { TEMPORARY_TRIES = 100, TEMPORARY_MAX = 32 };

/* ---- what is no file of its own ---- */

static bool write_to(int fd, const char *bytes, size_t length)
{
	struct strbuf shown = STRBUF_INIT;
	bool written;

	if (isatty(fd) != 1)
		return file_write(fd, bytes, length);
	escape_terminal_text(&shown, bytes, length);
	if (shown.failed)
		errno = ENOMEM;
	written = !shown.failed && file_write(fd, shown.data, shown.len);
	strbuf_release(&shown);
	return written;
}

/* Opens what was found, unless another thing has taken its place. */
static int open_device(const struct place *place)
{
	/* a line without carrier is not waited for */
	int fd = openat(
	    place->folder, place->name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
	    status.st_rdev == place->status.st_rdev && fcntl(fd, F_SETFL, 0) == 0)
		return fd;
	(void)close(fd);
	errno = ENXIO;
	return -1;
}

static bool write_device(const struct place *place, const char *bytes, size_t length)
{
	int fd = open_device(place);
	bool written;
	int saved;

	if (fd < 0)
		return false;
	written = write_to(fd, bytes, length);
	saved = errno;
	if (close(fd) != 0 && written)
		return false;
	errno = saved;
	return written;
}

/* ---- files ---- */

static mode_t mode_for(const struct place *place)
{
	mode_t mask = umask(0), usual = 0644 & ~mask;

	(void)umask(mask);
	if (!place->exists)
		return usual;
	return place->status.st_mode & (place->status.st_uid == geteuid() ? 0777 : usual);
}

/* Makes the temporary file and its name; returns it open, or -1. */
static int make_temporary(int folder, char name[TEMPORARY_MAX])
{
	int fd = -1;

	for (int i = 0; fd < 0 && i < TEMPORARY_TRIES; i++) {
		(void)snprintf(name, TEMPORARY_MAX, ".jgannotate-%016" PRIx64, seed_make());
		fd = openat(
		    folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* Fills and syncs the temporary file; it is closed in any case. */
static bool fill(int fd, mode_t mode, const char *bytes, size_t length)
{
	bool filled = fchmod(fd, mode) == 0 && file_write(fd, bytes, length) && fsync(fd) == 0;
	int saved = errno;

	if (close(fd) != 0 && filled)
		return false;
	errno = saved;
	return filled;
}

/* The name is in the folder for good once the folder is synced; file systems that
 * cannot do that say EINVAL. */
static bool sync_folder(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced;

	if (fd < 0)
		return errno == EACCES;
	synced = fsync(fd) == 0 || errno == EINVAL;
	(void)close(fd);
	return synced;
}

static bool replace(const struct place *place, const char *bytes, size_t length)
{
	char temporary[TEMPORARY_MAX];
	int fd = make_temporary(place->folder, temporary);
	bool replaced;
	int saved;

	if (fd < 0)
		return false;
	replaced = fill(fd, mode_for(place), bytes, length) &&
	           renameat(place->folder, temporary, place->folder, place->name) == 0 &&
	           sync_folder(place->folder);
	saved = errno;
	if (!replaced)
		(void)unlinkat(place->folder, temporary, 0);
	errno = saved;
	return replaced;
}

/* What is refused, and what it is called. */
static const char *refused_kind(mode_t mode)
{
	static const struct {
		mode_t kind;
		const char *name;
	} kinds[] = { { S_IFIFO, "a FIFO" }, { S_IFSOCK, "a socket" },
		{ S_IFBLK, "a block device" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((mode & S_IFMT) == kinds[i].kind)
			return kinds[i].name;
	return NULL;
}

static bool write_place(const struct place *place, const char *path, const char *bytes,
    size_t length, struct error *error)
{
	mode_t mode = place->exists ? place->status.st_mode : S_IFREG;
	const char *refused = refused_kind(mode);
	bool written = false;

	if (place->fd >= 0)
		written = write_to(place->fd, bytes, length);
	else if (refused != NULL)
		return error_set(error, ERROR_SYSTEM,
		    "cannot write '%s': it is %s; name a file, or a descriptor: /dev/fd/N", path,
		    refused);
	else if (S_ISDIR(mode))
		errno = EISDIR;
	else if (S_ISCHR(mode))
		written = write_device(place, bytes, length);
	else
		written = replace(place, bytes, length);
	return written || error_set_errno(error, errno, "cannot write '%s'", path);
}

bool replace_file(const char *path, const char *bytes, size_t length, struct error *error)
{
	struct place place = { 0 };
	bool written =
	    place_find(&place, path, error) && write_place(&place, path, bytes, length, error);

	place_release(&place);
	return written;
}
