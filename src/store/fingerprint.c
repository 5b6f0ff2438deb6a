/*
 * Owns the making of fingerprints from a file's bytes, and when two are the same. Must not know
 * what they are compared with.
 *
 * Of a plain file only the windows are read, wherever they are. A compressed one is unpacked from
 * its start; the last window of what was unpacked is kept, so that one pass serves any number of
 * prefixes.
 */
#include "store/fingerprint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/file.h"
#include "input/decoder.h"
#include "input/source.h"
#include "time/clock.h"
#include "time/timestamp.h"

/* How much is looked at for an LF at a time. */
#define WINDOW 65536u
/* Bytes asked for in one read of decompressed data. */
#define READ_SIZE (256u * 1024)

static struct fingerprint fingerprint(const char *bytes, size_t length)
{
	XXH128_hash_t hash = XXH3_128bits(bytes, length);

	return (struct fingerprint){ .high = hash.high64, .low = hash.low64 };
}

bool fingerprint_equals(const struct fingerprint *a, const struct fingerprint *b)
{
	return a->high == b->high && a->low == b->low;
}

bool prefix_equals(const struct prefix *a, const struct prefix *b)
{
	return a->offset == b->offset && fingerprint_equals(&a->head, &b->head) &&
	       fingerprint_equals(&a->tail, &b->tail);
}

static size_t window_of(uint64_t offset)
{
	return offset < FINGERPRINT_WINDOW ? (size_t)offset : FINGERPRINT_WINDOW;
}

/* Reads up to `length` bytes at `offset`; fewer only at the end of the file, -1 on error. */
static ssize_t read_at(
    int fd, const char *name, char *buffer, size_t length, uint64_t offset, struct error *error)
{
	ssize_t count;

	if (offset > INT64_MAX - length) /* no file is so long */
		return 0;
	count = file_read_at(fd, buffer, length, (off_t)offset);
	if (count < 0)
		error_set_errno(error, errno, "cannot read '%s'", name);
	return count;
}

bool fingerprint_is_packed(int fd, const char *name, bool *is_packed, struct error *error)
{
	char bytes[DECODER_MAGIC_MAX];
	ssize_t count = read_at(fd, name, bytes, sizeof(bytes), 0, error);
	bool is_open;

	if (count < 0)
		return false;
	*is_packed = decoder_detect(bytes, (size_t)count, &is_open) != NULL;
	return true;
}

/* Whether the error is that the file is damaged; then it is forgotten. */
static bool is_cut(struct error *error)
{
	if (error->kind != ERROR_DAMAGED)
		return false;
	*error = (struct error)ERROR_INIT;
	return true;
}

bool fingerprint_has_time(int fd, const char *name, size_t size,
    const struct timestamp_rule *stamps, bool *has, struct error *error)
{
	char *bytes = malloc(size + 1);
	struct source *source = source_open_fd(fd, name, error);
	struct clock clock;
	size_t length = 0;
	ssize_t count = 1;

	if (bytes == NULL)
		error_set_memory(error);
	while (bytes != NULL && source != NULL && length < size && count > 0) {
		count = source_read(source, bytes + length, size - length, error);
		length += count > 0 ? (size_t)count : 0;
	}
	clock_init(&clock, stamps);
	if (bytes != NULL)
		clock_begin(&clock, bytes, length, CLOCK_UNKNOWN);
	*has = clock_first(&clock) != CLOCK_UNKNOWN;
	free(bytes);
	source_close(source);
	return bytes != NULL && source != NULL && (count >= 0 || is_cut(error));
}

/* ---- plain files ---- */

/* Of `length` bytes at `offset`. */
static bool take_window(int fd, const char *name, uint64_t offset, size_t length,
    struct fingerprint *taken, bool *is_there, struct error *error)
{
	char window[FINGERPRINT_WINDOW];
	ssize_t count = read_at(fd, name, window, length, offset, error);

	if (count < 0)
		return false;
	*is_there = (size_t)count == length;
	*taken = fingerprint(window, (size_t)count);
	return true;
}

bool fingerprint_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix,
    bool *is_there, struct error *error)
{
	size_t length = window_of(offset);
	struct prefix found = { .offset = offset };

	/* the end first: a file that is shorter shows it there */
	if (!take_window(fd, name, offset - length, length, &found.tail, is_there, error))
		return false;
	if (*is_there && !take_window(fd, name, 0, length, &found.head, is_there, error))
		return false;
	if (*is_there)
		*prefix = found;
	return true;
}

bool fingerprint_front(int fd, const char *name, char *bytes, size_t *length, struct error *error)
{
	ssize_t count = read_at(fd, name, bytes, FINGERPRINT_WINDOW, 0, error);

	*length = count < 0 ? 0 : (size_t)count;
	return count >= 0;
}

void fingerprint_prefix_of(const char *bytes, size_t length, struct prefix *prefix)
{
	prefix->offset = length;
	prefix->head = prefix->tail = fingerprint(bytes, length);
}

static bool is_hole(int fd, uint64_t from, uint64_t to)
{
	off_t data = file_seek(fd, (off_t)from, SEEK_DATA);

	return data < 0 ? errno == ENXIO : (uint64_t)data >= to;
}

