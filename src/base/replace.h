#ifndef JGANNOTATE_BASE_REPLACE_H
#define JGANNOTATE_BASE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Replaces a file as a whole: whoever reads it sees the old content or the new,
 * never half of one. Temporary file beside it, fsync, rename; mode 0644 less
 * umask, or that of the file it replaces. What is no regular file (a pipe, /dev/stderr) is
 * written to directly. On error the old file stands and no temporary file is left.
 * Not thread safe (it looks at the umask).
 */
bool replace_file(const char *path, const char *bytes, size_t length, struct error *error);

#endif
