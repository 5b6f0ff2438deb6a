#ifndef JGANNOTATE_MATCH_LITERAL_H
#define JGANNOTATE_MATCH_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The search for a few literals at once, the first thing that happens to every
 * byte: one vectorised pass that reports where a literal stands and counts the
 * newlines on its way. ASCII letters match in either case.
 *
 * There are several versions of the pass; literal_scan takes the fastest that
 * this processor has. All give the same result.
 */
#define LITERAL_MAX 8      /* literals in a set */
#define LITERAL_LENGTH 64  /* bytes of a literal, at least 1 */
#define LITERAL_HITS_MIN 512

struct literal {
	uint32_t number; /* in the order in which they were added */
	unsigned char bytes[LITERAL_LENGTH]; /* lower case */
	unsigned char fold[LITERAL_LENGTH];  /* 0x20 where a letter may be upper case, else 0 */
	size_t length;
	size_t probe[2]; /* the two positions compared first: the rarest bytes */
};

struct literal_set {
	struct literal literals[LITERAL_MAX]; /* those that begin with a byte over 0x7f last */
	size_t count;
	size_t ascii_count; /* the others: all that can begin in plain ASCII */
};

struct literal_hit {
	uint32_t offset;
	uint32_t literal; /* its number */
};

/* Adds a literal. Returns false when the set is full or the literal is empty
 * or too long. */
bool literal_set_add(struct literal_set *set, const char *bytes, size_t length);

/* Searches for literals that begin in [from, to) of the `length` bytes of `data`;
 * they may end behind `to`. Writes up to `max` hits (at least LITERAL_HITS_MIN)
 * in the order of offset, then of literal; adds the newlines passed to
 * `*newlines`; returns the number of hits. `*resume` is where to go on: `to`
 * when all was searched. Thread safe. */
size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t from,
    size_t to, struct literal_hit *hits, size_t max, size_t *resume, uint64_t *newlines);

/* Whether `length` bytes of `data` hold the three bytes of `text`, case included. Thread
 * safe. */
bool literal_holds3(const char *data, size_t length, const char text[3]);

/* Whether `data` holds one of `count` (at most 8) texts of three bytes, in any case. They
 * are given in lower case, and none of their bytes may lack the bit 0x20. */
bool literal_holds_any3(
    const char *data, size_t length, const char (*texts)[3], size_t count);

/* The plain version of the pass: what the others are tested against. */
size_t literal_scan_plain(const struct literal_set *set, const char *data, size_t length,
    size_t from, size_t to, struct literal_hit *hits, size_t max, size_t *resume,
    uint64_t *newlines);

#endif
