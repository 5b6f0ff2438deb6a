#ifndef JGANNOTATE_CATALOG_CATALOG_FILE_H
#define JGANNOTATE_CATALOG_CATALOG_FILE_H

#include <stddef.h>

#include "base/error.h"

/*
 * Reads a catalog's file into memory as it is at this moment. Never waits: a
 * FIFO, a device or a directory is refused, and so is more than 256 MiB.
 *
 * Returns the bytes, to be freed by the caller, with room for one more behind
 * `*len`; NULL and `error` (ERROR_USAGE, but for memory) on failure.
 */
char *catalog_file_read(const char *path, size_t *len, struct error *error);

#endif
