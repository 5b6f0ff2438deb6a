/*
 * Owns the reading of a file that grows, and the proof that it is still the file it was. Must
 * not know names, or when to read.
 */
#include "input/follow_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "input/decoder.h"
#include "input/source.h"

static ssize_t read_on(void *context, char *buffer, size_t size, struct error *error);

static int64_t now(void)
{
	struct timespec time = { 0 };

	/* the clock by which the kernel stamps files */
	(void)clock_gettime(CLOCK_REALTIME_COARSE, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_compressed(const char *bytes, size_t length, bool *is_open)
{
	return decoder_detect(bytes, length, is_open) != NULL;
}

void follow_part_fail(struct follow_part *part)
{
	part->fault = FOLLOW_FAULT_ERROR;
	part->errnum = errno;
}

/* A file that begins like a compressed one is none to follow. */
static void look_at_head(struct follow_part *part)
{
	char head[DECODER_MAGIC_MAX];
	ssize_t count = file_read_at(part->fd, head, sizeof(head), 0);
	bool is_open;

	if (count < 0)
		follow_part_fail(part);
	else if (count > 0 && is_compressed(head, (size_t)count, &is_open))
		part->fault = FOLLOW_FAULT_COMPRESSED;
}

struct follow_part *follow_part_new(int fd, size_t read_size, struct error *error)
{
	struct follow_part *part = calloc(1, sizeof(*part));

	if (part != NULL)
		part->reader = block_reader_new_growing(read_on, part, read_size, error);
	if (part == NULL || part->reader == NULL) {
		(void)close(fd);
		free(part);
		error_set_memory(error);
		return NULL;
	}
	part->fd = fd;
	part->opened = now();
	part->skips_nuls = true;
	part->wd = -1;
	part->place = (struct follow_place){ 1, true, INT64_MIN };
	part->identity = file_identity_of(fd);
	look_at_head(part);
	return part;
}

void follow_part_free(struct follow_part *part)
{
	if (part == NULL)
		return;
	source_close(part->packed);
	free(part->title);
	free(part->failure);
	if (part->fd >= 0)
		(void)close(part->fd);
	block_reader_free(part->reader);
	free(part);
}

bool follow_part_go_on_in(
    struct follow_part *part, int fd, bool is_packed, char *title, struct error *error)
{
	if (fd != part->fd)
		(void)close(part->fd);
	part->fd = fd;
	part->identity = file_identity_of(fd);
	free(part->title);
	part->title = title;
	part->fault = FOLLOW_FAULT_NONE;
	if (!is_packed)
		return true;
	part->packed = source_open_fd(fd, part->title, error);
	if (part->packed == NULL)
		return false;
	source_set_range(part->packed, part->position, INT64_MAX);
	return true;
}

void follow_part_seek(struct follow_part *part, uint64_t position)
{
	size_t length = position < FOLLOW_WINDOW ? (size_t)position : FOLLOW_WINDOW;
	ssize_t count =
	    file_read_at(part->fd, part->window, length, (off_t)(position - length));

	if (count < 0)
		follow_part_fail(part);
	part->position = position;
	part->window_length = count == (ssize_t)length ? length : 0;
	part->skips_nuls = position == 0;
}

/* Whether `fd` has the bytes before `position` there: 1, 0, or -1 with errno. */
static int holds_window(const struct follow_part *part, int fd)
{
	char window[FOLLOW_WINDOW];
	size_t length = part->window_length;
	ssize_t count = file_read_at(fd, window, length, (off_t)(part->position - length));

	if (count < 0)
		return -1;
	return (size_t)count == length && memcmp(window, part->window, length) == 0;
}

bool follow_part_allow(struct follow_part *part, uint64_t most)
{
	struct stat status;
	int held = 1;

	part->limit = part->position;
	part->is_idle = part->is_capped = false;
	if (part->is_ended || part->fault != FOLLOW_FAULT_NONE)
		return false;
	if (part->packed != NULL) {
		part->is_capped = !part->is_drained;
		part->limit += part->is_drained ? 0 : most < INT64_MAX ? most : INT64_MAX;
		return !part->is_drained;
	}
	if (file_stat(part->fd, &status) != 0) {
		follow_part_fail(part);
		return false;
	}
	/* one that was cut may have grown to the same size again */
	if ((uint64_t)status.st_size == part->position && part->window_length > 0)
		held = holds_window(part, part->fd);
	if (held < 0) {
		follow_part_fail(part);
		return false;
	}
	if ((uint64_t)status.st_size < part->position || held == 0)
		part->fault = FOLLOW_FAULT_CUT;
	else if ((uint64_t)status.st_size - part->position < most)
		part->limit = (uint64_t)status.st_size;
	else
		part->limit = part->position + most;
	part->is_capped = (uint64_t)status.st_size > part->limit;
	return part->limit > part->position;
}

/* ---- reading ---- */

static void remember(struct follow_part *part, const char *bytes, size_t length)
{
	size_t kept = part->window_length;

	part->position += length;
	if (length >= FOLLOW_WINDOW) {
		memcpy(part->window, bytes + length - FOLLOW_WINDOW, FOLLOW_WINDOW);
		part->window_length = FOLLOW_WINDOW;
		return;
	}
	if (kept > FOLLOW_WINDOW - length)
		kept = FOLLOW_WINDOW - length;
	memmove(part->window, part->window + part->window_length - kept, kept);
	memcpy(part->window + kept, bytes, length);
	part->window_length = kept + length;
}

/* Reads at `position`. -1: an error; 0: nothing, or it is not the file it was. */
static ssize_t read_behind_window(struct follow_part *part, char *buffer, size_t size)
{
	char window[FOLLOW_WINDOW];
	size_t length = part->window_length;
	struct iovec parts[2] = { { window, length }, { buffer, size } };
	ssize_t count;

	do
		count = preadv(part->fd, parts, 2, (off_t)(part->position - length));
	while (count < 0 && errno == EINTR);
	/* fewer bytes than asked for: is it shorter, or was it only interrupted? */
	if (count >= 0 && (size_t)count < length) {
		count = file_read_at(part->fd, window, length, (off_t)(part->position - length));
		if ((size_t)count == length) {
			ssize_t behind =
			    file_read_at(part->fd, buffer, size, (off_t)part->position);

			count = behind < 0 ? -1 : count + behind;
		}
	}
	if (count < 0)
		return -1;
	if ((size_t)count >= length && memcmp(window, part->window, length) == 0)
		return count - (ssize_t)length;
	part->fault = FOLLOW_FAULT_CUT;
	return 0;
}

/* A hole may be terabytes of NULs: one seek passes it. */
static void skip_hole(struct follow_part *part)
{
	off_t data = file_seek(part->fd, (off_t)part->position, SEEK_DATA);

	if (data < 0 && errno == ENXIO)
		data = (off_t)part->limit;
	if (data <= (off_t)part->position)
		return;
	part->position = (uint64_t)data < part->limit ? (uint64_t)data : part->limit;
	part->window_length = 0;
}

/* Drops the NULs at the front of what was read. Returns what is left. */
static size_t skip_nuls(struct follow_part *part, char *buffer, size_t count)
{
	size_t nuls = 0;

	while (nuls < count && buffer[nuls] == '\0')
		nuls++;
	part->skips_nuls = nuls == count;
	memmove(buffer, buffer + nuls, count - nuls);
	return count - nuls;
}

/* The front of a file, as far as it can be told what it is. */
static bool is_lines(struct follow_part *part, const char *buffer, size_t count)
{
	bool is_open = false;

	if (part->position == 0 && is_compressed(buffer, count, &is_open))
		part->fault = FOLLOW_FAULT_COMPRESSED;
	return part->position > 0 || (!is_open && part->fault == FOLLOW_FAULT_NONE);
}

/* Why less is read than there is; without memory that is all that is known. */
static void keep_failure(struct follow_part *part, const struct error *error)
{
	part->failure = malloc(sizeof(*part->failure));
	if (part->failure != NULL)
		*part->failure = *error;
}

static ssize_t unpack(struct follow_part *part, char *buffer, size_t size)
{
	struct error error = ERROR_INIT;
	uint64_t most = part->limit - part->position;
	ssize_t count = 0;

	if (most > 0 && !part->is_drained) {
		count =
		    source_read(part->packed, buffer, most < size ? (size_t)most : size, &error);
		part->is_drained = count <= 0;
		part->is_damaged = count < 0;
		if (count < 0)
			keep_failure(part, &error);
	}
	part->is_idle = count <= 0;
	part->position += count > 0 ? (uint64_t)count : 0;
	return count > 0 ? count : 0;
}

static ssize_t read_on(void *context, char *buffer, size_t size, struct error *error)
{
	struct follow_part *part = context;

	if (part->packed != NULL)
		return unpack(part, buffer, size);
	while (part->position < part->limit) {
		uint64_t most;
		ssize_t count;
		size_t left;

		if (part->skips_nuls)
			skip_hole(part);
		most = part->limit - part->position;
		count = read_behind_window(part, buffer, most < size ? (size_t)most : size);
		if (count < 0) {
			follow_part_fail(part);
			error_set_errno(error, part->errnum, "cannot read");
			return -1;
		}
		if (count == 0 || !is_lines(part, buffer, (size_t)count))
			break;
		remember(part, buffer, (size_t)count);
		left = part->skips_nuls ? skip_nuls(part, buffer, (size_t)count) : (size_t)count;
		if (left > 0)
			return (ssize_t)left;
	}
	part->is_idle = true;
	return 0;
}

enum block_result follow_part_next(
    struct follow_part *part, struct block *block, struct error *error)
{
	return block_reader_next(part->reader, block, error);
}

/* ---- its end ---- */

void follow_part_end(struct follow_part *part)
{
	part->is_ended = true;
	block_reader_end(part->reader);
}

bool follow_part_is_deleted(const struct follow_part *part)
{
	struct stat status;

	return file_stat(part->fd, &status) == 0 && status.st_nlink == 0;
}

int follow_part_is_copy(const struct follow_part *part, int fd)
{
	return part->window_length > 0 ? holds_window(part, fd) : 0;
}

int follow_part_is_packed_copy(
    const struct follow_part *part, int fd, const char *title, bool *has_more, struct error *error)
{
	size_t length = part->window_length;
	struct source *source;
	char window[FOLLOW_WINDOW + 1];
	size_t total = 0;
	ssize_t count = 1;

	if (length == 0)
		return 0;
	if (file_seek(fd, 0, SEEK_SET) < 0) {
		(void)error_set_errno(error, errno, "cannot read '%s'", title);
		return -1;
	}
	source = source_open_fd(fd, title, error);
	if (source == NULL)
		return -1;
	source_set_range(source, part->position - length, part->position + 1);
	while (count > 0 && total <= length) {
		count = source_read(source, window + total, length + 1 - total, error);
		total += count > 0 ? (size_t)count : 0;
	}
	source_close(source);
	/* where it is damaged it may still be written */
	if (count < 0 && error->kind != ERROR_DAMAGED)
		return -1;
	*has_more = total > length;
	return total >= length && memcmp(window, part->window, length) == 0;
}
