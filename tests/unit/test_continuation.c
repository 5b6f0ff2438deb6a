/*
 * Files that continue generations: each row is a history in small, told by contents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/continuation.h"

#define FILES_MAX 4
#define LONG 9000 /* beyond what may be a banner */

struct world {
	const char *contents[FILES_MAX];
	struct continuation continuations[FILES_MAX];
	struct generation generations[FILES_MAX];
	size_t count, generation_count;
	size_t reads;
};

/* A sum that tells these contents apart. */
static struct fingerprint sum(const char *bytes, size_t length)
{
	struct fingerprint fingerprint = { length, 1469598103934665603u };

	for (size_t i = 0; i < length; i++)
		fingerprint.low = (fingerprint.low ^ (unsigned char)bytes[i]) * 1099511628211u;
	return fingerprint;
}

static struct prefix prefix_of(const char *bytes, size_t offset)
{
	size_t window = offset < FINGERPRINT_WINDOW ? offset : FINGERPRINT_WINDOW;

	return (struct prefix){ offset, sum(bytes, window), sum(bytes + offset - window, window) };
}

static bool has_prefix(
    void *context, size_t file, const struct prefix *prefix, bool *has, struct error *error)
{
	struct world *world = context;
	struct prefix own;

	(void)error;
	world->reads++;
	*has = strlen(world->contents[file]) >= prefix->offset;
	if (*has) {
		own = prefix_of(world->contents[file], prefix->offset);
		*has = prefix_equals(&own, prefix);
	}
	return true;
}

/* A line with a T has one. */
static bool has_time(void *context, size_t file, bool *has, struct error *error)
{
	struct world *world = context;

	(void)error;
	*has = strchr(world->contents[file], 'T') != NULL;
	return true;
}

static struct continuation *add_file(struct world *world, const char *content, uint64_t inode)
{
	struct continuation *continuation = &world->continuations[world->count];

	world->contents[world->count++] = content;
	continuation->state = (struct file_state){ { 1, inode, 7 }, strlen(content), 5, 5 };
	continuation->whole = prefix_of(content, strlen(content));
	return continuation;
}

static struct generation *add_generation(
    struct world *world, const char *content, size_t offset, uint64_t inode)
{
	struct generation *generation = &world->generations[world->generation_count++];

	generation->id = (int64_t)world->generation_count;
	generation->prefix = prefix_of(content, offset);
	generation->file = (struct file_state){ { 1, inode, 7 }, offset, 5, 5 };
	generation->is_live = true;
	generation->last_time = GENERATION_NO_TIME;
	return generation;
}

static void settle(struct world *world)
{
	struct continuation_reader reader = { world, has_prefix, has_time };
	struct error error = ERROR_INIT;

	continuation_settle_finished(
	    world->continuations, world->count, world->generations, world->generation_count);
	assert_true(continuation_settle(world->continuations, world->count, world->generations,
	    world->generation_count, &reader, &error));
}

/* A text of lines that differs from others by its letter. */
static char *make_text(char letter, size_t length)
{
	char *text = malloc(length + 1);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)(i % 10 == 9 ? '\n' : letter + (char)(i / 10 % 7));
	text[length] = '\0';
	return text;
}

static void a_grown_file_goes_on(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "a\nb\nc\n", 1);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1);
	settle(&world);
	assert_ptr_equal(continuation->generation, &world.generations[0]);
	assert_int_equal(continuation->from, 4);
	assert_false(continuation_leaves_gap(world.continuations, 1, &world.generations[0]));
}

static void a_renamed_file_goes_on_and_the_new_one_begins(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *live = add_file(&world, "x\n", 2);
	struct continuation *rotated = add_file(&world, "a\nb\nc\n", 1);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1);
	settle(&world);
	assert_null(live->generation);
	assert_int_equal(live->from, 0);
	assert_int_equal(rotated->from, 4);
}

