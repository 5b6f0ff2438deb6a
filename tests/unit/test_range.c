/* A part of a file, to the byte: from a descriptor, by one thread and many, packed or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "input/block.h"
#include "input/cutter.h"
#include "input/source.h"
#include "packed.h"
#include "randoms.h"
#include "scanned.h"
#include "stream/parallel.h"
#include "temporary.h"

#define SMALL 3000u
#define LARGE (3u * 1024 * 1024)

/* Lines of all lengths, each with a code. */
static char *make_text(size_t length, size_t longest, unsigned seed)
{
	struct randoms randoms = { seed };
	char *text = malloc(length + 64);
	size_t at = 0;

	assert_non_null(text);
	while (at < length) {
		size_t width = randoms_below(&randoms, longest);

		width = width < length - at ? width : length - at;
		memset(text + at, 'a' + (int)(at % 26), width);
		at += width;
		at += (size_t)sprintf(text + at, " code=90%02u\n", (unsigned)(at % 20));
	}
	return text;
}

static int open_file(const char *bytes, size_t length)
{
	char path[64];
	int fd;

	temporary_file(path, bytes, length);
	fd = open(path, O_RDWR | O_APPEND);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	return fd;
}

/* With a position of its own, as another process has. */
static int open_writer(int fd)
{
	char path[64];
	int writer;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	writer = open(path, O_WRONLY | O_APPEND);
	assert_true(writer >= 0);
	return writer;
}

static struct source *open_range(int fd, uint64_t from, uint64_t to)
{
	struct error error = ERROR_INIT;
	struct source *source = source_open_fd(fd, "the log", &error);

	if (source == NULL)
		fail_msg("%s", error.text);
	source_set_range(source, from, to);
	return source;
}

/* Reads it all, `size` bytes at a time. */
static void expect_bytes(struct source *source, size_t size, const char *bytes, size_t length)
{
	struct error error = ERROR_INIT;
	char *got = malloc(length + size + 1);
	size_t total = 0;
	ssize_t count;

	assert_non_null(got);
	while ((count = source_read(source, got + total, size, &error)) > 0) {
		total += (size_t)count;
		assert_true(total <= length);
	}
	assert_int_equal(count, 0);
	assert_int_equal(total, length);
	if (length > 0)
		assert_memory_equal(got, bytes, length);
	free(got);
	source_close(source);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void any_range_is_exact(void **state)
{
	static const size_t edges[] = { 0, 1, 2, 7, 64, 1000, SMALL - 1, SMALL, SMALL + 1,
		SMALL + 90, SIZE_MAX };
	static const size_t sizes[] = { 1, 7, 64, 65536 };
	char *text = make_text(SMALL, 80, 1);
	const size_t count = sizeof(edges) / sizeof(edges[0]);

	(void)state;
	for (size_t format = 0; format < PACKED_FORMATS; format++) {
		struct packed packed = packed_make((enum packed_format)format, text, SMALL);
		int fd = open_file(packed.bytes, packed.length);

		for (size_t i = 0; i < count * count * 4; i++) {
			size_t from = edges[i / 4 % count], to = edges[i / 4 / count];
			size_t start = least(from, SMALL), end = least(to, SMALL);

			expect_bytes(open_range(fd, from, to), sizes[i % 4], text + start,
			    end > start ? end - start : 0);
		}
		(void)close(fd);
		packed_release(&packed);
	}
	free(text);
}

static void every_end_of_a_small_range(void **state)
{
	char *text = make_text(SMALL, 80, 2);
	struct packed packed = packed_make(PACKED_GZIP, text, SMALL);
	int plain_fd = open_file(text, SMALL), packed_fd = open_file(packed.bytes, packed.length);

	(void)state;
	for (size_t to = 0; to < SMALL; to += 3) {
		expect_bytes(open_range(plain_fd, to / 2, to), 100, text + to / 2, to - to / 2);
		expect_bytes(open_range(packed_fd, to / 2, to), 100, text + to / 2, to - to / 2);
	}
	packed_release(&packed);
	(void)close(plain_fd);
	(void)close(packed_fd);
	free(text);
}

/* The descriptor stays its owner's, and can be opened again and again. */
static void a_descriptor_is_read_from_its_start(void **state)
{
	struct error error = ERROR_INIT;
	int fd = open_file("one\ntwo\n", 8);
	int ends[2];
	char byte;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct source *source = source_open_fd(fd, "the log", &error);

		assert_non_null(source);
		assert_string_equal(source_name(source), "the log");
		assert_true(source_is_same_file(source, fd));
		expect_bytes(source, 5, "one\ntwo\n", 8);
	}
	assert_int_equal(pread(fd, &byte, 1, 0), 1);
	(void)close(fd);
	assert_null(source_open_fd(fd, "the log", &error));
	assert_string_equal(error.text, "cannot read 'the log': Bad file descriptor");
	assert_int_equal(pipe(ends), 0);
	assert_null(source_open_fd(ends[0], "a pipe", &error));
	(void)close(ends[0]);
	(void)close(ends[1]);
	fd = open("/tmp", O_RDONLY | O_DIRECTORY);
	assert_null(source_open_fd(fd, "/tmp", &error));
	assert_string_equal(error.text, "'/tmp' is a directory");
	(void)close(fd);
}

