/*
 * The vectorised pass, included by literal.c once for each instruction set. Before: SCAN, its
 * name; LOOK, LOOK_IN, PASS_LINES, LINE_START, LINE_END, TAKE_STEP and TAKE, names for its parts; TARGET, the
 * instructions it may use; ENDS, where newlines are in 64 bytes; HIGH, which are no ASCII; BOTH,
 * where both probes of a literal stand; STEPS_WITH, which of some steps have marks. Nobody else
 * includes this.
 */

/* What stands in each step of a window: no branch depends on the text. */
__attribute__((target(TARGET))) static void LOOK(
    struct window *window, const struct probe_set *probes)
{
	const char *data = window->data;
	const uint32_t steps = window->steps;

	if (probes->ascii_count > 0) {
		const struct probes first = probes->probes[0];

		for (uint32_t s = 0; s < steps; s++) {
			window->ends[s] = ENDS(data + s * STEP);
			window->high[s] = HIGH(data + s * STEP);
			window->any[s] = BOTH(data + s * STEP, &first);
		}
	} else {
		for (uint32_t s = 0; s < steps; s++) {
			window->ends[s] = ENDS(data + s * STEP);
			window->high[s] = HIGH(data + s * STEP);
			window->any[s] = 0;
		}
	}
	for (size_t l = 1; l < probes->ascii_count; l++) {
		const struct probes more = probes->probes[l];

		for (uint32_t s = 0; s < steps; s++)
			window->any[s] |= BOTH(data + s * STEP, &more);
	}
}

/* The literals that are no ASCII, in the steps (a bit each) that hold such bytes. */
__attribute__((target(TARGET))) static void LOOK_IN(
    struct window *window, uint64_t steps, const struct probe_set *probes)
{
	for (; steps != 0; steps &= steps - 1) {
		const uint32_t s = (uint32_t)__builtin_ctzll(steps);

		for (size_t l = probes->ascii_count; l < probes->count; l++)
			window->any[s] |= BOTH(window->data + s * STEP, &probes->probes[l]);
	}
}

/* Goes on from step `window->at` to step `to`, past the newlines between. */
__attribute__((target(TARGET), always_inline)) static inline void PASS_LINES(
    struct window *window, uint32_t to)
{
	uint32_t newlines = window->newlines;

	for (uint32_t s = window->at; s < to; s++)
		newlines += (uint32_t)__builtin_popcountll(window->ends[s]);
	window->newlines = newlines;
	window->at = to;
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

/* Where the first newline is behind the first `bits` bytes of step `step`; 0: not in this window. */
__attribute__((target(TARGET), always_inline)) static inline uint32_t LINE_END(
    const struct window *window, uint32_t step, uint32_t bits)
{
	uint64_t ends = window->ends[step] >> bits;
	uint64_t steps;

	if (ends != 0)
		return window->from + step * STEP + bits + (uint32_t)__builtin_ctzll(ends);
	steps = step + 1 == WINDOW_STEPS ? 0 : window->end_steps >> (step + 1);
	if (steps == 0)
		return 0;
	step += 1 + (uint32_t)__builtin_ctzll(steps);
	return window->from + step * STEP + (uint32_t)__builtin_ctzll(window->ends[step]);
}

/* The literals that do stand in the step the window is at. Returns how many. */
__attribute__((target(TARGET), always_inline)) static inline size_t TAKE_STEP(
    const struct window *window, const struct literal_set *set, struct literal_hit *hits)
{
	const uint32_t from = window->from + window->at * STEP;
	const uint32_t line_start = LINE_START(window, window->at);
	size_t count = 0;

	for (uint64_t any = window->any[window->at]; any != 0; any &= any - 1) {
		const uint32_t bit = (uint32_t)__builtin_ctzll(any);
		const uint64_t ends = BITS_BELOW(window->ends[window->at], bit);

		for (size_t l = 0; l < set->count; l++)
			if (stands_in(&set->literals[l], window->data + window->at * STEP + bit))
				hits[count++] = (struct literal_hit){ from + bit,
					set->literals[l].number,
					ends == 0 ? line_start
						  : from + STEP - (uint32_t)__builtin_clzll(ends),
					window->newlines + (uint32_t)__builtin_popcountll(ends),
					LINE_END(window, window->at, bit) };
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
		PASS_LINES(window, (uint32_t)__builtin_ctzll(steps));
		if (count + STEP * set->count > max)
			return count;
		count += TAKE_STEP(window, set, hits + count);
	}
	PASS_LINES(window, window->steps);
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
		if (probes.count > probes.ascii_count)
			LOOK_IN(&window, STEPS_WITH(window.high, window.steps), &probes);
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
#undef PASS_LINES
#undef LINE_START
#undef LINE_END
#undef TAKE_STEP
#undef TAKE
#undef TARGET
#undef ENDS
#undef HIGH
#undef BOTH
#undef STEPS_WITH
