#ifndef JGANNOTATE_INPUT_BLOCK_H
#define JGANNOTATE_INPUT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/source.h"

/*
 * Reads become blocks of whole lines.
 *
 * A line longer than BLOCK_LINE_MAX bytes comes in several blocks: the first
 * holds exactly that many bytes of it and is cut (`is_cut`); the others are its
 * rest (`is_rest`), not to be searched, the last of them ending with its LF or the input's end.
 */
#define BLOCK_LINE_MAX (1024u * 1024)

struct block {
	const char *data; /* valid until the next call of block_reader_next */
	size_t length;    /* never 0 */
	bool is_cut;
	bool is_rest;
};

struct block_reader;

/* `read_size`: bytes asked for in one read; 0 means the usual size. The source
 * stays the caller's. NULL when there is no memory. */
struct block_reader *block_reader_new(
    struct source *source, size_t read_size, struct error *error);
void block_reader_free(struct block_reader *reader); /* NULL is allowed */

/* As source_read, of `context`; but 0 means that nothing is there for now. */
typedef ssize_t block_read(void *context, char *buffer, size_t size, struct error *error);

/* A reader of what may still grow: where `read` gives nothing it says BLOCK_PARTIAL, and after
 * an error it can be asked again. */
struct block_reader *block_reader_new_growing(
    block_read *read, void *context, size_t read_size, struct error *error);

/* It grows no more: what is left, an unfinished last line, is the last block. */
void block_reader_end(struct block_reader *reader);

enum block_result {
	BLOCK_READ,    /* a block is there */
	BLOCK_PARTIAL, /* bytes came, but no whole line yet: call again */
	BLOCK_END,
	BLOCK_ERROR,
};

/* Reads once. May wait as long as the source does. On BLOCK_ERROR what was read
 * before is not lost: the next call gives the unfinished last line, then BLOCK_END. */
enum block_result block_reader_next(
    struct block_reader *reader, struct block *block, struct error *error);

/* Whether the next call gives a block without reading: lines that came together
 * with the end of an over-long one. */
bool block_reader_has_block(const struct block_reader *reader);

/* Bytes read from the source so far. */
uint64_t block_reader_total(const struct block_reader *reader);

#endif
