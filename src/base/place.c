/*
 * Owns the walk along a path that is to be written to. Must not know what will be written.
 */
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINKS_MOST = 40 };

struct walk {
	struct place *place;
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
	if (walk->place->folder >= 0)
		(void)close(walk->place->folder);
	walk->place->folder = folder;
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
	       (fstat(walk->place->folder, &folder) == 0 && is_trusted(folder.st_uid) &&
	           (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0);
}

/* Puts the link's target in front of the rest. */
static bool follow(struct walk *walk, int link, const struct stat *status, struct error *error)
{
	char target[PATH_MAX];
	ssize_t length;
	size_t rest = strlen(walk->rest);

	if (!may_follow(walk, status))
		return error_set(error, ERROR_SYSTEM,
		    "cannot write '%s': its part '%s' is a symbolic link of another user, and is "
		    "not "
		    "followed",
		    walk->path, walk->place->name);
	if (++walk->links > LINKS_MOST)
		return fail(walk, ELOOP, error);
	length = readlinkat(link, "", target, sizeof(target));
	if (length <= 0)
		return fail(walk, length == 0 ? ENOENT : errno, error);
	if ((size_t)length + rest >= PATH_MAX)
		return fail(walk, ENAMETOOLONG, error);
	/* the rest is empty or begins with a slash */
	memmove(walk->rest + length, walk->rest, rest + 1);
	memcpy(walk->rest, target, (size_t)length);
	return walk->rest[0] != '/' || enter_start(walk, error);
}

/* Whether names in this folder stand for the process' own descriptors. */
static bool holds_descriptors(int folder)
{
	struct stat here;
	struct stat own;

	return fstat(folder, &here) == 0 && stat("/proc/self/fd", &own) == 0 &&
	       here.st_dev == own.st_dev && here.st_ino == own.st_ino;
}

static bool take_descriptor(const struct walk *walk, struct error *error)
{
	struct place *place = walk->place;
	char *end;
	long number = strtol(place->name, &end, 10);
	int flags = *end == '\0' && number <= INT_MAX ? fcntl((int)number, F_GETFD) : -1;

	if (flags < 0 || (flags & FD_CLOEXEC) != 0)
		return fail(walk, EBADF, error);
	place->fd = fcntl((int)number, F_DUPFD_CLOEXEC, 3);
	if (place->fd < 0 || fstat(place->fd, &place->status) != 0)
		return fail(walk, errno, error);
	place->exists = true;
	(void)close(place->folder);
	place->folder = -1;
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
	memcpy(walk->place->name, start, length);
	walk->place->name[length] = '\0';
	memmove(walk->rest, start + length, strlen(start + length) + 1);
	return true;
}

/* One part of the path. `*is_done` tells that the place was found. */
static bool step(struct walk *walk, bool *is_done, struct error *error)
{
	struct place *place = walk->place;
	bool is_last, stepped;
	int fd;

	if (!take_name(walk, error))
		return false;
	is_last = walk->rest[0] == '\0';
	fd = openat(place->folder, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		*is_done = is_last && errno == ENOENT;
		return *is_done || fail(walk, errno, error);
	}
	if (fstat(fd, &place->status) != 0) {
		stepped = fail(walk, errno, error);
	} else if (S_ISLNK(place->status.st_mode)) {
		*is_done = is_last && holds_descriptors(place->folder);
		stepped = *is_done ? take_descriptor(walk, error)
		                   : follow(walk, fd, &place->status, error);
	} else if (is_last) {
		*is_done = place->exists = stepped = true;
	} else if (S_ISDIR(place->status.st_mode)) {
		return enter(walk, fd, error);
	} else {
		stepped = fail(walk, ENOTDIR, error);
	}
	(void)close(fd);
	return stepped;
}

bool place_find(struct place *place, const char *path, struct error *error)
{
	const size_t length = strlen(path);
	char rest[PATH_MAX];
	struct walk walk = { place, path, rest, 0 };
	bool is_done = false;

	place->folder = place->fd = -1;
	place->exists = false;
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

void place_release(struct place *place)
{
	if (place->folder >= 0)
		(void)close(place->folder);
	if (place->fd >= 0)
		(void)close(place->fd);
}
