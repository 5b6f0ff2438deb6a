#ifndef JGANNOTATE_BASE_ARENA_H
#define JGANNOTATE_BASE_ARENA_H

#include <stddef.h>

/*
 * Memory that is freed all at once: for results that are built from many small
 * parts and dropped as a whole.
 *
 * A value: ARENA_INIT and arena_release. Not thread safe.
 */
struct arena_block;

struct arena {
	struct arena_block *blocks;
};

#define ARENA_INIT \
	{ \
		NULL \
	}

/* `count` times `size` bytes of zeros, aligned for anything; they live until
 * arena_release. NULL when there is no memory. With a count of 0 it is still no NULL. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy of `len` bytes, ended by a NUL. NULL when there is no memory. */
char *arena_text(struct arena *arena, const char *text, size_t len);

/* Room for `more` rows of `size` bytes behind the `count` that lie at `rows`: there, or in a copy
 * with about twice the room. For lists that nothing else allocates; NULL with a count of 0 is one.
 * NULL when there is no memory. */
void *arena_grow(struct arena *arena, void *rows, size_t count, size_t more, size_t size);

/* Moves all memory of `from` to `arena`. */
void arena_join(struct arena *arena, struct arena *from);

/* Frees everything; the struct is as after ARENA_INIT. */
void arena_release(struct arena *arena);

#endif
