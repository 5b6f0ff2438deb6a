/*
 * Owns the vectorised search for literals. Must not know what a literal means
 * or what stands around it.
 *
 * A literal is looked for by two of its bytes: 64 positions at a time, both
 * bytes are compared at their distance; only where both agree is the whole
 * literal looked at. The newlines of the same bytes are counted beside it.
 */
#include "match/literal.h"

#include <string.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define LITERAL_AVX2 1
#include <immintrin.h>
#ifdef __GLIBC__
#include <sys/platform/x86.h>
#endif
#endif

/* Bytes of logs by frequency, commonest first; what is not here is rare. */
static const char common_bytes[] = " 0123e\"1a:-tinors/4.56789,lcdpmuh=_[]fbgy";

static int commonness(unsigned char byte)
{
	const char *found = byte == '\0' ? NULL : strchr(common_bytes, byte);

	if (byte >= 0x80)
		return -1;
	return found == NULL ? 0 : (int)(sizeof(common_bytes) - (size_t)(found - common_bytes));
}

static bool is_letter(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The two rarest bytes; one that is not ASCII before all. */
static void choose_probes(struct literal *literal)
{
	size_t *probe = literal->probe;

	for (size_t i = 1; i < literal->length; i++)
		if (commonness(literal->bytes[i]) < commonness(literal->bytes[probe[0]]))
			probe[0] = i;
	probe[1] = probe[0] == 0 ? literal->length - 1 : 0;
	for (size_t i = 0; i < literal->length; i++)
		if (i != probe[0] &&
		    commonness(literal->bytes[i]) < commonness(literal->bytes[probe[1]]))
			probe[1] = i;
}

bool literal_set_add(struct literal_set *set, const char *bytes, size_t length)
{
	struct literal literal = { .number = (uint32_t)set->count, .length = length };
	bool is_ascii;

	if (set->count == LITERAL_MAX || length == 0 || length > LITERAL_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		literal.fold[i] = is_letter(byte) ? 0x20 : 0;
		literal.bytes[i] = byte | literal.fold[i];
	}
	choose_probes(&literal);
	is_ascii = literal.bytes[0] < 0x80;
	if (is_ascii) {
		set->literals[set->count] = set->literals[set->ascii_count];
		set->literals[set->ascii_count++] = literal;
	} else {
		set->literals[set->count] = literal;
	}
	set->count++;
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
				    (struct literal_hit){ (uint32_t)at, literal->number };
		}
	}
	*resume = at;
	return count;
}

#ifdef LITERAL_AVX2

#define STEP 64
/* Room that one step may need in the list of hits. */
#define STEP_HITS(set) (STEP * (set)->count)

/* Where both probes of a literal agree, a bit per position. */
__attribute__((target("avx2"), always_inline)) static inline uint32_t probe_avx2(
    const struct literal *literal, const char *at)
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

/* Literals whose probes agree at a position of `any`, looked at as a whole. */
static size_t verify(const struct literal_set *set, const char *data, size_t from,
    const uint64_t *mask, size_t literal_count, uint64_t any, struct literal_hit *hits,
    size_t count)
{
	for (; any != 0; any &= any - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(any);
		size_t first = count;

		for (size_t l = 0; l < literal_count; l++)
			if ((mask[l] >> bit & 1) != 0 &&
			    stands_at(&set->literals[l], data + from + bit))
				hits[count++] = (struct literal_hit){ (uint32_t)(from + bit),
					set->literals[l].number };
		/* at one place the order is that of the numbers */
		for (size_t i = first; i + 1 < count; i++)
			for (size_t j = i + 1; j < count; j++)
				if (hits[j].literal < hits[i].literal) {
					struct literal_hit swapped = hits[i];

					hits[i] = hits[j];
					hits[j] = swapped;
				}
	}
	return count;
}

