#ifndef JGANNOTATE_TESTS_PACKED_H
#define JGANNOTATE_TESTS_PACKED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

/*
 * Bytes as they are, or compressed in each of the formats that are read. Include it behind
 * cmocka.h.
 */
struct packed {
	char *bytes; /* packed_release frees them */
	size_t length;
};

enum packed_format { PACKED_PLAIN, PACKED_GZIP, PACKED_ZSTD, PACKED_XZ, PACKED_FORMATS };

static inline void packed_gzip(struct packed *to, size_t room, const char *bytes, size_t length)
{
	struct isal_zstream *stream = calloc(1, sizeof(*stream));
	unsigned char *level_buffer = malloc(ISAL_DEF_LVL1_DEFAULT);

	assert_non_null(stream);
	assert_non_null(level_buffer);
	isal_deflate_init(stream);
	stream->level = 1;
	stream->level_buf = level_buffer;
	stream->level_buf_size = ISAL_DEF_LVL1_DEFAULT;
	stream->gzip_flag = IGZIP_GZIP;
	stream->end_of_stream = 1;
	stream->next_in = (uint8_t *)(uintptr_t)bytes;
	stream->avail_in = (uint32_t)length;
	stream->next_out = (uint8_t *)to->bytes;
	stream->avail_out = (uint32_t)room;
	assert_int_equal(isal_deflate(stream), COMP_OK);
	to->length = stream->total_out;
	free(level_buffer);
	free(stream);
}

static inline struct packed packed_make(
    enum packed_format format, const char *bytes, size_t length)
{
	size_t room = length + length / 8 + 4096;
	struct packed packed = { malloc(room), 0 };

	assert_non_null(packed.bytes);
	switch (format) {
	case PACKED_GZIP:
		packed_gzip(&packed, room, bytes, length);
		break;
	case PACKED_ZSTD:
		packed.length = ZSTD_compress(packed.bytes, room, bytes, length, 1);
		assert_false(ZSTD_isError(packed.length));
		break;
	case PACKED_XZ:
		assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL,
		                     (const uint8_t *)bytes, length, (uint8_t *)packed.bytes,
		                     &packed.length, room),
		    LZMA_OK);
		break;
	default:
		memcpy(packed.bytes, bytes, length);
		packed.length = length;
	}
	return packed;
}

static inline void packed_release(struct packed *packed)
{
	free(packed->bytes);
}

#endif
