#ifndef JGANNOTATE_MATCH_MEMO_H
#define JGANNOTATE_MATCH_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/hit.h"

/*
 * Replies that were read before. A service prints the same few over and over: where the bytes
 * from in front of the key to the end of the message are those of a reply that was read, all that
 * was found in it is known.
 *
 *     ,"code":9000,"content":"verify consistent"
 *     ^^    MEMO_BEFORE bytes, then the key's literal
 *
 * Whoever keeps a reply answers for it that nothing outside these bytes could have changed what
 * was found. One per thread; begin with zeros.
 */
#define MEMO_BEFORE 2
/* So many bytes from there on must be readable; a longer reply is not kept. */
#define MEMO_WINDOW 64

#define MEMO_SLOT_BITS 7

struct memo_slot {
	uint32_t literal; /* of the key: which one it is of the search's */
	uint32_t length;  /* 0: the slot is empty */
	struct hit hit;   /* as if the bytes were the block's first */
	char bytes[MEMO_WINDOW];
};

struct memo {
	struct memo_slot slots[1 << MEMO_SLOT_BITS];
};

/* Sets `hit` to what was found in the reply at data[from], but for its line and its time; false:
 * it is not known. */
bool memo_recall(
    const struct memo *memo, const char *data, uint32_t from, uint32_t literal, struct hit *hit);

/* Keeps a reply, which ends before `end`, in the place of another one. */
void memo_keep(struct memo *memo, const char *data, uint32_t from, uint32_t end, uint32_t literal,
    const struct hit *hit);

#endif
