#ifndef JGANNOTATE_MATCH_RULE_H
#define JGANNOTATE_MATCH_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "match/hit.h"
#include "match/key.h"
#include "match/pattern.h"

/*
 * The built-in rule: what stands from a key's literal to the end of its number.
 * A pattern anchored at the literal. Nothing in it matches a newline.
 */

/* Compiles the rule for `count` literals, none of which begins with another: the usual ones share a
 * pattern, because compiling is most of what a short run does. */
struct pattern *rule_new(
    const struct key_literal *keys, size_t count, bool no_jit, struct error *error);

/* The bytes of which one must stand behind the key's literal for the rule to match there:
 * most words that end in a literal are seen through by this alone. Static text. */
const char *rule_follow(const struct key_literal *key);

/* The commonest spellings, read without the pattern. Where it returns true the pattern matches at
 * the literal that ends at hit->key.end, and the spans and the code of `hit` are those that it
 * would give, for a key that begins at `key_start`. False says nothing: ask the pattern, and read
 * all spans anew. */
bool rule_shortcut(const char *data, size_t length, size_t key_start, struct hit *hit);

/* Fills the spans of `hit` from the last match in `run`, for a key that begins at
 * `key_start`. */
void rule_read(const struct pattern_run *run, size_t key_start, struct hit *hit);

/* For a number that a user's pattern captured: fills the same spans from what
 * stands to its left. number_start, number_end, line_start, line_end are set. */
void rule_look_back(const char *data, struct hit *hit);

/* Reads a code: 1 to 9 digits, no leading zero. Returns false for anything else. */
bool rule_read_code(const char *digits, size_t length, uint32_t *code);

#endif
