/*
 * The numbers of reasons in databases: what each has meant since the first release that wrote it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/standing.h"

/* Of release 0.1.0, from 0 on. Rows of later reasons are added behind, none is ever changed. */
static const char *const meanings[] = {
	"",
	"other text than JiGuang's beside it",
	"JiGuang's content is not beside it",
	"its text does not confirm it",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password beside a phone number",
	"a one-time password with a time to live",
	"an OAuth code beside a state parameter",
	"an OAuth code beside a state parameter",
	"a one-time password in a text message's parameters",
	"a one-time password in a text message's parameters",
	"a one-time password in a text message's parameters",
	"a database's error code beside its SQLSTATE",
	"a database's error code beside its SQLSTATE",
	"MongoDB's codeName beside it",
	"MongoDB's codeName beside it",
	"MongoDB Atlas's error beside it",
	"the client SDK's code, not the server's",
	"the client SDK's code, not the server's",
	"the client SDK's code, not the server's",
	"the client SDK's code, not the server's",
	"the client SDK's code, not the server's",
	"Alipay's result code",
	"Alipay's result code",
	"Alipay's result code",
	"JPush's alias and tag callback",
	"JPush's alias and tag callback",
	"JPush's alias and tag callback",
	"JPush's alias and tag callback",
	"JIoT's client code",
};

#define MEANING_COUNT (sizeof(meanings) / sizeof(meanings[0]))

static void a_number_never_means_something_else(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MEANING_COUNT; i++)
		assert_string_equal(standing_reason(standing_reason_of(i), false), meanings[i]);
	/* what came later */
	assert_string_equal(standing_reason(standing_reason_of(255), false),
	    "a word in front makes it another thing's code");
}

static void each_reason_has_a_number_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < standing_reason_count(); i++) {
		assert_in_range(standing_reason_number(i), 0, 255);
		assert_int_equal(standing_reason_of(standing_reason_number(i)), i);
	}
}

static void an_unknown_number_is_a_reason_all_the_same(void **state)
{
	(void)state;
	assert_string_equal(standing_reason(standing_reason_of(200), false), meanings[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_never_means_something_else),
		cmocka_unit_test(each_reason_has_a_number_of_its_own),
		cmocka_unit_test(an_unknown_number_is_a_reason_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
