/*
 * The body of the vectorised pass, included by literal.c once for each instruction set.
 * Before: SCAN, its name; SCAN_COUNT, a name for its inner part; TARGET, the instructions
 * it may use; EQUAL, where a byte stands in 64. Nobody else includes this.
 */

/* The pass for a set of up to `literal_count`, a constant to the compiler: so the bytes
 * looked for stay in registers. */
__attribute__((target(TARGET), always_inline)) static inline size_t SCAN_COUNT(
    const struct literal_set *set, size_t literal_count, const char *data, size_t length,
    size_t to, struct literal_hit *hits, size_t max, struct literal_progress *progress)
{
	const size_t last = length < STEP + LITERAL_LENGTH ? 0 : length - STEP - LITERAL_LENGTH;
	struct probe probes[LITERAL_MAX][2];
	size_t from = progress->at;
	size_t line_start = progress->line_start;
	uint64_t newlines = 0;
	size_t count = 0;

#pragma GCC unroll 8
	for (size_t l = 0; l < literal_count; l++) {
		const struct literal *literal = &set->literals[l < set->count ? l : 0];

		probes[l][0] = probe_of(literal, 0);
		probes[l][1] = probe_of(literal, 1);
	}
	while (from + STEP <= to && from < last && count + STEP * literal_count <= max) {
		const char *at = data + from;
		const uint64_t ends = EQUAL(at, '\n', 0);
		uint64_t mask[LITERAL_MAX];
		uint64_t any = 0;

#pragma GCC unroll 8
		for (size_t l = 0; l < literal_count; l++) {
			const struct probe *a = &probes[l][0];
			const struct probe *b = &probes[l][1];

			mask[l] = EQUAL(at + a->at, a->byte, a->fold) &
			    EQUAL(at + b->at, b->byte, b->fold);
			any |= mask[l];
		}
		for (; any != 0; any &= any - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(any);
			uint64_t ends_before = ends & ((UINT64_C(1) << bit) - 1);
			size_t start = ends_before == 0
			    ? line_start
			    : from + STEP - (size_t)__builtin_clzll(ends_before);

#pragma GCC unroll 8
			for (size_t l = 0; l < literal_count; l++)
				if ((mask[l] >> bit & 1) != 0 &&
				    (literal_count < LITERAL_MAX || l < set->count) &&
				    stands_in(&set->literals[l], at + bit))
					hits[count++] = (struct literal_hit){
						(uint32_t)(from + bit), set->literals[l].number,
						(uint32_t)start,
						(uint32_t)(progress->newlines + newlines) +
						    (uint32_t)__builtin_popcountll(ends_before) };
		}
		newlines += (uint64_t)__builtin_popcountll(ends);
		line_start = ends == 0 ? line_start : from + STEP - (size_t)__builtin_clzll(ends);
		from += STEP;
	}
	progress->at = from;
	progress->newlines += newlines;
	progress->line_start = line_start;
	if (from + STEP <= to && from < last)
		return count; /* the list is full */
	return count +
	    literal_scan_plain(set, data, length, to, hits + count, max - count, progress);
}

__attribute__((target(TARGET))) static size_t SCAN(const struct literal_set *set, const char *data,
    size_t length, size_t to, struct literal_hit *hits, size_t max,
    struct literal_progress *progress)
{
	switch (set->count) {
	case 0: /* only newlines */
		return SCAN_COUNT(set, 0, data, length, to, hits, max, progress);
	case 1: /* a user's pattern */
		return SCAN_COUNT(set, 1, data, length, to, hits, max, progress);
	case 3: /* the usual keys */
		return SCAN_COUNT(set, 3, data, length, to, hits, max, progress);
	default:
		return SCAN_COUNT(set, LITERAL_MAX, data, length, to, hits, max, progress);
	}
}

#undef SCAN
#undef SCAN_COUNT
#undef TARGET
#undef EQUAL
