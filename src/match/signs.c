/*
 * Owns the question whether some bytes hold one of a few short texts at all. Must not know what
 * the texts are signs of.
 *
 * A byte's two halves are looked up in tables that tell which groups of texts have such a byte at
 * that place; where some group has all three, its texts are compared.
 */
#include "match/signs.h"

#include <string.h>

#include "match/vector.h"

#define GROUPS 8

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static void allow(struct signs *signs, size_t place, unsigned char byte, uint8_t group)
{
	signs->low[place][byte & 15] |= group;
	signs->high[place][byte >> 4] |= group;
}

void signs_init(struct signs *signs, const char (*texts)[3], size_t count)
{
	memset(signs, 0, sizeof(*signs));
	signs->count = count;
#ifdef VECTOR_X86
	signs->is_quick = vector_has_avx2(); /* which takes longer than a short look */
#endif
	memcpy(signs->texts, texts, count * sizeof(texts[0]));
	for (size_t i = 0; i < count; i++)
		for (size_t place = 0; place < 3; place++) {
			const char c = texts[i][place];

			allow(signs, place, (unsigned char)c, (uint8_t)(1u << i % GROUPS));
			if (is_letter(c))
				allow(signs, place, (unsigned char)(c ^ 0x20),
				    (uint8_t)(1u << i % GROUPS));
		}
}

/* Whether one of the groups' texts stands at `at`. */
static bool stands(const struct signs *signs, const char *at, unsigned groups)
{
	for (size_t i = 0; i < signs->count; i++) {
		const char *text = signs->texts[i];
		bool is_equal = (groups >> i % GROUPS & 1) != 0;

		for (size_t place = 0; place < 3; place++)
			is_equal = is_equal &&
			           (at[place] | (is_letter(text[place]) ? 0x20 : 0)) == text[place];
		if (is_equal)
			return true;
	}
	return false;
}

bool signs_stand_in_plain(const struct signs *signs, const char *data, size_t length)
{
	for (size_t at = 0; at + 3 <= length; at++) {
		unsigned groups = UINT8_MAX;

		for (size_t place = 0; place < 3; place++) {
			const unsigned char byte = (unsigned char)data[at + place];

			groups &= signs->low[place][byte & 15] & signs->high[place][byte >> 4];
		}
		if (groups != 0 && stands(signs, data + at, groups))
			return true;
	}
	return false;
}

#ifdef VECTOR_X86
__attribute__((target("avx2"), always_inline)) static inline __m256i groups_of(
    const struct signs *signs, size_t place, const char *at)
{
	const __m256i half = _mm256_set1_epi8(0x0f);
	const __m256i low = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)(const void *)signs->low[place]));
	const __m256i high = _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)(const void *)signs->high[place]));
	const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(at + place));

	return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
	    _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

#define STEP 34u /* so many bytes are looked at for 32 places */

/* 32 places at a time; `length` is STEP at least. */
__attribute__((target("avx2"))) static bool signs_stand_in_avx2(
    const struct signs *signs, const char *data, size_t length)
{
	/* the last step goes back over bytes that were looked at already */
	for (size_t at = 0;; at = at + 32 + STEP <= length ? at + 32 : length - STEP) {
		uint8_t groups[32];
		const __m256i all =
		    _mm256_and_si256(_mm256_and_si256(groups_of(signs, 0, data + at),
		                         groups_of(signs, 1, data + at)),
		        groups_of(signs, 2, data + at));
		uint32_t some =
		    ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(all, _mm256_setzero_si256()));

		if (some != 0)
			_mm256_storeu_si256((__m256i *)(void *)groups, all);
		for (; some != 0; some &= some - 1) {
			const uint32_t i = (uint32_t)__builtin_ctz(some);

			if (stands(signs, data + at + i, groups[i]))
				return true;
		}
		if (at + STEP == length)
			return false;
	}
}

/* What is shorter than a step; no text holds a NUL. */
static bool stand_in_few(const struct signs *signs, const char *data, size_t length)
{
	char copy[STEP] = { 0 };

	memcpy(copy, data, length);
	return signs_stand_in_avx2(signs, copy, sizeof(copy));
}
#endif

bool signs_stand_in(const struct signs *signs, const char *data, size_t length)
{
#ifdef VECTOR_X86
	if (signs->is_quick)
		return length < STEP ? stand_in_few(signs, data, length)
		                     : signs_stand_in_avx2(signs, data, length);
#endif
	return signs_stand_in_plain(signs, data, length);
}
