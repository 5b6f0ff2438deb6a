/* The LIST language: what each word selects, from left to right, and its faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "catalog/selection.h"

static struct catalog *catalog;

static int make_catalog(void **state)
{
	static const char extra[] = "404\tgone\tshop\tnegative\n";
	struct error error = ERROR_INIT;

	(void)state;
	catalog = catalog_new(&error);
	return catalog == NULL || !catalog_add_builtin(catalog, &error) ||
	       !catalog_parse(catalog, "shop.tsv", extra, strlen(extra), &error) ||
	       !catalog_freeze(catalog, &error);
}

static int free_catalog(void **state)
{
	(void)state;
	catalog_free(catalog);
	return 0;
}

/* Numbers of the last three columns: 500 and 501 are in no catalog. */
static const struct {
	const char *list, *errors;
	const char *in, *out; /* catalogued codes */
	bool number_500, unlisted_500, unlisted_501;
} cases[] = {
	{ "account", NULL, "1803,1805,9014,9018,9019,9031", "9000,0,9011", false, false, false },
	{ "success", NULL, "0,8000,9000,9200,9203", "9001,404", false, false, false },
	{ "risk", NULL, "0,1801,1805", "2000,9000", false, false, false },
	{ "shop", NULL, "404", "9000", false, false, false },
	{ "9018", NULL, "9018", "9019,0", false, false, false },
	{ "0", NULL, "0", "9000", false, false, false },
	{ "9018, account ,  8001", NULL, "9018,9019,8001", "9000", false, false, false },
	{ "error", NULL, "9018,8001,9002,2000", "9000,9001,404", false, false, false },
	{ "error,-9003", NULL, "9018,9011", "9003,9001", false, false, false },
	{ "error,-9003,9003", NULL, "9003", "9001", false, false, false },
	{ "-9003", NULL, "0,9000,9001,9018,404", "9003", false, true, true },
	{ "-success", NULL, "9001,9018", "0,9000", false, true, true },
	{ "-error", NULL, "0,9000,9001", "9018", false, true, true },
	{ "all", NULL, "0,9000,9018,404", "", false, true, true },
	{ "all,-unlisted", NULL, "0,9000", "", false, false, false },
	{ "unlisted", NULL, "", "0,9018", false, true, true },
	{ "500", NULL, "", "0,9018", true, true, false },
	{ "500,-unlisted", NULL, "", "0", true, false, false },
	{ "all,-500", NULL, "0", "", false, false, true },
	{ "-500", NULL, "0", "", false, false, true },
	{ "-500,unlisted", NULL, "0", "", false, true, true },
	{ "500,-all", NULL, "", "0,9018", false, false, false },
	{ "500,-500", NULL, "", "0", false, false, false },
	{ "500,501,9000,-501", NULL, "9000", "0", true, true, false },
	{ "error", "9001,500", "9001", "9018", true, true, false },
	{ "error,-9001", "9001,9002,unlisted", "9002", "9001,9018", false, true, true },
	{ "-error", "9001,500", "9000,9018", "9001", false, false, true },
	{ "501,-error", "unlisted", "", "9018", false, false, false },
	{ "account,error", "limit", "9018,9005", "9003", false, false, false },
};

static void check_codes(
    const struct selection *selection, const char *codes, bool expected, const char *list)
{
	for (const char *at = codes; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
		uint32_t code = (uint32_t)strtoul(at, NULL, 10);
		const struct catalog_entry *entry = catalog_find(catalog, code);

		assert_non_null(entry);
		if (selection_has(selection, entry) != expected)
			fail_msg("'%s': %u is %s", list, (unsigned)code, expected ? "out" : "in");
	}
}

static void selects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *list = cases[i].list;
		struct error error = ERROR_INIT;
		struct selection *errors = NULL, *selection;

		if (cases[i].errors != NULL) {
			errors = selection_new("--errors", cases[i].errors, catalog, NULL, &error);
			assert_non_null(errors);
		}
		selection = selection_new("--only", list, catalog, errors, &error);
		if (selection == NULL)
			fail_msg("%s", error.text);
		selection_free(errors); /* not needed once it is made */
		check_codes(selection, cases[i].in, true, list);
		check_codes(selection, cases[i].out, false, list);
		if (selection_has_number(selection, 500, false) != cases[i].number_500 ||
		    selection_has_number(selection, 500, true) != cases[i].unlisted_500 ||
		    selection_has_number(selection, 501, true) != cases[i].unlisted_501 ||
		    selection_has_number(selection, 502, false))
			fail_msg("'%s': numbers", list);
		selection_free(selection);
	}
}

static const struct {
	const char *list, *text;
} faults[] = {
	{ "", "--only: the list is empty" },
	{ "  ", "--only: the list is empty" },
	{ "account,", "--only: an empty word in the list" },
	{ ",account", "--only: an empty word in the list" },
	{ "account,,auth", "--only: an empty word in the list" },
	{ "-", "--only: an empty word in the list" },
	{ "acount", "--only: unknown word 'acount': did you mean 'account'?" },
	{ "error,-verificaton",
	    "--only: unknown word 'verificaton': did you mean 'verification'?" },
	{ "erorr", "--only: unknown word 'erorr': did you mean 'error'?" },
	{ "Auth", "--only: unknown word 'Auth': did you mean 'auth'?" },
	{ "nonsense", "--only: unknown word 'nonsense': it takes outcomes, categories, codes, "
	              "error, unlisted, all" },
	{ "09001", "--only: '09001' is no code: 1 to 9 digits without leading zero" },
	{ "1234567890", "--only: '1234567890' is no code: 1 to 9 digits without leading zero" },
	{ "--9001", "--only: unknown word '-9001': it takes outcomes, categories, codes, error, "
	            "unlisted, all" },
};

static void names_the_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct error error = ERROR_INIT;

		assert_null(selection_new("--only", faults[i].list, catalog, NULL, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, faults[i].text);
	}
}

static void default_errors_are_the_error_outcomes(void **state)
{
	struct error error = ERROR_INIT;
	struct selection *errors = selection_new_errors(catalog, &error);

	(void)state;
	assert_non_null(errors);
	for (size_t i = 0; i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		assert_int_equal(selection_has(errors, entry), entry->outcome > OUTCOME_NEGATIVE);
	}
	assert_false(selection_has_number(errors, 500, true));
	selection_free(errors);
	selection_free(NULL);
}

static void takes_many_numbers(void **state)
{
	struct strbuf list = STRBUF_INIT;
	struct error error = ERROR_INIT;
	struct selection *selection;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		strbuf_add_format(&list, "%s%u", i > 0 ? "," : "", 900000 - i * 7);
	selection = selection_new("--only", list.data, catalog, NULL, &error);
	assert_non_null(selection);
	for (uint32_t code = 860000; code < 900010; code++) {
		bool expected = code <= 900000 && code > 900000 - 35000 && (900000 - code) % 7 == 0;

		if (selection_has_number(selection, code, false) != expected)
			fail_msg("%u", (unsigned)code);
	}
	selection_free(selection);
	strbuf_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selects),
		cmocka_unit_test(names_the_fault),
		cmocka_unit_test(default_errors_are_the_error_outcomes),
		cmocka_unit_test(takes_many_numbers),
	};

	return cmocka_run_group_tests(tests, make_catalog, free_catalog);
}