static void a_reused_inode_is_a_new_file(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "xxx\nyyy\nzzz\n", 1);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1);
	settle(&world);
	assert_null(continuation->generation);
	assert_int_equal(continuation->from, 0);
	assert_true(continuation_leaves_gap(world.continuations, 1, &world.generations[0]));
}

static void a_restored_file_goes_on_under_another_inode(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "a\nb\n", 99);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1);
	settle(&world);
	assert_int_equal(continuation->from, 4);
	assert_int_equal(continuation->whole.offset, 4);
}

static void a_banner_is_shared_without_harm(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *live = add_file(&world, "banner\n", 2);
	struct continuation *rotated = add_file(&world, "banner\na\nb\n", 1);

	(void)state;
	add_generation(&world, "banner\na\n", 9, 1);
	settle(&world);
	assert_int_equal(live->from, 0);
	assert_null(live->generation);
	assert_int_equal(rotated->from, 9);
}

static void equal_fronts_are_told_apart_by_their_outside(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *first = add_file(&world, "banner\na\n", 2);
	struct continuation *second = add_file(&world, "banner\nb\n", 1);

	(void)state;
	add_generation(&world, "banner\n", 7, 1);
	settle(&world);
	assert_null(first->generation);
	assert_int_equal(second->from, 7);
}

static void the_longer_generation_is_the_file_s(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "banner\na\nb\n", 1);

	(void)state;
	add_generation(&world, "banner\n", 7, 1);
	add_generation(&world, "banner\na\n", 9, 5);
	settle(&world);
	assert_int_equal(continuation->from, 9);
	assert_true(continuation_leaves_gap(world.continuations, 1, &world.generations[0]));
}

static void a_copy_counts_once(void **state)
{
	char *text = make_text('a', LONG + 1000);
	char *front = strndup(text, LONG);
	struct world world = { .count = 0 };
	struct continuation *copy = add_file(&world, front, 2);
	struct continuation *live = add_file(&world, text, 1);

	(void)state;
	add_generation(&world, text, 8500, 1);
	settle(&world);
	assert_int_equal(live->from, 8500);
	assert_true(copy->is_copy);
	assert_int_equal(copy->from, copy->whole.offset);
	free(front);
	free(text);
}

static void two_equal_new_files_count_once(void **state)
{
	char *text = make_text('a', LONG);
	struct world world = { .count = 0 };
	struct continuation *first = add_file(&world, text, 1);
	struct continuation *second = add_file(&world, text, 2);

	(void)state;
	settle(&world);
	/* the log itself comes last, and is no copy of what was rotated */
	assert_int_equal(second->from, 0);
	assert_false(second->is_copy);
	assert_true(first->is_copy);
	free(text);
}

/* copytruncate, between its two halves, of a log that is short yet. */
static void a_short_copy_is_known_by_a_time_in_it(void **state)
{
	for (int has_time = 0; has_time <= 1; has_time++) {
		struct world world = { .count = 0 };
		struct continuation *copy = add_file(&world, "a\nb\nc\n", 2);
		struct continuation *live = add_file(&world, "a\nb\nc\nd\n", 1);

		(void)state;
		add_generation(&world, "a\nb\n", 4, 1)->last_time =
		    has_time ? 7 : GENERATION_NO_TIME;
		settle(&world);
		assert_int_equal(live->from, 4);
		assert_int_equal(copy->is_copy, has_time);
		assert_int_equal(copy->from, has_time ? 6 : 0);
	}
}

/* The same, and less of it is copied yet than was counted. */
static void the_front_of_a_copy_is_known_by_a_time_in_it(void **state)
{
	for (int has_time = 0; has_time <= 1; has_time++) {
		struct world world = { .count = 0 };
		struct continuation *copy = add_file(&world, has_time ? "T\nb\n" : "a\nb\n", 2);
		struct continuation *live =
		    add_file(&world, has_time ? "T\nb\nc\nd\n" : "a\nb\nc\nd\n", 1);

		(void)state;
		add_generation(&world, world.contents[1], 6, 1)->last_time = 7;
		settle(&world);
		assert_int_equal(live->from, 6);
		assert_int_equal(copy->is_copy, has_time);
		assert_int_equal(copy->from, has_time ? 4 : 0);
	}
}

