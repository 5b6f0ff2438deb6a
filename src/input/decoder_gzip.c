/*
 * Owns the use of ISA-L's igzip: gzip members, one after another. Must not know
 * where bytes come from.
 *
 * Where the library meets damage in its fast loop, it does not tell how much of what it wrote was
 * in the data. It does in the loop for the end of its input. So the state before each step is kept,
 * and the step in which damage is met is done once more, in sips.
 *
 * What it does not see: a set of codes that leaves some bits without a meaning, which zlib refuses
 * where it stands, in the head of a block. Here such damage is met at the first bits that mean
 * nothing, and what came before them in the block is given. It is no other than damage within a
 * block's codes, which no decoder sees where it is: the checksum tells of both, at the member's
 * end, and the run ends as damaged. To know it sooner, a member would have to be held back to its
 * end, whatever its size; and the lengths of the codes, of which the sum would tell, are gone once
 * the library has made its tables of them, several blocks in one call.
 */
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "input/decoder.h"

#define FLAGS_RESERVED 0xe0u
#define TAIL_MAX 2 /* bytes that the library may keep to itself where data is cut */
#define SIP 7u     /* bytes of input with which the library does not begin its fast loop */

static const char end_of_data[] = "unexpected end of gzip data";

enum part { PART_HEADER, PART_BODY, PART_DAMAGE, PART_BETWEEN, PART_ZEROS };

/* All that a step changes. */
struct gzip_place {
	enum part part;
	bool has_member;    /* a whole one came before */
	const char *damage; /* what PART_DAMAGE ends with */
	struct isal_gzip_header header;
	struct inflate_state state;
};

struct gzip_decoder {
	struct decoder decoder;
	struct gzip_place place;
	struct gzip_place before; /* the step at hand */
	bool is_careful;          /* in sips */
	bool is_doubtful;         /* damage was met, but not in sips */
};

static void begin_member(struct gzip_place *place)
{
	isal_inflate_reset(&place->state);
	place->state.crc_flag = ISAL_GZIP;
	isal_gzip_header_init(&place->header);
	place->part = PART_HEADER;
}

static struct decoder *create(struct error *error)
{
	struct gzip_decoder *gzip = calloc(1, sizeof(*gzip));

	if (gzip == NULL) {
		error_set_memory(error);
		return NULL;
	}
	isal_inflate_init(&gzip->place.state);
	begin_member(&gzip->place);
	return &gzip->decoder;
}

static void destroy(struct decoder *decoder)
{
	free(decoder);
}

static enum decoder_result step_header(
    struct gzip_place *place, const struct decoder_io *io, struct error *error)
{
	struct inflate_state *state = &place->state;
	int result = isal_read_gzip_header(state, &place->header);

	if (result == ISAL_END_INPUT) {
		if (!io->is_last)
			return DECODER_WANTS_INPUT;
		/* the library keeps the beginning of a header here */
		if (place->has_member && state->block_state == ISAL_BLOCK_NEW_HDR &&
		    memcmp(state->tmp_in_buffer, "\x1f\x8b",
		        state->tmp_in_size < 2 ? (size_t)state->tmp_in_size : 2) != 0)
			return decoder_damaged(error, "something else than gzip data");
		return decoder_damaged(error, end_of_data);
	}
	if (result == ISAL_INVALID_WRAPPER && place->has_member)
		return decoder_damaged(error, "something else than gzip data");
	if (result == ISAL_INCORRECT_CHECKSUM)
		return decoder_damaged(error, "wrong checksum of a gzip header");
	if (result != ISAL_DECOMP_OK || (place->header.flags & FLAGS_RESERVED) != 0)
		return decoder_damaged(error, "wrong gzip header");
	place->part = PART_BODY;
	return DECODER_WANTS_ROOM;
}

/* Damage was met: first what the library had decoded, but had no room for. */
static enum decoder_result step_damage(struct gzip_place *place, struct error *error)
{
	struct inflate_state *state = &place->state;
	size_t length = (size_t)(state->tmp_out_valid - state->tmp_out_processed);

	if (length > state->avail_out)
		length = state->avail_out;
	memcpy(state->next_out, state->tmp_out_buffer + state->tmp_out_processed, length);
	state->next_out += length;
	state->avail_out -= (uint32_t)length;
	state->tmp_out_processed += (int32_t)length;
	return state->tmp_out_processed < state->tmp_out_valid
	           ? DECODER_WANTS_ROOM
	           : decoder_damaged(error, place->damage);
}

/* What comes out when the data goes on with `more` after a past of nothing but `past`. */
static size_t try_tail(const struct inflate_state *state, struct inflate_state *copy, uint8_t more,
    uint8_t past, uint8_t tail[TAIL_MAX])
{
	uint8_t in[SIP];

	memset(in, more, sizeof(in));
	memcpy(copy, state, sizeof(*copy));
	memset(copy->tmp_out_buffer, past, sizeof(copy->tmp_out_buffer));
	copy->next_in = in;
	copy->avail_in = sizeof(in);
	copy->next_out = tail;
	copy->avail_out = TAIL_MAX;
	(void)isal_inflate(copy);
	copy->next_in = NULL;
	return TAIL_MAX - copy->avail_out;
}

/* The library decodes up to three symbols at once, and where the data ends within
 * them, none. The literals that are whole come out whatever follows and whatever
 * came before; of the rest nothing does. Puts them where step_damage takes them from. */
