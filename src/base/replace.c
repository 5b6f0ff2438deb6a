/*
 * Owns the way to what a path leads to, the atomic replacement of a file, and the writing to what
 * is none. Must not know what is written.
 *
 * The path is walked name by name with a descriptor of each folder held open, and everything after
 * that is done from the last one: so nobody who exchanges a name meanwhile leads it elsewhere. A
 * name in /proc/self/fd is not followed: it is the descriptor itself. Own ones are not found that
 * way: they are closed on exec, given ones never are.
 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/seed.h"
#include "base/strbuf.h"

enum { TEMPORARY_TRIES = 100, TEMPORARY_MAX = 32, LINKS_MOST = 40 };

/* ---- where the path leads ---- */

struct target {
	int folder; /* holds the name; only a path (O_PATH). -1: it is a descriptor */
	int fd;     /* the descriptor, a copy; or -1 */
	bool exists;
	struct stat status; /* of what stands there: never a link; valid where it exists */
	char name[NAME_MAX + 1];
};

struct walk {
	struct target *target;
	const char *path; /* as given, for messages */
	char *rest;       /* what is still to be walked; of PATH_MAX bytes */
	unsigned links;
};

static bool fail(const struct walk *walk, int errnum, struct error *error)
{
	return error_set_errno(error, errnum, "cannot write '%s'", walk->path);
}

/* Goes on from `folder`; -1: errno says why not. */
static bool enter(const struct walk *walk, int folder, struct error *error)
{
	if (folder < 0)
		return fail(walk, errno, error);
	if (walk->target->folder >= 0)
		(void)close(walk->target->folder);
	walk->target->folder = folder;
	return true;
}

