/*
 * Owns the way of bytes to a descriptor: what is short is gathered in a buffer, what is long goes
 * out together with the buffer from where it stands. Must not know what the bytes are.
 */
#include "output/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/pipe.h"
#include "base/strbuf.h"

#define CAPACITY (64u * 1024)
/* From this length on a stretch is written from where it stands. */
#define DIRECT (16u * 1024)

struct writer {
	int fd;
	const char *name;
	bool is_wide; /* much goes through: if it is a pipe, it has room */
	size_t used;
	struct strbuf memory; /* instead of a descriptor (fd -1) */
	char buffer[];        /* CAPACITY bytes, where there is a descriptor */
};

static struct writer *new (int fd, const char *name, size_t capacity, struct error *error)
{
	struct writer *writer = malloc(sizeof(*writer) + capacity);

	if (writer == NULL) {
		error_set_memory(error);
		return NULL;
	}
	writer->fd = fd;
	writer->name = name;
	writer->is_wide = false;
	writer->used = 0;
	strbuf_init(&writer->memory);
	return writer;
}

struct writer *writer_new(int fd, const char *name, struct error *error)
{
	return new (fd, name, CAPACITY, error);
}

struct writer *writer_new_memory(struct error *error)
{
	return new (-1, "memory", 0, error);
}

void writer_free(struct writer *writer)
{
	if (writer == NULL)
		return;
	strbuf_release(&writer->memory);
	free(writer);
}

static bool wait_for_room(const struct writer *writer)
{
	struct pollfd poll_fd = { writer->fd, POLLOUT, 0 };

	return poll(&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

static bool fail(const struct writer *writer, struct error *error)
{
	if (errno == EPIPE)
		return error_set(error, ERROR_CLOSED, "%s was closed", writer->name);
	return error_set_errno(error, errno, "cannot write to %s", writer->name);
}

/* Writes the buffer, then `length` bytes. */
static bool write_all(struct writer *writer, const char *bytes, size_t length, struct error *error)
{
	struct iovec parts[2] = { { writer->buffer, writer->used },
		{ (void *)(size_t)bytes, length } };

	if (!writer->is_wide && writer->used + length >= DIRECT) {
		pipe_widen(writer->fd);
		writer->is_wide = true;
	}
	writer->used = 0;
	while (parts[0].iov_len + parts[1].iov_len > 0) {
		ssize_t count = parts[0].iov_len > 0 ? writev(writer->fd, parts, 2)
		                                     : writev(writer->fd, parts + 1, 1);

		if (count < 0) {
			if (errno == EINTR ||
			    ((errno == EAGAIN || errno == EWOULDBLOCK) && wait_for_room(writer)))
				continue;
			return fail(writer, error);
		}
		for (size_t i = 0; i < 2; i++) {
			size_t taken =
			    (size_t)count < parts[i].iov_len ? (size_t)count : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + taken;
			parts[i].iov_len -= taken;
			count -= (ssize_t)taken;
		}
	}
	return true;
}

bool writer_add(struct writer *writer, const char *bytes, size_t length, struct error *error)
{
	if (writer->fd < 0) {
		strbuf_add(&writer->memory, bytes, length);
		return !writer->memory.failed || error_set_memory(error);
	}
	if (length >= DIRECT)
		return write_all(writer, bytes, length, error);
	if (length > CAPACITY - writer->used && !writer_flush(writer, error))
		return false;
	memcpy(writer->buffer + writer->used, bytes, length);
	writer->used += length;
	return true;
}

bool writer_flush(struct writer *writer, struct error *error)
{
	return writer->used == 0 || write_all(writer, "", 0, error);
}

bool writer_move(struct writer *from, struct writer *to, struct error *error)
{
	bool moved = writer_add(to, from->memory.data, from->memory.len, error);

	strbuf_reset(&from->memory);
	return moved;
}
