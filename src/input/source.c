/*
 * Owns a descriptor to read from, and the choice of what reads it: itself, or an
 * unpacker where the data is compressed. Must not know lines, or any format.
 *
 * A regular file is looked at when it is opened: its first bytes tell whether it is compressed. Of
 * anything else they are read into `head` first, and given from there; no more is waited for than
 * is needed to tell. A range is taken out of the data by seeking where that is possible, else by
 * reading up to its start.
 */
#include "input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/pipe.h"
#include "input/decoder.h"
#include "input/unpacker.h"

/* Enough to know any format. More, so that a short input needs no second read. */
#define HEAD_SIZE 4096u
/* What a pipe usually holds. */
#define PIPE_FULL (64 * 1024)

struct source {
	const char *name;
	int fd;
	bool is_regular;
	bool is_wide; /* the pipe is as wide as it gets */
	bool is_fifo; /* by name; nobody may have opened it for writing yet */
	bool is_sparse;
	bool skips_holes;
	struct stat status; /* when it was opened */
	uint64_t from, to;  /* what is given of the data; where nothing else was said, all */
	uint64_t at;        /* where in the data the next byte to read stands */
	struct digest *digest; /* NULL: none is kept */
	int errnum;         /* why it cannot be read any more; 0: it can */

	bool is_decided;                     /* whether it is compressed */
	const struct decoder_format *format; /* NULL: plain */
	struct unpacker *unpacker;
	unsigned char head[HEAD_SIZE]; /* what was read to decide, and not yet given */
	size_t head_start, head_end;
	bool is_at_end; /* nothing follows the head */
};

/* A file that can be read at any place is known at once. One that cannot is read as a pipe is;
 * what goes wrong is told by the first read. */
static void look_at_file(struct source *source)
{
	unsigned char bytes[DECODER_MAGIC_MAX];
	off_t at = file_seek(source->fd, 0, SEEK_CUR);
	ssize_t count = at < 0 ? -1 : file_read_at(source->fd, bytes, sizeof(bytes), at);
	bool is_open;

	if (count < 0 && errno == ESPIPE)
		return;
	source->is_decided = true;
	source->errnum = count < 0 ? errno : 0;
	if (count >= 0)
		source->format = decoder_detect(bytes, (size_t)count, &is_open);
	source->at = count >= 0 && source->format == NULL ? (uint64_t)at : 0;
}

static bool open_path(struct source *source, struct error *error)
{
	/* a FIFO's writer is waited for where signals are heard: before the first read */
	source->fd = source->name == NULL ? STDIN_FILENO
	                                  : file_open(AT_FDCWD, source->name,
	                                        O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (source->fd < 0)
		return error_set_errno(error, errno, "cannot open '%s'", source->name);
	if (source->name != NULL)
		(void)fcntl(source->fd, F_SETFL, fcntl(source->fd, F_GETFL) & ~O_NONBLOCK);
	return true;
}

static bool open_fd(struct source *source, int fd, struct error *error)
{
	source->fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (source->fd < 0 || file_seek(source->fd, 0, SEEK_SET) < 0)
		return error_set_errno(error, errno, "cannot read '%s'", source->name);
	return true;
}

static bool look_at_input(struct source *source, struct error *error)
{
	const struct stat *status = &source->status;

	if (file_stat(source->fd, &source->status) != 0)
		return error_set_errno(error, errno, "cannot read '%s'", source_title(source));
	if (S_ISDIR(status->st_mode))
		return error_set(error, ERROR_SYSTEM, "'%s' is a directory", source_title(source));
	source->is_regular = S_ISREG(status->st_mode);
	source->is_fifo = source->name != NULL && S_ISFIFO(status->st_mode);
	if (source->is_regular)
		look_at_file(source);
	source->is_sparse = source->is_regular && source->format == NULL &&
	                    status->st_blocks < status->st_size / 512;
	return true;
}

static struct source *source_new(const char *name, struct error *error)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL) {
		error_set_memory(error);
		return NULL;
	}
	source->name = name;
	source->fd = -1;
	source->to = UINT64_MAX;
	return source;
}

struct source *source_open(const char *path, struct error *error)
{
	struct source *source = source_new(path, error);

	if (source != NULL && open_path(source, error) && look_at_input(source, error))
		return source;
	source_close(source);
	return NULL;
}

