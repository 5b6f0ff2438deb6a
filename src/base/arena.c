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

/* How many rows a list of `count` has room for: none, or a power of two. */
static size_t room_of(size_t count)
{
	size_t room = count > 0;

	while (room < count)
		room *= 2;
	return room;
}

void *arena_grow(struct arena *arena, void *rows, size_t count, size_t more, size_t size)
{
	void *grown;

	if (more > SIZE_MAX / 4 - count)
		return NULL;
	if (rows != NULL && room_of(count + more) == room_of(count))
		return rows;
	grown = arena_alloc(arena, room_of(count + more), size);
	if (grown != NULL && rows != NULL)
		memcpy(grown, rows, count * size);
	return grown;
}

void arena_join(struct arena *arena, struct arena *from)
{
	struct arena_block **end = &from->blocks;

	while (*end != NULL)
		end = &(*end)->next;
	*end = arena->blocks;
	arena->blocks = from->blocks;
	from->blocks = NULL;
}

void arena_release(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
