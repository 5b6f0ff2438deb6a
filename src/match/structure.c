/*
 * Owns the vectorised marking of signs. Must not know what a sign is, only its first byte.
 *
 * The vector versions classify a byte by its two halves: each half's table gives the set of the
 * groups that it is in, and a byte is marked where both have one in common.
 */
#include "match/structure.h"

#include <stddef.h>
#include <string.h>

#include "match/spelling.h"
#include "match/vector.h"

static uint64_t mark_plain(const char *data, uint32_t length)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < length; i++)
		bits |= (uint64_t)spelling_may_begin(data[i]) << i;
	return bits;
}

static void structure_mark_plain(const char *data, uint32_t length, uint64_t *bits)
{
	for (; length >= 64; data += 64, length -= 64)
		*bits++ = mark_plain(data, 64);
	*bits = mark_plain(data, length);
}

/* The groups: 1b; 22 23 25 26 27 28 29 2c; 3a to 3e; 5b 5c 5d 7b 7c 7d; e3; ef. */
#define LOW_HALVES \
	0, 0, 0x02, 0x02 | 0x10, 0, 0x02, 0x02, 0x02, 0x02, 0x02, 0x04, 0x01 | 0x04 | 0x08, \
	    0x02 | 0x04 | 0x08, 0x04 | 0x08, 0x04, 0x20
#define HIGH_HALVES 0, 0x01, 0x02, 0x04, 0, 0x08, 0, 0x08, 0, 0, 0, 0, 0, 0, 0x10 | 0x20, 0

#ifdef VECTOR_X86
__attribute__((target("avx2"), always_inline)) static inline uint32_t mark_32(const char *at)
{
	const __m256i low = _mm256_setr_epi8(LOW_HALVES, LOW_HALVES);
	const __m256i high = _mm256_setr_epi8(HIGH_HALVES, HIGH_HALVES);
	const __m256i half = _mm256_set1_epi8(0x0f);
	const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
	const __m256i groups =
	    _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
	        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));

	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
}

__attribute__((target("avx2"))) static void structure_mark_avx2(
    const char *data, uint32_t length, uint64_t *bits)
{
	char rest[64] = { 0 };

	for (; length >= 64; data += 64, length -= 64)
		*bits++ = mark_32(data) | (uint64_t)mark_32(data + 32) << 32;
	*bits = 0;
	if (length == 0)
		return;
	memcpy(rest, data, length);
	*bits = mark_32(rest) | (uint64_t)mark_32(rest + 32) << 32;
}
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define STRUCTURE_NEON 1
#include <arm_neon.h>

static inline uint64_t mark_64_neon(const char *at)
{
	static const uint8_t low_halves[16] = { LOW_HALVES };
	static const uint8_t high_halves[16] = { HIGH_HALVES };
	static const uint8_t places[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64,
		128 };
	const uint8x16_t low = vld1q_u8(low_halves);
	const uint8x16_t high = vld1q_u8(high_halves);
	const uint8x16_t place = vld1q_u8(places);
	uint8x16_t marked[4];

	for (size_t i = 0; i < 4; i++) {
		const uint8x16_t bytes = vld1q_u8((const uint8_t *)at + 16 * i);
		const uint8x16_t groups =
		    vandq_u8(vqtbl1q_u8(low, vandq_u8(bytes, vdupq_n_u8(0x0f))),
		        vqtbl1q_u8(high, vshrq_n_u8(bytes, 4)));

		marked[i] = vandq_u8(vtstq_u8(groups, groups), place);
	}
	marked[0] = vpaddq_u8(vpaddq_u8(marked[0], marked[1]), vpaddq_u8(marked[2], marked[3]));
	marked[0] = vpaddq_u8(marked[0], marked[0]);
	return vgetq_lane_u64(vreinterpretq_u64_u8(marked[0]), 0);
}

static void structure_mark_neon(const char *data, uint32_t length, uint64_t *bits)
{
	char rest[64] = { 0 };

	for (; length >= 64; data += 64, length -= 64)
		*bits++ = mark_64_neon(data);
	memcpy(rest, data, length);
	*bits = mark_64_neon(rest);
}
#endif

void structure_mark(const char *data, uint32_t length, uint64_t *bits)
{
#ifdef VECTOR_X86
	if (vector_has_avx2()) {
		structure_mark_avx2(data, length, bits);
		return;
	}
#elif defined(STRUCTURE_NEON)
	structure_mark_neon(data, length, bits);
	return;
#endif
	structure_mark_plain(data, length, bits);
}

void structure_mark_versions(structure_mark_fn *versions[3])
{
	size_t count = 0;

#ifdef VECTOR_X86
	if (vector_has_avx2())
		versions[count++] = structure_mark_avx2;
#elif defined(STRUCTURE_NEON)
	versions[count++] = structure_mark_neon;
#endif
	versions[count++] = structure_mark_plain;
	versions[count] = NULL;
}
