/*
 * Owns the atomic replacement of a file. Must not know what is in it.
 */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(fd, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

static bool write_directly(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	bool written;
	int saved;

	if (fd < 0)
		return false;
	written = write_all(fd, bytes, length);
	saved = errno;
	if (close(fd) != 0 && written)
		return false;
	errno = saved;
	return written;
}

static mode_t mode_for(const char *path)
{
	struct stat status;
	mode_t mask;

	if (stat(path, &status) == 0)
		return status.st_mode & 0777;
	mask = umask(0);
	(void)umask(mask);
	return 0644 & ~mask;
}

/* Fills and syncs the temporary file; it is closed in any case. */
static bool fill(int fd, mode_t mode, const char *bytes, size_t length)
{
	bool filled =
	    fchmod(fd, mode) == 0 && write_all(fd, bytes, length) && fsync(fd) == 0;
	int saved = errno;

	if (close(fd) != 0 && filled)
		return false;
	errno = saved;
	return filled;
}

/* The name is in the directory for good once the directory is synced; file
 * systems that cannot do that say EINVAL. */
static bool sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced;

	if (fd < 0)
		return errno == EACCES;
	synced = fsync(fd) == 0 || errno == EINVAL;
	(void)close(fd);
	return synced;
}

static bool replace_in(const char *directory, const char *path, const char *bytes, size_t length)
{
	struct strbuf temporary = STRBUF_INIT;
	bool replaced = false;
	int saved;
	int fd;

	strbuf_add_format(&temporary, "%s/.jgannotate-XXXXXX", directory);
	if (temporary.failed) {
		errno = ENOMEM;
		return false;
	}
	fd = mkstemp(temporary.data);
	if (fd >= 0) {
		replaced = fill(fd, mode_for(path), bytes, length) &&
		    rename(temporary.data, path) == 0 && sync_directory(directory);
		saved = errno;
		if (!replaced)
			(void)unlink(temporary.data);
		errno = saved;
	}
	saved = errno;
	strbuf_release(&temporary);
	errno = saved;
	return replaced;
}

bool replace_file(const char *path, const char *bytes, size_t length, struct error *error)
{
	struct stat status;
	char *copy;
	bool replaced;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		if (S_ISDIR(status.st_mode))
			errno = EISDIR;
		else if (write_directly(path, bytes, length))
			return true;
		return error_set_errno(error, errno, "cannot write '%s'", path);
	}
	/* through a symbolic link it is the target that is replaced */
	copy = realpath(path, NULL);
	if (copy == NULL)
		copy = strdup(path);
	if (copy == NULL)
		return error_set_memory(error);
	{
		char *target = strdup(copy);

		replaced = target != NULL && replace_in(dirname(copy), target, bytes, length);
		if (!replaced)
			error_set_errno(error, target == NULL ? ENOMEM : errno, "cannot write '%s'", path);
		free(target);
	}
	free(copy);
	return replaced;
}
