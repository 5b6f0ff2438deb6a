/*
 * Counts that leave a tally and come back into another give the same summary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/catalog.h"
#include "match/field.h"
#include "tally/tally.h"
#include "time/window.h"

struct kept {
	struct count counts[64];
	size_t count;
};

static struct catalog *make_catalog(void)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);

	assert_non_null(catalog);
	assert_true(catalog_add_builtin(catalog, &error));
	assert_true(catalog_freeze(catalog, &error));
	return catalog;
}

static bool keep(void *context, const struct count *count, struct error *error)
{
	struct kept *kept = context;

	(void)error;
	assert_in_range(kept->count, 0, 63);
	kept->counts[kept->count++] = *count;
	return true;
}

static struct summary *summarize(struct catalog *catalog, const struct window *window,
    const struct field_rule *by, const struct count *counts, size_t count, struct kept *kept)
{
	struct error error = ERROR_INIT;
	struct selection *errors = selection_new_errors(catalog, &error);
	struct tally *tally = tally_new(catalog, &error);
	struct tally_context context = { .version = "1", .errors = errors, .window = window };
	struct summary *summary;

	assert_non_null(errors);
	assert_non_null(tally);
	assert_true(tally_set_window(tally, window, by, &error));
	for (size_t i = 0; i < count; i++)
		assert_true(tally_restore(tally, &counts[i], &error));
	assert_true(tally_restore_lines(tally, &(struct tally_lines){ 100, 2000, 50, 1 }, &error));
	if (kept != NULL)
		assert_true(tally_visit(tally, keep, kept, &error));
	summary = tally_summarize(tally, &context, &error);
	assert_non_null(summary);
	assert_true(summary_is_consistent(summary));
	tally_free(tally);
	selection_free(errors);
	return summary;
}

#define QUARTER INT64_C(900000)
#define DAY (INT64_C(20000) * 86400000)

static const struct count counts[] = {
	{ DAY, 9018, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 7 },
	{ DAY + QUARTER, 9018, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 5 },
	{ DAY + QUARTER, 9000, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 88 },
	{ DAY + QUARTER, 8000, HIT_HELD_BACK, 1, GROUP_NONE, NULL, 0, 2 },
	{ DAY + QUARTER, 8000, HIT_HELD_BACK, 2, GROUP_NONE, NULL, 0, 3 },
	{ COUNT_NO_TIME, 9001, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 4 },
	{ DAY + 2 * QUARTER, 9099, HIT_UNLISTED, 0, GROUP_NONE, NULL, 0, 6 },
	{ DAY + 2 * QUARTER, 0, HIT_OTHER, 0, GROUP_NONE, NULL, 0, 40 },
	/* a catalog that knew this code is gone */
	{ DAY + 2 * QUARTER, 777777, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 9 },
};
#define COUNT_OF (sizeof(counts) / sizeof(counts[0]))

static void counts_come_back(void **state)
{
	struct catalog *catalog = make_catalog();
	struct window window = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, 900, true, true };
	struct kept kept = { .count = 0 };
	struct summary *first = summarize(catalog, &window, NULL, counts, COUNT_OF, &kept);
	struct summary *again = summarize(catalog, &window, NULL, kept.counts, kept.count, NULL);

	(void)state;
	assert_int_equal(kept.count, COUNT_OF);
	for (int i = 0; i < 2; i++) {
		const struct summary *summary = i == 0 ? first : again;

		assert_int_equal(summary->hits[HIT_RESPONSE], 7 + 5 + 88 + 4);
		assert_int_equal(summary->errors, 12);
		assert_int_equal(summary->hits[HIT_UNLISTED], 15);
		assert_int_equal(summary->hits[HIT_HELD_BACK], 5);
		assert_int_equal(summary->held_count, 2);
		assert_int_equal(summary->hits[HIT_OTHER], 40);
		assert_int_equal(summary->number_count, 0);
		assert_int_equal(summary->lines, 100);
		assert_int_equal(summary->bucket_count, 4);
		assert_int_equal(summary->buckets[1].part.responses, 93);
		assert_int_equal(summary->time.unknown, 4);
	}
	/* rows do not tell reasons apart */
	assert_int_equal(first->row_count, COUNT_OF - 1);
	summary_free(first);
	summary_free(again);
	catalog_free(catalog);
}