__attribute__((target("avx2,popcnt"))) static size_t literal_scan_avx2(
    const struct literal_set *set, const char *data, size_t length, size_t from, size_t to,
    struct literal_hit *hits, size_t max, size_t *resume, uint64_t *newlines)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	const size_t last = length < STEP + LITERAL_LENGTH ? 0 : length - STEP - LITERAL_LENGTH;
	uint64_t passed = 0;
	size_t count = 0;

	while (from + STEP <= to && from < last && count + STEP_HITS(set) <= max) {
		const char *at = data + from;
		__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
		__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
		uint64_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, newline));
		size_t literal_count = set->ascii_count;
		uint64_t mask[LITERAL_MAX];
		uint64_t any = 0;

		ends |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, newline))
		    << 32;
		passed += (uint64_t)__builtin_popcountll(ends);
		/* where all bytes are ASCII, only those literals can begin */
		if (set->count > set->ascii_count &&
		    _mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0)
			literal_count = set->count;
		for (size_t l = 0; l < literal_count; l++) {
			mask[l] = probe_avx2(&set->literals[l], at) |
			    (uint64_t)probe_avx2(&set->literals[l], at + 32) << 32;
			any |= mask[l];
		}
		if (any != 0)
			count = verify(set, data, from, mask, literal_count, any, hits, count);
		from += STEP;
	}
	*newlines += passed;
	*resume = from;
	if (from + STEP <= to && from < last)
		return count; /* the list is full */
	return count + literal_scan_plain(set, data, length, from, to, hits + count, max - count,
			   resume, newlines);
}

__attribute__((target("avx2"))) static bool holds3_avx2(
    const char *data, size_t length, const char text[3])
{
	const __m256i first = _mm256_set1_epi8(text[0]);
	const __m256i last = _mm256_set1_epi8(text[2]);

	/* the last step goes back over bytes that were looked at already */
	for (size_t at = 0;; at = at + 66 <= length ? at + 32 : length - 34) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(data + at));
		__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(data + at + 2));
		uint32_t mask = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(
		    _mm256_cmpeq_epi8(a, first), _mm256_cmpeq_epi8(b, last)));

		for (; mask != 0; mask &= mask - 1)
			if (data[at + (size_t)__builtin_ctz(mask) + 1] == text[1])
				return true;
		if (at + 34 == length)
			return false;
	}
}

#endif

#ifdef LITERAL_AVX2
static bool has_avx2(void)
{
#ifdef __GLIBC__
	/* libc has asked the processor already, which takes long in a virtual machine */
	return CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(POPCNT);
#else
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
#endif
}
#endif

bool literal_holds3(const char *data, size_t length, const char text[3])
{
#ifdef LITERAL_AVX2
	if (length >= 34 && has_avx2())
		return holds3_avx2(data, length, text);
#endif
	return memmem(data, length, text, 3) != NULL;
}

static bool holds_any3_plain(
    const char *data, size_t length, const char (*texts)[3], size_t count)
{
	for (size_t at = 0; at + 3 <= length; at++)
		for (size_t i = 0; i < count; i++)
			if ((data[at] | 0x20) == texts[i][0] && (data[at + 1] | 0x20) == texts[i][1] &&
			    (data[at + 2] | 0x20) == texts[i][2])
				return true;
	return false;
}

#ifdef LITERAL_AVX2
__attribute__((target("avx2"))) static bool holds_any3_avx2(
    const char *data, size_t length, const char (*texts)[3], size_t count)
{
	const __m256i fold = _mm256_set1_epi8(0x20);

	/* the last step goes back over bytes that were looked at already */
	for (size_t at = 0;; at = at + 66 <= length ? at + 32 : length - 34) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(data + at));
		__m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(data + at + 2));
		__m256i any = _mm256_setzero_si256();

		a = _mm256_or_si256(a, fold);
		c = _mm256_or_si256(c, fold);
		for (size_t i = 0; i < count; i++)
			any = _mm256_or_si256(any,
			    _mm256_and_si256(
				_mm256_cmpeq_epi8(a, _mm256_set1_epi8(texts[i][0])),
				_mm256_cmpeq_epi8(c, _mm256_set1_epi8(texts[i][2]))));
		if (_mm256_movemask_epi8(any) != 0 &&
		    holds_any3_plain(data + at, 34, texts, count))
			return true;
		if (at + 34 == length)
			return false;
	}
}
#endif

bool literal_holds_any3(
    const char *data, size_t length, const char (*texts)[3], size_t count)
{
#ifdef LITERAL_AVX2
	if (length >= 34 && has_avx2())
		return holds_any3_avx2(data, length, texts, count);
#endif
	return holds_any3_plain(data, length, texts, count);
}

size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t from,
    size_t to, struct literal_hit *hits, size_t max, size_t *resume, uint64_t *newlines)
{
#ifdef LITERAL_AVX2
	if (has_avx2())
		return literal_scan_avx2(
		    set, data, length, from, to, hits, max, resume, newlines);
#endif
	return literal_scan_plain(
		    set, data, length, from, to, hits, max, resume, newlines);
}
