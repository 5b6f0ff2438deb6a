/*
 * Memory freed at once: zeros, aligned, apart from each other; sizes that overflow are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void test_allocations(void **state)
{
	struct arena arena = ARENA_INIT;
	unsigned char *last = NULL;

	(void)state;
	for (size_t size = 0; size < 300; size++) {
		unsigned char *memory = arena_alloc(&arena, size, 3);

		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size * 3; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size * 3);
		assert_ptr_not_equal(memory, last);
		last = memory;
	}
	assert_string_equal(arena_text(&arena, "ab\0cd", 5), "ab");
	assert_memory_equal(arena_text(&arena, "ab\0cd", 5), "ab\0cd", 6);
	arena_release(&arena);
	assert_null(arena.blocks);
	arena_release(&arena);
}

/* A list keeps its rows while it grows, by one or by several. */
static void test_growth(void **state)
{
	struct arena arena = ARENA_INIT;
	uint32_t *rows = NULL;
	size_t count = 0;

	(void)state;
	for (size_t more = 0; count < 3000; more = (more + 1) % 7) {
		rows = arena_grow(&arena, rows, count, more, sizeof(*rows));
		assert_non_null(rows);
		for (size_t i = 0; i < more; i++, count++)
			rows[count] = (uint32_t)count;
		for (size_t i = 0; i < count; i++)
			assert_int_equal(rows[i], i);
	}
	assert_null(arena_grow(&arena, rows, count, SIZE_MAX, sizeof(*rows)));
	assert_null(arena_grow(&arena, rows, count, SIZE_MAX / 8, sizeof(*rows)));
	arena_release(&arena);
}

static void test_too_much(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_null(arena_alloc(&arena, SIZE_MAX / 2, 3));
	assert_null(arena_alloc(&arena, SIZE_MAX, 1));
	assert_null(arena_text(&arena, "", SIZE_MAX));
	assert_null(arena.blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocations),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
