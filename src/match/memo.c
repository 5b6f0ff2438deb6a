/*
 * Owns the replies that were read before. Must not know how one is read, or what may be kept.
 */
#include "match/memo.h"

#include <string.h>

/* What is hashed: up to the number, at least, in most spellings. */
#define HASHED 16

static size_t slot_of(const char *bytes)
{
	uint64_t words[HASHED / sizeof(uint64_t)];

	memcpy(words, bytes, sizeof(words));
	/* the highest bits of a product depend on all of its factors' */
	return ((words[0] ^ (words[1] << 23 | words[1] >> 41)) * UINT64_C(0x9e3779b97f4a7c15)) >>
	       (64 - MEMO_SLOT_BITS);
}

/* Adds `by` to all that counts from the block's start. */
static void move(struct hit *hit, uint32_t by)
{
	hit->key_start += by;
	hit->key_end += by;
	hit->quote_start += by;
	hit->quote_end += by;
	hit->open_start += by;
	hit->number_start += by;
	hit->number_end += by;
	hit->value_end += by;
	hit->annotation_end += by;
}

bool memo_recall(
    const struct memo *memo, const char *data, uint32_t from, uint32_t literal, struct hit *hit)
{
	const char *bytes = data + from;
	const struct memo_slot *slot = &memo->slots[slot_of(bytes)];

	if (slot->length == 0 || slot->literal != literal ||
	    memcmp(slot->bytes, bytes, slot->length) != 0)
		return false;
	*hit = slot->hit;
	move(hit, from);
	return true;
}

void memo_keep(struct memo *memo, const char *data, uint32_t from, uint32_t end, uint32_t literal,
    const struct hit *hit)
{
	struct memo_slot *slot = &memo->slots[slot_of(data + from)];

	if (end - from > MEMO_WINDOW)
		return;
	slot->literal = literal;
	slot->length = end - from;
	slot->hit = *hit;
	move(&slot->hit, 0 - from);
	memcpy(slot->bytes, data + from, MEMO_WINDOW);
}
