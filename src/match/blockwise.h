#ifndef JGANNOTATE_MATCH_BLOCKWISE_H
#define JGANNOTATE_MATCH_BLOCKWISE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * May a user's PCRE2 pattern run over a whole block of lines, instead of over
 * one line after the other? Only if no part of it can tell a newline from the
 * end of the subject, so that it finds the same either way.
 *
 * The proof is conservative: true is a promise; false is never wrong. It knows
 * literals, `.`, classes without LF, \d \w \h \t \xHH \b \B \N, groups, look-arounds,
 * alternation, quantifiers and (?i). Everything else is false: \s \D \W, negated
 * classes (but for those that name \n), ^ $ \A \z, (*VERBS), (?s), (?x), recursion,
 * back references, a literal LF.
 *
 * The pattern must be one that PCRE2 has accepted. Thread safe.
 */
bool blockwise_is_safe(const char *pattern, size_t length);

/* How many bytes at the pattern's start stand for themselves in every match:
 * letters, digits and `_`, at least 3; else 0. Where they stand is where a match can
 * begin. The pattern must be safe. */
size_t blockwise_literal(const char *pattern, size_t length);

#endif
