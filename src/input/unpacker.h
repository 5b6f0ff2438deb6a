#ifndef JGANNOTATE_INPUT_UNPACKER_H
#define JGANNOTATE_INPUT_UNPACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "input/decoder.h"

/*
 * Runs a decoder beside its reader: a thread reads a descriptor and decodes into
 * a small ring of buffers, and the reader empties it. What is held in memory is
 * the ring and the decoder's window, however much the data swells. Where the
 * system gives no thread, the reader's own decodes.
 */
struct unpacker;

struct unpacker_input {
	const char *title; /* for messages; the caller's, as is the descriptor */
	int fd;
	bool is_live;       /* reading it may wait */
	const void *head;   /* what was read of it already; copied */
	size_t head_length; /* at most UNPACKER_HEAD_MAX */
};

#define UNPACKER_HEAD_MAX 65536

struct unpacker *unpacker_new(
    const struct decoder_format *format, const struct unpacker_input *input, struct error *error);
void unpacker_free(struct unpacker *unpacker); /* NULL is allowed; joins the thread */

/* Whether the next read would wait for input. Decodes, or waits for the decoding of,
 * what came already. */
bool unpacker_would_block(struct unpacker *unpacker);

/* After unpacker_would_block: waits until there is something to read or `wake_fd`
 * is readable. Returns true when there is. */
bool unpacker_wait(struct unpacker *unpacker, int wake_fd);

/* Decoded bytes that can be read without waiting, as far as the ring holds them. */
size_t unpacker_pending(struct unpacker *unpacker);

/* As source_read. All that came before a fault is given before it. */
ssize_t unpacker_read(struct unpacker *unpacker, char *buffer, size_t size, struct error *error);

#endif
