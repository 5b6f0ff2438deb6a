/* Reads of any size become the same lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "input/block.h"
#include "temporary.h"

/* Reads `path` to its end. The blocks together must be `bytes`; each of whole
 * lines, unless it is cut or a rest or the last. Returns the number of blocks. */
static size_t read_all(const char *path, size_t read_size, const char *bytes, size_t length)
{
	struct error error = ERROR_INIT;
	struct source *source = source_open(path, &error);
	struct block_reader *reader;
	enum block_result result;
	size_t at = 0;
	size_t blocks = 0;
	bool in_rest = false;

	if (source == NULL)
		fail_msg("%s", error.text);
	reader = block_reader_new(source, read_size, &error);
	assert_non_null(reader);
	do {
		struct block block;

		result = block_reader_next(reader, &block, &error);
		if (result != BLOCK_READ)
			continue;
		blocks++;
		assert_true(block.length > 0 && block.length <= length - at);
		assert_memory_equal(block.data, bytes + at, block.length);
		at += block.length;
		assert_int_equal(block.is_rest, in_rest);
		assert_false(block.is_cut && block.is_rest);
		if (block.is_cut) {
			assert_int_equal(block.length, BLOCK_LINE_MAX);
			assert_null(memchr(block.data, '\n', block.length));
			in_rest = true;
		} else if (block.is_rest) {
			const char *newline = memchr(block.data, '\n', block.length);

			assert_true(newline == NULL || newline == block.data + block.length - 1);
			in_rest = newline == NULL;
		} else if (block.data[block.length - 1] != '\n') {
			assert_int_equal(at, length);
		}
	} while (result == BLOCK_READ || result == BLOCK_PARTIAL);
	assert_int_equal(result, BLOCK_END);
	assert_int_equal(at, length);
	assert_int_equal(block_reader_total(reader), length);
	assert_int_equal(block_reader_next(reader, &(struct block){ 0 }, &error), BLOCK_END);
	block_reader_free(reader);
	source_close(source);
	return blocks;
}

static const char *const texts[] = { "", "a", "\n", "a\n", "a\nb", "\n\n\n",
	"one\ntwo\n\nthree\r\nfour", "a longer line than most of the others here\nx\ny\nz\n" };

static void every_read_size_gives_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i]);
		char path[64];

		temporary_file(path, texts[i], length);
		for (size_t size = 0; size <= length + 1; size++)
			(void)read_all(path, size, texts[i], length);
		assert_int_equal(unlink(path), 0);
	}
}

static void pipes_give_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t step = 1; step < 60; step += 7) {
			struct temporary_writer writer;
			char path[64];
			int fd = temporary_pipe(&writer, path, texts[i], strlen(texts[i]), step, 0);

			(void)read_all(path, 1 + step % 5, texts[i], strlen(texts[i]));
			assert_int_equal(pthread_join(writer.thread, NULL), 0);
			(void)close(fd);
		}
}

/* Lines around the length that is searched whole; `behind` follows. */
static void long_lines_are_cut(void **state)
{
	static const struct {
		size_t line;
		const char *behind;
		bool is_cut;
	} rows[] = { { BLOCK_LINE_MAX - 1, "\nx\n", false }, { BLOCK_LINE_MAX, "\nx\n", false },
		{ BLOCK_LINE_MAX, "", false }, { BLOCK_LINE_MAX + 1, "\nx\n", true },
		{ BLOCK_LINE_MAX + 1, "", true }, { 2 * BLOCK_LINE_MAX + 3, "\n\nx", true },
		{ 3 * BLOCK_LINE_MAX, "", true } };
	static const size_t sizes[] = { 0, 1000, 65536, BLOCK_LINE_MAX, 4 * BLOCK_LINE_MAX };
	char *text = malloc(3 * BLOCK_LINE_MAX + 16);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = rows[i].line + strlen(rows[i].behind) + 2;
		char path[64];

		memcpy(text, "a\n", 2);
		memset(text + 2, 'b', rows[i].line);
		memcpy(text + 2 + rows[i].line, rows[i].behind, strlen(rows[i].behind));
		temporary_file(path, text, length);
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			struct error error = ERROR_INIT;
			struct source *source = source_open(path, &error);
			struct block_reader *reader = block_reader_new(source, sizes[s], &error);
			enum block_result result;
			struct block block;
			bool was_cut = false;

			while ((result = block_reader_next(reader, &block, &error)) == BLOCK_READ ||
			       result == BLOCK_PARTIAL)
				was_cut = was_cut || (result == BLOCK_READ && block.is_cut);
			assert_int_equal(was_cut, rows[i].is_cut);
			block_reader_free(reader);
			source_close(source);
			(void)read_all(path, sizes[s], text, length);
		}
		assert_int_equal(unlink(path), 0);
	}
	free(text);
}

/* Short lines come in blocks, not one by one. */
static void blocks_are_large(void **state)
{
	const size_t length = 4u * 1024 * 1024;
	char *text = malloc(length);
	char path[64];

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = i % 100 == 99 ? '\n' : 'x';
	temporary_file(path, text, length);
	assert_true(read_all(path, 0, text, length) < 64);
	assert_int_equal(unlink(path), 0);
	free(text);
}

static void a_line_waits_for_its_end_only(void **state)
{
	struct error error = ERROR_INIT;
	struct block block;
	struct source *source;
	struct block_reader *reader;
	char path[64];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	source = source_open(path, &error);
	assert_non_null(source);
	reader = block_reader_new(source, 0, &error);
	assert_int_equal(write(ends[1], "one\ntw", 6), 6);
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_READ);
	assert_int_equal(block.length, 4);
	assert_memory_equal(block.data, "one\n", 4);
	assert_int_equal(write(ends[1], "o", 1), 1);
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_PARTIAL);
	assert_int_equal(write(ends[1], "\n\n", 2), 2);
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_READ);
	assert_int_equal(block.length, 5);
	assert_memory_equal(block.data, "two\n\n", 5);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_END);
	block_reader_free(reader);
	source_close(source);
	(void)close(ends[0]);
	block_reader_free(NULL);
}

/* What came before a fault is still given. */
static void a_fault_loses_nothing(void **state)
{
	struct error error = ERROR_INIT;
	struct source *source = source_open("/proc/self/mem", &error);
	struct block_reader *reader;
	struct block block;

	(void)state;
	assert_non_null(source);
	reader = block_reader_new(source, 0, &error);
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_ERROR);
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, "cannot read '/proc/self/mem': Input/output error");
	assert_int_equal(block_reader_next(reader, &block, &error), BLOCK_END);
	block_reader_free(reader);
	source_close(source);
}

static void what_cannot_be_read_is_named(void **state)
{
	struct error error = ERROR_INIT;

	(void)state;
	assert_null(source_open("/nowhere/at all", &error));
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, "cannot open '/nowhere/at all': No such file or directory");
	assert_null(source_open("/tmp", &error));
	assert_string_equal(error.text, "'/tmp' is a directory");
	source_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_read_size_gives_the_same),
		cmocka_unit_test(pipes_give_the_same),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(blocks_are_large),
		cmocka_unit_test(a_line_waits_for_its_end_only),
		cmocka_unit_test(a_fault_loses_nothing),
		cmocka_unit_test(what_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
