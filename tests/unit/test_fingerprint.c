/* Fingerprints, against those of the whole content in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "packed.h"
#include "randoms.h"
#include "store/fingerprint.h"
#include "temporary.h"
#include "time/timestamp.h"

#define WANTED 24

static struct fingerprint hash(const char *bytes, size_t length)
{
	XXH128_hash_t sum = XXH3_128bits(bytes, length);

	return (struct fingerprint){ sum.high64, sum.low64 };
}

/* As the header says it. */
static struct prefix naive_prefix(const char *bytes, size_t offset)
{
	size_t window = offset < 4096 ? offset : 4096;

	return (
	    struct prefix){ offset, hash(bytes, window), hash(bytes + offset - window, window) };
}

static size_t naive_lines(const char *bytes, size_t size)
{
	while (size > 0 && bytes[size - 1] != '\n')
		size--;
	return size;
}

static void expect_prefix(const struct prefix *prefix, const char *bytes, size_t offset)
{
	struct prefix wanted = naive_prefix(bytes, offset);

	assert_int_equal(prefix->offset, offset);
	assert_true(prefix_equals(prefix, &wanted));
}

static int open_file(const char *bytes, size_t length)
{
	char path[64];
	int fd;

	temporary_file(path, bytes, length);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	return fd;
}

/* Lines of up to `longest` bytes, the last one without an LF. */
static char *make_text(struct randoms *randoms, size_t length, size_t longest)
{
	char *text = malloc(length + 1);
	size_t next = randoms_below(randoms, longest);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++) {
		bool is_end = i == next && i + 1 < length;

		text[i] = is_end ? '\n' : (char)('!' + randoms_below(randoms, 90));
		if (is_end)
			next = i + 1 + randoms_below(randoms, longest);
	}
	return text;
}

static const size_t sizes[] = { 0, 1, 2, 4095, 4096, 4097, 8191, 8192, 8193, 65535, 65536, 65537,
	69632, 131072, 131073, 262143, 262144, 262145, 266240, 700000 };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* Near a size that matters, mostly. */
static size_t pick_offset(struct randoms *randoms, size_t most)
{
	size_t offset = randoms_below(randoms, 3) == 0
	                    ? randoms_below(randoms, most + 1)
	                    : sizes[randoms_below(randoms, SIZES)] + randoms_below(randoms, 5);

	return offset >= 2 && randoms_below(randoms, 2) == 0 ? offset - 2 : offset;
}

static void plain_files_are_as_computed(void **state)
{
	struct randoms randoms = { 1 };

	(void)state;
	for (size_t i = 0; i < 10 * SIZES; i++) {
		static const size_t longest[] = { 2, 100, 5000, 200000, 3000000 };
		size_t length = sizes[i % SIZES];
		char *text = make_text(&randoms, length, longest[i / SIZES % 5]);
		int fd = open_file(text, length);

		for (size_t j = 0; j < 40; j++) {
			size_t offset = pick_offset(&randoms, length + 10);
			size_t size = offset < length ? offset : length;
			struct error error = ERROR_INIT;
			struct prefix prefix = { 12345, { 1, 2 }, { 3, 4 } };
			bool is_there = offset > length;

			assert_true(
			    fingerprint_prefix(fd, "log", offset, &prefix, &is_there, &error));
			assert_int_equal(is_there, offset <= length);
			if (is_there)
				expect_prefix(&prefix, text, offset);
			else
				assert_int_equal(prefix.offset, 12345);
			assert_true(fingerprint_lines(fd, "log", offset, &prefix, &error));
			expect_prefix(&prefix, text, naive_lines(text, size));
		}
		(void)close(fd);
		free(text);
	}
}

