/*
 * Owns matching and its bounds: limits, stack, the clock, the reading of PCRE2's results.
 * Must not know how patterns are compiled, or what is searched for.
 */
#include <stdlib.h>
#include <time.h>

#include "match/pattern_parts.h"

#define MATCH_LIMIT 100000u
#define DEPTH_LIMIT 10000u
#define HEAP_LIMIT_KIB (16u * 1024)
#define JIT_STACK_MIN (32u * 1024)
#define JIT_STACK_MAX (1024u * 1024)
#define LINE_NANOSECONDS 10000000
/* Start positions tried between two looks at the clock, and the limit for each. */
#define BATCH_QUICK 16384u
#define MATCH_LIMIT_QUICK 2000u
#define BATCH_SLOW 64u
/* Steps of a pattern between two looks at the clock, where the line is long. */
#define GUARDED_STEPS 16u

/* The JIT takes as long as so many matches by the interpreter. */
#define USES_WITHOUT_JIT 100

struct pattern_run {
	pcre2_match_data *data;
	const PCRE2_SIZE *spans; /* of the data */
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	int pair_count; /* of the last match */
	int64_t deadline; /* 0: the clock has not been started for this line */
	int64_t begun;    /* the thread's time when it was */
	unsigned steps; /* of a guarded match since the last look at the clock */
	enum pattern_trouble last_trouble;
	uint64_t trouble[PATTERN_TROUBLE_COUNT];
};

static const char *const trouble_names[PATTERN_TROUBLE_COUNT] = {
	[PATTERN_MATCH_LIMIT] = "match limit",
	[PATTERN_DEPTH_LIMIT] = "depth limit",
	[PATTERN_HEAP_LIMIT] = "heap limit",
	[PATTERN_TIME_LIMIT] = "time limit",
	[PATTERN_RECURSION] = "recursion loop",
	[PATTERN_OTHER] = "other matching error",
};

