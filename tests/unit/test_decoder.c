/* Every format in pieces of any size, cut, bent, one after another, and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "input/decoder.h"

#define ROOM (1u << 20)

struct data {
	size_t length;
	unsigned char *bytes; /* ROOM of them */
};

static struct data data_new(void)
{
	struct data data = { 0, calloc(1, ROOM) };

	assert_non_null(data.bytes);
	return data;
}

static void data_add(struct data *data, const void *bytes, size_t length)
{
	assert_true(length <= ROOM - data->length);
	if (length > 0)
		memcpy(data->bytes + data->length, bytes, length);
	data->length += length;
}

/* ---- compressing ---- */

static void add_gzip(struct data *to, const void *bytes, size_t length)
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
	stream->next_out = to->bytes + to->length;
	stream->avail_out = (uint32_t)(ROOM - to->length);
	assert_int_equal(isal_deflate(stream), COMP_OK);
	to->length += stream->total_out;
	free(level_buffer);
	free(stream);
}

static void add_zstd(struct data *to, const void *bytes, size_t length)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t count;

	assert_non_null(context);
	(void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	count = ZSTD_compress2(context, to->bytes + to->length, ROOM - to->length, bytes, length);
	assert_false(ZSTD_isError(count));
	to->length += count;
	(void)ZSTD_freeCCtx(context);
}

static void add_xz(struct data *to, const void *bytes, size_t length)
{
	assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, bytes, length,
	                     to->bytes, &to->length, ROOM),
	    LZMA_OK);
}

static const struct {
	const struct decoder_format *format;
	void (*add)(struct data *to, const void *bytes, size_t length);
} formats[] = {
	{ &decoder_gzip, add_gzip },
	{ &decoder_zstd, add_zstd },
	{ &decoder_xz, add_xz },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static struct data make_log(unsigned lines)
{
	struct data log = data_new();
	uint32_t number = 1;

	for (unsigned i = 0; i < lines; i++) {
		char line[128];
		int length;

		number = number * 1664525u + 1013904223u;
		length = snprintf(line, sizeof(line), "12:00:%02u id=%08x code=%u\n", i % 60,
		    (unsigned)number, 9000 + (unsigned)(number >> 24) % 20);
		data_add(&log, line, (size_t)length);
	}
	return log;
}

/* ---- decompressing ---- */

/* Decodes what is given in pieces of `in_size`, into pieces of `out_size`. */
static enum decoder_result decode(const struct decoder_format *format, const struct data *from,
    size_t in_size, size_t out_size, struct data *to, struct error *error)
{
	struct decoder *decoder = decoder_new(format, error);
	struct decoder_io io = { from->bytes, 0, to->bytes, 0, false };
	const unsigned char *in_end = from->bytes + from->length;
	enum decoder_result result = DECODER_WANTS_INPUT;

	assert_non_null(decoder);
	to->length = 0;
	error->kind = ERROR_NONE;
	for (unsigned long steps = 0; result == DECODER_WANTS_INPUT || result == DECODER_WANTS_ROOM;
	     steps++) {
		size_t left = (size_t)(in_end - io.in);
		size_t room = ROOM - to->length;
		unsigned char *start = to->bytes + to->length;
		unsigned char *copy;

		assert_true(steps < 8 * (ROOM + 16));
		if (result == DECODER_WANTS_INPUT) {
			assert_int_equal(io.in_length, 0);
			assert_false(io.is_last);
			io.in_length = left < in_size ? left : in_size;
			io.is_last = io.in_length == left;
		}
		/* in memory of exactly that size, for the sanitizer to see */
		copy = malloc(io.in_length + 1);
		assert_non_null(copy);
		if (io.in_length > 0)
			memcpy(copy, io.in, io.in_length);
		left = io.in_length;
		{
			const unsigned char *in = io.in;

			io.in = copy;
			io.out = start;
			io.out_length = room < out_size ? room : out_size;
			result = decoder_step(decoder, &io, error);
			io.in = in + (left - io.in_length);
		}
		free(copy);
		to->length += (size_t)(io.out - start);
	}
	decoder_free(decoder);
	return result;
}

static enum decoder_result decode_whole(const struct decoder_format *format,
    const struct data *from, struct data *to, struct error *error)
{
	return decode(format, from, ROOM, ROOM, to, error);
}

static void assert_same(const struct data *a, const struct data *b)
{
	assert_int_equal(a->length, b->length);
	assert_memory_equal(a->bytes, b->bytes, a->length);
}

/* ---- the tests ---- */

static void a_format_is_known_by_its_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const struct decoder_format *format;
		bool is_open;
	} cases[] = {
		{ "", 0, NULL, true },
		{ "\x1f", 1, NULL, true },
		{ "\x1f\x8b", 2, &decoder_gzip, false },
		{ "\x1f\x8b\x08", 3, &decoder_gzip, false },
		{ "\x1f\x9d", 2, NULL, false },
		{ "(", 1, NULL, true },
		{ "\x28\xb5\x2f", 3, NULL, true },
		{ "\x28\xb5\x2f\xfd", 4, &decoder_zstd, false },
		{ "(code=9001)", 11, NULL, false },
		{ "P", 1, NULL, true },
		{ "POST", 4, NULL, false },
		{ "_*M", 3, NULL, true },
		{ "\x50\x2a\x4d\x18", 4, &decoder_zstd, false },
		{ "\x5f\x2a\x4d\x18", 4, &decoder_zstd, false },
		{ "\x4f\x2a\x4d\x18", 4, NULL, false },
		{ "\xfd"
		  "7zXZ",
		    5, NULL, true },
		{ "\xfd"
		  "7zXZ\0",
		    6, &decoder_xz, false },
		{ "\xfd"
		  "7zXZ\n",
		    6, NULL, false },
		{ "\n", 1, NULL, false },
		{ "code=9001", 9, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_open = !cases[i].is_open;

		assert_ptr_equal(
		    decoder_detect(cases[i].bytes, cases[i].length, &is_open), cases[i].format);
		assert_int_equal(is_open, cases[i].is_open);
	}
}

