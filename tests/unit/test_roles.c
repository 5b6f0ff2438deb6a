/* What members are by their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "catalog/mark.h"
#include "match/roles.h"

static const struct role *find(const struct roles *roles, const char *name)
{
	return roles_find(roles, name, (uint32_t)strlen(name));
}

static uint32_t kinds_of(const struct roles *roles, const char *name)
{
	const struct role *role = find(roles, name);

	return role == NULL ? 0 : role->kinds;
}

static void names_are_known_in_any_case(void **state)
{
	struct roles roles;

	(void)state;
	roles_init(&roles);
	assert_in_range(roles.count, 40, ROLES_MAX);
	for (uint32_t i = 0; i < roles.count; i++) {
		const struct role *role = &roles.roles[i];
		char text[64];

		assert_true(role->kinds != 0 || role->marks != 0);
		assert_ptr_equal(find(&roles, role->name), role);
		for (uint32_t at = 0; at <= role->length; at++)
			text[at] = (char)toupper((unsigned char)role->name[at]);
		assert_ptr_equal(find(&roles, text), role);
	}
}

static void names_are_whole(void **state)
{
	struct roles roles;

	(void)state;
	roles_init(&roles);
	assert_int_equal(kinds_of(&roles, "content"), ROLE_MESSAGE | ROLE_CONTENT);
	assert_int_equal(kinds_of(&roles, "Message"), ROLE_MESSAGE | ROLE_OWN);
	assert_int_equal(kinds_of(&roles, "@timestamp"), ROLE_RECORD);
	assert_int_equal(kinds_of(&roles, "phone_number"), ROLE_COMPANY);
	/* only the part behind the last dot counts */
	assert_int_equal(kinds_of(&roles, "data.resp.content"), ROLE_MESSAGE | ROLE_CONTENT);
	assert_int_equal(kinds_of(&roles, "content.x"), 0);
	assert_int_equal(kinds_of(&roles, "content."), 0);
	assert_int_equal(kinds_of(&roles, ""), 0);
	assert_int_equal(kinds_of(&roles, "contents"), 0);
	assert_int_equal(kinds_of(&roles, "ontent"), 0);
	assert_int_equal(kinds_of(&roles, "my_content"), 0);
}

/* A field that is looked for by name is told with each mark that asks for it. */
static void fields_of_marks_are_known(void **state)
{
	struct roles roles;

	(void)state;
	roles_init(&roles);
	for (size_t i = 0; i < mark_count(); i++) {
		const char *field = mark_at(i)->field;

		if (field != NULL)
			assert_true((find(&roles, field)->marks >> i & 1) != 0);
	}
	/* by name, kind and marks together */
	assert_int_equal(kinds_of(&roles, "mobile"), ROLE_COMPANY);
	assert_true(find(&roles, "mobile")->marks != 0);
	assert_int_equal(find(&roles, "content")->marks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_known_in_any_case),
		cmocka_unit_test(names_are_whole),
		cmocka_unit_test(fields_of_marks_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
