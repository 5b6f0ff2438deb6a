#ifndef JGANNOTATE_MATCH_PATTERN_H
#define JGANNOTATE_MATCH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A compiled PCRE2 pattern and the bounded act of matching it: the one place
 * that knows PCRE2. Bytes, never characters; newline is LF.
 *
 * A pattern is compiled once and then only read: threads share it. What a match
 * needs besides (JIT stack, match data, limits, counters) is a
 * `struct pattern_run`, one per thread.
 */
struct pattern;
struct pattern_run;

enum pattern_flags {
	PATTERN_ANCHORED = 1, /* matches only where it is asked to begin */
	PATTERN_USER = 2,     /* foreign: \C, callouts, (*UTF) refused; work is bounded in time */
	PATTERN_NO_JIT = 4,   /* the interpreter: what the JIT is tested against */
	PATTERN_JIT_LATER = 8, /* that takes longer than a few matches: pattern_prepare */
};

/* What became of a match. Everything from PATTERN_LIMIT on is trouble: nothing
 * is known about the subject, and the run has counted it by name. */
enum pattern_result { PATTERN_MATCH, PATTERN_NO_MATCH, PATTERN_LIMIT };

/* Kinds of trouble, each counted by its own name. */
enum pattern_trouble {
	PATTERN_MATCH_LIMIT,
	PATTERN_DEPTH_LIMIT,
	PATTERN_HEAP_LIMIT,
	PATTERN_TIME_LIMIT, /* more than 10 ms in one line */
	PATTERN_RECURSION,
	PATTERN_OTHER,
	PATTERN_TROUBLE_COUNT
};

/* The longest pattern, in bytes. */
#define PATTERN_LENGTH_MAX 65536

/* Compiles `length` bytes of `text`. On a fault returns NULL with ERROR_USAGE;
 * for PATTERN_USER the text begins with `option` ("--regexp") and the hint shows the
 * pattern with a caret under the offset. */
struct pattern *pattern_new(const char *option, const char *text, size_t length, unsigned flags,
    struct error *error);
void pattern_free(struct pattern *pattern); /* NULL is allowed */

/* Makes the machine code that PATTERN_JIT_LATER put off; else it is made when the pattern has
 * been matched some times. To be called before threads share the pattern. */
void pattern_prepare(const struct pattern *pattern);

/* Whether the JIT compiled it; where not, the interpreter gives the same result. */
bool pattern_is_jit(const struct pattern *pattern);

/* The groups of this name, written to `groups` (at most `max`); returns how many. */
size_t pattern_groups(
    const struct pattern *pattern, const char *name, unsigned *groups, size_t max);

/* State for matching `count` patterns from one thread; NULL when there is no memory. */
struct pattern_run *pattern_run_new(
    const struct pattern *const *patterns, size_t count, struct error *error);
void pattern_run_free(struct pattern_run *run);

/* How often each kind of trouble occurred, and its name ("match limit"). */
uint64_t pattern_run_trouble(const struct pattern_run *run, enum pattern_trouble trouble);
const char *pattern_trouble_name(enum pattern_trouble trouble);

/* Takes the last PATTERN_LIMIT out of the counts and restarts the clock: its subject
 * will be searched again, in smaller parts. */
void pattern_run_forgive(struct pattern_run *run);

/* Begins a line (or block): restarts the clock of a user pattern's time limit. */
void pattern_run_restart(struct pattern_run *run);

/* Searches `subject` from `from` on (for PATTERN_ANCHORED: matches at `from`).
 * On PATTERN_MATCH the spans can be read with pattern_run_span until the next
 * match. */
enum pattern_result pattern_match(const struct pattern *pattern, struct pattern_run *run,
    const char *subject, size_t length, size_t from);

/* As pattern_match, for one line: a long one, which could take hours, is watched by the
 * clock while it is matched, and takes longer where it would not. */
enum pattern_result pattern_match_line(const struct pattern *pattern, struct pattern_run *run,
    const char *line, size_t length, size_t from);

/* The shortest line that is watched. A block to be searched with pattern_match should have
 * none so long. */
#define PATTERN_LONG_LINE 4096u

/* Whether an anchored pattern matches at `at`: pattern_match for the hot path. Sets
 * `*result` when it does not. */
bool pattern_matches_at(const struct pattern *pattern, struct pattern_run *run,
    const char *subject, size_t length, size_t at, enum pattern_result *result);

/* The span of a group (0: the whole match) of the last match. Returns false when
 * the group took no part or its span is not a proper one. */
bool pattern_run_span(
    const struct pattern_run *run, unsigned group, size_t *start, size_t *end);

/* All spans of the last match at once, for the hot path: start and end of group n at
 * [2n] and [2n + 1], PATTERN_UNSET where it took no part. Only the first
 * pattern_run_pairs(run) groups are there; valid until the next match. */
#define PATTERN_UNSET (~(size_t)0)
const size_t *pattern_run_spans(const struct pattern_run *run);
size_t pattern_run_pairs(const struct pattern_run *run);

#endif
