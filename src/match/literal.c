/*
 * Owns the vectorised search for literals. Must not know what a literal means
 * or what stands around it.
 *
 * A literal is looked for by two of its bytes: 32 positions at a time, both
 * bytes are compared at their distance; only where both agree is the whole
 * literal looked at. The newlines of the same 32 bytes are counted beside it.
 */
#include "match/literal.h"

#include <string.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define LITERAL_AVX2 1
#include <immintrin.h>
#endif

/* Bytes of logs by frequency, commonest first; what is not here is rare. */
static const char common_bytes[] = " 0123e\"1a:-tinors/4.56789,lcdpmuh=_[]fbgy";

static int commonness(unsigned char byte)
{
	const char *found = byte == '\0' ? NULL : strchr(common_bytes, byte);

	return found == NULL ? 0 : (int)(sizeof(common_bytes) - (size_t)(found - common_bytes));
}

static bool is_letter(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool literal_set_add(struct literal_set *set, const char *bytes, size_t length)
{
	struct literal *literal;

	if (set->count == LITERAL_MAX || length == 0 || length > LITERAL_LENGTH)
		return false;
	literal = &set->literals[set->count++];
	memset(literal, 0, sizeof(*literal));
	literal->length = length;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		literal->fold[i] = is_letter(byte) ? 0x20 : 0;
		literal->bytes[i] = byte | literal->fold[i];
	}
	/* the rarest byte, and the rarest of the others */
	for (size_t i = 1; i < length; i++)
		if (commonness(literal->bytes[i]) < commonness(literal->bytes[literal->probe[0]]))
			literal->probe[0] = i;
	literal->probe[1] = literal->probe[0] == 0 ? length - 1 : 0;
	for (size_t i = 0; i < length; i++)
		if (i != literal->probe[0] &&
		    commonness(literal->bytes[i]) < commonness(literal->bytes[literal->probe[1]]))
			literal->probe[1] = i;
	return true;
}

static bool stands_at(const struct literal *literal, const char *at)
{
	for (size_t i = 0; i < literal->length; i++)
		if (((unsigned char)at[i] | literal->fold[i]) != literal->bytes[i])
			return false;
	return true;
}

size_t literal_scan_plain(const struct literal_set *set, const char *data, size_t length,
    size_t from, size_t to, struct literal_hit *hits, size_t max, size_t *resume,
    uint64_t *newlines)
{
	size_t count = 0;
	size_t at;

	for (at = from; at < to && count + set->count <= max; at++) {
		if (data[at] == '\n')
			++*newlines;
		for (size_t l = 0; l < set->count; l++) {
			const struct literal *literal = &set->literals[l];

			if (literal->length <= length - at && stands_at(literal, data + at))
				hits[count++] =
				    (struct literal_hit){ (uint32_t)at, (uint32_t)l };
		}
	}
	*resume = at;
	return count;
}

#ifdef LITERAL_AVX2

/* Room that one step of 32 positions may need in the list of hits. */
#define STEP_HITS(set) (32 * (set)->count)

__attribute__((target("avx2"))) static inline uint32_t
probe_avx2(const struct literal *literal, const char *at)
{
	__m256i mask = _mm256_set1_epi32(-1);

	for (size_t p = 0; p < 2; p++) {
		size_t i = literal->probe[p];
		__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(at + i));
		__m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8((char)literal->fold[i]));

		mask = _mm256_and_si256(mask,
		    _mm256_cmpeq_epi8(folded, _mm256_set1_epi8((char)literal->bytes[i])));
	}
	return (uint32_t)_mm256_movemask_epi8(mask);
}

__attribute__((target("avx2,popcnt"))) static size_t literal_scan_avx2(
    const struct literal_set *set, const char *data, size_t length, size_t from, size_t to,
    struct literal_hit *hits, size_t max, size_t *resume, uint64_t *newlines)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	uint64_t passed = 0;
	size_t count = 0;

	while (from + 32 + LITERAL_LENGTH <= length && from + 32 <= to && count + STEP_HITS(set) <= max) {
		const char *at = data + from;
		uint32_t mask[LITERAL_MAX];
		uint32_t any = 0;

		for (size_t l = 0; l < set->count; l++) {
			mask[l] = probe_avx2(&set->literals[l], at);
			any |= mask[l];
		}
		passed += (uint64_t)__builtin_popcount((unsigned)_mm256_movemask_epi8(
		    _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)at), newline)));
		for (; any != 0; any &= any - 1) {
			unsigned bit = (unsigned)__builtin_ctz(any);

			for (size_t l = 0; l < set->count; l++)
				if ((mask[l] >> bit & 1) != 0 &&
				    stands_at(&set->literals[l], at + bit))
					hits[count++] = (struct literal_hit){
						(uint32_t)(from + bit), (uint32_t)l
					};
		}
		from += 32;
	}
	*newlines += passed;
	*resume = from;
	if (from + 32 + LITERAL_LENGTH <= length && from + 32 <= to)
		return count; /* the list is full */
	return count + literal_scan_plain(set, data, length, from, to, hits + count, max - count,
			   resume, newlines);
}

#endif

size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t from,
    size_t to, struct literal_hit *hits, size_t max, size_t *resume, uint64_t *newlines)
{
#ifdef LITERAL_AVX2
	if (__builtin_cpu_supports("avx2"))
		return literal_scan_avx2(
		    set, data, length, from, to, hits, max, resume, newlines);
#endif
	return literal_scan_plain(
		    set, data, length, from, to, hits, max, resume, newlines);
}
