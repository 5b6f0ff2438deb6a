#ifndef JGANNOTATE_OUTPUT_WRITER_H
#define JGANNOTATE_OUTPUT_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Writes to a descriptor: buffered, in large writes, every byte once and in
 * order whatever the descriptor does (short writes, EINTR, EAGAIN). Big stretches
 * go out without being copied.
 *
 * A closed pipe is ERROR_CLOSED; any other failure ERROR_SYSTEM, naming it.
 */
struct writer;

/* `name` is for messages ("standard output") and must outlive the writer. */
struct writer *writer_new(int fd, const char *name, struct error *error);

/* A writer that keeps what is added, until writer_move hands it to another one. */
struct writer *writer_new_memory(struct error *error);
bool writer_move(struct writer *from, struct writer *to, struct error *error);

void writer_free(struct writer *writer); /* drops what was not flushed; NULL is allowed */

bool writer_add(struct writer *writer, const char *bytes, size_t length, struct error *error);
bool writer_flush(struct writer *writer, struct error *error);

#endif
