/*
 * Owns the use of liblzma: .xz streams, one after another. Must not know where
 * bytes come from.
 *
 * Where a stream is damaged, the library sees so when its call ends, and how much it gave by then
 * depends in some files on how much input and room the call had: what comes out before the damage
 * may be some bytes more or less with other sizes of reads. Its state cannot be kept as igzip's can,
 * and input that is held back until it has one size would keep lines from whoever waits for them.
 */
#include <lzma.h>
#include <stdlib.h>

#include "input/decoder.h"

/* More than the greatest preset needs (65 MiB), less than a hostile header asks for. */
#define MEMORY_MAX (256u * 1024 * 1024)

struct xz_decoder {
	struct decoder decoder;
	lzma_stream stream;
};

static struct decoder *create(struct error *error)
{
	struct xz_decoder *xz = calloc(1, sizeof(*xz));

	if (xz != NULL) {
		xz->stream = (lzma_stream)LZMA_STREAM_INIT;
		if (lzma_stream_decoder(&xz->stream, MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK)
			return &xz->decoder;
	}
	free(xz);
	error_set_memory(error);
	return NULL;
}

static void destroy(struct decoder *decoder)
{
	struct xz_decoder *xz = (struct xz_decoder *)decoder;

	lzma_end(&xz->stream);
	free(xz);
}

static enum decoder_result fail(const struct xz_decoder *xz, lzma_ret reason, struct error *error)
{
	switch (reason) {
	case LZMA_MEM_ERROR:
		error_set_memory(error);
		return DECODER_ERROR;
	case LZMA_MEMLIMIT_ERROR:
		error_set(error, ERROR_SYSTEM, "its xz data needs %llu MiB of memory",
		    (unsigned long long)(lzma_memusage(&xz->stream) >> 20));
		return DECODER_ERROR;
	case LZMA_OPTIONS_ERROR:
		error_set(error, ERROR_SYSTEM, "its kind of xz data is not known");
		return DECODER_ERROR;
	case LZMA_BUF_ERROR:
		return decoder_damaged(error, "unexpected end of xz data");
	default:
		return decoder_damaged(error, "wrong xz data");
	}
}

static enum decoder_result step(struct decoder *decoder, struct decoder_io *io, struct error *error)
{
	struct xz_decoder *xz = (struct xz_decoder *)decoder;
	lzma_stream *stream = &xz->stream;
	lzma_ret result = LZMA_OK;

	stream->next_in = io->in;
	stream->avail_in = io->in_length;
	stream->next_out = io->out;
	stream->avail_out = io->out_length;
	while (result == LZMA_OK && stream->avail_out > 0 && (stream->avail_in > 0 || io->is_last))
		result = lzma_code(stream, io->is_last ? LZMA_FINISH : LZMA_RUN);
	io->in = stream->next_in;
	io->in_length = stream->avail_in;
	io->out = stream->next_out;
	io->out_length = stream->avail_out;
	if (result == LZMA_STREAM_END)
		return DECODER_END;
	if (result != LZMA_OK)
		return fail(xz, result, error);
	return io->out_length == 0 ? DECODER_WANTS_ROOM : DECODER_WANTS_INPUT;
}

const struct decoder_format decoder_xz = { "xz", create, step, destroy };