struct source *source_open_fd(int fd, const char *name, struct error *error)
{
	struct source *source = source_new(name, error);

	if (source != NULL && open_fd(source, fd, error) && look_at_input(source, error))
		return source;
	source_close(source);
	return NULL;
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	unpacker_free(source->unpacker);
	digest_free(source->digest);
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

	return source->is_regular && file_stat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       file_status_is_same(&status, &source->status);
}

static bool would_block(const struct source *source)
{
	struct pollfd poll_fd = { source->fd, POLLIN, 0 };

	return !source->is_regular && poll(&poll_fd, 1, 0) == 0;
}

static bool wait_for_fd(const struct source *source, int wake_fd)
{
	struct pollfd poll_fds[2] = { { source->fd, POLLIN, 0 }, { wake_fd, POLLIN, 0 } };

	while (poll(poll_fds, 2, -1) < 0 && errno == EINTR)
		;
	return poll_fds[0].revents != 0;
}

/* Once a pipe was full: what trickles through needs no more room. */
static void widen_pipe(struct source *source, ssize_t count)
{
	if (count < PIPE_FULL || source->is_regular || source->is_wide)
		return;
	source->is_wide = true;
	pipe_widen(source->fd);
}

/* Reads the descriptor. */
static ssize_t read_fd(struct source *source, void *buffer, size_t size, struct error *error)
{
	if (source->is_fifo) /* without a writer so far a read would look like the end */
		(void)wait_for_fd(source, -1);
	source->is_fifo = false;
	for (;;) {
		ssize_t count = read(source->fd, buffer, size);

		if (count >= 0) {
			widen_pipe(source, count);
			return count;
		}
		if (!source->is_regular && (errno == EAGAIN || errno == EWOULDBLOCK))
			(void)wait_for_fd(source, -1);
		else if (errno != EINTR) {
			error_set_errno(error, errno, "cannot read '%s'", source_title(source));
			return -1;
		}
	}
}

/* Reads until it is known whether the data is compressed. Only bytes that could
 * still begin a format are waited behind. Returns false on an error. */
static bool decide(struct source *source, bool may_wait, struct error *error)
{
	while (!source->is_decided && (may_wait || !would_block(source))) {
		ssize_t count = read_fd(
		    source, source->head + source->head_end, HEAD_SIZE - source->head_end, error);
		bool is_open = false;

		if (count < 0)
			return false;
		source->head_end += (size_t)count;
		source->is_at_end = count == 0;
		source->format = decoder_detect(source->head, source->head_end, &is_open);
		source->is_decided = source->is_at_end || !is_open;
	}
	return true;
}

static bool open_unpacker(struct source *source, struct error *error)
{
	struct unpacker_input input = { source_title(source), source->fd, !source->is_regular,
		source->head, source->head_end };

	if (source->format != NULL && source->unpacker == NULL)
		source->unpacker = unpacker_new(source->format, &input, error);
	return source->format == NULL || source->unpacker != NULL;
}

/* As far as that goes without waiting. Errors come back at the next read. */
static void prepare(struct source *source)
{
	struct error ignored = ERROR_INIT;

	if (!decide(source, false, &ignored) || !source->is_decided)
		return;
	(void)open_unpacker(source, &ignored);
}

bool source_would_block(struct source *source)
{
	prepare(source);
	if (source->is_regular)
		return false;
	if (source->unpacker != NULL)
		return unpacker_would_block(source->unpacker);
	if (source->is_decided && (source->is_at_end || source->head_start < source->head_end))
		return false;
	return would_block(source);
}

bool source_wait(struct source *source, int wake_fd)
{
	return source->unpacker != NULL ? unpacker_wait(source->unpacker, wake_fd)
	                                : wait_for_fd(source, wake_fd);
}

size_t source_pending(struct source *source)
{
	int count = 0;

	prepare(source);
	if (source->unpacker != NULL)
		return unpacker_pending(source->unpacker);
	if (source->is_regular || !source->is_decided)
		return 0;
	if (ioctl(source->fd, FIONREAD, &count) != 0 || count < 0)
		count = 0;
	return (size_t)count + (source->head_end - source->head_start);
}

void source_skip_holes(struct source *source)
{
	source->skips_holes = source->is_sparse;
}

