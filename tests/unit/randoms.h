#ifndef JGANNOTATE_TESTS_RANDOMS_H
#define JGANNOTATE_TESTS_RANDOMS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Numbers that look random and are the same in every run, so that a failure
 * can be repeated: its seed is all that must be named.
 */
struct randoms {
	uint64_t state;
};

static inline uint32_t randoms_next(struct randoms *randoms)
{
	randoms->state = randoms->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(randoms->state >> 33);
}

/* 0 .. bound-1 */
static inline size_t randoms_below(struct randoms *randoms, size_t bound)
{
	return (size_t)randoms_next(randoms) % bound;
}

/* Appends words picked from `words` to `text` until fewer than `longest` of its
 * `size` bytes are free. Returns the length; `text` ends in a NUL. */
static inline size_t randoms_text(struct randoms *randoms, const char *const *words, size_t count,
    size_t longest, char *text, size_t size)
{
	size_t length = 0;

	while (size - length > longest) {
		const char *word = words[randoms_below(randoms, count)];

		memcpy(text + length, word, strlen(word));
		length += strlen(word);
	}
	text[length] = '\0';
	return length;
}

#endif
