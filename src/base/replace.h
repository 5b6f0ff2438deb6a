#ifndef JGANNOTATE_BASE_REPLACE_H
#define JGANNOTATE_BASE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Replaces a file as a whole: whoever reads it sees the old content or the new,
 * never half of one. Temporary file beside it, fsync, rename; mode 0644 less
 * umask, or that of the file it replaces (of another user's only what that allows, too). On error
 * the old file stands and no temporary file is left.
 *
 * What may stand at `path`: nothing, a regular file, or a character device, which is written
 * to; on a terminal control characters but line ends and TABs are shown, not sent. A FIFO, a
 * socket, a block device or a directory is refused at once. /dev/stdout, /dev/fd/N and
 * /proc/self/fd/N are a descriptor that the process was given at its start: written to as it
 * is, whatever is behind it.
 *
 * A symbolic link on the way is followed only if it is the user's own or root's, or in a
 * folder that nobody else can write to; so in a folder of many users no name of somebody else
 * leads to one of the user's files. Its target is replaced, the link stays. The path is walked
 * once, folder by folder, so exchanging one meanwhile leads nowhere else.
 *
 * Not thread safe (it looks at the umask).
 */
bool replace_file(const char *path, const char *bytes, size_t length, struct error *error);

#endif
