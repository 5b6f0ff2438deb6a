#ifndef JGANNOTATE_BASE_FILE_H
#define JGANNOTATE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/strbuf.h"

/*
 * Calls on files that go on where a signal interrupted them and where the system took or gave less
 * than was asked for; and which file it is that a descriptor leads to. Where nothing else is said
 * they return what the calls themselves return: -1 with errno. Thread safe.
 */

/* Reads `length` bytes at `offset`; fewer only at the end of the file. */
ssize_t file_read_at(int fd, void *buffer, size_t length, off_t offset);

/* The same for those who also want what came before an error: returns how many bytes were read,
 * and sets `*errnum` to why there are not more; 0: that is all there is. */
size_t file_read_most(int fd, void *buffer, size_t length, off_t offset, int *errnum);

/* Reads from where `fd` stands to the end, whatever kind of file it is, behind what is in `text`.
 * False with errno when it cannot: EFBIG when `text` would hold more than `most` bytes, ENOMEM when
 * there is no memory. */
bool file_read_all(int fd, size_t most, struct strbuf *text);

/* Writes all of it. False (with errno) when it cannot; a part may be written then. */
bool file_write(int fd, const void *bytes, size_t length);

off_t file_seek(int fd, off_t offset, int whence);

int file_stat(int fd, struct stat *status);

/* As openat, for what is there already. */
int file_open(int folder, const char *path, int flags);

/* The same with O_CLOEXEC; where the process may not hold more files open, and may allow itself
 * more, it does. */
int file_open_more(int folder, const char *path, int flags);

/* Whether the rest of the program can open its files, too, while as many as `fd` says are open; if
 * not, the process allows itself more, as far as it may. */
bool file_has_room(int fd);

int file_describe(
    int folder, const char *path, int flags, unsigned mask, struct statx *status); /* statx */

/* ---- which file it is ---- */

/* Which file it is, whatever its name. */
struct file_identity {
	uint64_t device, inode;
	int64_t birth; /* nanoseconds since 1970; 0: not known */
};

/* What the file system says of a file: which it is, and whether it was touched. */
struct file_state {
	struct file_identity identity;
	uint64_t size;
	int64_t mtime, ctime; /* nanoseconds since 1970; a rename changes ctime, too */
};

/* Of the file that `fd` is open to; all 0 where that cannot be told. */
struct file_identity file_identity_of(int fd);

/* Of what file_describe has filled in: with STATX_BASIC_STATS | STATX_BTIME. */
struct file_state file_state_of(const struct statx *status);

/* An order, for sorting; 0 where device, inode and birth time are the same. */
int file_identity_compare(const struct file_identity *a, const struct file_identity *b);
bool file_identity_is_same(const struct file_identity *a, const struct file_identity *b);

/* Whether both are of one file, or were when they were taken: an inode is given anew. */
bool file_status_is_same(const struct stat *a, const struct stat *b);

/* Whether it is the same file, and size and mtime are the same, too: nothing was written to it.
 * Rotation renames old files every night, so ctime says nothing. */
bool file_is_untouched(const struct file_state *a, const struct file_state *b);

#endif