/* Where the hole in front of `to` begins, roughly: not before its start. It may be terabytes of
 * NULs, which a log has that was truncated under its writer. */
static uint64_t pass_hole(int fd, uint64_t to)
{
	for (uint64_t step = WINDOW; step <= to && is_hole(fd, to - step, to); step *= 2)
		to -= step;
	return to;
}

bool fingerprint_lines(
    int fd, const char *name, uint64_t size, struct prefix *whole, struct error *error)
{
	char *window = malloc(WINDOW);
	uint64_t to = size < INT64_MAX ? size : INT64_MAX;
	const char *newline = NULL;
	bool is_there = true;
	ssize_t count = 0;
	off_t end = file_seek(fd, 0, SEEK_END);

	if (window == NULL)
		return error_set_memory(error);
	to = end >= 0 && (uint64_t)end < to ? (uint64_t)end : to;
	while (to > 0 && newline == NULL && count >= 0) {
		size_t length = to < WINDOW ? (size_t)to : WINDOW;

		count = read_at(fd, name, window, length, to - length, error);
		newline = count > 0 ? memrchr(window, '\n', (size_t)count) : NULL;
		to -= length;
		if (newline != NULL)
			to += (uint64_t)(newline - window) + 1;
		else
			to = pass_hole(fd, to);
	}
	free(window);
	if (count < 0 || !fingerprint_prefix(fd, name, to, whole, &is_there, error))
		return false;
	/* it was cut while it was read: nothing of it is sure */
	return is_there || fingerprint_prefix(fd, name, 0, whole, &is_there, error);
}

/* ---- compressed files ---- */

/* The bytes that were read last, and before them the end of what was read before. */
struct stream {
	uint64_t offset; /* of what begins at `fresh` */
	size_t fresh;    /* in `bytes`: so many are from before */
	char head[FINGERPRINT_WINDOW];
	char bytes[FINGERPRINT_WINDOW + READ_SIZE];
};

/* The prefix that ends `length` bytes into what was read last. */
static void take_prefix(const struct stream *stream, size_t length, struct prefix *prefix)
{
	uint64_t offset = stream->offset + length;
	size_t window = window_of(offset);

	prefix->offset = offset;
	prefix->head = fingerprint(stream->head, window);
	prefix->tail = fingerprint(stream->bytes + stream->fresh + length - window, window);
}

static void keep_head(struct stream *stream, size_t length)
{
	size_t rest;

	if (stream->offset >= FINGERPRINT_WINDOW)
		return;
	rest = FINGERPRINT_WINDOW - (size_t)stream->offset;
	memcpy(stream->head + stream->offset, stream->bytes + stream->fresh,
	    length < rest ? length : rest);
}

/* Takes in `length` more bytes, which are at `stream->fresh`. */
static void take_bytes(struct packed_file *file, struct stream *stream, size_t length,
    struct prefix *wanted, size_t count)
{
	const char *fresh = stream->bytes + stream->fresh;
	const char *newline = memrchr(fresh, '\n', length);
	size_t keep;

	keep_head(stream, length);
	for (; file->reached < count && wanted[file->reached].offset <= stream->offset + length;
	     file->reached++)
		take_prefix(stream, (size_t)(wanted[file->reached].offset - stream->offset),
		    &wanted[file->reached]);
	if (newline != NULL)
		take_prefix(stream, (size_t)(newline - fresh) + 1, &file->whole);
	file->size += length;
	stream->offset += length;
	keep = window_of(stream->offset);
	memmove(stream->bytes, fresh + length - keep, keep);
	stream->fresh = keep;
}

/* `to_end`: also behind the last of the wanted prefixes. */
static bool read_packed(struct packed_file *file, int fd, const char *name, struct prefix *wanted,
    size_t count, bool to_end, struct error *error)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct source *source = source_open_fd(fd, name, error);
	ssize_t length = -1;

	*file = (struct packed_file){ .size = 0 };
	if (stream == NULL)
		error_set_memory(error);
	if (stream != NULL && source != NULL) {
		take_prefix(stream, 0, &file->whole);
		take_bytes(file, stream, 0, wanted, count);
		for (length = 1; length > 0 && (to_end || file->reached < count);) {
			length =
			    source_read(source, stream->bytes + stream->fresh, READ_SIZE, error);
			if (length > 0)
				take_bytes(file, stream, (size_t)length, wanted, count);
		}
	}
	source_close(source);
	free(stream);
	return length >= 0;
}

bool fingerprint_packed(struct packed_file *file, int fd, const char *name, struct prefix *wanted,
    size_t count, struct error *error)
{
	return read_packed(file, fd, name, wanted, count, true, error);
}

bool fingerprint_packed_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix,
    bool *is_there, struct error *error)
{
	struct prefix found = { .offset = offset };
	struct packed_file file;

	if (!read_packed(&file, fd, name, &found, 1, false, error) && !is_cut(error))
		return false;
	*is_there = file.reached == 1;
	if (*is_there)
		*prefix = found;
	return true;
}
