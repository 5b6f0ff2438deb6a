/* From pieces to hits to sinks: neighbours across batches, cut pieces, several sinks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "scanned.h"

/* A sink that fails at the call that is asked for. */
struct failing {
	struct sink sink;
	bool at_hits, at_end, at_flush;
};

static bool fail_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	(void)piece;
	(void)hits;
	(void)count;
	return !((struct failing *)sink)->at_hits || error_set(error, ERROR_SYSTEM, "hits");
}

static bool fail_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	(void)piece;
	return !((struct failing *)sink)->at_end || error_set(error, ERROR_SYSTEM, "end");
}

static bool fail_flush(struct sink *sink, struct error *error)
{
	return !((struct failing *)sink)->at_flush || error_set(error, ERROR_SYSTEM, "flush");
}

static const struct sink_operations failing_operations = { fail_hits, fail_end, fail_flush };

static void every_sink_is_told(void **state)
{
	struct scanned *second = scanned_new();
	struct error error = ERROR_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	scan_add_sink(&scanner.scan, &second->sink);
	scanner_scan(&scanner, "code=9011\ncode=9012\n", 20);
	assert_int_equal(scanner.scanned->count, 2);
	assert_int_equal(second->count, 2);
	assert_int_equal(second->pieces_done, 1);
	assert_int_equal(second->newlines, 2);
	scanner_scan(&scanner, "nothing", 7);
	assert_int_equal(second->pieces_done, 2);
	assert_int_equal(second->newlines, 2);
	assert_true(scan_flush(&scanner.scan, &error));
	assert_int_equal(scanner.scanned->flushes, 1);
	assert_int_equal(second->flushes, 1);
	scanner_release(&scanner);
	free(second);
}

static void failures_are_passed_on(void **state)
{
	static const struct failing all[] = { { .at_hits = true }, { .at_end = true },
		{ .at_flush = true } };
	static const char *const messages[] = { "hits", "end", "flush" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct failing failing = all[i];
		struct error error = ERROR_INIT;
		struct piece piece = { .data = "code=1\n", .length = 7, .first_line = 1 };
		struct scanner scanner;

		failing.sink.operations = &failing_operations;
		scanner_init(&scanner, TRUST_NORMAL, false);
		scan_add_sink(&scanner.scan, &failing.sink);
		assert_int_equal(scan_piece(&scanner.scan, &piece, &error), i == 2);
		if (i == 2)
			assert_false(scan_flush(&scanner.scan, &error));
		assert_string_equal(error.text, messages[i]);
		scanner_release(&scanner);
	}
}

/* What a hit counts as depends on its neighbours also where a batch ends: a line
 * of 600 pairs, of which each second one has another's text behind it. */
static void neighbours_are_seen_across_batches(void **state)
{
	static char text[60000];
	struct scanner scanner;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		text[0] = '\0';
		for (size_t i = 0; i < shift; i++)
			strcat(text, "code=77 ");
		for (size_t i = 0; i < 600; i++) {
			char part[64];

			(void)snprintf(part, sizeof(part), "code=8000 %s; code=%zu x=1;\n",
			    i % 2 == 0 ? "message=get phone success" : "message=other", 100 + i);
			strcat(text, part);
		}
		scanner_init(&scanner, TRUST_NORMAL, false);
		scanner_scan(&scanner, text, strlen(text));
		assert_int_equal(scanner.scanned->count, shift + 1200);
		for (size_t i = 0; i < 600; i++) {
			const struct hit *hit = &scanner.scanned->hits[shift + 2 * i];

			if (hit->hit_class != (i % 2 == 0 ? HIT_RESPONSE : HIT_HELD_BACK))
				fail_msg("shifted by %zu: pair %zu", shift, i);
		}
		scanner_release(&scanner);
	}
}

/* The text behind the last hit of a batch is its own, up to the next one's key. */
static void a_stretch_ends_at_the_next_hit(void **state)
{
	static char text[60000];
	struct scanner scanner;

	(void)state;
	text[0] = '\0';
	for (size_t i = 0; i < 700; i++)
		strcat(
		    text, i % 3 == 2 ? "code=8000 message=other\n" : "code=8000 code=8000 x=1\n");
	scanner_init(&scanner, TRUST_NORMAL, false);
	scanner_scan(&scanner, text, strlen(text));
	for (size_t i = 0; i < scanner.scanned->count; i++) {
		const struct hit *hit = &scanner.scanned->hits[i];
		bool is_other = strncmp(text + hit->number.end, " message=other", 14) == 0;

		if (is_other != (hit->hit_class == HIT_HELD_BACK))
			fail_msg("hit %zu counts as %d", i, hit->hit_class);
	}
	scanner_release(&scanner);
}

static void rests_are_passed_and_not_searched(void **state)
{
	struct piece rest = {
		.data = "code=9011\n", .length = 10, .is_rest = true, .first_line = 1
	};
	struct piece cut = { .data = "code=9011", .length = 9, .is_cut = true, .first_line = 1 };
	struct error error = ERROR_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	assert_true(scan_piece(&scanner.scan, &cut, &error));
	assert_int_equal(cut.newlines, 0);
	assert_true(scan_piece(&scanner.scan, &rest, &error));
	assert_int_equal(rest.newlines, 1);
	rest.length = 9;
	assert_true(scan_piece(&scanner.scan, &rest, &error));
	assert_int_equal(rest.newlines, 0);
	assert_int_equal(scanner.scanned->count, 0);
	assert_int_equal(scanner.scanned->pieces_done, 3);
	scanner_release(&scanner);
}

/* Two pieces begin at the same offset: their codes do not repeat each other. */
static void pieces_are_apart(void **state)
{
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (int i = 0; i < 3; i++) {
		scanner_scan(&scanner, "code=9011\n", 10);
		assert_int_equal(scanner.scanned->count, 1);
		assert_int_equal(scanner.scanned->hits[0].hit_class, HIT_RESPONSE);
	}
	scanner_release(&scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sink_is_told),
		cmocka_unit_test(failures_are_passed_on),
		cmocka_unit_test(neighbours_are_seen_across_batches),
		cmocka_unit_test(a_stretch_ends_at_the_next_hit),
		cmocka_unit_test(rests_are_passed_and_not_searched),
		cmocka_unit_test(pieces_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
