/*
 * Owns the going on where a call was interrupted. Must not know what is read.
 */
#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

ssize_t file_read_at(int fd, void *buffer, size_t length, off_t offset)
{
	size_t total = 0;

	while (total < length) {
		ssize_t count =
		    pread(fd, (char *)buffer + total, length - total, offset + (off_t)total);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		total += (size_t)count;
	}
	return (ssize_t)total;
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