static int compare_offsets(const void *left, const void *right)
{
	const struct prefix *a = left, *b = right;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void expect_packed(const struct packed_file *found, const struct prefix *wanted,
    const uint64_t offsets[WANTED], const char *text, size_t length)
{
	size_t reached = 0;

	assert_int_equal(found->size, length);
	expect_prefix(&found->whole, text, naive_lines(text, length));
	while (reached < WANTED && offsets[reached] <= length) {
		expect_prefix(&wanted[reached], text, (size_t)offsets[reached]);
		reached++;
	}
	assert_int_equal(found->reached, reached);
	for (size_t i = reached; i < WANTED; i++)
		assert_int_equal(wanted[i].offset, offsets[i]);
}

static void packed_files_are_as_computed(void **state)
{
	struct randoms randoms = { 2 };

	(void)state;
	for (size_t i = 0; i < 9 * SIZES; i++) {
		static const size_t longest[] = { 100, 5000, 3000000 };
		enum packed_format format = PACKED_GZIP + i / SIZES % 3;
		size_t length = sizes[i % SIZES];
		char *text = make_text(&randoms, length, longest[i / SIZES / 3]);
		struct packed packed = packed_make(format, text, length);
		int fd = open_file(packed.bytes, packed.length);
		struct error error = ERROR_INIT;
		struct prefix wanted[WANTED] = { { 0, { 0, 0 }, { 0, 0 } } };
		uint64_t offsets[WANTED];
		struct packed_file found;
		bool is_packed;

		assert_true(fingerprint_is_packed(fd, "log", &is_packed, &error));
		assert_true(is_packed);
		for (size_t j = 1; j < WANTED; j++)
			wanted[j].offset = pick_offset(&randoms, length + 10);
		wanted[1].offset = length;
		qsort(wanted, WANTED, sizeof(wanted[0]), compare_offsets);
		for (size_t j = 0; j < WANTED; j++)
			offsets[j] = wanted[j].offset;
		if (!fingerprint_packed(&found, fd, "log", wanted, WANTED, &error))
			fail_msg("%s", error.text);
		expect_packed(&found, wanted, offsets, text, length);
		/* and again, with nothing wanted */
		assert_true(fingerprint_packed(&found, fd, "log", NULL, 0, &error));
		assert_int_equal(found.size, length);
		assert_int_equal(found.reached, 0);
		/* and each for itself */
		for (size_t j = 0; j < WANTED; j += 5) {
			struct prefix prefix;
			bool is_there;

			assert_true(fingerprint_packed_prefix(
			    fd, "log", offsets[j], &prefix, &is_there, &error));
			assert_int_equal(is_there, offsets[j] <= length);
			if (is_there)
				expect_prefix(&prefix, text, offsets[j]);
		}
		(void)close(fd);
		packed_release(&packed);
		free(text);
	}
}

/* A compressed file that is still being written, or was cut: what came is known. */
static void a_cut_file_is_known_up_to_the_cut(void **state)
{
	struct randoms randoms = { 3 };
	char *text = make_text(&randoms, 700000, 100);
	size_t size = 0;

	(void)state;
	for (enum packed_format format = PACKED_GZIP; format < PACKED_FORMATS; format++) {
		struct packed packed = packed_make(format, text, 700000);

		for (size_t i = 0; i < 30; i++) {
			size_t cut = i == 0 ? packed.length - 1
			                    : 6 + randoms_below(&randoms, packed.length - 6);
			int fd = open_file(packed.bytes, cut);
			struct prefix wanted[2] = { { 5000, { 0, 0 }, { 0, 0 } },
				{ 699999, { 0, 0 }, { 0, 0 } } };
			struct error error = ERROR_INIT;
			struct packed_file found;

			assert_false(fingerprint_packed(&found, fd, "log", wanted, 2, &error));
			assert_int_equal(error.kind, ERROR_DAMAGED);
			assert_non_null(strstr(error.text, "'log' is damaged"));
			assert_true(found.size <= 700000);
			expect_prefix(&found.whole, text, naive_lines(text, found.size));
			assert_int_equal(
			    found.reached, (found.size >= 5000) + (found.size >= 699999));
			if (found.reached > 0)
				expect_prefix(&wanted[0], text, 5000);
			size = found.size > size ? found.size : size;
			(void)close(fd);
		}
		assert_true(size > 100000);
		packed_release(&packed);
	}
	free(text);
}

static void a_time_is_seen_in_the_first_bytes(void **state)
{
	static const char text[] = "banner\n2026-11-22 03:14:15 a line\n";
	static const struct {
		size_t size;
		bool has;
	} cases[] = { { 0, false }, { 7, false }, { sizeof(text) - 1, true }, { 8192, true } };
	struct timestamp_rule rule;
	struct error error = ERROR_INIT;
	struct zone zone = { 0 };

	(void)state;
	assert_true(timestamp_rule_init(&rule, NULL, 1795288455000, &zone, &error));
	for (enum packed_format format = PACKED_PLAIN; format < PACKED_FORMATS; format++) {
		struct packed packed = packed_make(format, text, sizeof(text) - 1);

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int fd = open_file(packed.bytes, packed.length);
			bool has;

			assert_true(
			    fingerprint_has_time(fd, "log", cases[i].size, &rule, &has, &error));
			assert_int_equal(has, cases[i].has);
			(void)close(fd);
		}
		packed_release(&packed);
	}
}