/* Without times a short one is known only while it is made: it is younger than the log, and was
 * written to just now. */
static void a_copy_is_known_while_it_is_made(void **state)
{
	static const struct {
		bool is_fresh, is_younger, is_beside_live, is_copy;
	} cases[] = { { true, true, true, true }, { false, true, true, false },
		{ true, false, true, false }, { true, true, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct world world = { .count = 0 };
		struct continuation *copy = add_file(&world, "a\nb\n", 2);
		struct continuation *live = add_file(&world, "a\nb\nc\n", 1);

		copy->is_fresh = cases[i].is_fresh;
		copy->state.identity.birth += cases[i].is_younger;
		live->is_live = cases[i].is_beside_live;
		settle(&world);
		assert_int_equal(live->from, 0);
		assert_int_equal(copy->is_copy, cases[i].is_copy);
		assert_int_equal(copy->from, cases[i].is_copy ? 4 : 0);
	}
}

static void an_empty_file_is_no_copy(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *empty = add_file(&world, "", 2);

	(void)state;
	(void)add_file(&world, "T\n", 1);
	settle(&world);
	assert_false(empty->is_copy);
}

/* The copy was seen while it was made, and its original went on. */
static void a_copy_that_grows_is_a_copy_still(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *copy = add_file(&world, "a\nb\nc\n", 2);
	struct continuation *live = add_file(&world, "a\nb\nc\nd\n", 1);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1)->last_time = 7;
	add_generation(&world, "a\n", 2, 2)->is_copy = true;
	world.generations[1].last_time = 7;
	settle(&world);
	assert_int_equal(live->from, 4);
	assert_ptr_equal(copy->generation, &world.generations[1]);
	assert_true(copy->is_copy);
	assert_int_equal(copy->from, 6);
}

/* Its original was truncated since: what was counted there is not counted again. */
static void a_copy_goes_on_behind_the_longest_front_it_has(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *copy = add_file(&world, "a\nb\nc\nd\n", 2);
	struct continuation *live = add_file(&world, "a\nb\nc\n", 1);

	(void)state;
	add_generation(&world, "a\nb\nc\n", 6, 1)->last_time = 7;
	add_generation(&world, "a\n", 2, 2)->is_copy = true;
	settle(&world);
	assert_int_equal(copy->from, 6);
	assert_int_equal(copy->last_time, 7);
	assert_int_equal(live->from, 6);
}

/* Also a short one without times: it is no banner, since more of it is to come. */
static void what_ends_early_and_repeats_another_is_a_copy(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *cut = add_file(&world, "a\nb\n", 2);
	struct continuation *whole = add_file(&world, "a\nb\nc\n", 1);

	(void)state;
	cut->is_compressed = cut->is_damaged = true;
	add_generation(&world, "a\nb\nc\n", 6, 1);
	settle(&world);
	assert_int_equal(whole->from, 6);
	assert_true(cut->is_copy);
	assert_int_equal(cut->from, 4);
}

/* A restored log has another inode than before; its copy is the shorter one. */
static void of_two_strangers_the_longer_one_goes_on(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *copy = add_file(&world, "a\nb\nc\n", 2);
	struct continuation *live = add_file(&world, "a\nb\nc\nd\n", 3);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1)->last_time = 7;
	settle(&world);
	assert_ptr_equal(live->generation, &world.generations[0]);
	assert_true(copy->is_copy);
}

/* What is cut off a log by copytruncate is found in the copy. */
static void the_copy_of_a_truncated_log_goes_on(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *live = add_file(&world, "new\n", 1);
	struct continuation *copy = add_file(&world, "a\nb\nc\n", 2);

	(void)state;
	add_generation(&world, "a\nb\n", 4, 1);
	settle(&world);
	assert_int_equal(live->from, 0);
	assert_int_equal(copy->from, 4);
}