static void a_window_chooses_among_kept_counts(void **state)
{
	struct catalog *catalog = make_catalog();
	struct window window = { DAY + QUARTER, DAY + 2 * QUARTER, 0, false, true };
	struct summary *summary = summarize(catalog, &window, NULL, counts, COUNT_OF, NULL);

	(void)state;
	assert_int_equal(summary->hits[HIT_RESPONSE], 93);
	assert_int_equal(summary->errors, 5);
	assert_int_equal(summary->time.outside, 7 + 6 + 40 + 9);
	assert_int_equal(summary->time.unknown, 4);
	summary_free(summary);
	catalog_free(catalog);
}

/* Each once, whatever the order in which they come: largest first, then by number. */
static void codes_of_buckets_and_groups_are_summed(void **state)
{
	enum { ROUNDS = 6, BUCKETS = 3, GROUPS = 2 };
	struct catalog *catalog = make_catalog();
	struct window window = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, 900, true, true };
	struct field_rule by = { .name = "host" };
	size_t codes = catalog_size(catalog);
	struct count *kept = calloc(ROUNDS * codes, sizeof(*kept));
	struct summary *summary;

	(void)state;
	assert_non_null(kept);
	for (size_t i = 0; i < ROUNDS * codes; i++) {
		size_t round = i / codes, id = i % codes;

		kept[i] = (struct count){ DAY + (int64_t)(round % BUCKETS) * QUARTER,
			catalog_at(catalog, round % 2 == 0 ? id : codes - 1 - id)->code,
			HIT_RESPONSE, 0, GROUP_VALUE, round % GROUPS == 0 ? "a" : "b", 1,
			round + 1 };
	}
	summary = summarize(catalog, &window, &by, kept, ROUNDS * codes, NULL);
	assert_int_equal(summary->bucket_count, BUCKETS);
	assert_int_equal(summary->group_count, GROUPS);
	for (size_t i = 0; i < BUCKETS + GROUPS; i++) {
		const struct summary_part *part =
		    i < BUCKETS ? &summary->buckets[i].part : &summary->groups[i - BUCKETS].part;
		bool is_a = i >= BUCKETS && strcmp(summary->groups[i - BUCKETS].name, "a") == 0;
		/* of bucket 0: rounds 0 and 3, which count 1 and 4; of group a: 0, 2 and 4 */
		uint64_t each = i < BUCKETS ? 2 * i + 5 : is_a ? 1 + 3 + 5 : 2 + 4 + 6;

		assert_int_equal(part->code_count, codes);
		assert_int_equal(part->responses, codes * each);
		for (size_t k = 0; k < codes; k++) {
			assert_ptr_equal(part->codes[k].entry, catalog_at(catalog, k));
			assert_int_equal(part->codes[k].count, each);
		}
	}
	summary_free(summary);
	free(kept);
	catalog_free(catalog);
}

/* Whatever is in a database: no sum is another than it is. */
static void sums_do_not_overflow(void **state)
{
	struct catalog *catalog = make_catalog();
	struct error error = ERROR_INIT;
	struct tally *tally = tally_new(catalog, &error);
	struct count count = { DAY, 9018, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, INT64_MAX - 1 };
	struct tally_lines lines = { 1, INT64_MAX, 1, 0 };

	(void)state;
	assert_non_null(tally);
	assert_true(tally_restore(tally, &count, &error));
	count.code = 9000;
	count.count = 1;
	assert_true(tally_restore(tally, &count, &error));
	assert_false(tally_restore(tally, &count, &error));
	assert_int_equal(error.kind, ERROR_STORE);
	assert_string_equal(
	    error.text, "the numbers in the database add up to more than 9223372036854775807");
	assert_true(tally_restore_lines(tally, &lines, &error));
	assert_false(tally_restore_lines(tally, &lines, &error));
	tally_reset(tally);
	count.count = UINT64_MAX;
	assert_false(tally_restore(tally, &count, &error));
	tally_free(tally);
	catalog_free(catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_come_back),
		cmocka_unit_test(a_window_chooses_among_kept_counts),
		cmocka_unit_test(codes_of_buckets_and_groups_are_summed),
		cmocka_unit_test(sums_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
