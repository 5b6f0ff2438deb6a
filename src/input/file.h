#ifndef JGANNOTATE_INPUT_FILE_H
#define JGANNOTATE_INPUT_FILE_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * Calls on an open file that a signal does not end, and a short count does not either. They return
 * what the calls themselves return: -1 with errno.
 */

/* Reads `length` bytes at `offset`; fewer only at the end of the file. */
ssize_t file_read_at(int fd, void *buffer, size_t length, off_t offset);

off_t file_seek(int fd, off_t offset, int whence);

int file_stat(int fd, struct stat *status);

/* As openat, for what is there already. */
int file_open(int folder, const char *path, int flags);

int file_describe(
    int folder, const char *path, int flags, unsigned mask, struct statx *status); /* statx */

#endif
