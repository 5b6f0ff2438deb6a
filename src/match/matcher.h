#ifndef JGANNOTATE_MATCH_MATCHER_H
#define JGANNOTATE_MATCH_MATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "match/hit.h"
#include "match/key.h"
#include "match/pattern.h"

/*
 * Finds the codes in a block of lines: keys, separators and numbers by PCRE2,
 * or what the user's own patterns capture in their group `code`.
 *
 * A `struct matcher` is compiled once; then any number of threads may use it,
 * each through a `struct matcher_run` of its own.
 */
/* The version of the rules by which codes are found and judged: what was counted with others is
 * told. To be raised with every change of what is found. */
#define MATCHER_RULES "4"

struct matcher;
struct matcher_run;

struct matcher_options {
	const struct key_set *keys; /* NULL: none, only patterns */
	char *const *patterns;      /* of -e */
	size_t pattern_count;
	const char *where; /* of --where, or NULL */
	const char *group; /* a named group whose captures hits carry along; NULL: none */
	bool no_jit;       /* the interpreter, for tests */
	bool no_blocks;    /* user patterns line by line, for tests */
};

/* Compiles everything. `catalog` is frozen and must outlive the matcher. On a
 * fault returns NULL with ERROR_USAGE naming the option. */
struct matcher *matcher_new(
    const struct matcher_options *options, const struct catalog *catalog, struct error *error);
void matcher_free(struct matcher *matcher); /* NULL is allowed */

/* Makes what was put off until it is needed. To be called before threads share the matcher. */
void matcher_prepare(const struct matcher *matcher);

/* Whether a pattern of the user's has the group that the options named. */
bool matcher_has_group(const struct matcher *matcher);

/* Whether all patterns are compiled by the JIT. */
bool matcher_is_jit(const struct matcher *matcher);

struct matcher_run *matcher_run_new(const struct matcher *matcher, struct error *error);
void matcher_run_free(struct matcher_run *run); /* NULL is allowed */

/* Begins a block: whole lines, below 2^31 bytes. `is_cut`: its last line goes on
 * behind the block; a number that touches the end is then no hit. */
void matcher_begin(struct matcher_run *run, const char *data, size_t length, bool is_cut);

/* The next hits of the block, at most `max`, in the order of their numbers; 0 at the
 * end. Their class is HIT_RESPONSE, or HIT_ELSEWHERE where --where did not match:
 * standing_judge does the rest. */
size_t matcher_next(struct matcher_run *run, struct hit *hits, size_t max);

/* Newlines in the block; complete once matcher_next has returned 0. */
uint64_t matcher_newlines(struct matcher_run *run);

/* Since the run was made: captures that were no code, and matching troubles. */
uint64_t matcher_not_a_code(const struct matcher_run *run);
uint64_t matcher_trouble(const struct matcher_run *run, enum pattern_trouble trouble);

#endif
