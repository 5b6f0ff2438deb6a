/* Colour, width and language as the surroundings say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/terminal.h"

static int make_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	return master;
}

static void color_follows_the_terminal(void **state)
{
	int terminal = make_terminal(), file = open("/dev/null", O_WRONLY);

	(void)state;
	assert_int_equal(setenv("TERM", "xterm", 1), 0);
	assert_int_equal(unsetenv("NO_COLOR"), 0);
	assert_true(terminal_wants_color(terminal, COLOR_AUTO));
	assert_false(terminal_wants_color(file, COLOR_AUTO));
	assert_true(terminal_wants_color(file, COLOR_ALWAYS));
	assert_false(terminal_wants_color(terminal, COLOR_NEVER));
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	assert_false(terminal_wants_color(terminal, COLOR_AUTO));
	assert_true(terminal_wants_color(terminal, COLOR_ALWAYS));
	assert_int_equal(setenv("NO_COLOR", "", 1), 0);
	assert_true(terminal_wants_color(terminal, COLOR_AUTO));
	assert_int_equal(setenv("TERM", "dumb", 1), 0);
	assert_false(terminal_wants_color(terminal, COLOR_AUTO));
	assert_int_equal(unsetenv("TERM"), 0);
	assert_false(terminal_wants_color(terminal, COLOR_AUTO));
	(void)close(terminal);
	(void)close(file);
}

static void width_is_bounded(void **state)
{
	static const struct {
		unsigned short columns;
		unsigned expected;
	} cases[] = { { 0, 80 }, { 1, 40 }, { 40, 40 }, { 132, 132 }, { 200, 200 }, { 999, 200 } };
	int terminal = make_terminal();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct winsize size = { .ws_row = 24, .ws_col = cases[i].columns };

		assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
		assert_int_equal(terminal_width(terminal), cases[i].expected);
	}
	(void)close(terminal);
	assert_int_equal(terminal_width(terminal), 80);
}

static void language_is_the_first_that_is_set(void **state)
{
	static const struct {
		const char *all, *messages, *lang;
		bool chinese;
	} cases[] = {
		{ "", "", "", false },
		{ "", "", "zh_CN.UTF-8", true },
		{ "", "", "zh", false }, /* in what characters? */
		{ "", "", "zh_CN.GBK", false },
		{ "zh_CN.utf8", "", "", true },
		{ "", "zh_TW", "en_US.UTF-8", true },
		{ "", "en_US.UTF-8", "zh_CN.UTF-8", false },
		{ "C", "zh_CN.UTF-8", "zh_CN.UTF-8", false },
		{ "zh.UTF-8", "C", "C", true },
		{ "", "", "zha_XX", false },
		{ "", "", "C.UTF-8", false },
		{ "", "", "z", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(setenv("LC_ALL", cases[i].all, 1), 0);
		assert_int_equal(setenv("LC_MESSAGES", cases[i].messages, 1), 0);
		assert_int_equal(setenv("LANG", cases[i].lang, 1), 0);
		if (terminal_is_chinese() != cases[i].chinese)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(color_follows_the_terminal),
		cmocka_unit_test(width_is_bounded),
		cmocka_unit_test(language_is_the_first_that_is_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