/* Where that fails it stands where it stood. */
static bool seek(struct source *source, off_t offset, int whence)
{
	off_t at = file_seek(source->fd, offset, whence);

	if (at >= 0)
		source->at = (uint64_t)at;
	return at >= 0;
}

/* A hole may be terabytes of NULs: one seek passes it. */
static void skip_hole(struct source *source)
{
	off_t data = file_seek(source->fd, (off_t)source->at, SEEK_DATA);

	if (data >= 0)
		source->at = (uint64_t)data;
	else if (errno == ENXIO) /* only a hole is left */
		(void)seek(source, 0, SEEK_END);
}

/* Whether its data can be read at any place. */
static bool is_plain(const struct source *source)
{
	return source->is_regular && source->is_decided && source->format == NULL &&
	       source->errnum == 0;
}

void source_set_range(struct source *source, uint64_t from, uint64_t to)
{
	from = from < INT64_MAX ? from : INT64_MAX; /* no file is as long */
	source->from = from;
	source->to = to;
	if (is_plain(source))
		(void)seek(source, (off_t)from, SEEK_SET); /* else it is read up to there */
}

bool source_keep_digest(struct source *source)
{
	source->digest = digest_new();
	return source->digest != NULL;
}

static void add_digest(struct source *source, const void *bytes, size_t len)
{
	if (source->digest != NULL)
		digest_add(source->digest, bytes, len);
}

void source_note_read(struct source *source, const void *bytes, size_t len)
{
	source->at += len;
	add_digest(source, bytes, len);
}

const struct digest *source_digest(const struct source *source)
{
	return source->digest;
}

uint64_t source_position(const struct source *source)
{
	return source->at;
}

bool source_changed_at(const struct source *source, struct timespec *time)
{
	*time = source->status.st_mtim;
	return source->is_regular;
}

off_t source_range_end(const struct source *source)
{
	return source->to < INT64_MAX ? (off_t)source->to : INT64_MAX;
}

int source_plain_fd(const struct source *source, off_t *offset)
{
	if (!is_plain(source) || source->skips_holes)
		return -1;
	*offset = (off_t)source->at;
	return source->fd;
}

bool source_set_position(struct source *source, off_t offset)
{
	return seek(source, offset, SEEK_SET);
}

uint64_t source_progress(const struct source *source, uint64_t given)
{
	off_t at = source->unpacker == NULL ? -1 : lseek(source->fd, 0, SEEK_CUR);

	return at < 0 ? given : (uint64_t)at;
}

static size_t take_head(struct source *source, char *buffer, size_t size)
{
	size_t length = source->head_end - source->head_start;

	length = length < size ? length : size;
	memcpy(buffer, source->head + source->head_start, length);
	source->head_start += length;
	return length;
}

static ssize_t read_data(struct source *source, char *buffer, size_t size, struct error *error)
{
	if (!decide(source, true, error) || !open_unpacker(source, error))
		return -1;
	if (source->unpacker != NULL)
		return unpacker_read(source->unpacker, buffer, size, error);
	if (source->head_start < source->head_end)
		return (ssize_t)take_head(source, buffer, size);
	return source->is_at_end ? 0 : read_fd(source, buffer, size, error);
}

static ssize_t read_on(struct source *source, char *buffer, size_t size, struct error *error)
{
	ssize_t count = -1;

	if (source->errnum == 0)
		count = read_data(source, buffer, size, error);
	else
		error_set_errno(error, source->errnum, "cannot read '%s'", source_title(source));
	if (count > 0)
		source->at += (uint64_t)count;
	return count;
}

static ssize_t read_range(struct source *source, char *buffer, size_t size, struct error *error)
{
	for (;;) {
		uint64_t at = source->at;
		bool is_before = at < source->from;
		uint64_t end = is_before ? source->from : source->to;
		ssize_t count = 0;

		if (at < end)
			count = read_on(
			    source, buffer, end - at < size ? (size_t)(end - at) : size, error);
		if (count <= 0 || !is_before)
			return count;
	}
}

ssize_t source_read(struct source *source, char *buffer, size_t size, struct error *error)
{
	ssize_t count;

	if (source->skips_holes && is_plain(source))
		skip_hole(source);
	count = source->from == 0 && source->to == UINT64_MAX
	            ? read_on(source, buffer, size, error)
	            : read_range(source, buffer, size, error);
	if (count > 0)
		add_digest(source, buffer, (size_t)count);
	return count;
}
