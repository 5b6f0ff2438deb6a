/*
 * Owns the use of libzstd: frames, one after another, skippable ones among them.
 * Must not know where bytes come from.
 */
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "input/decoder.h"

/* 128 MiB, what the zstd program takes too without being asked. */
#define WINDOW_LOG_MAX 27

#define FRAME_START 5u /* bytes that are read of a frame first */
#define BLOCK_HEADER 3u

struct zstd_decoder {
	struct decoder decoder;
	ZSTD_DStream *stream;
	size_t wanted; /* what the library would like next; 0: between frames */
	bool has_begun;
};

static void destroy(struct decoder *decoder)
{
	struct zstd_decoder *zstd = (struct zstd_decoder *)decoder;

	(void)ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

static struct decoder *create(struct error *error)
{
	struct zstd_decoder *zstd = calloc(1, sizeof(*zstd));

	if (zstd != NULL) {
		zstd->stream = ZSTD_createDStream();
		if (zstd->stream != NULL && !ZSTD_isError(ZSTD_DCtx_setParameter(
		                                zstd->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
			return &zstd->decoder;
		destroy(&zstd->decoder);
	}
	error_set_memory(error);
	return NULL;
}

static enum decoder_result fail(const struct zstd_decoder *zstd, size_t result, struct error *error)
{
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_memory_allocation:
		error_set_memory(error);
		return DECODER_ERROR;
	case ZSTD_error_frameParameter_windowTooLarge:
		error_set(error, ERROR_SYSTEM, "its zstd data needs a window of more than %u MiB",
		    (1u << WINDOW_LOG_MAX) >> 20);
		return DECODER_ERROR;
	case ZSTD_error_dictionary_wrong:
		error_set(error, ERROR_SYSTEM, "its zstd data needs a dictionary");
		return DECODER_ERROR;
	case ZSTD_error_checksum_wrong:
		return decoder_damaged(error, "wrong checksum of zstd data");
	case ZSTD_error_prefix_unknown:
		return decoder_damaged(
		    error, zstd->has_begun ? "something else than zstd data" : "wrong zstd data");
	default:
		return decoder_damaged(error, "wrong zstd data");
	}
}

/* One call of the library. When a call fails, what it had decoded is lost. So a call
 * is given a block's header or a block, though the library asks for a block and
 * the header behind it. */
static size_t decode_block(struct zstd_decoder *zstd, struct decoder_io *io)
{
	size_t wanted = zstd->wanted == 0             ? FRAME_START
	                : zstd->wanted > BLOCK_HEADER ? zstd->wanted - BLOCK_HEADER
	                                              : zstd->wanted;
	ZSTD_inBuffer in = { io->in, io->in_length < wanted ? io->in_length : wanted, 0 };
	ZSTD_outBuffer out = { io->out, io->out_length, 0 };
	size_t result = ZSTD_decompressStream(zstd->stream, &out, &in);

	io->in += in.pos;
	io->in_length -= in.pos;
	io->out += out.pos;
	io->out_length -= out.pos;
	return result;
}

static enum decoder_result step(struct decoder *decoder, struct decoder_io *io, struct error *error)
{
	struct zstd_decoder *zstd = (struct zstd_decoder *)decoder;

	while (io->out_length > 0) {
		size_t room = io->out_length;
		size_t length = io->in_length;
		size_t result;

		if (io->in_length == 0 && zstd->wanted == 0)
			return io->is_last ? DECODER_END : DECODER_WANTS_INPUT;
		result = decode_block(zstd, io);
		if (ZSTD_isError(result))
			return fail(zstd, result, error);
		zstd->wanted = result;
		zstd->has_begun = zstd->has_begun || result == 0;
		if (io->in_length == length && io->out_length == room)
			return io->is_last ? decoder_damaged(error, "unexpected end of zstd data")
			                   : DECODER_WANTS_INPUT;
	}
	return DECODER_WANTS_ROOM;
}

const struct decoder_format decoder_zstd = { "zstd", create, step, destroy };
