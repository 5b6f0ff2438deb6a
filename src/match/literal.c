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
#define LITERAL_VECTOR 1
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

static void set_follow(struct literal *literal, const char *follow)
{
	literal->may_end = follow == NULL;
	if (follow == NULL)
		memset(literal->follow, 0xff, sizeof(literal->follow));
	else
		for (; *follow != '\0'; follow++)
			literal->follow[(unsigned char)*follow >> 6] |=
			    UINT64_C(1) << ((unsigned char)*follow & 63);
}

bool literal_set_add(
    struct literal_set *set, const char *bytes, size_t length, const char *follow)
{
	struct literal literal = { .number = (uint32_t)set->count, .length = length };

	if (set->count == LITERAL_MAX || length == 0 || length > LITERAL_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		literal.fold[i] = is_letter(byte) ? 0x20 : 0;
		literal.bytes[i] = byte | literal.fold[i];
	}
	choose_probes(&literal);
	set_follow(&literal, follow);
	memcpy(&literal.word, literal.bytes, sizeof(literal.word));
	memcpy(&literal.word_fold, literal.fold, sizeof(literal.word_fold));
	memset(&literal.word_mask, 0xff, length < 8 ? length : 8);
	set->literals[set->count++] = literal;
	return true;
}

/* Whether the literal stands at `at`, `room` bytes before the data's end. */
static inline bool stands_at(const struct literal *literal, const char *at, size_t room)
{
	unsigned char behind;

	if (literal->length >= room && (literal->length > room || !literal->may_end))
		return false;
	for (size_t i = 0; i < literal->length; i++)
		if (((unsigned char)at[i] | literal->fold[i]) != literal->bytes[i])
			return false;
	if (literal->length == room)
		return true;
	behind = (unsigned char)at[literal->length];
	return (literal->follow[behind >> 6] >> (behind & 63) & 1) != 0;
}

size_t literal_scan_plain(const struct literal_set *set, const char *data, size_t length,
    size_t to, struct literal_hit *hits, size_t max, struct literal_progress *progress)
{
	size_t count = 0;
	size_t at;

	for (at = progress->at; at < to && count + set->count <= max; at++) {
		for (size_t l = 0; l < set->count; l++)
			if (stands_at(&set->literals[l], data + at, length - at))
				hits[count++] = (struct literal_hit){ (uint32_t)at,
					set->literals[l].number, (uint32_t)progress->line_start,
					(uint32_t)progress->newlines };
		if (data[at] == '\n') {
			progress->newlines++;
			progress->line_start = at + 1;
		}
	}
	progress->at = at;
	return count;
}

#ifdef LITERAL_VECTOR

#define STEP 64

/* Where one of the two rarest bytes of a literal must stand. */
struct probe {
	size_t at;
	char byte, fold;
};

static inline struct probe probe_of(const struct literal *literal, size_t which)
{
	size_t at = literal->probe[which];

	return (struct probe){ at, (char)literal->bytes[at], (char)literal->fold[at] };
}

/* As stands_at where there is room for any literal. */
static inline bool stands_in(const struct literal *literal, const char *at)
{
	uint64_t word;
	unsigned char behind = (unsigned char)at[literal->length];

	memcpy(&word, at, sizeof(word));
	return (((word | literal->word_fold) ^ literal->word) & literal->word_mask) == 0 &&
	    (literal->follow[behind >> 6] >> (behind & 63) & 1) != 0 &&
	    (literal->length <= sizeof(word) || stands_at(literal, at, STEP + LITERAL_LENGTH));
}

/* Where `byte` stands in the 64 bytes at `at`, whose bits in `fold` do not matter. */
__attribute__((target("avx2"), always_inline)) static inline uint64_t equal_avx2(
    const char *at, char byte, char fold)
{
	const __m256i *parts = (const __m256i *)(const void *)at;
	__m256i bytes = _mm256_set1_epi8(byte);
	__m256i folds = _mm256_set1_epi8(fold);
	__m256i low = _mm256_or_si256(_mm256_loadu_si256(parts), folds);
	__m256i high = _mm256_or_si256(_mm256_loadu_si256(parts + 1), folds);

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, bytes)) |
	    (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, bytes)) << 32;
}

__attribute__((target("avx512f,avx512bw"), always_inline)) static inline uint64_t equal_avx512(
    const char *at, char byte, char fold)
{
	return _mm512_cmpeq_epi8_mask(
	    _mm512_or_si512(_mm512_loadu_si512(at), _mm512_set1_epi8(fold)),
	    _mm512_set1_epi8(byte));
}

#define SCAN literal_scan_avx2
#define TARGET "avx2,bmi,lzcnt,popcnt"
#define EQUAL equal_avx2
#define SCAN_COUNT scan_count_avx2
#include "match/literal_vector.h"

#define SCAN literal_scan_avx512
#define TARGET "avx512f,avx512bw,bmi,lzcnt,popcnt"
#define EQUAL equal_avx512
#define SCAN_COUNT scan_count_avx512
#include "match/literal_vector.h"

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

#ifdef LITERAL_VECTOR
/* libc has asked the processor already, which takes long in a virtual machine. */
#ifdef __GLIBC__
#define HAS(FEATURE, name) CPU_FEATURE_ACTIVE(FEATURE)
#else
#define HAS(FEATURE, name) __builtin_cpu_supports(name)
#endif

/* With these come BMI and LZCNT, in every processor that has them. */
static bool has_avx2(void)
{
	return HAS(AVX2, "avx2") && HAS(POPCNT, "popcnt");
}

static bool has_avx512(void)
{
	return has_avx2() && HAS(AVX512F, "avx512f") && HAS(AVX512BW, "avx512bw");
}
#endif

bool literal_holds3(const char *data, size_t length, const char text[3])
{
#ifdef LITERAL_VECTOR
	if (length >= 34 && has_avx2())
		return holds3_avx2(data, length, text);
#endif
	return memmem(data, length, text, 3) != NULL;
}

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
		    holds_any3_plain(data + at, 34, texts, count, fold_byte))
			return true;
		if (at + 34 == length)
			return false;
	}
}
#endif

bool literal_holds_any3(
    const char *data, size_t length, const char (*texts)[3], size_t count, char fold)
{
#ifdef LITERAL_VECTOR
	if (length >= 34 && has_avx2())
		return holds_any3_avx2(data, length, texts, count, fold);
#endif
	return holds_any3_plain(data, length, texts, count, fold);
}

size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t to,
    struct literal_hit *hits, size_t max, struct literal_progress *progress)
{
#ifdef LITERAL_VECTOR
	if (has_avx512())
		return literal_scan_avx512(set, data, length, to, hits, max, progress);
	if (has_avx2())
		return literal_scan_avx2(set, data, length, to, hits, max, progress);
#endif
	return literal_scan_plain(set, data, length, to, hits, max, progress);
}

void literal_scan_versions(literal_scan_fn *versions[4])
{
	size_t count = 0;

#ifdef LITERAL_VECTOR
	if (has_avx512())
		versions[count++] = literal_scan_avx512;
	if (has_avx2())
		versions[count++] = literal_scan_avx2;
#endif
	versions[count++] = literal_scan_plain;
	versions[count] = NULL;
}
