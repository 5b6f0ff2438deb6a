/*
 * Owns memory that is freed all at once. Must not know what is kept in it.
 *
 * One block per allocation, so that sanitizers see the end of each.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	struct arena_block *block;

	if (size != 0 && count > (SIZE_MAX - sizeof(*block) - 1) / size)
		return NULL;
	block = calloc(1, sizeof(*block) + count * size + 1);
	if (block == NULL)
		return NULL;
	block->next = arena->blocks;
	arena->blocks = block;
	return block->data;
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1, 1) : NULL;

	if (copy != NULL)
		memcpy(copy, text, len);
	return copy;
}

void arena_release(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