static int64_t now(clockid_t clock)
{
	struct timespec time;

	(void)clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Looks at the clock. Returns whether the line may go on. It is the thread's own time that counts,
 * so that a busy machine finds no less; but that is slower to ask for. */
static bool has_time(struct pattern_run *run)
{
	int64_t time = now(CLOCK_MONOTONIC);
	int64_t used;

	if (run->deadline == 0) {
		run->deadline = time + LINE_NANOSECONDS;
		run->begun = now(CLOCK_THREAD_CPUTIME_ID);
	}
	if (time <= run->deadline)
		return true;
	used = now(CLOCK_THREAD_CPUTIME_ID) - run->begun;
	run->deadline = time + LINE_NANOSECONDS - used;
	return used < LINE_NANOSECONDS;
}

/* Called at each step of a guarded match. */
static int guard(pcre2_callout_block *block, void *data)
{
	struct pattern_run *run = data;

	(void)block;
	if (++run->steps % GUARDED_STEPS != 0)
		return 0;
	return has_time(run) ? 0 : PCRE2_ERROR_CALLOUT;
}

struct pattern_run *pattern_run_new(
    const struct pattern *const *patterns, size_t count, struct error *error)
{
	struct pattern_run *run = calloc(1, sizeof(*run));
	uint32_t pairs = 1;
	bool jit = false;

	for (size_t i = 0; i < count; i++) {
		uint32_t groups = 0;

		(void)pcre2_pattern_info(patterns[i]->code, PCRE2_INFO_CAPTURECOUNT, &groups);
		pairs = groups + 1 > pairs ? groups + 1 : pairs;
		jit = jit || patterns[i]->jit->is_there;
	}
	if (run != NULL) {
		run->data = pcre2_match_data_create(pairs, NULL);
		run->context = pcre2_match_context_create(NULL);
	}
	if (run == NULL || run->data == NULL || run->context == NULL) {
		pattern_run_free(run);
		error_set_memory(error);
		return NULL;
	}
	run->spans = pcre2_get_ovector_pointer(run->data);
	(void)pcre2_set_match_limit(run->context, MATCH_LIMIT);
	(void)pcre2_set_depth_limit(run->context, DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(run->context, HEAP_LIMIT_KIB);
	(void)pcre2_set_callout(run->context, guard, run);
	/* without a stack of its own the JIT has 32 KiB of the machine's: enough to go on */
	if (jit)
		run->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (run->stack != NULL)
		pcre2_jit_stack_assign(run->context, NULL, run->stack);
	return run;
}

void pattern_run_free(struct pattern_run *run)
{
	if (run == NULL)
		return;
	pcre2_match_data_free(run->data);
	pcre2_match_context_free(run->context);
	pcre2_jit_stack_free(run->stack);
	free(run);
}

uint64_t pattern_run_trouble(const struct pattern_run *run, enum pattern_trouble trouble)
{
	return run->trouble[trouble];
}

const char *pattern_trouble_name(enum pattern_trouble trouble)
{
	return trouble_names[trouble];
}

void pattern_run_restart(struct pattern_run *run)
{
	run->deadline = 0;
}

void pattern_run_forgive(struct pattern_run *run)
{
	run->trouble[run->last_trouble]--;
	pattern_run_restart(run);
}

static enum pattern_result meet_limit(struct pattern_run *run, enum pattern_trouble trouble)
{
	run->last_trouble = trouble;
	run->trouble[trouble]++;
	return PATTERN_LIMIT;
}

static enum pattern_trouble trouble_of(int code)
{
	switch (code) {
	case PCRE2_ERROR_MATCHLIMIT:
		return PATTERN_MATCH_LIMIT;
	case PCRE2_ERROR_DEPTHLIMIT:
		return PATTERN_DEPTH_LIMIT;
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_JIT_STACKLIMIT:
		return PATTERN_HEAP_LIMIT;
	case PCRE2_ERROR_RECURSELOOP:
		return PATTERN_RECURSION;
	case PCRE2_ERROR_CALLOUT:
		return PATTERN_TIME_LIMIT;
	default:
		return PATTERN_OTHER;
	}
}

/* One call of PCRE2. A JIT that runs out of stack hands over to the interpreter,
 * which has the heap. */
static int match_code(const pcre2_code *compiled, bool is_jit, struct pattern_run *run,
    const char *subject, size_t length, size_t from)
{
	int code = PCRE2_ERROR_JIT_STACKLIMIT;

	if (is_jit)
		code = pcre2_jit_match(compiled, (PCRE2_SPTR)subject, length, from, 0, run->data,
		    run->context);
	if (code == PCRE2_ERROR_JIT_STACKLIMIT)
		code = pcre2_match(compiled, (PCRE2_SPTR)subject, length, from, PCRE2_NO_JIT,
		    run->data, run->context);
	return code;
}

static int match_once(const struct pattern *pattern, struct pattern_run *run, const char *subject,
    size_t length, size_t from)
{
	return match_code(pattern->code, pattern->jit->is_there, run, subject, length, from);
}

static enum pattern_result conclude(struct pattern_run *run, int code)
{
	if (code > 0) {
		run->pair_count = code;
		return PATTERN_MATCH;
	}
	if (code == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO_MATCH;
	return meet_limit(run, trouble_of(code));
}

/* PCRE2's limits count anew at each start position, so a long subject can cost
 * their product. Positions are tried in batches, and the clock ends it: first many
 * at a time under a limit so low that even all of them cost little; from where
 * that was not enough, few at a time under the full one. */
static enum pattern_result search_in_batches(const struct pattern *pattern,
    struct pattern_run *run, const char *subject, size_t length, size_t from)
{
	size_t batch = BATCH_QUICK;

	(void)pcre2_set_match_limit(run->context, MATCH_LIMIT_QUICK);
	for (;;) {
		size_t last = length - from > batch ? from + batch : length;
		int code;

		(void)pcre2_set_offset_limit(run->context, last);
		code = match_once(pattern, run, subject, length, from);
		if (code == PCRE2_ERROR_MATCHLIMIT && batch == BATCH_QUICK) {
			batch = BATCH_SLOW;
			(void)pcre2_set_match_limit(run->context, MATCH_LIMIT);
			continue;
		}
		if (code != PCRE2_ERROR_NOMATCH || last == length)
			return conclude(run, code);
		if (!has_time(run))
			return meet_limit(run, PATTERN_TIME_LIMIT);
		from = last;
	}
}

enum pattern_result pattern_match(const struct pattern *pattern, struct pattern_run *run,
    const char *subject, size_t length, size_t from)
{
	enum pattern_result result;

	if ((pattern->flags & PATTERN_ANCHORED) != 0)
		return conclude(run, match_once(pattern, run, subject, length, from));
	result = search_in_batches(pattern, run, subject, length, from);
	(void)pcre2_set_offset_limit(run->context, PCRE2_UNSET);
	(void)pcre2_set_match_limit(run->context, MATCH_LIMIT);
	return result;
}

enum pattern_result pattern_match_line(const struct pattern *pattern, struct pattern_run *run,
    const char *line, size_t length, size_t from)
{
	if (length < PATTERN_LONG_LINE || pattern->guarded == NULL)
		return pattern_match(pattern, run, line, length, from);
	(void)has_time(run); /* the clock runs from here on */
	return conclude(run,
	    match_code(pattern->guarded, pattern->guarded_is_jit, run, line, length, from));
}

bool pattern_matches_at(const struct pattern *pattern, struct pattern_run *run,
    const char *subject, size_t length, size_t at, enum pattern_result *result)
{
	int code = PCRE2_ERROR_JIT_STACKLIMIT;

	if (pattern->jit->is_put_off && ++pattern->jit->uses > USES_WITHOUT_JIT)
		pattern_prepare(pattern);
	if (pattern->jit->is_there)
		code = pcre2_jit_match(pattern->code, (PCRE2_SPTR)subject, length, at, 0,
		    run->data, run->context);
	*result = PATTERN_NO_MATCH;
	if (code == PCRE2_ERROR_NOMATCH)
		return false;
	if (code <= 0) {
		*result = pattern_match(pattern, run, subject, length, at);
		return *result == PATTERN_MATCH;
	}
	run->pair_count = code;
	return true;
}

bool pattern_run_span(const struct pattern_run *run, unsigned group, size_t *start, size_t *end)
{
	const PCRE2_SIZE *spans = run->spans;

	if ((int)group >= run->pair_count || spans[2 * group] == PCRE2_UNSET)
		return false;
	*start = spans[2 * group];
	*end = spans[2 * group + 1];
	return *start <= *end; /* \K in a look-around can turn them round */
}

const size_t *pattern_run_spans(const struct pattern_run *run)
{
	return run->spans;
}

size_t pattern_run_pairs(const struct pattern_run *run)
{
	return (size_t)run->pair_count;
}
