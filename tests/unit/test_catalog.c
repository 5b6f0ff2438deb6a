/* The built-in catalog, user catalogs, files, size and hostile keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Sanitizers take memory of their own. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#include "base/strbuf.h"
#include "catalog/builtin.h"
#include "catalog/catalog.h"

/* The codes of the reference, kept apart from codes.tsv so that a slip there shows. */
static const uint32_t codes[] = { 0, 1801, 1802, 1803, 1804, 1805, 2000, 6003, 6004, 6005, 7101,
	7102, 7103, 7104, 7105, 7106, 7107, 7108, 7109, 7110, 7111, 7112, 8000, 8001, 9000, 9001,
	9002, 9003, 9004, 9005, 9006, 9007, 9010, 9011, 9012, 9013, 9014, 9015, 9018, 9019, 9020,
	9021, 9022, 9031, 9099, 9200, 9202, 9203, 9301 };

static struct catalog *make_catalog(bool builtin)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);

	assert_non_null(catalog);
	if (builtin && !catalog_add_builtin(catalog, &error))
		fail_msg("%s", error.text);
	return catalog;
}

static void parse(struct catalog *catalog, const char *name, const char *text)
{
	struct error error = ERROR_INIT;

	if (!catalog_parse(catalog, name, text, strlen(text), &error))
		fail_msg("%s", error.text);
}

static void freeze(struct catalog *catalog)
{
	struct error error = ERROR_INIT;

	assert_true(catalog_freeze(catalog, &error));
}

static void builtin_has_all_codes(void **state)
{
	struct catalog *catalog = make_catalog(true);
	const size_t count = sizeof(codes) / sizeof(codes[0]);

	(void)state;
	freeze(catalog);
	assert_int_equal(count, 49);
	assert_int_equal(catalog_size(catalog), count);
	for (size_t i = 0; i < count; i++) {
		const struct catalog_entry *entry = catalog_find(catalog, codes[i]);

		assert_non_null(entry);
		assert_ptr_equal(entry, catalog_at(catalog, i));
		assert_int_equal(entry->code, codes[i]);
		assert_int_equal(entry->id, i);
		assert_int_equal(entry->source, 0);
		assert_string_not_equal(entry->description, "");
		assert_string_not_equal(entry->notes, "");
		assert_string_not_equal(entry->notes_zh, "");
		assert_string_equal(
		    entry->category, catalog_category_name(catalog, entry->category_id));
	}
	catalog_free(catalog);
}

static void builtin_has_the_right_columns(void **state)
{
	static const uint32_t shared[] = { 1801, 1802, 1803, 1804, 6003, 6004, 6005, 7104,
		8000, 8001, 9000, 9200, 9301 };
	struct catalog *catalog = make_catalog(true);
	const struct catalog_entry *entry;
	size_t yes = 0, always = 0;

	(void)state;
	freeze(catalog);
	entry = catalog_find(catalog, 9018);
	assert_string_equal(entry->description, "appKey no money");
	assert_string_equal(entry->category, "verification");
	assert_int_equal(entry->outcome, OUTCOME_ACCOUNT);
	assert_int_equal(entry->collides, COLLIDES_NO);
	assert_string_equal(entry->notes, "Insufficient account balance");
	assert_string_equal(entry->notes_zh, "账户余额不足");
	assert_int_equal(catalog_find(catalog, 9001)->outcome, OUTCOME_NEGATIVE);
	for (size_t i = 0; i < catalog_size(catalog); i++) {
		yes += catalog_at(catalog, i)->collides == COLLIDES_YES;
		always += catalog_at(catalog, i)->collides == COLLIDES_ALWAYS;
	}
	assert_int_equal(yes, sizeof(shared) / sizeof(shared[0]));
	for (size_t i = 0; i < yes; i++)
		assert_int_equal(catalog_find(catalog, shared[i])->collides, COLLIDES_YES);
	assert_int_equal(always, 2);
	assert_int_equal(catalog_find(catalog, 0)->collides, COLLIDES_ALWAYS);
	assert_int_equal(catalog_find(catalog, 2000)->collides, COLLIDES_ALWAYS);
	catalog_free(catalog);
}

static void builtin_has_categories_and_a_date(void **state)
{
	static const char *const names[] = {
		"risk",
		"platform",
		"captcha",
		"login",
		"verification",
		"admin",
	};
	struct catalog *catalog = make_catalog(true);
	const char *date;

	(void)state;
	freeze(catalog);
	assert_int_equal(catalog_category_count(catalog), sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_string_equal(catalog_category_name(catalog, i), names[i]);
		assert_true(catalog_has_category(catalog, names[i]));
	}
	assert_false(catalog_has_category(catalog, "Risk"));
	assert_false(catalog_has_category(catalog, ""));
	date = strstr(catalog_builtin_text, catalog_date());
	assert_non_null(date);
	assert_true(date < strchr(catalog_builtin_text, '\n'));
	catalog_free(catalog);
}

