/*
 * Owns the loops around calls that may be interrupted or do only a part of what they were asked
 * for, and how a file is told from another. Must not know what is read or written.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Files that the rest of the program may want to open. */
#define RESERVE 64u
/* Read at a time, where nobody knows how much there is. */
#define READ_SIZE ((size_t)64 * 1024)

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

bool file_read_all(int fd, size_t most, struct strbuf *text)
{
	for (;;) {
		ssize_t count;

		if (!strbuf_grow(text, READ_SIZE)) {
			errno = ENOMEM;
			return false;
		}
		count = read(fd, text->data + text->len, READ_SIZE);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count == 0;
		strbuf_cut(text, text->len + (size_t)count);
		if (text->len > most) {
			errno = EFBIG;
			return false;
		}
	}
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

static bool allow_more_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

int file_open_more(int folder, const char *path, int flags)
{
	int fd = file_open(folder, path, flags | O_CLOEXEC);

	if (fd < 0 && errno == EMFILE && allow_more_files())
		fd = file_open(folder, path, flags | O_CLOEXEC);
	return fd;
}

bool file_has_room(int fd)
{
	struct rlimit limit = { 0, 0 };

	do {
		if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)fd + RESERVE < limit.rlim_cur)
			return true;
	} while (allow_more_files());
	return false;
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

int file_identity_compare(const struct file_identity *a, const struct file_identity *b)
{
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->birth < b->birth ? -1 : a->birth > b->birth;
}

bool file_identity_is_same(const struct file_identity *a, const struct file_identity *b)
{
	return file_identity_compare(a, b) == 0;
}

bool file_status_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool file_is_untouched(const struct file_state *a, const struct file_state *b)
{
	return file_identity_is_same(&a->identity, &b->identity) && a->size == b->size &&
	       a->mtime == b->mtime;
}
