/* One JSON object per hit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "output/hits.h"
#include "printed.h"

static const char log_text[] =
    "one\nxx code=9011 {\"code\":9000,\"content\":\"verify consistent\"}\n\n\ncode=0\r\n"
    "{\"id\":1,\"code\":9023,\"content\":\"x\"} code=77";

static const char expected[] =
    "{\"file\":\"a\\\"b\\\\\",\"line\":2,\"column\":9,\"time\":null,\"code\":9011,\"description\":"
    "\"auth failed\",\"category\":\"verification\",\"outcome\":\"auth\",\"standing\":\"plain\","
    "\"counts_as\":\"response\"}\n"
    "{\"file\":\"a\\\"b\\\\\",\"line\":2,\"column\":22,\"time\":null,\"code\":9000,\"description\":"
    "\"verify consistent\",\"category\":\"verification\",\"outcome\":\"success\",\"standing\":"
    "\"confirmed\",\"counts_as\":\"response\"}\n"
    "{\"file\":\"a\\\"b\\\\\",\"line\":5,\"column\":6,\"time\":null,\"code\":0,\"description\":"
    "\"success\",\"category\":\"risk\",\"outcome\":\"success\",\"standing\":\"doubtful\","
    "\"counts_as\":\"held_back\"}\n"
    "{\"file\":\"a\\\"b\\\\\",\"line\":6,\"column\":16,\"time\":null,\"code\":9023,\"description\":"
    "null,\"category\":null,\"outcome\":null,\"standing\":null,\"counts_as\":\"unlisted\"}\n"
    "{\"file\":\"a\\\"b\\\\\",\"line\":6,\"column\":41,\"time\":null,\"code\":77,\"description\":"
    "null,\"category\":null,\"outcome\":null,\"standing\":null,\"counts_as\":\"other_number\"}\n";

static void every_hit_is_printed(void **state)
{
	struct error error = ERROR_INIT;
	struct printed printed;
	struct hits *hits;

	(void)state;
	printed_init(&printed, TRUST_NORMAL);
	hits = hits_new(NULL, printed.writer, &error);
	scan_add_sink(&printed.scanner.scan, hits_sink(hits));
	for (size_t most = 1; most <= sizeof(log_text); most += 20) {
		printed_scan(&printed, "a\"b\\", log_text, sizeof(log_text) - 1, most);
		assert_string_equal(printed.bytes, expected);
	}
	printed_scan(&printed, NULL, "code=9011", 9, 100);
	assert_int_equal(strncmp(printed.bytes, "{\"file\":null,\"line\":1,", 22), 0);
	hits_free(hits);
	hits_free(NULL);
	printed_release(&printed);
}

static void only_chosen_hits_are_printed(void **state)
{
	struct error error = ERROR_INIT;
	struct printed printed;
	struct selection *only;
	struct hits *hits;

	(void)state;
	printed_init(&printed, TRUST_NORMAL);
	only = selection_new("--only", "success", printed.scanner.catalog, NULL, &error);
	assert_non_null(only);
	hits = hits_new(only, printed.writer, &error);
	scan_add_sink(&printed.scanner.scan, hits_sink(hits));
	printed_scan(&printed, NULL, log_text, sizeof(log_text) - 1, 1000);
	assert_non_null(strstr(printed.bytes, "\"code\":9000"));
	assert_null(strstr(printed.bytes, "\"code\":9011"));
	assert_null(strstr(printed.bytes, "\"code\":9023"));
	hits_free(hits);
	selection_free(only);
	printed_release(&printed);
}

/* Kept first and moved later, with the lines before them added. */
static void kept_hits_get_their_lines_later(void **state)
{
	struct error error = ERROR_INIT;
	struct printed printed;
	struct hits *hits;
	size_t length;

	(void)state;
	printed_init(&printed, TRUST_NORMAL);
	hits = hits_new(NULL, printed.writer, &error);
	hits_keep(hits);
	scan_add_sink(&printed.scanner.scan, hits_sink(hits));
	printed_scan(&printed, "a\"b\\", log_text, sizeof(log_text) - 1, 1000);
	assert_int_equal(printed.length, 0);
	assert_true(hits_move(hits, printed.writer, 0, &error));
	printed_scan(&printed, "a\"b\\", log_text, sizeof(log_text) - 1, 1000);
	assert_true(hits_move(hits, printed.writer, 1000, &error));
	assert_true(writer_flush(printed.writer, &error));
	length = (size_t)pread(printed.fd, printed.bytes, sizeof(printed.bytes) - 1, 0);
	printed.bytes[length] = '\0';
	assert_int_equal(strncmp(printed.bytes, expected, sizeof(expected) - 1), 0);
	assert_non_null(
	    strstr(printed.bytes + sizeof(expected) - 1, "\"line\":1002,\"column\":9,"));
	assert_non_null(
	    strstr(printed.bytes + sizeof(expected) - 1, "\"line\":1006,\"column\":41,"));
	hits_free(hits);
	printed_release(&printed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hit_is_printed),
		cmocka_unit_test(only_chosen_hits_are_printed),
		cmocka_unit_test(kept_hits_get_their_lines_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