/* What is appended while it is read is not of the range. */
static void a_file_may_grow_behind_it(void **state)
{
	char *text = make_text(SMALL, 80, 3);
	size_t to = SMALL - 100, from = 77, total = 0;
	struct error error = ERROR_INIT;
	int fd = open_file(text, SMALL - 50);
	struct source *source = open_range(fd, from, to);
	int writer = open_writer(fd);
	char got[SMALL];
	ssize_t count;

	(void)state;
	while ((count = source_read(source, got + total, 500, &error)) > 0) {
		total += (size_t)count;
		assert_int_equal(write(writer, text, 200), 200);
	}
	(void)close(writer);
	assert_int_equal(total, to - from);
	assert_memory_equal(got, text + from, total);
	source_close(source);
	/* and up to an end that is still to come */
	source = open_range(fd, SMALL - 50, SMALL + 1000000);
	assert_int_equal(source_read(source, got, 200, &error), 200);
	assert_memory_equal(got, text, 200);
	source_close(source);
	(void)close(fd);
	free(text);
}

static void a_hole_is_passed_only_inside(void **state)
{
	struct error error = ERROR_INIT;
	int fd = open_file("", 0);
	struct source *source;
	char got[8192];
	ssize_t count;
	size_t total = 0;

	(void)state;
	assert_int_equal(ftruncate(fd, 1024 * 1024), 0);
	assert_int_equal(write(fd, "end\n", 4), 4);
	source = open_range(fd, 10, 1024 * 1024 - 10);
	source_skip_holes(source);
	while ((count = source_read(source, got, sizeof(got), &error)) > 0)
		total += (size_t)count;
	assert_int_equal(count, 0);
	assert_true(total <= 1024 * 1024 - 20);
	source_close(source);
	source = open_range(fd, 10, 1024 * 1024 + 3);
	source_skip_holes(source);
	total = 0;
	while ((count = source_read(source, got, sizeof(got), &error)) > 0) {
		total += (size_t)count;
		if (count >= 3)
			assert_memory_equal(got + count - 3, "end", 3);
	}
	assert_true(total >= 3 && total <= 1024 * 1024 - 7);
	source_close(source);
	(void)close(fd);
}

/* ---- stretches and threads ---- */

static void stretches_end_with_the_range(void **state)
{
	static const size_t longest[] = { 80, 400000, 2200000 };
	struct randoms randoms = { 4 };

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		char *text = make_text(LARGE, longest[i % 3], (unsigned)i);
		int fd = open_file(text, LARGE);
		size_t from = randoms_below(&randoms, LARGE / 2);
		size_t to = from + randoms_below(&randoms, LARGE);
		struct cutter cutter;
		struct stretch stretch;
		size_t at = from, end = least(to, LARGE);
		int writer = open_writer(fd);

		cutter_init(&cutter, fd, (off_t)from, (off_t)to);
		while (cutter_next(&cutter, &stretch) > 0) {
			assert_int_equal(stretch.offset, at);
			assert_in_range(stretch.length, 1, BLOCK_LINE_MAX + 1);
			at += stretch.length;
			assert_true(at <= end);
			assert_true(stretch.is_cut || at == end || text[at - 1] == '\n' ||
			            stretch.is_rest || memchr(text + at, '\n', end - at) == NULL);
			if (to <= LARGE)
				assert_int_equal(write(writer, "more\n", 5), 5);
		}
		assert_int_equal(at, end);
		(void)close(writer);
		(void)close(fd);
		free(text);
	}
}