static bool enter_start(const struct walk *walk, struct error *error)
{
	return enter(
	    walk, open(walk->rest[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC), error);
}

static bool is_trusted(uid_t user)
{
	return user == geteuid() || user == 0;
}

/* Whether nobody but the user and root could have put the link there. */
static bool may_follow(const struct walk *walk, const struct stat *link)
{
	struct stat folder;

	return is_trusted(link->st_uid) ||
	       (fstat(walk->target->folder, &folder) == 0 && is_trusted(folder.st_uid) &&
	           (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0);
}

/* Puts what the link says in front of the rest. */
static bool follow(struct walk *walk, int link, const struct stat *status, struct error *error)
{
	char content[PATH_MAX];
	ssize_t length;
	size_t rest = strlen(walk->rest);

	if (!may_follow(walk, status))
		return error_set(error, ERROR_SYSTEM,
		    "cannot write '%s': its part '%s' is a symbolic link of another user, and is "
		    "not "
		    "followed",
		    walk->path, walk->target->name);
	if (++walk->links > LINKS_MOST)
		return fail(walk, ELOOP, error);
	length = readlinkat(link, "", content, sizeof(content));
	if (length <= 0)
		return fail(walk, length == 0 ? ENOENT : errno, error);
	if ((size_t)length + rest >= PATH_MAX)
		return fail(walk, ENAMETOOLONG, error);
	/* the rest is empty or begins with a slash */
	memmove(walk->rest + length, walk->rest, rest + 1);
	memcpy(walk->rest, content, (size_t)length);
	return walk->rest[0] != '/' || enter_start(walk, error);
}

/* Whether names in this folder stand for the process' own descriptors. */
static bool holds_descriptors(int folder)
{
	struct stat here;
	struct stat own;

	return fstat(folder, &here) == 0 && stat("/proc/self/fd", &own) == 0 &&
	       file_status_is_same(&here, &own);
}

static bool take_descriptor(const struct walk *walk, struct error *error)
{
	struct target *target = walk->target;
	char *end;
	long number = strtol(target->name, &end, 10);
	int flags = *end == '\0' && number <= INT_MAX ? fcntl((int)number, F_GETFD) : -1;

	if (flags < 0 || (flags & FD_CLOEXEC) != 0)
		return fail(walk, EBADF, error);
	target->fd = fcntl((int)number, F_DUPFD_CLOEXEC, 3);
	if (target->fd < 0 || fstat(target->fd, &target->status) != 0)
		return fail(walk, errno, error);
	target->exists = true;
	(void)close(target->folder);
	target->folder = -1;
	return true;
}

/* Takes the next part off the rest. */
static bool take_name(struct walk *walk, struct error *error)
{
	char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");

	if (length == 0) /* "/", or nothing behind the last slash */
		return fail(walk, walk->path[0] == '\0' ? ENOENT : EISDIR, error);
	if (length > NAME_MAX)
		return fail(walk, ENAMETOOLONG, error);
	memcpy(walk->target->name, start, length);
	walk->target->name[length] = '\0';
	memmove(walk->rest, start + length, strlen(start + length) + 1);
	return true;
}

/* One part of the path. `*is_done` tells that the target was found. */
static bool step(struct walk *walk, bool *is_done, struct error *error)
{
	struct target *target = walk->target;
	bool is_last, stepped;
	int fd;

	if (!take_name(walk, error))
		return false;
	is_last = walk->rest[0] == '\0';
	fd = openat(target->folder, target->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		*is_done = is_last && errno == ENOENT;
		return *is_done || fail(walk, errno, error);
	}
	if (fstat(fd, &target->status) != 0) {
		stepped = fail(walk, errno, error);
	} else if (S_ISLNK(target->status.st_mode)) {
		*is_done = is_last && holds_descriptors(target->folder);
		stepped = *is_done ? take_descriptor(walk, error)
		                   : follow(walk, fd, &target->status, error);
	} else if (is_last) {
		*is_done = target->exists = stepped = true;
	} else if (S_ISDIR(target->status.st_mode)) {
		return enter(walk, fd, error);
	} else {
		stepped = fail(walk, ENOTDIR, error);
	}
	(void)close(fd);
	return stepped;
}

/* False and `error` where the path leads nowhere or a link is not followed. To be released in any
 * case. */
static bool target_find(struct target *target, const char *path, struct error *error)
{
	const size_t length = strlen(path);
	char rest[PATH_MAX];
	struct walk walk = { target, path, rest, 0 };
	bool is_done = false;

	target->folder = target->fd = -1;
	target->exists = false;
	if (length >= sizeof(rest))
		return fail(&walk, ENAMETOOLONG, error);
	memcpy(rest, path, length + 1);
	if (!enter_start(&walk, error))
		return false;
	while (!is_done)
		if (!step(&walk, &is_done, error))
			return false;
	return true;
}

static void target_release(struct target *target)
{
	if (target->folder >= 0)
		(void)close(target->folder);
	if (target->fd >= 0)
		(void)close(target->fd);
}

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
static int open_device(const struct target *target)
{
	/* a line without carrier is not waited for */
	int fd = openat(target->folder, target->name,
	    O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
	    status.st_rdev == target->status.st_rdev && fcntl(fd, F_SETFL, 0) == 0)
		return fd;
	(void)close(fd);
	errno = ENXIO;
	return -1;
}

static bool write_device(const struct target *target, const char *bytes, size_t length)
{
	int fd = open_device(target);
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

static mode_t mode_for(const struct target *target)
{
	mode_t mask = umask(0), usual = 0644 & ~mask;

	(void)umask(mask);
	if (!target->exists)
		return usual;
	return target->status.st_mode & (target->status.st_uid == geteuid() ? 0777 : usual);
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

static bool replace(const struct target *target, const char *bytes, size_t length)
{
	char temporary[TEMPORARY_MAX];
	int fd = make_temporary(target->folder, temporary);
	bool replaced;
	int saved;

	if (fd < 0)
		return false;
	replaced = fill(fd, mode_for(target), bytes, length) &&
	           renameat(target->folder, temporary, target->folder, target->name) == 0 &&
	           sync_folder(target->folder);
	saved = errno;
	if (!replaced)
		(void)unlinkat(target->folder, temporary, 0);
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

static bool write_target(const struct target *target, const char *path, const char *bytes,
    size_t length, struct error *error)
{
	mode_t mode = target->exists ? target->status.st_mode : S_IFREG;
	const char *refused = refused_kind(mode);
	bool written = false;

	if (target->fd >= 0)
		written = write_to(target->fd, bytes, length);
	else if (refused != NULL)
		return error_set(error, ERROR_SYSTEM,
		    "cannot write '%s': it is %s; name a file, or a descriptor: /dev/fd/N", path,
		    refused);
	else if (S_ISDIR(mode))
		errno = EISDIR;
	else if (S_ISCHR(mode))
		written = write_device(target, bytes, length);
	else
		written = replace(target, bytes, length);
	return written || error_set_errno(error, errno, "cannot write '%s'", path);
}

bool replace_file(const char *path, const char *bytes, size_t length, struct error *error)
{
	struct target target = { 0 };
	bool written =
	    target_find(&target, path, error) && write_target(&target, path, bytes, length, error);

	target_release(&target);
	return written;
}
