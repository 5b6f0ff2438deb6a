/*
 * The vectorised pass, included by literal.c once for each instruction set. Before: SCAN, its
 * name; LOOK_FOR_ENDS, LOOK, LOOK_IN, LINE_START, LINE_END, TAKE_STEP and TAKE, names for its
 * parts; TARGET, the instructions it may use; ENDS, where newlines are in 64 bytes; HIGH, which
 * are no ASCII; BACKSLASHES, where those are; BOTH, where both probes of a literal stand;
 * STEPS_WITH, which of some steps have marks. Nobody else includes this.
 */

/* The newlines of a step; `before` it there were so many. Returns how many there are behind it. */
__attribute__((target(TARGET), always_inline)) static inline uint32_t LOOK_FOR_ENDS(
    struct window *window, uint32_t step, uint32_t before)
{
	const uint64_t ends = ENDS(window->data + step * STEP);

	before += (uint32_t)__builtin_popcountll(ends);
	window->ends[step] = ends;
	window->newlines[step + 1] = before;
	return before;
}

/* What stands in each step of a window: no branch depends on the text. */
__attribute__((target(TARGET))) static void LOOK(
    struct window *window, const struct probe_set *probes)
{
	const char *data = window->data;
	const uint32_t steps = window->steps;
	const size_t ascii_count = probes->from[PROBE_HIGH];
	const bool has_ascii_only = ascii_count == probes->from[PROBE_KINDS];
	uint32_t newlines = window->newlines[0];

	if (ascii_count > 0 && has_ascii_only) {
		const struct probes first = probes->probes[0];

		for (uint32_t s = 0; s < steps; s++) {
			newlines = LOOK_FOR_ENDS(window, s, newlines);
			window->any[s] = BOTH(data + s * STEP, &first);
		}
	} else if (ascii_count > 0) {
		const struct probes first = probes->probes[0];

		for (uint32_t s = 0; s < steps; s++) {
			newlines = LOOK_FOR_ENDS(window, s, newlines);
			window->of[PROBE_HIGH][s] = HIGH(data + s * STEP);
			window->of[PROBE_BACKSLASH][s] = BACKSLASHES(data + s * STEP);
			window->any[s] = BOTH(data + s * STEP, &first);
		}
	} else {
		for (uint32_t s = 0; s < steps; s++) {
			newlines = LOOK_FOR_ENDS(window, s, newlines);
			window->of[PROBE_HIGH][s] = HIGH(data + s * STEP);
			window->of[PROBE_BACKSLASH][s] = BACKSLASHES(data + s * STEP);
			window->any[s] = 0;
		}
	}
	for (size_t l = 1; l < ascii_count; l++) {
		const struct probes more = probes->probes[l];

		for (uint32_t s = 0; s < steps; s++)
			window->any[s] |= BOTH(data + s * STEP, &more);
	}
}

/* The literals of a kind, in the steps that hold its bytes. */
__attribute__((target(TARGET))) static void LOOK_IN(
    struct window *window, enum probe_kind kind, const struct probe_set *probes)
{
	const size_t from = probes->from[kind];
	const size_t to = probes->from[kind + 1];

	if (from == to)
		return;
	for (uint64_t steps = STEPS_WITH(window->of[kind], window->steps); steps != 0;
	     steps &= steps - 1) {
		const uint32_t s = (uint32_t)__builtin_ctzll(steps);

		for (size_t l = from; l < to; l++)
			window->any[s] |= BOTH(window->data + s * STEP, &probes->probes[l]);
	}
}

/* Where the line that step `step` begins in begins. */
__attribute__((target(TARGET), always_inline)) static inline uint32_t LINE_START(
    const struct window *window, uint32_t step)
{
	const uint64_t before =
	    step == WINDOW_STEPS ? window->end_steps : BITS_BELOW(window->end_steps, step);
	const uint32_t last = 63 - (uint32_t)__builtin_clzll(before | 1);

	return before == 0 ? window->line_start
			   : window->from + (last + 1) * STEP -
		(uint32_t)__builtin_clzll(window->ends[last]);
}

