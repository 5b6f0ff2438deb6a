/*
 * The built-in catalog is codes.tsv, byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/builtin.h"

static void test_same_bytes(void **state)
{
	static char bytes[1 << 20];
	char path[4096];
	const char *source = getenv("SOURCE");
	size_t length;
	FILE *file;

	(void)state;
	assert_non_null(source);
	(void)snprintf(path, sizeof(path), "%s/src/catalog/codes.tsv", source);
	file = fopen(path, "rb");
	assert_non_null(file);
	length = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	assert_in_range(length, 1000, sizeof(bytes) - 1);
	assert_int_equal(catalog_builtin_length, length);
	assert_memory_equal(catalog_builtin_text, bytes, length);
	assert_int_equal(catalog_builtin_text[length], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