static void finds_nothing_between_codes(void **state)
{
	static const uint32_t gaps[] = { 1, 999, 1800, 1806, 9008, 9009, 9016, 9017, 9201, 9302,
		404, CATALOG_CODE_MAX, UINT32_MAX };
	struct catalog *catalog = make_catalog(true), *empty = make_catalog(false);

	(void)state;
	freeze(catalog);
	freeze(empty);
	assert_int_equal(catalog_size(empty), 0);
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		assert_null(catalog_find(catalog, gaps[i]));
		assert_null(catalog_find(empty, gaps[i]));
	}
	catalog_free(catalog);
	catalog_free(empty);
	catalog_free(NULL);
}

static void columns_have_defaults(void **state)
{
	struct catalog *catalog = make_catalog(false);
	const struct catalog_entry *entry;

	(void)state;
	parse(catalog, "/some/where/shop.codes.tsv",
	    "5\tonly this\n6\tempty ones\t\t\t\t\t\n7\tnotes\t\t\t\tn o t e s\n");
	freeze(catalog);
	for (uint32_t code = 5; code <= 7; code++) {
		entry = catalog_find(catalog, code);
		assert_string_equal(entry->category, "shop");
		assert_int_equal(entry->outcome, OUTCOME_FAILED);
		assert_int_equal(entry->collides, COLLIDES_NO);
		assert_string_equal(entry->notes, code == 7 ? "n o t e s" : "");
		assert_string_equal(entry->notes_zh, "");
		assert_int_equal(entry->source, 1);
	}
	assert_int_equal(catalog_source_count(catalog), 2);
	assert_string_equal(catalog_source_name(catalog, 0), "built-in");
	assert_string_equal(catalog_source_name(catalog, 1), "/some/where/shop.codes.tsv");
	catalog_free(catalog);
}

static void later_files_override(void **state)
{
	struct catalog *catalog = make_catalog(true);
	const struct catalog_entry *entry;

	(void)state;
	parse(catalog, "mine.tsv", "9001\tours\n9000\tfine\tverification\tsuccess\n");
	parse(catalog, "yours.tsv", "9000\tlast\tmine\n77\tnew\trisk\n");
	freeze(catalog);
	assert_int_equal(catalog_size(catalog), 50);
	entry = catalog_find(catalog, 9001);
	assert_string_equal(entry->description, "ours");
	assert_string_equal(entry->category, "mine");
	assert_int_equal(entry->outcome, OUTCOME_FAILED); /* not what the built-in row said */
	assert_string_equal(entry->notes, "");
	assert_int_equal(entry->source, 1);
	entry = catalog_find(catalog, 9000);
	assert_string_equal(entry->description, "last");
	assert_int_equal(entry->collides, COLLIDES_NO);
	assert_int_equal(entry->source, 1); /* whose category it is */
	assert_int_equal(catalog_find(catalog, 77)->source, 0);
	assert_int_equal(catalog_at(catalog, 1)->code, 77);
	assert_int_equal(catalog_find(catalog, 9301)->id, 49);
	catalog_free(catalog);
}

static void expect_load(const char *path, const char *expected)
{
	struct catalog *catalog = make_catalog(false);
	struct error error = ERROR_INIT;
	bool right = catalog_load(catalog, path, &error);

	assert_int_equal(right, expected == NULL);
	if (!right) {
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, expected);
	}
	catalog_free(catalog);
}

static void loads_only_regular_files(void **state)
{
	char folder[] = "/tmp/jgannotate-catalog-XXXXXX", path[64], expected[160];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(expected, sizeof(expected), "catalog '%s' is a directory", folder);
	expect_load(folder, expected);
	expect_load("/dev/zero", "catalog '/dev/zero' is not a regular file");

	(void)snprintf(path, sizeof(path), "%s/c.tsv", folder);
	(void)snprintf(expected, sizeof(expected),
	    "cannot open catalog '%s': No such file or directory", path);
	expect_load(path, expected);

	assert_int_equal(mkfifo(path, 0600), 0);
	(void)snprintf(expected, sizeof(expected), "catalog '%s' is not a regular file", path);
	expect_load(path, expected);
	assert_int_equal(unlink(path), 0);

	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("1\tone\n2\ttwo", file) >= 0);
	assert_int_equal(fclose(file), 0);
	expect_load(path, NULL);

	assert_int_equal(truncate(path, (256 << 20) + 1), 0);
	(void)snprintf(expected, sizeof(expected), "catalog '%s' is larger than 256 MiB", path);
	expect_load(path, expected);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* Reads, freezes and finds `count` rows of code (i * step) % 999999999. Returns
 * the seconds of processor time until the catalog was ready; `*finding` gets
 * those for finding them all, `*size` the bytes of their text. */
