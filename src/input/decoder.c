/*
 * Owns the table of compressed formats and the choice among them. Must not know
 * where bytes come from, or any format from within.
 */
#include "input/decoder.h"

struct magic {
	const struct decoder_format *format;
	unsigned char bytes[DECODER_MAGIC_MAX];
	size_t length;
	unsigned char first_mask; /* the bits of the first byte that count */
};

static const struct magic decoders[] = {
	{ &decoder_gzip, { 0x1f, 0x8b }, 2, 0xff },
	{ &decoder_zstd, { 0x28, 0xb5, 0x2f, 0xfd }, 4, 0xff },
	{ &decoder_zstd, { 0x50, 0x2a, 0x4d, 0x18 }, 4, 0xf0 }, /* a skippable frame */
	{ &decoder_xz, { 0xfd, '7', 'z', 'X', 'Z', 0x00 }, 6, 0xff },
};

/* Whether the magic and the data agree as far as both go. */
static bool agrees(const struct magic *magic, const unsigned char *data, size_t length)
{
	for (size_t i = 0; i < magic->length && i < length; i++)
		if ((data[i] & (i == 0 ? magic->first_mask : 0xff)) != magic->bytes[i])
			return false;
	return true;
}

const struct decoder_format *decoder_detect(const void *data, size_t length, bool *is_open)
{
	*is_open = false;
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
		if (!agrees(&decoders[i], data, length))
			continue;
		if (length >= decoders[i].length) {
			*is_open = false;
			return decoders[i].format;
		}
		*is_open = true;
	}
	return NULL;
}

const char *decoder_format_name(const struct decoder_format *format)
{
	return format->name;
}

struct decoder *decoder_new(const struct decoder_format *format, struct error *error)
{
	struct decoder *decoder = format->create(error);

	if (decoder != NULL)
		decoder->format = format;
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	if (decoder != NULL)
		decoder->format->destroy(decoder);
}

enum decoder_result decoder_step(
    struct decoder *decoder, struct decoder_io *io, struct error *error)
{
	return decoder->format->step(decoder, io, error);
}

enum decoder_result decoder_damaged(struct error *error, const char *what)
{
	error_set(error, ERROR_DAMAGED, "%s", what);
	return DECODER_ERROR;
}
