/* The printed lines: the input plus insertions, or only the chosen ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "match/annotation.h"
#include "output/annotate.h"
#include "printed.h"
#include "randoms.h"

#define USUAL (ANNOTATION_OUTCOME | ANNOTATION_DESCRIPTION)

struct printer {
	struct printed printed;
	struct annotate *annotate;
	struct selection *only;
};

static void printer_init(struct printer *printer, struct annotate_options options, const char *only)
{
	struct error error = ERROR_INIT;

	printed_init(&printer->printed, TRUST_NORMAL);
	options.catalog = printer->printed.scanner.catalog;
	printer->only = NULL;
	if (only != NULL) {
		printer->only = selection_new("--only", only, options.catalog, NULL, &error);
		assert_non_null(printer->only);
	}
	options.only = printer->only;
	printer->annotate = annotate_new(&options, printer->printed.writer, &error);
	assert_non_null(printer->annotate);
	scan_add_sink(&printer->printed.scanner.scan, annotate_sink(printer->annotate));
}

static void printer_release(struct printer *printer)
{
	annotate_free(printer->annotate);
	selection_free(printer->only);
	printed_release(&printer->printed);
}

static void expect(
    struct printer *printer, const char *text, size_t length, const char *expected, size_t size)
{
	const struct printed *printed = &printer->printed;

	for (size_t most = 1; most <= length + 1; most += length + 1) {
		printed_scan(&printer->printed, NULL, text, length, most);
		if (printed->length != size || memcmp(printed->bytes, expected, size) != 0)
			fail_msg("'%s':\n   '%s'\n   instead of\n   '%s'", text, printed->bytes,
			    expected);
	}
}

static const char log_text[] =
    "one\ncode=9011 x\n\ncode=9000\r\ncode=0\n{\"code\":9001}\n"
    "code=123456\n{\"id\":1,\"code\":9023,\"content\":\"x\"}\nend code=9011";

static void all_lines_pass(void **state)
{
	static const char expected[] =
	    "one\ncode=9011 [auth: auth failed] x\n\ncode=9000 [success: verify consistent]\r\n"
	    "code=0\n{\"code\":9001,\"code_outcome\":\"negative\",\"code_description\":"
	    "\"verify not consistent\"}\ncode=123456\n{\"id\":1,\"code\":9023,\"code_outcome\":"
	    "\"unlisted\",\"content\":\"x\"}\nend code=9011 [auth: auth failed]";
	struct printer printer;

	(void)state;
	printer_init(&printer, (struct annotate_options){ .columns = USUAL }, NULL);
	expect(&printer, log_text, sizeof(log_text) - 1, expected, sizeof(expected) - 1);
	expect(&printer, "", 0, "", 0);
	expect(&printer, "\0\xff\r\n\n\r", 6, "\0\xff\r\n\n\r", 6);
	printer_release(&printer);
}

static void only_chosen_lines_pass(void **state)
{
	static const struct {
		const char *only;
		const char *expected;
	} rows[] = {
		{ "auth", "code=9011 [auth] x\nend code=9011 [auth]" },
		{ "9001", "{\"code\":9001,\"code_outcome\":\"negative\"}\n" },
		{ "success", "code=9000 [success]\r\n" },
		{ "unlisted",
		    "{\"id\":1,\"code\":9023,\"code_outcome\":\"unlisted\",\"content\":\"x\"}\n" },
		{ "123456", "code=123456\n" },
		{ "0", "" }, /* held back */
		{ "error,-9011", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct printer printer;

		printer_init(&printer, (struct annotate_options){ .columns = ANNOTATION_OUTCOME },
		    rows[i].only);
		expect(&printer, log_text, sizeof(log_text) - 1, rows[i].expected,
		    strlen(rows[i].expected));
		printer_release(&printer);
	}
}