/* A terabyte of NULs costs nothing, whatever stands around it. */
static void a_hole_is_passed(void **state)
{
	const off_t hole = (off_t)1 << 40;
	struct error error = ERROR_INIT;
	int fd = open_file("first\nsecond", 12);
	struct prefix whole;
	clock_t before = clock();

	(void)state;
	if (ftruncate(fd, hole) != 0) { /* not every file system can */
		(void)close(fd);
		skip();
	}
	assert_true(fingerprint_lines(fd, "log", UINT64_MAX, &whole, &error));
	expect_prefix(&whole, "first\n", 6);
	assert_int_equal(pwrite(fd, "third\nfourth", 12, hole), 12);
	assert_true(fingerprint_lines(fd, "log", UINT64_MAX, &whole, &error));
	assert_int_equal(whole.offset, hole + 6);
	assert_true(fingerprint_lines(fd, "log", (uint64_t)hole + 5, &whole, &error));
	expect_prefix(&whole, "first\n", 6);
	assert_true(fingerprint_lines(fd, "log", 5, &whole, &error));
	expect_prefix(&whole, "", 0);
	assert_true((clock() - before) / CLOCKS_PER_SEC < 20);
	(void)close(fd);
}

static void what_cannot_be_read_is_said(void **state)
{
	struct error error = ERROR_INIT;
	struct prefix prefix;
	struct packed_file found;
	bool answer;
	int fd = open_file("text\n", 5);

	(void)state;
	assert_true(fingerprint_is_packed(fd, "log", &answer, &error));
	assert_false(answer);
	assert_true(fingerprint_prefix(fd, "log", UINT64_MAX, &prefix, &answer, &error));
	assert_false(answer);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(fingerprint_is_packed(fd, "log", &answer, &error));
	assert_false(answer);
	(void)close(fd);
	assert_false(fingerprint_is_packed(fd, "log", &answer, &error));
	assert_string_equal(error.text, "cannot read 'log': Bad file descriptor");
	assert_false(fingerprint_prefix(fd, "log", 5, &prefix, &answer, &error));
	assert_false(fingerprint_lines(fd, "log", 5, &prefix, &error));
	assert_false(fingerprint_packed(&found, fd, "log", NULL, 0, &error));
	assert_int_equal(error.kind, ERROR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_files_are_as_computed),
		cmocka_unit_test(packed_files_are_as_computed),
		cmocka_unit_test(a_cut_file_is_known_up_to_the_cut),
		cmocka_unit_test(a_time_is_seen_in_the_first_bytes),
		cmocka_unit_test(a_hole_is_passed),
		cmocka_unit_test(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
