#ifndef JGANNOTATE_TESTS_PRINTED_H
#define JGANNOTATE_TESTS_PRINTED_H

#include "output/writer.h"
#include "scanned.h"
#include "temporary.h"

/*
 * What a sink prints: a writer into a file that is read back. Include it behind
 * cmocka.h.
 */
struct printed {
	struct scanner scanner;
	struct writer *writer;
	char path[64];
	int fd;
	char bytes[65536];
	size_t length;
};

static inline void printed_init(struct printed *printed, enum trust trust)
{
	struct error error = ERROR_INIT;

	scanner_init(&printed->scanner, trust, true);
	temporary_file(printed->path, "", 0);
	printed->fd = open(printed->path, O_RDWR);
	assert_true(printed->fd >= 0);
	printed->writer = writer_new(printed->fd, "test", &error);
	assert_non_null(printed->writer);
}

static inline void printed_release(struct printed *printed)
{
	scanner_release(&printed->scanner);
	writer_free(printed->writer);
	(void)close(printed->fd);
	assert_int_equal(unlink(printed->path), 0);
}

/* Scans `text` in pieces of whole lines of at most `most` bytes where that is possible. */
static inline void printed_scan(
    struct printed *printed, const char *file, const char *text, size_t length, size_t most)
{
	struct error error = ERROR_INIT;
	uint64_t line = 1;

	assert_int_equal(ftruncate(printed->fd, 0), 0);
	assert_int_equal(lseek(printed->fd, 0, SEEK_SET), 0);
	for (size_t at = 0; at < length;) {
		size_t part = length - at < most ? length - at : most;
		const char *newline = memrchr(text + at, '\n', part);
		struct piece piece = { .data = text + at, .file = file, .first_line = line };

		if (newline == NULL)
			newline = memchr(text + at, '\n', length - at);
		piece.length = newline == NULL ? length - at : (size_t)(newline - text) + 1 - at;
		printed->scanner.scanned->count = 0;
		assert_true(scan_piece(&printed->scanner.scan, &piece, &error));
		line += piece.newlines;
		at += piece.length;
	}
	assert_true(scan_flush(&printed->scanner.scan, &error));
	printed->length = (size_t)pread(printed->fd, printed->bytes, sizeof(printed->bytes) - 1, 0);
	printed->bytes[printed->length] = '\0';
}

#endif