static void terminals_are_shown_what_would_drive_them(void **state)
{
	static const char text[] = "a\x1b]0;t\x07 \x1b[31mcode=9011\x1b[0m\tb\r\n\x1b[2J\n"
	                           "\x1b[31m plain\ncode=9012";
	static const char expected[] =
	    "a\\x1b]0;t\\x07 \x1b[31mcode=9011 [auth]\x1b[0m\tb\x1b[0m\r\n\\x1b[2J\n"
	    "\x1b[31m plain\x1b[0m\ncode=9012 [request]";
	struct printer printer;

	(void)state;
	printer_init(&printer,
	    (struct annotate_options){ .columns = ANNOTATION_OUTCOME, .is_terminal = true }, NULL);
	expect(&printer, text, sizeof(text) - 1, expected, sizeof(expected) - 1);
	printer_release(&printer);
}

/* The same lines, whichever way they go, and whatever the pieces are. */
static void both_ways_print_the_same(void **state)
{
	static const char *const words[] = { "code=9011", " ", "\n", "{\"code\":9001}", "x",
		"code=0 ", "\r\n", "错误码：9018", "code=\"9011", "\"",
		"{\"code\":9000,\"content\":\"verify consistent\"}", "code=77 ",
		" [auth: auth failed]" };
	struct randoms randoms = { 13 };
	struct printer stretches;
	struct printer lines;
	struct printer terminal;

	(void)state;
	printer_init(&stretches, (struct annotate_options){ .columns = USUAL }, NULL);
	printer_init(&lines, (struct annotate_options){ .columns = USUAL }, "all");
	printer_init(
	    &terminal, (struct annotate_options){ .columns = USUAL, .is_terminal = true }, NULL);
	for (size_t round = 0; round < 100; round++) {
		char text[600];
		size_t length = randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 60, text, sizeof(text));
		const struct printed *whole = &stretches.printed;
		size_t at = 0;

		printed_scan(&stretches.printed, NULL, text, length, sizeof(text));
		printed_scan(&terminal.printed, NULL, text, length, 1 + round);
		assert_string_equal(terminal.printed.bytes, whole->bytes);
		/* each chosen line is one of all, in their order */
		printed_scan(&lines.printed, NULL, text, length, 1 + round);
		for (const char *line = lines.printed.bytes; *line != '\0';) {
			size_t size = strcspn(line, "\n") + (strchr(line, '\n') != NULL);

			while (at < whole->length && strncmp(whole->bytes + at, line, size) != 0)
				at += strcspn(whole->bytes + at, "\n") + 1;
			assert_true(at < whole->length);
			at += size;
			line += size;
		}
	}
	printer_release(&stretches);
	printer_release(&lines);
	printer_release(&terminal);
}

/* The rest of a long line shares the fate of its front. */
static void long_lines_stay_together(void **state)
{
	static const struct {
		const char *front;
		const char *only;
		const char *expected;
	} rows[] = { { "code=9011 front ", NULL,
		         "code=9011 [auth] front middle code=9012 end\nnext\n" },
		{ "code=9011 front ", "9011", "code=9011 [auth] front middle code=9012 end\n" },
		{ "code=9012 front ", "9011", "" }, { "front ", "9011", "" },
		{ "front ", NULL, "front middle code=9012 end\nnext\n" } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;
		struct piece pieces[] = { { .data = rows[i / 2].front, .is_cut = true },
			{ .data = "middle code=9012 ", .is_rest = true },
			{ .data = "end\n", .is_rest = true }, { .data = "next\n" } };
		struct printer printer;

		printer_init(&printer,
		    (struct annotate_options){
		        .columns = ANNOTATION_OUTCOME, .is_terminal = i % 2 == 1 },
		    rows[i / 2].only);
		for (size_t p = 0; p < 4; p++) {
			pieces[p].length = strlen(pieces[p].data);
			pieces[p].first_line = 1;
			assert_true(scan_piece(&printer.printed.scanner.scan, &pieces[p], &error));
		}
		assert_true(scan_flush(&printer.printed.scanner.scan, &error));
		printer.printed.length =
		    (size_t)pread(printer.printed.fd, printer.printed.bytes, 1000, 0);
		printer.printed.bytes[printer.printed.length] = '\0';
		assert_string_equal(printer.printed.bytes, rows[i / 2].expected);
		printer_release(&printer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lines_pass),
		cmocka_unit_test(only_chosen_lines_pass),
		cmocka_unit_test(terminals_are_shown_what_would_drive_them),
		cmocka_unit_test(both_ways_print_the_same),
		cmocka_unit_test(long_lines_stay_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
