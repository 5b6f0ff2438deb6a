/*
 * Owns the measure of how near two spellings are. Must not know what the words
 * are.
 */
#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 64, FARTHEST = 2 };

static unsigned char lower(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20) : byte;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits that lead from a to b, where a swap of neighbours is one. Both are at
 * most LONGEST bytes. Only the last three rows of the table are kept. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][LONGEST + 1];

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *two_above = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned char x = lower(a[i - 1]), y = lower(b[j - 1]);
			unsigned best = above[j - 1] + (x != y);

			best = least(best, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
				best = least(best, two_above[j - 2] + 1);
			row[j] = best;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *nearest_find(const char *word, const char *const *first, size_t count, size_t stride)
{
	size_t len = strlen(word);
	const char *nearest = NULL;
	unsigned limit = FARTHEST + 1; /* what a candidate must stay below */

	if (len == 0 || len > LONGEST)
		return NULL;
	limit = least(limit, (unsigned)(len + 1) / 2);
	for (size_t i = 0; i < count && limit > 0; i++) {
		const char *candidate;
		size_t candidate_len;
		unsigned edits;

		memcpy(&candidate, (const char *)first + i * stride, sizeof(candidate));
		if (candidate == NULL)
			continue;
		candidate_len = strlen(candidate);
		if (candidate_len > LONGEST)
			continue;
		edits = distance(word, len, candidate, candidate_len);
		if (edits < limit) {
			limit = edits;
			nearest = candidate;
		}
	}
	return nearest;
}