/* Where the first newline is in step `step` or behind; 0: not in this window. */
__attribute__((target(TARGET), always_inline)) static inline uint32_t LINE_END(
    const struct window *window, uint32_t step)
{
	const uint64_t steps = step >= WINDOW_STEPS ? 0 : window->end_steps >> step << step;
	uint32_t next;

	if (steps == 0)
		return 0;
	next = (uint32_t)__builtin_ctzll(steps);
	return window->from + next * STEP + (uint32_t)__builtin_ctzll(window->ends[next]);
}

/* The literals that do stand in a step. Returns how many. */
__attribute__((target(TARGET), always_inline)) static inline size_t TAKE_STEP(
    const struct window *window, uint32_t step, const struct literal_set *set,
    struct literal_hit *hits)
{
	const uint32_t from = window->from + step * STEP;
	const uint32_t line_start = LINE_START(window, step);
	const uint32_t line_end = LINE_END(window, step + 1);
	size_t count = 0;

	for (uint64_t any = window->any[step]; any != 0; any &= any - 1) {
		const uint32_t bit = (uint32_t)__builtin_ctzll(any);
		const uint64_t ends = BITS_BELOW(window->ends[step], bit);
		const uint64_t ends_behind = window->ends[step] >> bit << bit;

		const char *at = window->data + step * STEP + bit;

		for (unsigned may = set->begun_by[(unsigned char)*at]; may != 0; may &= may - 1) {
			const struct literal *literal = &set->literals[__builtin_ctz(may)];

			if (stands_in(literal, at))
				hits[count++] = (struct literal_hit){ from + bit, literal->number,
					ends == 0 ? line_start
					          : from + STEP - (uint32_t)__builtin_clzll(ends),
					window->newlines[step] +
					    (uint32_t)__builtin_popcountll(ends),
					ends_behind == 0 ? line_end
					                 : from + (uint32_t)__builtin_ctzll(ends_behind) };
		}
	}
	return count;
}

/* The literals of a window, as long as the list has room for those of a whole step. */
__attribute__((target(TARGET))) static size_t TAKE(
    struct window *window, const struct literal_set *set, struct literal_hit *hits, size_t max)
{
	size_t count = 0;

	window->end_steps = STEPS_WITH(window->ends, window->steps);
	for (uint64_t steps = STEPS_WITH(window->any, window->steps); steps != 0;
	     steps &= steps - 1) {
		window->at = (uint32_t)__builtin_ctzll(steps);
		if (count + STEP * set->count > max)
			return count;
		count += TAKE_STEP(window, window->at, set, hits + count);
	}
	window->at = window->steps;
	return count;
}

__attribute__((target(TARGET))) static size_t SCAN(const struct literal_set *set, const char *data,
    size_t length, size_t to, struct literal_hit *hits, size_t max,
    struct literal_progress *progress)
{
	/* there is room for any literal behind the last step */
	const size_t room = length < LITERAL_LENGTH ? 0 : length - LITERAL_LENGTH;
	const size_t end = room < to ? room : to;
	struct probe_set probes;
	struct window window = { .steps = 0 };
	size_t count = 0;

	if (progress->at + STEP <= end)
		probe_set_init(&probes, set);
	while (progress->at + STEP <= end) {
		window_init(&window, data, end, progress);
		LOOK(&window, &probes);
		LOOK_IN(&window, PROBE_HIGH, &probes);
		LOOK_IN(&window, PROBE_BACKSLASH, &probes);
		count += TAKE(&window, set, hits + count, max - count);
		window_end(&window, LINE_START(&window, window.at), progress);
		if (window.at < window.steps)
			return count; /* the list is full */
	}
	return count +
	    literal_scan_plain(set, data, length, to, hits + count, max - count, progress);
}

#undef SCAN
#undef LOOK
#undef LOOK_IN
#undef LOOK_FOR_ENDS
#undef LINE_START
#undef LINE_END
#undef TAKE_STEP
#undef TAKE
#undef TARGET
#undef ENDS
#undef HIGH
#undef BACKSLASHES
#undef BOTH
#undef STEPS_WITH