/* A copy that was seen beside its log stands in for it when the log is cut. */
static void a_copy_is_no_second_life(void **state)
{
	char *text = make_text('a', LONG);
	struct world world = { .count = 0 };
	struct continuation *live = add_file(&world, "new\n", 1);
	struct continuation *copy = add_file(&world, text, 2);

	(void)state;
	add_generation(&world, text, LONG, 2)->is_copy = true;
	add_generation(&world, text, LONG, 1);
	settle(&world);
	assert_null(live->generation);
	assert_ptr_equal(copy->generation, &world.generations[1]);
	assert_int_equal(copy->from, LONG);
	assert_false(continuation_leaves_gap(world.continuations, 2, &world.generations[0]));
	assert_false(continuation_leaves_gap(world.continuations, 2, &world.generations[1]));
	free(text);
}

/* The log was still the front of another file, and both are gone. */
static void a_copy_that_nobody_holds_leaves_a_gap(void **state)
{
	for (int is_held = 0; is_held <= 1; is_held++) {
		struct world world = { .count = 0 };

		(void)state;
		(void)add_file(&world, is_held ? "a\nb\nc\n" : "x\n", 1);
		add_generation(&world, "a\nb\n", 4, 1);
		add_generation(&world, "a\n", 2, 2)->is_copy = true;
		settle(&world);
		assert_int_equal(
		    continuation_leaves_gap(world.continuations, 1, &world.generations[1]),
		    !is_held);
	}
}

static void two_files_with_one_past_part_ways(void **state)
{
	char *left = make_text('a', LONG + 100);
	char *right = make_text('a', LONG + 100);
	struct world world = { .count = 0 };
	struct continuation *first = add_file(&world, left, 1);
	struct continuation *second = add_file(&world, right, 2);

	(void)state;
	memset(right + LONG, 'z', 50);
	second->whole = prefix_of(right, LONG + 100);
	add_generation(&world, left, LONG, 1);
	settle(&world);
	assert_int_equal(first->from, LONG);
	assert_ptr_equal(first->generation, &world.generations[0]);
	assert_null(second->generation);
	assert_int_equal(second->from, LONG);
	free(left);
	free(right);
}

static void a_finished_file_is_not_read(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "a\nb\n", 1);

	(void)state;
	continuation->is_compressed = true;
	add_generation(&world, "a\nb\n", 4, 1)->is_finished = true;
	settle(&world);
	assert_true(continuation->is_finished);
	assert_int_equal(continuation->from, continuation->whole.offset);
	assert_int_equal(world.reads, 0);
}

static void a_touched_file_is_read_again(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, "a\nb\nc\n", 1);

	(void)state;
	continuation->is_compressed = true;
	add_generation(&world, "a\nb\n", 4, 1)->is_finished = true;
	settle(&world);
	assert_false(continuation->is_finished);
	assert_int_equal(continuation->from, 4);
}

/* However much of it is there, and whatever is known: it is the file beside it. */
static void what_is_being_compressed_is_a_copy(void **state)
{
	static const char *const packed[] = { "", "a\n", "a\nb\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
		struct world world = { .count = 0 };
		struct continuation *plain = add_file(&world, "a\nb\n", 1);
		struct continuation *twin = add_file(&world, packed[i], 2);

		twin->is_compressed = true;
		twin->is_damaged = i < 2;
		twin->twin = plain;
		add_generation(&world, "a\n", 2, 7);
		add_generation(&world, "lost\n", 5, 8);
		settle(&world);
		assert_int_equal(plain->from, 2);
		assert_true(twin->is_copy);
		assert_int_equal(twin->from, twin->whole.offset);
		assert_true(continuation_leaves_gap(world.continuations, 2, &world.generations[1]));
	}
}