static void find_tail(struct inflate_state *state)
{
	struct inflate_state *copy = malloc(sizeof(*copy));
	uint8_t tails[4][TAIL_MAX];
	size_t length = copy == NULL || state->block_state != ISAL_BLOCK_CODED ? 0 : TAIL_MAX;

	for (size_t i = 0; i < 4 && length > 0; i++) {
		size_t count = try_tail(
		    state, copy, (i & 1) != 0 ? 0xff : 0, (i & 2) != 0 ? 0xff : 0, tails[i]);

		length = count < length ? count : length;
		while (i > 0 && memcmp(tails[i], tails[0], length) != 0)
			length--;
	}
	free(copy);
	memcpy(state->tmp_out_buffer, tails[0], length);
	state->tmp_out_processed = 0;
	state->tmp_out_valid = (int32_t)length;
}

static enum decoder_result begin_damage(
    struct gzip_place *place, const char *damage, struct error *error)
{
	place->part = PART_DAMAGE;
	place->damage = damage;
	return step_damage(place, error);
}

static int inflate(struct inflate_state *state, bool is_careful)
{
	uint32_t before;
	int result;

	if (!is_careful)
		return isal_inflate(state);
	do {
		uint32_t rest = state->avail_in > SIP ? state->avail_in - SIP : 0;

		before = state->avail_in;
		state->avail_in -= rest;
		result = isal_inflate(state);
		state->avail_in += rest;
	} while (result == ISAL_DECOMP_OK && state->block_state != ISAL_BLOCK_FINISH &&
	         state->avail_out > 0 && state->avail_in > 0 && state->avail_in < before);
	return result;
}

static enum decoder_result step_body(
    struct gzip_decoder *gzip, const struct decoder_io *io, struct error *error)
{
	struct gzip_place *place = &gzip->place;
	struct inflate_state *state = &place->state;
	uint32_t length = state->avail_in;
	uint32_t room = state->avail_out;
	int result = inflate(state, gzip->is_careful);

	if (result == ISAL_INCORRECT_CHECKSUM)
		return decoder_damaged(error, "wrong checksum of gzip data");
	if (result != ISAL_DECOMP_OK) {
		gzip->is_doubtful = !gzip->is_careful;
		return begin_damage(place, "wrong gzip data", error);
	}
	if (state->block_state == ISAL_BLOCK_FINISH) {
		place->part = PART_BETWEEN;
		place->has_member = true;
		return DECODER_WANTS_ROOM;
	}
	if (state->avail_out == 0 || (state->avail_in > 0 && state->avail_in < length))
		return DECODER_WANTS_ROOM;
	if (state->avail_in > 0)
		return state->avail_out < room ? DECODER_WANTS_ROOM
		                               : decoder_damaged(error, "wrong gzip data");
	if (!io->is_last)
		return DECODER_WANTS_INPUT;
	find_tail(state);
	return begin_damage(place, end_of_data, error);
}

/* Behind a member: another one, or the end. Zeros fill up tapes and disk blocks. */
static enum decoder_result step_between(
    struct gzip_place *place, const struct decoder_io *io, struct error *error)
{
	struct inflate_state *state = &place->state;

	while (state->avail_in > 0 && *state->next_in == 0) {
		place->part = PART_ZEROS;
		state->next_in++;
		state->avail_in--;
	}
	if (state->avail_in == 0)
		return io->is_last ? DECODER_END : DECODER_WANTS_INPUT;
	if (place->part == PART_ZEROS)
		return decoder_damaged(error, "something else than gzip data");
	begin_member(place);
	return DECODER_WANTS_ROOM;
}

static enum decoder_result step_part(
    struct gzip_decoder *gzip, const struct decoder_io *io, struct error *error)
{
	switch (gzip->place.part) {
	case PART_HEADER:
		return step_header(&gzip->place, io, error);
	case PART_BODY:
		return step_body(gzip, io, error);
	case PART_DAMAGE:
		return step_damage(&gzip->place, error);
	default:
		return step_between(&gzip->place, io, error);
	}
}

/* Ends early where damage is doubtful. */
static enum decoder_result step_all(
    struct gzip_decoder *gzip, struct decoder_io *io, struct error *error)
{
	struct inflate_state *state = &gzip->place.state;
	enum decoder_result result;

	/* it only reads there */
	state->next_in = (uint8_t *)(uintptr_t)io->in;
	state->avail_in = (uint32_t)io->in_length;
	state->next_out = io->out;
	state->avail_out = (uint32_t)io->out_length;
	do
		result = step_part(gzip, io, error);
	while (result == DECODER_WANTS_ROOM && state->avail_out > 0 && !gzip->is_doubtful);
	io->in = state->next_in;
	io->in_length = state->avail_in;
	io->out = state->next_out;
	io->out_length = state->avail_out;
	return result;
}

static enum decoder_result step(struct decoder *decoder, struct decoder_io *io, struct error *error)
{
	struct gzip_decoder *gzip = (struct gzip_decoder *)decoder;
	const struct decoder_io before = *io;
	enum decoder_result result;

	memcpy(&gzip->before, &gzip->place, sizeof(gzip->place));
	result = step_all(gzip, io, error);
	if (!gzip->is_doubtful)
		return result;
	memcpy(&gzip->place, &gzip->before, sizeof(gzip->place));
	gzip->is_doubtful = false;
	gzip->is_careful = true;
	*io = before;
	*error = (struct error)ERROR_INIT;
	return step_all(gzip, io, error);
}

const struct decoder_format decoder_gzip = { "gzip", create, step, destroy };
