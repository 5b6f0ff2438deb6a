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
	uint64_t word, word_fold, word_mask; /* its first 8 bytes, as they lie in memory */
	uint64_t follow[4]; /* the bytes that may stand behind it, a bit each */
	bool may_end;       /* the data may end behind it */
};

struct literal_set {
	struct literal literals[LITERAL_MAX];
	size_t count;
	uint8_t begun_by[256]; /* the literals that a byte may begin, a bit each */
};

struct literal_hit {
	uint32_t offset;
	uint32_t literal; /* its number */
	uint32_t line_start;
	uint32_t line_index; /* of that line: newlines before it */
	uint32_t line_end;   /* where its LF is, as far as it was seen by the way; else 0 */
};

/* How far a search has come. Begin with zeros. */
struct literal_progress {
	size_t at;
	uint64_t newlines; /* before `at` */
	size_t line_start; /* of the line that `at` is in */
};

/* Adds a literal. `follow` are the bytes of which one must stand behind it; NULL: any, or
 * none. Returns false when the set is full or the literal is empty or too long. */
bool literal_set_add(
    struct literal_set *set, const char *bytes, size_t length, const char *follow);

/* Searches for literals that begin in [progress->at, to) of the `length` bytes of
 * `data`; they may end behind `to`. Writes up to `max` hits (at least
 * LITERAL_HITS_MIN) in the order of offset, then of literal, and returns their number.
 * When the list is full progress->at is before `to`: call again. Thread safe. */
size_t literal_scan(const struct literal_set *set, const char *data, size_t length, size_t to,
    struct literal_hit *hits, size_t max, struct literal_progress *progress);

/* The plain version of the pass: what the others are tested against. */
size_t literal_scan_plain(const struct literal_set *set, const char *data, size_t length,
    size_t to, struct literal_hit *hits, size_t max, struct literal_progress *progress);

/* All versions that this processor has, fastest first, ended by NULL. */
typedef size_t literal_scan_fn(const struct literal_set *set, const char *data, size_t length,
    size_t to, struct literal_hit *hits, size_t max, struct literal_progress *progress);
void literal_scan_versions(literal_scan_fn *versions[4]);

#endif