static void *open_outputs(void *context, struct sink **sinks, size_t *count, struct error *error)
{
	struct scanned *outputs = scanned_new();

	(void)context;
	(void)error;
	sinks[0] = &outputs->sink;
	*count = 1;
	return outputs;
}

/* The hits of all jobs, as one number that depends on their order. */
struct sums {
	uint64_t hits, newlines, order;
};

static void add_up(struct sums *sums, const struct scanned *scanned)
{
	for (size_t i = 0; i < scanned->count; i++)
		sums->order = sums->order * 31 + scanned->hits[i].code;
	sums->hits += scanned->count;
	sums->newlines += scanned->newlines;
}

static bool merge_outputs(void *context, void *outputs, uint64_t line_offset, struct error *error)
{
	struct scanned *scanned = outputs;

	(void)error;
	assert_int_equal(line_offset, ((struct sums *)context)->newlines);
	add_up(context, scanned);
	scanned->count = 0;
	scanned->newlines = 0;
	return true;
}

static void close_outputs(void *context, void *outputs)
{
	(void)context;
	free(outputs);
}

static void expect_sums(const struct sums *sums, const char *text, size_t from, size_t to)
{
	struct scanner scanner;
	struct sums wanted = { 0, 0, 0 };

	for (size_t at = from; at < to;) { /* in parts that the kept hits can hold */
		const char *newline = memrchr(text + at, '\n', least(to - at, 65536));
		size_t length = newline == NULL ? to - at : (size_t)(newline - text) + 1 - at;

		scanner_init(&scanner, TRUST_NORMAL, false);
		scanner_scan(&scanner, text + at, length);
		add_up(&wanted, scanner.scanned);
		scanner_release(&scanner);
		at += length;
	}
	assert_int_equal(sums->hits, wanted.hits);
	assert_int_equal(sums->newlines, wanted.newlines);
	assert_int_equal(sums->order, wanted.order);
}

static void any_number_of_threads_reads_the_same(void **state)
{
	static const size_t ranges[][2] = { { 0, LARGE }, { 12345, 2000001 }, { 5, 700000 },
		{ 900000, 900001 }, { 100, 100 }, { 2000000, LARGE + 500 } };
	char *text = make_text(LARGE, 2000, 5);
	int fd = open_file(text, LARGE);
	struct error error = ERROR_INIT;
	struct feed_control control = { .wake_fd = -1 };
	struct scan_fields fields = { NULL, false, NULL };
	struct scanner scanner;
	struct sums sums;
	struct parallel_outputs outputs = { &sums, open_outputs, merge_outputs, NULL,
		close_outputs };

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		size_t from = ranges[i][0], to = ranges[i][1];
		struct parallel *parallel = parallel_new(2 + (unsigned)i % 3, &outputs,
		    scanner.matcher, scanner.catalog, TRUST_NORMAL, false, &fields, &error);
		struct source *source = open_range(fd, from, to);

		assert_non_null(parallel);
		sums = (struct sums){ 0, 0, 0 };
		assert_int_equal(parallel_feed(parallel, source, &control, &error), FEED_DONE);
		expect_sums(&sums, text, from, least(to, LARGE));
		source_close(source);
		parallel_free(parallel);

		source = open_range(fd, from, to);
		scanner.scanned->count = 0;
		scanner.scanned->newlines = 0;
		assert_int_equal(feed_source(&scanner.scan, source, &control, &error), FEED_DONE);
		sums = (struct sums){ 0, 0, 0 };
		add_up(&sums, scanner.scanned);
		expect_sums(&sums, text, from, least(to, LARGE));
		source_close(source);
	}
	scanner_release(&scanner);
	(void)close(fd);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_range_is_exact),
		cmocka_unit_test(every_end_of_a_small_range),
		cmocka_unit_test(a_descriptor_is_read_from_its_start),
		cmocka_unit_test(a_file_may_grow_behind_it),
		cmocka_unit_test(a_hole_is_passed_only_inside),
		cmocka_unit_test(stretches_end_with_the_range),
		cmocka_unit_test(any_number_of_threads_reads_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