static double time_rows(size_t count, uint64_t step, double *finding, size_t *size)
{
	struct catalog *catalog = make_catalog(false);
	struct error error = ERROR_INIT;
	struct strbuf text = STRBUF_INIT;
	clock_t start;
	double seconds;

	for (uint64_t i = 0; i < count; i++)
		strbuf_add_format(&text, "%u\tdescription of the code\tmade\tlimit\n",
		    (unsigned)(i * step % 999999999));
	assert_false(text.failed);
	*size = text.len;
	start = clock();
	if (!catalog_parse(catalog, "many.tsv", text.data, text.len, &error))
		fail_msg("%s", error.text);
	freeze(catalog);
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	start = clock();
	for (uint64_t i = 0; i < count; i++)
		if (catalog_find(catalog, (uint32_t)(i * step % 999999999)) == NULL)
			fail_msg("row %u is lost", (unsigned)i);
	*finding = (double)(clock() - start) / CLOCKS_PER_SEC;
	assert_int_equal(catalog_size(catalog), count);
	for (size_t i = 1; i < count; i++)
		if (catalog_at(catalog, i)->code <= catalog_at(catalog, i - 1)->code)
			fail_msg("out of order at %zu", i);
	strbuf_release(&text);
	catalog_free(catalog);
	return seconds;
}

/* Bounds are loose: sanitizers and busy machines are several times slower. */
static void holds_a_million_entries(void **state)
{
	struct rusage usage;
	size_t size;
	double finding, seconds = time_rows(1000000, 7919, &finding, &size);

	(void)state;
	print_message("a million entries: read in %.2f s, found in %.2f s\n", seconds, finding);
	assert_true(seconds < 20);
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	if (!SANITIZED) /* their text is the test's own */
		assert_true(usage.ru_maxrss < (256 << 10) + (long)(size >> 10));
}

/* Multiples of a power of two share their low bits: a table that takes those
 * would put them all into one chain. */
static void keys_cannot_be_made_to_collide(void **state)
{
	double usual_finding, hostile_finding;
	size_t size;
	double usual = time_rows(15000, 64891, &usual_finding, &size);
	double hostile = time_rows(15000, 65536, &hostile_finding, &size);

	(void)state;
	assert_true(hostile < 10 * usual + 0.05);
	assert_true(hostile_finding < 10 * usual_finding + 0.05);
}

static void holds_many_categories(void **state)
{
	struct catalog *catalog = make_catalog(false);
	struct strbuf text = STRBUF_INIT;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		strbuf_add_format(&text, "%u\tx\tcategory %u\n", i, i);
	parse(catalog, "many.tsv", text.data);
	freeze(catalog);
	assert_int_equal(catalog_category_count(catalog), 20000);
	for (unsigned i = 0; i < 20000; i++)
		if (catalog_find(catalog, i)->category_id != i)
			fail_msg("category %u", i);
	strbuf_release(&text);
	catalog_free(catalog);
}

/* The files that ship are right: TESTS is the folder of the tests. */
static void reads_the_examples(void **state)
{
	const char *tests = getenv("TESTS");
	struct catalog *catalog = make_catalog(true);
	struct error error = ERROR_INIT;
	char path[4096];

	(void)state;
	if (tests == NULL)
		skip();
	(void)snprintf(path, sizeof(path), "%s/data/catalog-extra.tsv", tests);
	if (!catalog_load(catalog, path, &error))
		fail_msg("%s", error.text);
	(void)snprintf(path, sizeof(path), "%s/../samples/catalog-jpush.tsv", tests);
	if (!catalog_load(catalog, path, &error))
		fail_msg("%s", error.text);
	freeze(catalog);
	assert_string_equal(catalog_find(catalog, 1011)->category, "push");
	assert_int_equal(catalog_find(catalog, 1011)->outcome, OUTCOME_NEGATIVE);
	assert_string_equal(catalog_find(catalog, 777)->category, "catalog-extra");
	catalog_free(catalog);
}

static void outcomes_have_names(void **state)
{
	static const char *const names[] = { "success", "negative", "request", "auth", "account",
		"limit", "server", "failed" };
	enum outcome outcome;

	(void)state;
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		const struct outcome_info *info = outcome_info((enum outcome)i);

		assert_string_equal(info->name, names[i]);
		assert_true(outcome_find(names[i], &outcome));
		assert_int_equal(outcome, i);
		assert_int_equal(info->is_error, i > OUTCOME_NEGATIVE);
		assert_string_not_equal(info->name_zh, "");
		assert_int_equal(info->advice[0] == '\0', i == OUTCOME_SUCCESS);
		assert_int_equal(info->advice_zh[0] == '\0', i == OUTCOME_SUCCESS);
	}
	assert_false(outcome_find("error", &outcome));
	assert_false(outcome_find("", &outcome));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtin_has_all_codes),
		cmocka_unit_test(builtin_has_the_right_columns),
		cmocka_unit_test(builtin_has_categories_and_a_date),
		cmocka_unit_test(finds_nothing_between_codes),
		cmocka_unit_test(columns_have_defaults),
		cmocka_unit_test(later_files_override),
		cmocka_unit_test(loads_only_regular_files),
		cmocka_unit_test(holds_a_million_entries),
		cmocka_unit_test(keys_cannot_be_made_to_collide),
		cmocka_unit_test(holds_many_categories),
		cmocka_unit_test(reads_the_examples),
		cmocka_unit_test(outcomes_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
