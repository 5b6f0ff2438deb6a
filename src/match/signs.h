#ifndef JGANNOTATE_MATCH_SIGNS_H
#define JGANNOTATE_MATCH_SIGNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A few texts of three bytes of which it is asked whether some bytes hold any, in any case: what
 * holds none of them needs no closer look. A value, only read after it was made.
 */
#define SIGNS_MAX 16

struct signs {
	char texts[SIGNS_MAX][3];
	size_t count;
	bool is_quick; /* this processor has what the vector version takes */
	/* The texts fall into eight groups. By place in the text, and by the lower and the upper
	 * half of a byte: the groups that have such a byte there, a bit each. */
	uint8_t low[3][16], high[3][16];
};

/* The texts are in lower case, at most SIGNS_MAX. Letters stand for either case. */
void signs_init(struct signs *signs, const char (*texts)[3], size_t count);

/* Whether one of the texts stands in `length` bytes of `data`. Thread safe. */
bool signs_stand_in(const struct signs *signs, const char *data, size_t length);

/* The plain version, which the other one is tested against. */
bool signs_stand_in_plain(const struct signs *signs, const char *data, size_t length);

#endif
