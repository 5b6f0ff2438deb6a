#ifndef JGANNOTATE_INPUT_SOURCE_H
#define JGANNOTATE_INPUT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/error.h"

/*
 * One input: a file or standard input, read from front to back. Compressed data is
 * recognised by its first bytes and given decompressed.
 */
struct digest;
struct source;

/* Opens `path`, or standard input for NULL. Directories are refused by name.
 * Returns NULL on error. */
struct source *source_open(const char *path, struct error *error);

/* The same for a file that is open already, read from its start; it is called `name`. `fd`
 * stays the caller's, but they share their position: one source at a time. */
struct source *source_open_fd(int fd, const char *name, struct error *error);

void source_close(struct source *source); /* NULL is allowed */

/* The name as given; NULL for standard input. Lives as long as the caller's path. */
const char *source_name(const struct source *source);

/* Before the first read of a regular file that stands at its start: only its bytes [from, to) are given, counted as they
 * are when decompressed; fewer where it ends before. */
void source_set_range(struct source *source, uint64_t from, uint64_t to);

/* For messages: the name, or "standard input". */
const char *source_title(const struct source *source);

bool source_is_terminal(const struct source *source);

/* Whether this is the regular file that `fd` writes to: reading it would never end. */
bool source_is_same_file(const struct source *source, int fd);

/* Whether the next read would wait for input. Regular files never wait. */
bool source_would_block(struct source *source);

/* After source_would_block: waits until it may have changed or `wake_fd` (-1: none) is readable.
 * Returns true when there is news of the source; ask source_would_block again. */
bool source_wait(struct source *source, int wake_fd);

/* Bytes that can be read now without waiting, as far as the system tells; 0 for
 * plain regular files. */
size_t source_pending(struct source *source);

/* From now on holes of a sparse file are passed over instead of read as NULs:
 * for counting only, where no byte is passed on. A log truncated under a writer
 * that does not append begins with such a hole. */
void source_skip_holes(struct source *source);

/* The descriptor of a source that pread can read as it is (a regular file, not
 * compressed), and where it stands; -1 for any other. */
int source_plain_fd(const struct source *source, off_t *offset);

/* Before the first read: a digest is made of all that is read. False when there is no memory. */
bool source_keep_digest(struct source *source);

/* What somebody else read from source_plain_fd, from where the source stands: it goes on behind
 * it, whatever becomes of source_set_position. */
void source_note_read(struct source *source, const void *bytes, size_t len);

/* The digest so far; NULL: none is kept. */
const struct digest *source_digest(const struct source *source);

/* Where in its data, decompressed, the next byte to read stands; of a file that was begun by
 * another program, in the file. */
uint64_t source_position(const struct source *source);

/* When the file was last changed before it was opened; false for what is no regular file. */
bool source_changed_at(const struct source *source, struct timespec *time);

/* The end of its range; INT64_MAX: it has none. */
off_t source_range_end(const struct source *source);

/* Such a source goes on there, as does whoever shares its descriptor. False where that cannot be:
 * then it goes on where it stood. */
bool source_set_position(struct source *source, off_t offset);

/* Of the input's own bytes, how many were read when it has given `given`: fewer
 * where a file is compressed. */
uint64_t source_progress(const struct source *source, uint64_t given);

/* Reads up to `size` bytes. Returns their number, 0 at the end, -1 on error. Where
 * compressed data is damaged, all before the damage is given, then ERROR_DAMAGED. */
ssize_t source_read(struct source *source, char *buffer, size_t size, struct error *error);

#endif
