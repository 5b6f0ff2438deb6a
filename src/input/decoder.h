#ifndef JGANNOTATE_INPUT_DECODER_H
#define JGANNOTATE_INPUT_DECODER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Decompression: bytes in, bytes out, nothing read or written.
 *
 * A format is known by the first bytes of the data, never by a name; what no
 * format knows is plain. To add one: one file that defines its `struct
 * decoder_format`, and one row in decoder.c.
 */
#define DECODER_MAGIC_MAX 6

struct decoder_format;

/* The format of data that begins like this; NULL: plain. `*is_open` is set to
 * whether more bytes could still make it one. */
const struct decoder_format *decoder_detect(const void *data, size_t length, bool *is_open);

const char *decoder_format_name(const struct decoder_format *format);

/* What a step takes from and where it puts it, less than 2 GiB each; both move on
 * with it. */
struct decoder_io {
	const unsigned char *in;
	size_t in_length;
	unsigned char *out;
	size_t out_length;
	bool is_last; /* nothing follows `in` */
};

enum decoder_result {
	DECODER_WANTS_INPUT, /* `in` is used up, and all it gave is in `out` */
	DECODER_WANTS_ROOM,  /* `out` is full */
	DECODER_END,         /* only with is_last */
	/* `error` says why, in words that fit behind a colon. ERROR_DAMAGED: `out` holds
	 * all that came before the damage. ERROR_SYSTEM: refused, or no memory. */
	DECODER_ERROR,
};

struct decoder;

/* NULL when there is no memory. */
struct decoder *decoder_new(const struct decoder_format *format, struct error *error);
void decoder_free(struct decoder *decoder); /* NULL is allowed */

/* Goes on until input or room is used up. Not to be called again after an end or error. */
enum decoder_result decoder_step(
    struct decoder *decoder, struct decoder_io *io, struct error *error);

/* ---- for the formats only ---- */

struct decoder_format {
	const char *name;
	struct decoder *(*create)(struct error *error);
	enum decoder_result (*step)(
	    struct decoder *decoder, struct decoder_io *io, struct error *error);
	void (*destroy)(struct decoder *decoder);
};

/* The first member of every decoder. */
struct decoder {
	const struct decoder_format *format;
};

extern const struct decoder_format decoder_gzip;
extern const struct decoder_format decoder_zstd;
extern const struct decoder_format decoder_xz;

/* Sets ERROR_DAMAGED and returns DECODER_ERROR. */
enum decoder_result decoder_damaged(struct error *error, const char *what);

#endif
