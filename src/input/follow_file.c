/*
 * Owns the reading of a file that grows, and the proof that it is still the file it was. Must
 * not know names, or when to read.
 *
 * A block_reader asks read_on for bytes. That reads the last bytes before the position, which are
 * kept in `window`, and the new ones behind them in one preadv; where the former are not what they
 * were, the file was cut, and the new ones are dropped. A compressed file, which is read only once,
 * comes through a source instead.
 */
#include "input/follow_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "input/decoder.h"
#include "input/source.h"

static ssize_t read_on(void *context, char *buffer, size_t size, struct error *error);

static bool is_compressed(const char *bytes, size_t length, bool *is_open)
{
	return decoder_detect(bytes, length, is_open) != NULL;
}

void follow_file_fail(struct follow_file *file)
{
	file->fault = FOLLOW_FAULT_ERROR;
	file->errnum = errno;
}

/* A file that begins like a compressed one is none to follow. */
static void look_at_head(struct follow_file *file)
{
	char head[DECODER_MAGIC_MAX];
	ssize_t count = file_read_at(file->fd, head, sizeof(head), 0);
	bool is_open;

	if (count < 0)
		follow_file_fail(file);
	else if (count > 0 && is_compressed(head, (size_t)count, &is_open))
		file->fault = FOLLOW_FAULT_COMPRESSED;
}

struct follow_file *follow_file_new(int fd, size_t read_size, struct error *error)
{
	struct follow_file *file = calloc(1, sizeof(*file));

	if (file != NULL)
		file->reader = block_reader_new_growing(read_on, file, read_size, error);
	if (file == NULL || file->reader == NULL) {
		(void)close(fd);
		free(file);
		error_set_memory(error);
		return NULL;
	}
	file->fd = fd;
	file->opened = now_of_stamps();
	file->skips_nuls = true;
	file->wd = -1;
	file->place = (struct follow_place){ 1, true, INT64_MIN };
	file->identity = file_identity_of(fd);
	look_at_head(file);
	return file;
}

void follow_file_free(struct follow_file *file)
{
	if (file == NULL)
		return;
	source_close(file->packed);
	free(file->title);
	free(file->failure);
	if (file->fd >= 0)
		(void)close(file->fd);
	block_reader_free(file->reader);
	free(file);
}

bool follow_file_go_on_in(
    struct follow_file *file, int fd, bool is_packed, char *title, struct error *error)
{
	if (fd != file->fd)
		(void)close(file->fd);
	file->fd = fd;
	file->identity = file_identity_of(fd);
	free(file->title);
	file->title = title;
	file->fault = FOLLOW_FAULT_NONE;
	if (!is_packed)
		return true;
	file->packed = source_open_fd(fd, file->title, error);
	if (file->packed == NULL)
		return false;
	source_set_range(file->packed, file->position, INT64_MAX);
	return true;
}

void follow_file_seek(struct follow_file *file, uint64_t position)
{
	size_t length = position < FOLLOW_WINDOW ? (size_t)position : FOLLOW_WINDOW;
	ssize_t count = file_read_at(file->fd, file->window, length, (off_t)(position - length));

	if (count < 0)
		follow_file_fail(file);
	file->position = position;
	file->window_length = count == (ssize_t)length ? length : 0;
	file->skips_nuls = position == 0;
}

/* Whether `fd` has the bytes before `position` there: 1, 0, or -1 with errno. */
static int holds_window(const struct follow_file *file, int fd)
{
	char window[FOLLOW_WINDOW];
	size_t length = file->window_length;
	ssize_t count = file_read_at(fd, window, length, (off_t)(file->position - length));

	if (count < 0)
		return -1;
	return (size_t)count == length && memcmp(window, file->window, length) == 0;
}

bool follow_file_allow(struct follow_file *file, uint64_t most)
{
	struct stat status;
	int held = 1;

	file->limit = file->position;
	file->is_idle = file->is_capped = false;
	if (file->is_ended || file->fault != FOLLOW_FAULT_NONE)
		return false;
	if (file->packed != NULL) {
		file->is_capped = !file->is_drained;
		file->limit += file->is_drained ? 0 : most < INT64_MAX ? most : INT64_MAX;
		return !file->is_drained;
	}
	if (file_stat(file->fd, &status) != 0) {
		follow_file_fail(file);
		return false;
	}
	/* one that was cut may have grown to the same size again */
	if ((uint64_t)status.st_size == file->position && file->window_length > 0)
		held = holds_window(file, file->fd);
	if (held < 0) {
		follow_file_fail(file);
		return false;
	}
	if ((uint64_t)status.st_size < file->position || held == 0)
		file->fault = FOLLOW_FAULT_CUT;
	else if ((uint64_t)status.st_size - file->position < most)
		file->limit = (uint64_t)status.st_size;
	else
		file->limit = file->position + most;
	file->is_capped = (uint64_t)status.st_size > file->limit;
	return file->limit > file->position;
}

/* ---- reading ---- */

static void remember(struct follow_file *file, const char *bytes, size_t length)
{
	size_t kept = file->window_length;

	file->position += length;
	if (length >= FOLLOW_WINDOW) {
		memcpy(file->window, bytes + length - FOLLOW_WINDOW, FOLLOW_WINDOW);
		file->window_length = FOLLOW_WINDOW;
		return;
	}
	if (kept > FOLLOW_WINDOW - length)
		kept = FOLLOW_WINDOW - length;
	memmove(file->window, file->window + file->window_length - kept, kept);
	memcpy(file->window + kept, bytes, length);
	file->window_length = kept + length;
}