static void pieces_of_any_size_give_the_same(void **state)
{
	static const size_t sizes[] = { 1, 2, 7, 1000, 65536, ROOM };
	struct data log = make_log(3000), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++) {
		bool is_open;

		packed.length = 0;
		formats[f].add(&packed, log.bytes, log.length);
		assert_true(packed.length < log.length);
		assert_ptr_equal(
		    decoder_detect(packed.bytes, packed.length, &is_open), formats[f].format);
		for (size_t i = 0; i < 6; i++)
			for (size_t o = 0; o < 6; o++) {
				assert_int_equal(decode(formats[f].format, &packed, sizes[i],
				                     sizes[o], &got, &error),
				    DECODER_END);
				assert_same(&got, &log);
			}
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

static void what_stands_one_after_another_is_one(void **state)
{
	struct data log = make_log(50), packed = data_new(), got = data_new(), all = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++) {
		packed.length = all.length = 0;
		for (size_t i = 0; i < 5; i++) {
			formats[f].add(&packed, log.bytes, i * log.length / 8);
			data_add(&all, log.bytes, i * log.length / 8);
			formats[f].add(&packed, "", 0);
		}
		for (size_t size = 1; size < 20; size++) {
			assert_int_equal(
			    decode(formats[f].format, &packed, size, ROOM, &got, &error),
			    DECODER_END);
			assert_same(&got, &all);
		}
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
	free(all.bytes);
}

/* Cut anywhere: all that came before the cut, then the error. */
static void a_cut_is_noticed_wherever_it_is(void **state)
{
	struct data log = make_log(60), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++) {
		size_t first_length, before = 0, whole;

		packed.length = 0;
		formats[f].add(&packed, log.bytes, log.length);
		first_length = packed.length;
		formats[f].add(&packed, log.bytes, log.length);
		whole = packed.length;
		for (packed.length = 1; packed.length < first_length; packed.length++) {
			assert_int_equal(
			    decode_whole(formats[f].format, &packed, &got, &error), DECODER_ERROR);
			assert_int_equal(error.kind, ERROR_DAMAGED);
			assert_non_null(strstr(error.text, "unexpected end of"));
			assert_true(got.length >= before && got.length <= log.length);
			assert_memory_equal(got.bytes, log.bytes, got.length);
			before = got.length;
		}
		assert_true(before == log.length);
		assert_int_equal(
		    decode_whole(formats[f].format, &packed, &got, &error), DECODER_END);
		for (packed.length = first_length + 6; packed.length < whole; packed.length++) {
			assert_int_equal(
			    decode(formats[f].format, &packed, 3, 5, &got, &error), DECODER_ERROR);
			assert_int_equal(error.kind, ERROR_DAMAGED);
			assert_true(got.length >= log.length);
		}
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

/* Any bit flipped: an error, or it did not matter. Never other bytes without one. */
static void a_flipped_bit_is_noticed(void **state)
{
	struct data log = make_log(40), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++) {
		unsigned noticed = 0;

		packed.length = 0;
		formats[f].add(&packed, log.bytes, log.length);
		for (size_t bit = 0; bit < 8 * packed.length; bit++) {
			enum decoder_result result;

			packed.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
			result = decode(formats[f].format, &packed, ROOM, 700, &got, &error);
			if (result == DECODER_END)
				assert_same(&got, &log);
			else
				noticed++;
			packed.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
		assert_true(noticed > 7 * packed.length);
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

/* Damaged anywhere: what comes out does not depend on the sizes of the pieces (99). */
static void damage_ends_the_same_in_pieces_of_any_size(void **state)
{
	static const size_t in_sizes[] = { 1, 7, 8, 9, 100, 4096 };
	static const size_t out_sizes[] = { 1, 300, 4096, ROOM };
	struct data whole = data_new(), pieces = data_new();
	uint32_t number = 99;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++)
		for (unsigned round = 0; round < 200; round++) {
			struct data log = make_log(1 + round * round / 40), packed = data_new();
			struct error error = ERROR_INIT;
			enum decoder_result result;

			formats[f].add(&packed, log.bytes, log.length / 2);
			formats[f].add(&packed, log.bytes + log.length / 2, log.length / 3);
			for (unsigned flips = 0; flips <= round % 3; flips++) {
				number = number * 1664525u + 1013904223u;
				packed.bytes[(number >> 8) % packed.length] ^=
				    (unsigned char)(1u << (number >> 5) % 8);
			}
			number = number * 1664525u + 1013904223u;
			if (round % 4 == 3)
				packed.length = 1 + (number >> 8) % packed.length;
			result = decode_whole(formats[f].format, &packed, &whole, &error);
			for (size_t i = 0; i < 6; i++)
				for (size_t o = 0; o < 4; o++) {
					struct error other = ERROR_INIT;

					/* that would take its time; and liblzma goes beyond the end
					 * of a damaged chunk as far as it has room */
					if ((out_sizes[o] == 1 && whole.length > 3000) ||
					    (formats[f].format == &decoder_xz &&
					        out_sizes[o] < ROOM))
						continue;
					assert_int_equal(decode(formats[f].format, &packed,
					                     in_sizes[i], out_sizes[o], &pieces, &other),
					    result);
					assert_same(&pieces, &whole);
					assert_string_equal(other.text, error.text);
				}
			free(packed.bytes);
			free(log.bytes);
		}
	free(whole.bytes);
	free(pieces.bytes);
}

static void junk_behind_the_data_is_named(void **state)
{
	struct data log = make_log(10), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t f = 0; f < FORMATS; f++) {
		packed.length = 0;
		formats[f].add(&packed, log.bytes, log.length);
		data_add(&packed, "junk and more junk", 18);
		assert_int_equal(
		    decode(formats[f].format, &packed, 1, ROOM, &got, &error), DECODER_ERROR);
		assert_int_equal(error.kind, ERROR_DAMAGED);
		assert_same(&got, &log);
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

static void zeros_behind_gzip_are_ignored(void **state)
{
	static const char zeros[100];
	struct data log = make_log(10), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	add_gzip(&packed, log.bytes, log.length);
	data_add(&packed, zeros, sizeof(zeros));
	for (size_t size = 1; size < 50; size++) {
		assert_int_equal(
		    decode(&decoder_gzip, &packed, size, ROOM, &got, &error), DECODER_END);
		assert_same(&got, &log);
	}
	/* but behind them nothing can go on */
	add_gzip(&packed, log.bytes, log.length);
	assert_int_equal(decode_whole(&decoder_gzip, &packed, &got, &error), DECODER_ERROR);
	assert_string_equal(error.text, "something else than gzip data");
	assert_same(&got, &log);
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

/* A header with every field, its checksum wrong by `wrong`. */
static void add_full_header(struct data *to, unsigned char more_flags, unsigned wrong)
{
	size_t start = to->length;
	unsigned char fixed[10] = { 0x1f, 0x8b, 8, (unsigned char)(0x1f | more_flags), 1, 2, 3, 4,
		0, 3 };
	unsigned char crc[2];
	uint32_t sum;

	data_add(to, fixed, sizeof(fixed));
	data_add(to, "\x05\0extra", 7);
	data_add(to, "a name", 7);
	data_add(to, "a comment", 10);
	sum = crc32_gzip_refl(0, to->bytes + start, to->length - start) + wrong;
	crc[0] = (unsigned char)(sum & 0xff);
	crc[1] = (unsigned char)(sum >> 8 & 0xff);
	data_add(to, crc, sizeof(crc));
}

static void gzip_headers_are_read_whole(void **state)
{
	struct data log = make_log(10), packed = data_new(), got = data_new(), body = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	add_gzip(&body, log.bytes, log.length);
	for (size_t size = 1; size < 60; size++) {
		packed.length = 0;
		add_full_header(&packed, 0, 0);
		data_add(&packed, body.bytes + 10, body.length - 10);
		assert_int_equal(
		    decode(&decoder_gzip, &packed, size, 33, &got, &error), DECODER_END);
		assert_same(&got, &log);
		packed.length = 0;
		add_full_header(&packed, 0, 1);
		data_add(&packed, body.bytes + 10, body.length - 10);
		assert_int_equal(
		    decode(&decoder_gzip, &packed, size, 33, &got, &error), DECODER_ERROR);
		assert_string_equal(error.text, "wrong checksum of a gzip header");
	}
	packed.length = 0;
	add_full_header(&packed, 0x20, 0);
	data_add(&packed, body.bytes + 10, body.length - 10);
	assert_int_equal(decode_whole(&decoder_gzip, &packed, &got, &error), DECODER_ERROR);
	assert_string_equal(error.text, "wrong gzip header");
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
	free(body.bytes);
}

static void gzip_length_and_checksum_are_verified(void **state)
{
	struct data log = make_log(10), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	add_gzip(&packed, log.bytes, log.length);
	for (size_t i = 1; i <= 8; i++) {
		packed.bytes[packed.length - i]++;
		assert_int_equal(decode_whole(&decoder_gzip, &packed, &got, &error), DECODER_ERROR);
		assert_string_equal(error.text, "wrong checksum of gzip data");
		assert_same(&got, &log);
		packed.bytes[packed.length - i]--;
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

static void zstd_skippable_frames_are_skipped(void **state)
{
	struct data log = make_log(10), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;

	(void)state;
	data_add(&packed, "\x53\x2a\x4d\x18\x04\0\0\0skip", 12);
	add_zstd(&packed, log.bytes, log.length);
	data_add(&packed, "\x5f\x2a\x4d\x18\0\0\0\0", 8);
	for (size_t size = 1; size < 40; size++) {
		assert_int_equal(
		    decode(&decoder_zstd, &packed, size, ROOM, &got, &error), DECODER_END);
		assert_same(&got, &log);
	}
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

/* A block that is wrong takes none of those before it along. */
static void zstd_blocks_before_damage_are_given(void **state)
{
	struct data log = make_log(20000), packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;
	const size_t block = 128 * 1024;

	(void)state;
	log.length = log.length / block * block;
	assert_true(log.length >= 3 * block);
	/* blocks as they are: 3 bytes of header, and the data */
	data_add(&packed, "\x28\xb5\x2f\xfd\x00\x38", 6);
	for (size_t i = 0; i < log.length / block; i++) {
		uint32_t header = (uint32_t)block << 3 | (i == log.length / block - 1);
		unsigned char bytes[3] = { (unsigned char)(header & 0xff),
			(unsigned char)(header >> 8 & 0xff), (unsigned char)(header >> 16) };

		data_add(&packed, bytes, 3);
		data_add(&packed, log.bytes + i * block, block);
	}
	assert_int_equal(decode_whole(&decoder_zstd, &packed, &got, &error), DECODER_END);
	assert_same(&got, &log);
	packed.bytes[6 + 2 * (block + 3)] |= 6; /* the kind of block that is reserved */
	assert_int_equal(decode_whole(&decoder_zstd, &packed, &got, &error), DECODER_ERROR);
	assert_int_equal(error.kind, ERROR_DAMAGED);
	assert_int_equal(got.length, 2 * block);
	assert_memory_equal(got.bytes, log.bytes, got.length);
	free(log.bytes);
	free(packed.bytes);
	free(got.bytes);
}

static void too_much_memory_is_refused(void **state)
{
	struct data packed = data_new(), got = data_new();
	struct error error = ERROR_INIT;
	uint32_t crc;

	(void)state;
	/* a window of 2^31, and one of 2^27, which is allowed but cut off */
	data_add(&packed, "\x28\xb5\x2f\xfd\x00\xa8\x01\0\0", 9);
	assert_int_equal(decode_whole(&decoder_zstd, &packed, &got, &error), DECODER_ERROR);
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, "its zstd data needs a window of more than 128 MiB");
	packed.bytes[5] = 0x88;
	assert_int_equal(decode_whole(&decoder_zstd, &packed, &got, &error), DECODER_END);
	/* dictionary 7 */
	packed.length = 0;
	data_add(&packed, "\x28\xb5\x2f\xfd\x01\x38\x07\x01\0\0", 10);
	assert_int_equal(decode_whole(&decoder_zstd, &packed, &got, &error), DECODER_ERROR);
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, "its zstd data needs a dictionary");
	/* the dictionary size in the block header of a stream: 4 GiB - 1 */
	packed.length = 0;
	add_xz(&packed, "x\n", 2);
	assert_int_equal(packed.bytes[12], 2); /* 12 bytes of header, the last 4 a checksum */
	/* behind it flags, both sizes, and the filter with the size of its properties */
	assert_int_equal(packed.bytes[13], 0xc0);
	assert_memory_equal(packed.bytes + 16, "\x21\x01", 2);
	packed.bytes[12 + 6] = 40;
	crc = lzma_crc32(packed.bytes + 12, 8, 0);
	for (int i = 0; i < 4; i++)
		packed.bytes[20 + i] = (unsigned char)(crc >> 8 * i & 0xff);
	assert_int_equal(decode_whole(&decoder_xz, &packed, &got, &error), DECODER_ERROR);
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_non_null(strstr(error.text, "MiB of memory"));
	free(packed.bytes);
	free(got.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_format_is_known_by_its_first_bytes),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(what_stands_one_after_another_is_one),
		cmocka_unit_test(a_cut_is_noticed_wherever_it_is),
		cmocka_unit_test(a_flipped_bit_is_noticed),
		cmocka_unit_test(damage_ends_the_same_in_pieces_of_any_size),
		cmocka_unit_test(junk_behind_the_data_is_named),
		cmocka_unit_test(zeros_behind_gzip_are_ignored),
		cmocka_unit_test(gzip_headers_are_read_whole),
		cmocka_unit_test(gzip_length_and_checksum_are_verified),
		cmocka_unit_test(zstd_skippable_frames_are_skipped),
		cmocka_unit_test(zstd_blocks_before_damage_are_given),
		cmocka_unit_test(too_much_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