static void a_compressed_file_of_other_lines_is_no_twin(void **state)
{
	struct world world = { .count = 0 };
	struct continuation *plain = add_file(&world, "a\nb\n", 1);
	struct continuation *other = add_file(&world, "a\nc\n", 2);

	(void)state;
	other->is_compressed = true;
	other->twin = plain;
	settle(&world);
	assert_int_equal(plain->from, 0);
	assert_false(other->is_copy);
	assert_int_equal(other->from, 0);
}

/* Half of a compressed file is not another file. */
static void a_partial_file_is_left_alone(void **state)
{
	char *text = make_text('a', LONG);
	char *front = strndup(text, 5000);
	struct world world = { .count = 0 };
	struct continuation *continuation = add_file(&world, front, 2);

	(void)state;
	continuation->is_compressed = continuation->is_damaged = true;
	add_generation(&world, text, LONG, 1);
	settle(&world);
	assert_true(continuation->is_partial);
	assert_int_equal(continuation->from, continuation->whole.offset);
	assert_false(continuation_leaves_gap(world.continuations, 1, &world.generations[0]));
	assert_true(continuation_may_go_on(world.continuations, 1, &world.generations[0]));
	free(front);
	free(text);
}

/* Too little of it to compare: it waits, if what was there at the last run has not come. */
static void a_small_partial_file_waits_for_what_is_missing(void **state)
{
	for (int is_old = 0; is_old <= 1; is_old++) {
		struct world world = { .count = 0 };
		struct continuation *continuation = add_file(&world, "a\nb\n", 2);

		(void)state;
		continuation->is_compressed = continuation->is_damaged = true;
		(void)add_file(&world, "x\n", 3);
		add_generation(&world, "a\nb\nc\n", 6, 1)->seen = is_old ? 3 : 4;
		add_generation(&world, "x\n", 2, 3)->seen = 4;
		settle(&world);
		assert_int_equal(continuation->is_partial, !is_old);
		assert_int_equal(continuation->from, is_old ? 0 : 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grown_file_goes_on),
		cmocka_unit_test(a_renamed_file_goes_on_and_the_new_one_begins),
		cmocka_unit_test(a_reused_inode_is_a_new_file),
		cmocka_unit_test(a_restored_file_goes_on_under_another_inode),
		cmocka_unit_test(a_banner_is_shared_without_harm),
		cmocka_unit_test(equal_fronts_are_told_apart_by_their_outside),
		cmocka_unit_test(the_longer_generation_is_the_file_s),
		cmocka_unit_test(a_copy_counts_once),
		cmocka_unit_test(two_equal_new_files_count_once),
		cmocka_unit_test(a_short_copy_is_known_by_a_time_in_it),
		cmocka_unit_test(the_front_of_a_copy_is_known_by_a_time_in_it),
		cmocka_unit_test(a_copy_is_known_while_it_is_made),
		cmocka_unit_test(an_empty_file_is_no_copy),
		cmocka_unit_test(a_copy_that_grows_is_a_copy_still),
		cmocka_unit_test(a_copy_goes_on_behind_the_longest_front_it_has),
		cmocka_unit_test(of_two_strangers_the_longer_one_goes_on),
		cmocka_unit_test(what_ends_early_and_repeats_another_is_a_copy),
		cmocka_unit_test(the_copy_of_a_truncated_log_goes_on),
		cmocka_unit_test(a_copy_is_no_second_life),
		cmocka_unit_test(a_copy_that_nobody_holds_leaves_a_gap),
		cmocka_unit_test(two_files_with_one_past_part_ways),
		cmocka_unit_test(a_finished_file_is_not_read),
		cmocka_unit_test(a_touched_file_is_read_again),
		cmocka_unit_test(what_is_being_compressed_is_a_copy),
		cmocka_unit_test(a_compressed_file_of_other_lines_is_no_twin),
		cmocka_unit_test(a_partial_file_is_left_alone),
		cmocka_unit_test(a_small_partial_file_waits_for_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
