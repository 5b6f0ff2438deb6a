/* The table of marks: that its rows can hold, and are looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <strings.h>

#include "catalog/mark.h"

/* Whether some spelling of the text holds the sign. */
static bool holds(const char *text, const char *sign)
{
	for (; text != NULL && *text != '\0'; text++)
		if (strncasecmp(text, sign, 3) == 0)
			return true;
	return false;
}

static bool has_sign(const struct mark *mark)
{
	size_t count;
	const char(*signs)[3] = mark_strong_signs(&count);

	for (size_t i = 0; i < count; i++)
		if (holds(mark->field, signs[i]) || holds(mark->text, signs[i]))
			return true;
	return false;
}

static void every_mark_can_hold(void **state)
{
	(void)state;
	assert_true(mark_count() <= 64); /* whoever finds them keeps a bit for each */
	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);

		assert_true(mark->key != NULL || mark->field != NULL || mark->text != NULL);
		assert_true(mark->code_count <= MARK_CODES);
		for (size_t code = 0; code < MARK_CODES; code++)
			assert_int_equal(mark->codes[code] != 0, code < mark->code_count);
		assert_true(mark->reason[0] != '\0' && mark->reason_zh[0] != '\0');
		if (mark->place == MARK_VALUE_OF)
			assert_true(mark->field != NULL && mark->text == NULL);
	}
}

/* A strong mark is looked for only where its sign stands. */
static void marks_have_signs(void **state)
{
	const char(*signs)[3];
	size_t count;

	(void)state;
	for (size_t i = 0; i < mark_count(); i++) {
		const struct mark *mark = mark_at(i);
		bool asks = mark->field != NULL || mark->text != NULL;

		if (mark->strength == MARK_STRONG && mark->place == MARK_ANYWHERE && asks &&
		    !has_sign(mark))
			fail_msg("no sign for '%s'",
			    mark->field != NULL ? mark->field : mark->text);
	}
	signs = mark_strong_signs(&count);
	for (size_t i = 0; i < count; i++)
		for (size_t byte = 0; byte < 3; byte++)
			assert_true((signs[i][byte] & 0x20) != 0);
}

/* A text is only looked for where its beginning stands. */
static void every_text_has_its_beginning(void **state)
{
	size_t count;
	const char(*signs)[3] = mark_text_signs(&count);

	(void)state;
	for (size_t i = 0; i < mark_count(); i++) {
		const char *text = mark_at(i)->text;
		bool found = text == NULL;

		for (size_t s = 0; s < count && !found; s++)
			found = strncasecmp(text, signs[s], 3) == 0;
		if (!found)
			fail_msg("no beginning for '%s'", text);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t byte = 0; byte < 3; byte++)
			assert_true((signs[i][byte] & 0x20) != 0);
}

static void marks_concern_their_key_and_codes(void **state)
{
	const struct mark any = { .field = "x" };
	const struct mark keyed = { .key = "resultCode", .codes = { 8000, 9000 }, .code_count = 2 };

	(void)state;
	assert_true(mark_concerns(&any, "code", 4, 9011));
	assert_true(mark_concerns(&any, "", 0, 0));
	assert_true(mark_concerns(&keyed, "resultCode", 10, 9000));
	assert_true(mark_concerns(&keyed, "RESULTCODE", 10, 8000));
	assert_false(mark_concerns(&keyed, "resultCode", 10, 9001));
	assert_false(mark_concerns(&keyed, "code", 4, 9000));
	assert_false(mark_concerns(&keyed, "resultCodes", 11, 9000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mark_can_hold),
		cmocka_unit_test(marks_have_signs),
		cmocka_unit_test(every_text_has_its_beginning),
		cmocka_unit_test(marks_concern_their_key_and_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