/* Reads at `position`. -1: an error; 0: nothing, or it is not the file it was. */
static ssize_t read_behind_window(struct follow_file *file, char *buffer, size_t size)
{
	char window[FOLLOW_WINDOW];
	size_t length = file->window_length;
	struct iovec pieces[2] = { { window, length }, { buffer, size } };
	ssize_t count;

	do
		count = preadv(file->fd, pieces, 2, (off_t)(file->position - length));
	while (count < 0 && errno == EINTR);
	/* fewer bytes than asked for: is it shorter, or was it only interrupted? */
	if (count >= 0 && (size_t)count < length) {
		count = file_read_at(file->fd, window, length, (off_t)(file->position - length));
		if ((size_t)count == length) {
			ssize_t behind =
			    file_read_at(file->fd, buffer, size, (off_t)file->position);

			count = behind < 0 ? -1 : count + behind;
		}
	}
	if (count < 0)
		return -1;
	if ((size_t)count >= length && memcmp(window, file->window, length) == 0)
		return count - (ssize_t)length;
	file->fault = FOLLOW_FAULT_CUT;
	return 0;
}

/* A hole may be terabytes of NULs: one seek passes it. */
static void skip_hole(struct follow_file *file)
{
	off_t data = file_seek(file->fd, (off_t)file->position, SEEK_DATA);

	if (data < 0 && errno == ENXIO)
		data = (off_t)file->limit;
	if (data <= (off_t)file->position)
		return;
	file->position = (uint64_t)data < file->limit ? (uint64_t)data : file->limit;
	file->window_length = 0;
}

/* Drops the NULs at the front of what was read. Returns what is left. */
static size_t skip_nuls(struct follow_file *file, char *buffer, size_t count)
{
	size_t nuls = 0;

	while (nuls < count && buffer[nuls] == '\0')
		nuls++;
	file->skips_nuls = nuls == count;
	memmove(buffer, buffer + nuls, count - nuls);
	return count - nuls;
}

/* The front of a file, as far as it can be told what it is. */
static bool is_lines(struct follow_file *file, const char *buffer, size_t count)
{
	bool is_open = false;

	if (file->position == 0 && is_compressed(buffer, count, &is_open))
		file->fault = FOLLOW_FAULT_COMPRESSED;
	return file->position > 0 || (!is_open && file->fault == FOLLOW_FAULT_NONE);
}

/* Why less is read than there is; without memory that is all that is known. */
static void keep_failure(struct follow_file *file, const struct error *error)
{
	file->failure = malloc(sizeof(*file->failure));
	if (file->failure != NULL)
		*file->failure = *error;
}

static ssize_t unpack(struct follow_file *file, char *buffer, size_t size)
{
	struct error error = ERROR_INIT;
	uint64_t most = file->limit - file->position;
	ssize_t count = 0;

	if (most > 0 && !file->is_drained) {
		count =
		    source_read(file->packed, buffer, most < size ? (size_t)most : size, &error);
		file->is_drained = count <= 0;
		file->is_damaged = count < 0;
		if (count < 0)
			keep_failure(file, &error);
	}
	file->is_idle = count <= 0;
	file->position += count > 0 ? (uint64_t)count : 0;
	return count > 0 ? count : 0;
}

static ssize_t read_on(void *context, char *buffer, size_t size, struct error *error)
{
	struct follow_file *file = context;

	if (file->packed != NULL)
		return unpack(file, buffer, size);
	while (file->position < file->limit) {
		uint64_t most;
		ssize_t count;
		size_t left;

		if (file->skips_nuls)
			skip_hole(file);
		most = file->limit - file->position;
		count = read_behind_window(file, buffer, most < size ? (size_t)most : size);
		if (count < 0) {
			follow_file_fail(file);
			error_set_errno(error, file->errnum, "cannot read");
			return -1;
		}
		if (count == 0 || !is_lines(file, buffer, (size_t)count))
			break;
		remember(file, buffer, (size_t)count);
		left = file->skips_nuls ? skip_nuls(file, buffer, (size_t)count) : (size_t)count;
		if (left > 0)
			return (ssize_t)left;
	}
	file->is_idle = true;
	return 0;
}

enum block_result follow_file_next(
    struct follow_file *file, struct block *block, struct error *error)
{
	return block_reader_next(file->reader, block, error);
}

/* ---- its end ---- */

void follow_file_end(struct follow_file *file)
{
	file->is_ended = true;
	block_reader_end(file->reader);
}

bool follow_file_is_deleted(const struct follow_file *file)
{
	struct stat status;

	return file_stat(file->fd, &status) == 0 && status.st_nlink == 0;
}

int follow_file_is_copy(const struct follow_file *file, int fd)
{
	return file->window_length > 0 ? holds_window(file, fd) : 0;
}

int follow_file_is_packed_copy(
    const struct follow_file *file, int fd, const char *title, bool *has_more, struct error *error)
{
	size_t length = file->window_length;
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
	source_set_range(source, file->position - length, file->position + 1);
	while (count > 0 && total <= length) {
		count = source_read(source, window + total, length + 1 - total, error);
		total += count > 0 ? (size_t)count : 0;
	}
	source_close(source);
	/* where it is damaged it may still be written */
	if (count < 0 && error->kind != ERROR_DAMAGED)
		return -1;
	*has_more = total > length;
	return total >= length && memcmp(window, file->window, length) == 0;
}
