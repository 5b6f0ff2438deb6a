/*
 * Owns the question whether some bytes hold a short text at all. Must not know what the text is
 * a sign of.
 */
#include <string.h>

#include "match/literal.h"
#include "match/literal_parts.h"

static bool holds_any3_plain(
    const char *data, size_t length, const char (*texts)[3], size_t count, char fold)
{
	for (size_t at = 0; at + 3 <= length; at++)
		for (size_t i = 0; i < count; i++)
			if ((data[at] | fold) == texts[i][0] && (data[at + 1] | fold) == texts[i][1] &&
			    (data[at + 2] | fold) == texts[i][2])
				return true;
	return false;
}

#ifdef LITERAL_VECTOR
__attribute__((target("avx2"))) static bool holds_any3_avx2(
    const char *data, size_t length, const char (*texts)[3], size_t count, char fold_byte)
{
	const __m256i fold = _mm256_set1_epi8(fold_byte);

	/* the last step goes back over bytes that were looked at already */
	for (size_t at = 0;; at = at + 66 <= length ? at + 32 : length - 34) {
		__m256i bytes[3];
		__m256i any = _mm256_setzero_si256();

		for (size_t i = 0; i < 3; i++)
			bytes[i] = _mm256_or_si256(fold,
			    _mm256_loadu_si256((const __m256i *)(const void *)(data + at + i)));
		for (size_t i = 0; i < count; i++) {
			__m256i first = _mm256_cmpeq_epi8(bytes[0], _mm256_set1_epi8(texts[i][0]));
			__m256i second = _mm256_cmpeq_epi8(bytes[1], _mm256_set1_epi8(texts[i][1]));
			__m256i third = _mm256_cmpeq_epi8(bytes[2], _mm256_set1_epi8(texts[i][2]));

			any = _mm256_or_si256(
			    any, _mm256_and_si256(_mm256_and_si256(first, second), third));
		}
		if (_mm256_movemask_epi8(any) != 0)
			return true;
		if (at + 34 == length)
			return false;
	}
}
#endif

static bool share_first(const char (*texts)[3], size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (texts[i][0] != texts[0][0])
			return false;
	return count > 0;
}

/* All begin with the same byte, and that is rare. */
static bool holds_any3_by_first(
    const char *data, size_t length, const char (*texts)[3], size_t count)
{
	const char *end = data + length;

	while ((data = memchr(data, texts[0][0], (size_t)(end - data))) != NULL && end - data >= 3) {
		for (size_t i = 0; i < count; i++)
			if (data[1] == texts[i][1] && data[2] == texts[i][2])
				return true;
		data++;
	}
	return false;
}

bool literal_holds_any3(
    const char *data, size_t length, const char (*texts)[3], size_t count, char fold)
{
	if (fold == 0 && share_first(texts, count))
		return holds_any3_by_first(data, length, texts, count);
#ifdef LITERAL_VECTOR
	if (length >= 34 && literal_has_avx2())
		return holds_any3_avx2(data, length, texts, count, fold);
#endif
	return holds_any3_plain(data, length, texts, count, fold);
}
