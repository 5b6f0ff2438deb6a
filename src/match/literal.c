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

#include "match/vector.h"

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

/* Whether the byte tells the literal from other text: what follows a backslash is the same in many
 * escapes of a text that has any. */
static bool tells(const struct literal *literal, size_t i)
{
	return i != 1 || literal->bytes[0] != '\\' || literal->length == 2;
}

/* The two rarest bytes; one that is not ASCII before all. */
static void choose_probes(struct literal *literal)
{
	size_t *probe = literal->probe;

	for (size_t i = 1; i < literal->length; i++)
		if (tells(literal, i) &&
		    commonness(literal->bytes[i]) < commonness(literal->bytes[probe[0]]))
			probe[0] = i;
	probe[1] = probe[0] == 0 ? literal->length - 1 : 0;
	for (size_t i = 0; i < literal->length; i++)
		if (i != probe[0] && tells(literal, i) &&
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

bool literal_set_add(struct literal_set *set, const char *bytes, size_t length, const char *follow)
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
	set->begun_by[literal.bytes[0]] |= (uint8_t)(1u << set->count);
	if (literal.fold[0] != 0)
		set->begun_by[literal.bytes[0] ^ 0x20] |= (uint8_t)(1u << set->count);
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

size_t literal_scan_plain(const struct literal_set *set, const char *data, size_t length, size_t to,
    struct literal_hit *hits, size_t max, struct literal_progress *progress)
{
	size_t count = 0;
	size_t at;

	for (at = progress->at; at < to && count + set->count <= max; at++) {
		for (size_t l = 0; l < set->count; l++)
			if (stands_at(&set->literals[l], data + at, length - at))
				hits[count++] = (struct literal_hit){ (uint32_t)at,
					set->literals[l].number, (uint32_t)progress->line_start,
					(uint32_t)progress->newlines, 0 };
		if (data[at] == '\n') {
			progress->newlines++;
			progress->line_start = at + 1;
		}
	}
	progress->at = at;
	return count;
}

#ifdef VECTOR_X86

#define STEP 64

/* What one of a literal's probes is. Many steps hold no byte of the last two kinds, and are not
 * searched for their literals then. */
enum probe_kind { PROBE_ASCII, PROBE_HIGH, PROBE_BACKSLASH, PROBE_KINDS };

/* Up to 64 steps of the pass: looked at first, and only then is anything done about what is
 * found. A branch for each step would be mispredicted wherever a log is worth searching. */
#define WINDOW_STEPS 64

struct window {
	const char *data;
	uint32_t from, steps;
	uint64_t ends[WINDOW_STEPS];            /* newlines: a bit for each byte of the step; */
	uint64_t of[PROBE_KINDS][WINDOW_STEPS]; /* the bytes of each kind; PROBE_ASCII: not used */
	uint64_t any[WINDOW_STEPS];             /* where a literal may stand */
	uint64_t end_steps;                     /* steps with newlines: a bit for each step */
	uint32_t newlines[WINDOW_STEPS + 1]; /* of the data before each step, and behind the last */
	uint32_t line_start;                 /* of the line that the first step begins in */
	uint32_t at;                         /* how many steps are done */
};

static void window_init(
    struct window *window, const char *data, size_t end, const struct literal_progress *progress)
{
	window->data = data + progress->at;
	window->from = (uint32_t)progress->at;
	window->steps = WINDOW_STEPS;
	if (end - progress->at < WINDOW_STEPS * STEP)
		window->steps = (uint32_t)((end - progress->at) / STEP);
	window->at = 0;
	window->newlines[0] = (uint32_t)progress->newlines;
	window->line_start = (uint32_t)progress->line_start;
}

static void window_end(
    const struct window *window, uint32_t line_start, struct literal_progress *progress)
{
	progress->at += window->at * STEP;
	progress->newlines += window->newlines[window->at] - window->newlines[0];
	progress->line_start = line_start;
}

#define BITS_BELOW(bits, n) ((bits) & ((UINT64_C(1) << (n)) - 1))

/* Where the two rarest bytes of a literal must stand, in the order of rareness. */
struct probes {
	size_t at[2];
	char byte[2], fold[2];
};

static inline struct probes probes_of(const struct literal *literal)
{
	const size_t *at = literal->probe;

	return (struct probes){ { at[0], at[1] },
		{ (char)literal->bytes[at[0]], (char)literal->bytes[at[1]] },
		{ (char)literal->fold[at[0]], (char)literal->fold[at[1]] } };
}

/* The probes of a set's literals, kind by kind: those of a kind are [from[kind], from[kind + 1]).
 */
struct probe_set {
	struct probes probes[LITERAL_MAX];
	size_t from[PROBE_KINDS + 1];
};

static enum probe_kind kind_of(const struct literal *literal)
{
	return literal->bytes[literal->probe[0]] >= 0x80 ? PROBE_HIGH
	       : literal->bytes[0] == '\\'               ? PROBE_BACKSLASH
	                                                 : PROBE_ASCII;
}

static void probe_set_init(struct probe_set *probes, const struct literal_set *set)
{
	size_t count = 0;

	for (unsigned kind = 0; kind < PROBE_KINDS; kind++) {
		probes->from[kind] = count;
		for (size_t l = 0; l < set->count; l++)
			if (kind_of(&set->literals[l]) == kind)
				probes->probes[count++] = probes_of(&set->literals[l]);
	}
	probes->from[PROBE_KINDS] = count;
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

struct bytes_avx2 {
	__m256i low, high;
};

__attribute__((target("avx2"), always_inline)) static inline struct bytes_avx2 load_avx2(
    const char *at)
{
	const __m256i *parts = (const __m256i *)(const void *)at;

	return (struct bytes_avx2){ _mm256_loadu_si256(parts), _mm256_loadu_si256(parts + 1) };
}

__attribute__((target("avx2"), always_inline)) static inline uint64_t signs_avx2(
    struct bytes_avx2 bytes)
{
	return (uint32_t)_mm256_movemask_epi8(bytes.low) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes.high) << 32;
}

__attribute__((target("avx2"), always_inline)) static inline struct bytes_avx2 equal_avx2(
    struct bytes_avx2 bytes, char byte, char fold)
{
	const __m256i wanted = _mm256_set1_epi8(byte);
	const __m256i folds = _mm256_set1_epi8(fold);

	return (struct bytes_avx2){ _mm256_cmpeq_epi8(_mm256_or_si256(bytes.low, folds), wanted),
		_mm256_cmpeq_epi8(_mm256_or_si256(bytes.high, folds), wanted) };
}

__attribute__((target("avx2"), always_inline)) static inline uint64_t both_avx2(
    const char *at, const struct probes *probes)
{
	struct bytes_avx2 first =
	    equal_avx2(load_avx2(at + probes->at[0]), probes->byte[0], probes->fold[0]);
	struct bytes_avx2 second =
	    equal_avx2(load_avx2(at + probes->at[1]), probes->byte[1], probes->fold[1]);

	return signs_avx2((struct bytes_avx2){
	    _mm256_and_si256(first.low, second.low), _mm256_and_si256(first.high, second.high) });
}

/* The steps of which something is marked, a bit each. */
__attribute__((target("avx2"), always_inline)) static inline uint64_t steps_avx2(
    const uint64_t *marks, uint32_t steps)
{
	uint64_t without = 0;

	for (uint32_t s = 0; s < WINDOW_STEPS; s += 4)
		without |= (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(
		               _mm256_loadu_si256((const __m256i *)(const void *)(marks + s)),
		               _mm256_setzero_si256())))
		           << s;
	return ~without & UINT64_MAX >> (WINDOW_STEPS - steps);
}

#define SCAN literal_scan_avx2
#define LINE_START line_start_avx2
#define LINE_END line_end_avx2
#define STEPS_WITH steps_avx2
#define LOOK look_avx2
#define LOOK_IN look_in_avx2
#define LOOK_FOR_ENDS look_for_ends_avx2
#define TAKE_STEP take_step_avx2
#define TAKE take_avx2
#define TARGET "avx2,bmi,bmi2,lzcnt,popcnt"
#define ENDS(at) signs_avx2(equal_avx2(load_avx2(at), '\n', 0))
#define HIGH(at) signs_avx2(load_avx2(at))
#define BACKSLASHES(at) signs_avx2(equal_avx2(load_avx2(at), '\\', 0))
#define BOTH both_avx2
#include "match/literal_vector.h"

__attribute__((target("avx512f,avx512bw"), always_inline)) static inline uint64_t both_avx512(
    const char *at, const struct probes *probes)
{
	const __m512i first = _mm512_or_si512(
	    _mm512_loadu_si512(at + probes->at[0]), _mm512_set1_epi8(probes->fold[0]));
	const __m512i second = _mm512_or_si512(
	    _mm512_loadu_si512(at + probes->at[1]), _mm512_set1_epi8(probes->fold[1]));

	return _mm512_mask_cmpeq_epi8_mask(
	    _mm512_cmpeq_epi8_mask(first, _mm512_set1_epi8(probes->byte[0])), second,
	    _mm512_set1_epi8(probes->byte[1]));
}

__attribute__((target("avx512f,avx512bw"), always_inline)) static inline uint64_t steps_avx512(
    const uint64_t *marks, uint32_t steps)
{
	uint64_t with = 0;

	for (uint32_t s = 0; s < WINDOW_STEPS; s += 8) {
		__m512i eight = _mm512_loadu_si512(marks + s);

		with |= (uint64_t)_mm512_test_epi64_mask(eight, eight) << s;
	}
	return with & UINT64_MAX >> (WINDOW_STEPS - steps);
}

#define SCAN literal_scan_avx512
#define LINE_START line_start_avx512
#define LINE_END line_end_avx512
#define STEPS_WITH steps_avx512
#define LOOK look_avx512
#define LOOK_IN look_in_avx512
#define LOOK_FOR_ENDS look_for_ends_avx512
#define TAKE_STEP take_step_avx512
#define TAKE take_avx512
#define TARGET "avx512f,avx512bw,bmi,bmi2,lzcnt,popcnt"
#define ENDS(at) _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at), _mm512_set1_epi8('\n'))
#define HIGH(at) _mm512_movepi8_mask(_mm512_loadu_si512(at))
#define BACKSLASHES(at) _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at), _mm512_set1_epi8('\\'))
#define BOTH both_avx512
#include "match/literal_vector.h"

#endif

size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t to,
    struct literal_hit *hits, size_t max, struct literal_progress *progress)
{
#ifdef VECTOR_X86
	if (vector_has_avx512())
		return literal_scan_avx512(set, data, length, to, hits, max, progress);
	if (vector_has_avx2())
		return literal_scan_avx2(set, data, length, to, hits, max, progress);
#endif
	return literal_scan_plain(set, data, length, to, hits, max, progress);
}

void literal_scan_versions(literal_scan_fn *versions[4])
{
	size_t count = 0;

#ifdef VECTOR_X86
	if (vector_has_avx512())
		versions[count++] = literal_scan_avx512;
	if (vector_has_avx2())
		versions[count++] = literal_scan_avx2;
#endif
	versions[count++] = literal_scan_plain;
	versions[count] = NULL;
}
