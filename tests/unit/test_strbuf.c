/* Growth, the NUL behind the content, and failure that sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/strbuf.h"

static void is_a_string_before_anything_was_added(void **state)
{
	struct strbuf buf = STRBUF_INIT;

	(void)state;
	assert_string_equal(buf.data, "");
	strbuf_add(&buf, "", 0);
	assert_int_equal(buf.len, 0);
	strbuf_reset(&buf);
	strbuf_release(&buf);
	assert_string_equal(buf.data, "");
}

static void adds_all_kinds(void **state)
{
	struct strbuf buf;

	(void)state;
	strbuf_init(&buf);
	strbuf_add(&buf, "a\0b", 3);
	strbuf_add_text(&buf, "text");
	strbuf_add_char(&buf, '!');
	strbuf_add_repeat(&buf, "-=", 3);
	strbuf_add_repeat(&buf, "never", 0);
	strbuf_add_format(&buf, "%03d%s", 7, "x");
	assert_int_equal(buf.len, 3 + 4 + 1 + 6 + 4);
	assert_memory_equal(buf.data, "a\0btext!-=-=-=007x", buf.len + 1);
	assert_false(buf.failed);
	strbuf_release(&buf);
}

static void grows_byte_by_byte(void **state)
{
	struct strbuf buf = STRBUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		strbuf_add_char(&buf, (char)('a' + i % 26));
		if (buf.data[buf.len] != '\0')
			fail_msg("no NUL behind byte %u", i);
	}
	assert_int_equal(buf.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		if (buf.data[i] != (char)('a' + i % 26))
			fail_msg("byte %u is lost", i);
	strbuf_release(&buf);
}

static void reset_keeps_the_memory(void **state)
{
	struct strbuf buf = STRBUF_INIT;
	const char *data;

	(void)state;
	strbuf_add_text(&buf, "something");
	data = buf.data;
	strbuf_reset(&buf);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.data, "");
	strbuf_add_text(&buf, "else");
	assert_ptr_equal(buf.data, data);
	assert_string_equal(buf.data, "else");
	strbuf_release(&buf);
}

static void failure_sticks_until_reset(void **state)
{
	struct strbuf buf = STRBUF_INIT;

	(void)state;
	strbuf_add_text(&buf, "kept");
	assert_false(strbuf_grow(&buf, SIZE_MAX - 2));
	assert_true(buf.failed);
	strbuf_add_text(&buf, "lost");
	strbuf_add_format(&buf, "%d", 1);
	assert_string_equal(buf.data, "kept");
	assert_int_equal(buf.len, 4);
	strbuf_reset(&buf);
	assert_false(buf.failed);
	strbuf_add_text(&buf, "again");
	assert_string_equal(buf.data, "again");
	strbuf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_a_string_before_anything_was_added),
		cmocka_unit_test(adds_all_kinds),
		cmocka_unit_test(grows_byte_by_byte),
		cmocka_unit_test(reset_keeps_the_memory),
		cmocka_unit_test(failure_sticks_until_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
