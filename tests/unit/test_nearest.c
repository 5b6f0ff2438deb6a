/* Which spelling is near enough to be offered, and which is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/nearest.h"

static const char *const words[] = { "success", "negative", "request", "auth", "account", "limit",
	"server", "failed", NULL, "error", "all", "unlisted" };

static const struct {
	const char *word, *nearest;
} cases[] = {
	{ "sucess", "success" },   /* left out */
	{ "successs", "success" }, /* put in */
	{ "succoss", "success" },  /* replaced */
	{ "succses", "success" },  /* neighbours swapped */
	{ "SUCCESS", "success" },  /* only the case */
	{ "reqeust", "request" },
	{ "erorr", "error" },
	{ "acount", "account" },
	{ "acounnt", "account" }, /* two edits */
	{ "acunnnt", NULL },      /* three */
	{ "autth", "auth" },
	{ "auht", "auth" },
	{ "alk", "all" },
	{ "al", NULL }, /* too short for an edit */
	{ "a", NULL },
	{ "lt", NULL },
	{ "", NULL },
	{ "quota", NULL },
	{ "completely different", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123456789", NULL },
};

static void finds_what_was_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = nearest_find(
		    cases[i].word, words, sizeof(words) / sizeof(words[0]), sizeof(words[0]));

		if ((got == NULL) != (cases[i].nearest == NULL) ||
		    (got != NULL && strcmp(got, cases[i].nearest) != 0))
			fail_msg("'%s': %s", cases[i].word, got != NULL ? got : "nothing");
	}
}

static void searches_a_column_of_a_table(void **state)
{
	static const struct {
		int number;
		const char *name;
		const char *text;
	} table[] = { { 1, "lines", "jsno" }, { 2, "json", "x" }, { 3, NULL, "x" } };

	(void)state;
	assert_string_equal(nearest_find("jsno", &table[0].name, 3, sizeof(table[0])), "json");
	assert_null(nearest_find("jsno", &table[0].name, 0, sizeof(table[0])));
}

static void takes_the_nearest_then_the_first(void **state)
{
	static const char *const names[] = { "report", "resort", "retort" };

	(void)state;
	assert_string_equal(nearest_find("retort", names, 3, sizeof(names[0])), "retort");
	assert_string_equal(nearest_find("reXort", names, 3, sizeof(names[0])), "report");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_meant),
		cmocka_unit_test(searches_a_column_of_a_table),
		cmocka_unit_test(takes_the_nearest_then_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
