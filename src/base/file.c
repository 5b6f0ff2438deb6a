/*
 * Owns the loops around calls that may be interrupted or do only a part of what they were asked
 * for, and how a file is told from another. Must not know what is read or written.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

size_t file_read_most(int fd, void *buffer, size_t length, off_t offset, int *errnum)
{
	size_t total = 0;

	*errnum = 0;
	while (total < length) {
		ssize_t count =
		    pread(fd, (char *)buffer + total, length - total, offset + (off_t)total);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			*errnum = errno;
		if (count <= 0)
			break;
		total += (size_t)count;
	}
	return total;
}

ssize_t file_read_at(int fd, void *buffer, size_t length, off_t offset)
{
	int errnum;
	size_t total = file_read_most(fd, buffer, length, offset, &errnum);

	if (errnum == 0)
		return (ssize_t)total;
	errno = errnum;
	return -1;
}

bool file_write(int fd, const void *bytes, size_t length)
{
	const char *rest = bytes;

	while (length > 0) {
		ssize_t count = write(fd, rest, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		rest += count;
		length -= (size_t)count;
	}
	return true;
}

off_t file_seek(int fd, off_t offset, int whence)
{
	off_t at;

	do
		at = lseek(fd, offset, whence);
	while (at < 0 && errno == EINTR);
	return at;
}

int file_stat(int fd, struct stat *status)
{
	int result;

	do
		result = fstat(fd, status);
	while (result != 0 && errno == EINTR);
	return result;
}

int file_open(int folder, const char *path, int flags)
{
	int fd;

	do
		fd = openat(folder, path, flags);
	while (fd < 0 && errno == EINTR);
	return fd;
}

int file_describe(int folder, const char *path, int flags, unsigned mask, struct statx *status)
{
	int result;

	do
		result = statx(folder, path, flags, mask, status);
	while (result != 0 && errno == EINTR);
	return result;
}

/* ---- which file it is ---- */

static int64_t nanoseconds(const struct statx_timestamp *time)
{
	return time->tv_sec * 1000000000 + time->tv_nsec;
}

struct file_state file_state_of(const struct statx *status)
{
	return (struct file_state){
		.identity = { makedev(status->stx_dev_major, status->stx_dev_minor),
		    status->stx_ino,
		    (status->stx_mask & STATX_BTIME) != 0 ? nanoseconds(&status->stx_btime) : 0 },
		.size = status->stx_size,
		.mtime = nanoseconds(&status->stx_mtime),
		.ctime = nanoseconds(&status->stx_ctime),
	};
}

struct file_identity file_identity_of(int fd)
{
	struct statx status;

	if (file_describe(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0)
		return (struct file_identity){ 0, 0, 0 };
	return file_state_of(&status).identity;
}

bool file_identity_is_same(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->birth == b->birth;
}

bool file_is_untouched(const struct file_state *a, const struct file_state *b)
{
	return file_identity_is_same(&a->identity, &b->identity) && a->size == b->size &&
	       a->mtime == b->mtime;
}
