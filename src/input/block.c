/*
 * Owns the buffer between reads and lines. Must not know what is searched for.
 */
#include "input/block.h"

#include <stdlib.h>
#include <string.h>

#define READ_SIZE (1024u * 1024)
/* A line of the largest size that is searched whole, and its LF. */
#define CAPACITY (BLOCK_LINE_MAX + 1)
/* Reads go to a page's start: some processors copy several times slower to any
 * other address. What is left over from the block before is put in front of it. */
#define PAGE 4096u
#define FRONT ((CAPACITY / PAGE + 1) * PAGE)

struct block_reader {
	block_read *read;
	void *context; /* of `read` */
	bool grows;    /* nothing to read is not the end */
	size_t read_size;
	size_t start, end; /* the bytes in the buffer that no block has held yet */
	size_t searched;   /* bytes behind `start` known to hold no LF */
	bool in_rest;      /* they belong to a line whose front was a cut block */
	bool at_end;
	bool was_handed_out; /* a block, since what is left was last moved */
	uint64_t total;
	char *buffer; /* FRONT + CAPACITY bytes, on a page's start */
};

static struct block_reader *reader_new(
    block_read *read, void *context, size_t read_size, struct error *error)
{
	struct block_reader *reader = calloc(1, sizeof(*reader));

	if (reader != NULL)
		reader->buffer = aligned_alloc(PAGE, 2 * (size_t)FRONT);
	if (reader == NULL || reader->buffer == NULL) {
		block_reader_free(reader);
		error_set_memory(error);
		return NULL;
	}
	reader->read = read;
	reader->context = context;
	reader->read_size = read_size == 0 ? READ_SIZE : read_size;
	reader->start = reader->end = FRONT;
	return reader;
}

static ssize_t read_source(void *context, char *buffer, size_t size, struct error *error)
{
	return source_read(context, buffer, size, error);
}

struct block_reader *block_reader_new(
    struct source *source, size_t read_size, struct error *error)
{
	return reader_new(read_source, source, read_size, error);
}

struct block_reader *block_reader_new_growing(
    block_read *read, void *context, size_t read_size, struct error *error)
{
	struct block_reader *reader = reader_new(read, context, read_size, error);

	if (reader != NULL)
		reader->grows = true;
	return reader;
}

void block_reader_end(struct block_reader *reader)
{
	reader->grows = false;
	reader->at_end = true;
}

void block_reader_free(struct block_reader *reader)
{
	if (reader == NULL)
		return;
	free(reader->buffer);
	free(reader);
}

static enum block_result hand_out(
    struct block_reader *reader, struct block *block, size_t length, bool is_cut)
{
	block->data = reader->buffer + reader->start;
	block->length = length;
	block->is_cut = is_cut;
	block->is_rest = reader->in_rest;
	reader->start += length;
	reader->searched = 0;
	reader->was_handed_out = true;
	return BLOCK_READ;
}

/* The rest of a long line passes in whatever pieces it comes. */
static enum block_result next_rest(struct block_reader *reader, struct block *block)
{
	const char *data = reader->buffer + reader->start;
	size_t length = reader->end - reader->start;
	const char *newline = memchr(data, '\n', length);
	enum block_result result;

	if (length == 0)
		return BLOCK_PARTIAL;
	if (newline != NULL)
		length = (size_t)(newline - data) + 1;
	result = hand_out(reader, block, length, false);
	if (newline != NULL)
		reader->in_rest = false;
	return result;
}

/* What the buffer holds of whole lines; of a line that is too long, its front. */
static enum block_result next_lines(struct block_reader *reader, struct block *block)
{
	const char *data = reader->buffer + reader->start;
	size_t length = reader->end - reader->start;
	const char *newline = memrchr(data + reader->searched, '\n', length - reader->searched);
	enum block_result result;

	if (newline != NULL)
		return hand_out(reader, block, (size_t)(newline - data) + 1, false);
	reader->searched = length;
	if (length == CAPACITY) {
		result = hand_out(reader, block, BLOCK_LINE_MAX, true);
		reader->in_rest = true;
		return result;
	}
	if (reader->at_end && length > 0)
		return hand_out(reader, block, length, false);
	return reader->at_end ? BLOCK_END : BLOCK_PARTIAL;
}

static enum block_result take(struct block_reader *reader, struct block *block)
{
	if (reader->in_rest) {
		enum block_result result = next_rest(reader, block);

		if (result == BLOCK_PARTIAL && reader->at_end)
			return BLOCK_END;
		return result;
	}
	return next_lines(reader, block);
}

/* After a block was handed out: what is left goes to the front of the page. */
static void make_room(struct block_reader *reader)
{
	size_t length = reader->end - reader->start;

	memmove(reader->buffer + FRONT - length, reader->buffer + reader->start, length);
	reader->start = FRONT - length;
	reader->end = FRONT;
	reader->was_handed_out = false;
}

enum block_result block_reader_next(
    struct block_reader *reader, struct block *block, struct error *error)
{
	enum block_result result = take(reader, block);
	size_t room;
	ssize_t count;

	if (result != BLOCK_PARTIAL)
		return result;
	if (reader->was_handed_out)
		make_room(reader);
	room = CAPACITY - (reader->end - reader->start);
	count = reader->read(reader->context, reader->buffer + reader->end,
	    room < reader->read_size ? room : reader->read_size, error);
	if (count <= 0 && reader->grows)
		return count < 0 ? BLOCK_ERROR : BLOCK_PARTIAL;
	if (count <= 0) {
		reader->at_end = true;
		return count < 0 ? BLOCK_ERROR : take(reader, block);
	}
	reader->end += (size_t)count;
	reader->total += (size_t)count;
	return take(reader, block);
}

bool block_reader_has_block(const struct block_reader *reader)
{
	size_t known = reader->start + reader->searched;

	return !reader->in_rest && known < reader->end &&
	    memrchr(reader->buffer + known, '\n', reader->end - known) != NULL;
}

uint64_t block_reader_total(const struct block_reader *reader)
{
	return reader->total;
}
