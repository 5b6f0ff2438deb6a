/*
 * Owns a descriptor to read from. Must not know lines, or what the bytes are.
 */
#include "input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct source {
	const char *name;
	int fd;
	bool is_regular;
	bool is_fifo; /* by name; nobody may have opened it for writing yet */
	dev_t device;
	ino_t inode;
	bool is_sparse;
	bool skips_holes;
};

static bool open_file(struct source *source, struct error *error)
{
	struct stat status;

	/* a FIFO's writer is waited for where signals are heard: before the first read */
	source->fd = source->name == NULL
	    ? STDIN_FILENO
	    : open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (source->fd < 0)
		return error_set_errno(error, errno, "cannot open '%s'", source->name);
	if (source->name != NULL)
		(void)fcntl(source->fd, F_SETFL, fcntl(source->fd, F_GETFL) & ~O_NONBLOCK);
	if (fstat(source->fd, &status) != 0)
		return error_set_errno(error, errno, "cannot read '%s'", source_title(source));
	if (S_ISDIR(status.st_mode))
		return error_set(
		    error, ERROR_SYSTEM, "'%s' is a directory", source_title(source));
	source->is_regular = S_ISREG(status.st_mode);
	source->is_fifo = source->name != NULL && S_ISFIFO(status.st_mode);
	source->is_sparse = source->is_regular && status.st_blocks < status.st_size / 512;
	source->device = status.st_dev;
	source->inode = status.st_ino;
	return true;
}

struct source *source_open(const char *path, struct error *error)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL) {
		error_set_memory(error);
		return NULL;
	}
	source->name = path;
	source->fd = -1;
	if (!open_file(source, error)) {
		source_close(source);
		return NULL;
	}
	return source;
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd > STDIN_FILENO)
		(void)close(source->fd);
	free(source);
}

const char *source_name(const struct source *source)
{
	return source->name;
}

const char *source_title(const struct source *source)
{
	return source->name == NULL ? "standard input" : source->name;
}

bool source_is_terminal(const struct source *source)
{
	return isatty(source->fd) == 1;
}

bool source_is_same_file(const struct source *source, int fd)
{
	struct stat status;

	return source->is_regular && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_dev == source->device && status.st_ino == source->inode;
}

bool source_would_block(const struct source *source)
{
	struct pollfd poll_fd = { source->fd, POLLIN, 0 };

	return !source->is_regular && poll(&poll_fd, 1, 0) == 0;
}

bool source_wait(const struct source *source, int wake_fd)
{
	struct pollfd poll_fds[2] = { { source->fd, POLLIN, 0 }, { wake_fd, POLLIN, 0 } };

	while (poll(poll_fds, 2, -1) < 0 && errno == EINTR)
		;
	return poll_fds[0].revents != 0;
}

size_t source_pending(const struct source *source)
{
	int count = 0;

	if (source->is_regular || ioctl(source->fd, FIONREAD, &count) != 0 || count < 0)
		return 0;
	return (size_t)count;
}


void source_skip_holes(struct source *source)
{
	source->skips_holes = source->is_sparse;
}

/* A hole may be terabytes of NULs: one seek passes it. */
static void skip_hole(const struct source *source)
{
	off_t at = lseek(source->fd, 0, SEEK_CUR);
	off_t data = at < 0 ? -1 : lseek(source->fd, at, SEEK_DATA);

	if (data >= 0)
		return;
	/* only a hole is left, or this file system knows no holes */
	(void)lseek(source->fd, errno == ENXIO && at >= 0 ? 0 : at,
	    errno == ENXIO && at >= 0 ? SEEK_END : SEEK_SET);
}

int source_plain_fd(const struct source *source, off_t *offset)
{
	if (!source->is_regular || source->skips_holes)
		return -1;
	*offset = lseek(source->fd, 0, SEEK_CUR);
	return *offset < 0 ? -1 : source->fd;
}

void source_set_position(struct source *source, off_t offset)
{
	(void)lseek(source->fd, offset, SEEK_SET);
}

ssize_t source_read(struct source *source, char *buffer, size_t size, struct error *error)
{
	if (source->is_fifo) /* without a writer so far a read would look like the end */
		(void)source_wait(source, -1);
	source->is_fifo = false;
	for (;;) {
		ssize_t count;

		if (source->skips_holes)
			skip_hole(source);
		count = read(source->fd, buffer, size);

		if (count >= 0)
			return count;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			(void)source_wait(source, -1);
		else if (errno != EINTR) {
			error_set_errno(error, errno, "cannot read '%s'", source_title(source));
			return -1;
		}
	}
}
