/* Command lines and what becomes of them: a value, or a piece of the error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "cli/option_table.h"
#include "cli/options.h"

#define WORDS_MAX 8

struct parsed {
	char *argv[WORDS_MAX + 2];
	struct options options;
	struct error error;
	bool fine;
};

static void parse(struct parsed *parsed, const char *const *words)
{
	static char program[] = "jgannotate";
	int argc = 1;

	*parsed = (struct parsed){ .argv = { program }, .error = ERROR_INIT };
	while (words[argc - 1] != NULL) {
		parsed->argv[argc] = (char *)words[argc - 1];
		argc++;
	}
	parsed->fine = options_parse(&parsed->options, argc, parsed->argv, &parsed->error);
}

struct wrong {
	const char *words[WORDS_MAX];
	const char *expected;
};

static const struct wrong wrongs[] = {
	{ { "--sumary" }, "unknown option '--sumary': did you mean '--summary'?" },
	{ { "--zzzzz" }, "unknown option '--zzzzz'" },
	{ { "-Z" }, "unknown option '-Z'" },
	{ { "-qZ" }, "unknown option '-Z'" },
	{ { "--"
	    "e" },
	    "option '--e' is ambiguous: '--errors' or '--explain'" },
	{ { "--co=x" }, "unknown word for --color 'x': it is auto, always or never" },
	{ { "--color=alwys" }, "did you mean 'always'?" },
	{ { "--quiet=yes" }, "option '--quiet' takes no argument, got 'yes'" },
	{ { "-k" }, "option '-k' needs an argument: -k [+]NAME,..." },
	{ { "--key" }, "option '--key' needs an argument" },
	{ { "-o", "jsn" }, "unknown output 'jsn': did you mean 'json'?" },
	{ { "-o", "out.log" }, "unknown output 'out.log': it is lines, json or none\n"
	                       "to write a report into a file: -r FILE" },
	{ { "-o", "s.json" }, "to write a report into a file: -r s.json\n" },
	{ { "-o", "pattern" }, "to print only some lines: --only LIST" },
	{ { "-r", "jsno" }, "unknown report 'jsno': did you mean 'json'?" },
	{ { "-r", "logs" }, "-r writes a report; folders: find DIR" },
	{ { "-r", "json:" }, "no file behind 'json:'; for standard output: -r json" },
	{ { "-r", "out.pdf" }, "no report format for 'out.pdf'" },
	{ { "-r", "pdf:out" }, "no report format for 'pdf:out'" },
	{ { "--add", "outcom" }, "unknown word for --add 'outcom': did you mean 'outcome'?" },
	{ { "--add", "outcome," }, "empty word in '--add outcome,'" },
	{ { "--add", "" }, "empty word in '--add '" },
	{ { "--add", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq" },
	    "there are description, outcome, category and notes" },
	{ { "--top", "0" }, "'--top 0' needs a number from 1 to 1000000" },
	{ { "--top", "-1" }, "'--top -1' needs a number" },
	{ { "--top", "20x" }, "'--top 20x' needs a number" },
	{ { "--top=4294967296" }, "'--top 4294967296' needs a number" },
	{ { "--top=" }, "needs a number" },
	{ { "--lang", "de" }, "unknown language 'de': it is en or zh" },
	/* contradictions */
	{ { "-r", "text", "-r", "json" },
	    "the reports 'text' and 'json' both go to standard output; "
	    "one into a file: -r json:FILE" },
	{ { "-s", "-r", "json" }, "both go to standard output" },
	{ { "-o", "json", "-s" }, "'-o json' and the report 'text' both go to standard output; "
	                          "the report into a file: -r text:FILE" },
	{ { "-s", "-o", "lines" }, "'-o lines' and the report 'text' both go to standard output" },
	{ { "-r", "a.txt", "-r", "json:a.txt" }, "two reports into one file 'a.txt'" },
	{ { "--only", "error", "-s" }, "--only picks lines, but a report replaces them" },
	{ { "--only", "error", "-o", "none" }, "--only picks lines, but '-o none' prints none" },
	{ { "--only", "error", "-r", "a.txt" }, "for both: -o lines -r FILE" },
	{ { "--explain", "-s" }, "--explain reads no log" },
	{ { "--explain", "-o", "json" }, "--explain reads no log" },
	{ { "--from", "yesterday" }, "unknown option '--from'\nfrom a time on: --since TIME\n" },
	{ { "--by", "a", "--by", "b" }, "--by stands twice: 'a' and 'b'\n" },
	{ { "--by", "a", "-g", "b" }, "-g stands twice: 'a' and 'b'\n" },
	{ { "--where", "a", "--where", "b" }, "--where stands twice: 'a' and 'b'\n" },
	{ { "-summary" }, "unknown option '-u'\ntry: --summary\n" },
	/* hands used to grep, tail and jq */
	{ { "-i", "x" }, "unknown option '-i'\nkeys are found in any case already" },
	{ { "-m", "5" }, "head -n N" },
	{ { "-n", "5" }, "tail -n N FILE | jgannotate" },
	{ { "-n5" }, "tail -n N FILE | jgannotate" },
	{ { "-n", "x" }, "for line numbers: -o json" },
	{ { "-n" }, "option '-n' needs an argument: -n N" },
	{ { "-n", "+" }, "'-n +' needs a number of lines" },
	{ { "-F", "-n", "1x", "log" }, "'-n 1x' needs a number of lines" },
	{ { "-a" }, "every input is read as text already" },
	{ { "-E", "x" }, "patterns are PCRE2: -e PATTERN" },
	{ { "-F" }, "-F needs a file's name" },
	{ { "-f" }, "-F needs a file's name" },
	{ { "-F", "-", "log" }, "standard input cannot be followed beside files" },
	{ { "-F", "--merge", "a.json" }, "-F follows a log: it does not go with --merge" },
	{ { "-F", "-n", "5", "-d", "x.db", "log" }, "-n does not go with --db" },
	{ { "-l" }, "jq -r .file | sort -u" },
	{ { "--count" }, "to count: -s" },
	{ { "--follow" }, "-F needs a file's name" },
	{ { "--max-count=3" }, "head -n N" },
};

static void wrong_lines_say_what_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct parsed parsed;
		char both[2100];

		parse(&parsed, wrongs[i].words);
		if (parsed.fine)
			fail_msg("row %zu was taken: %s", i, wrongs[i].expected);
		(void)snprintf(both, sizeof(both), "%s\n%s", parsed.error.text, parsed.error.hint);
		if (strstr(both, wrongs[i].expected) == NULL)
			fail_msg("row %zu: \"%s\" lacks \"%s\"", i, both, wrongs[i].expected);
		assert_int_equal(parsed.error.kind, ERROR_USAGE);
		assert_null(strchr(parsed.error.text, '\n'));
		/* two lines: the cause, and what to do */
		assert_ptr_equal(strchr(parsed.error.hint, '\n'),
		    parsed.error.hint + strlen(parsed.error.hint) - 1);
		assert_true(strlen(parsed.error.hint) > 8);
		options_release(&parsed.options);
	}
}

/* The values of `options` that are not the default, in the order of the struct. */
static void describe(const struct options *options, char *text, size_t size)
{
	static const char *const actions[] = { "", "explain ", "help ", "version " };
	static const char *const outputs[] = { "default ", "", "json ", "none " };
	const struct {
		const char *name;
		const struct options_list *list;
	} lists[] = {
		{ "r", &options->reports },
		{ "k", &options->keys },
		{ "e", &options->patterns },
		{ "c", &options->catalogs },
		{ "", &options->operands },
	};
	int used =
	    snprintf(text, size, "%s%s%s%s", actions[options->action], outputs[options->output],
	        options->quiet ? "quiet " : "", options->verbose ? "verbose " : "");

	if (options->only != NULL)
		used += snprintf(text + used, size - (size_t)used, "only=%s ", options->only);
	if (options->errors != NULL)
		used += snprintf(text + used, size - (size_t)used, "errors=%s ", options->errors);
	if (options->where != NULL)
		used += snprintf(text + used, size - (size_t)used, "where=%s ", options->where);
	if (options->add != (ANNOTATION_OUTCOME | ANNOTATION_DESCRIPTION))
		used += snprintf(text + used, size - (size_t)used, "add=%u ", options->add);
	if (options->top != 20)
		used += snprintf(text + used, size - (size_t)used, "top=%u ", options->top);
	if (options->color != COLOR_AUTO)
		used += snprintf(
		    text + used, size - (size_t)used, "color=%u ", (unsigned)options->color);
	if (options->language != LANGUAGE_AUTO)
		used += snprintf(
		    text + used, size - (size_t)used, "lang=%u ", (unsigned)options->language);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t j = 0; j < lists[i].list->count; j++)
			used += snprintf(text + used, size - (size_t)used, "%s[%s] ", lists[i].name,
			    lists[i].list->items[j]);
}

struct right {
	const char *words[WORDS_MAX];
	const char *expected;
};

static const struct right rights[] = {
	{ { NULL }, "" },
	{ { "a.log", "-", "b.log" }, "[a.log] [-] [b.log] " },
	{ { "a.log", "-q", "b.log" }, "quiet [a.log] [b.log] " },
	{ { "--", "-q" }, "[-q] " },
	{ { "-q", "--", "--", "-" }, "quiet [--] [-] " },
	{ { "-qv", "x" }, "quiet verbose [x] " },
	{ { "-qkerr", "x" }, "quiet k[err] [x] " },
	{ { "-k", "-q" }, "k[-q] " },
	{ { "-k+a,b", "--key=c", "--key", "d" }, "k[+a,b] k[c] k[d] " },
	{ { "-e", "(?<code>x)", "-e=" }, "e[(?<code>x)] e[=] " },
	{ { "--regexp=a=b" }, "e[a=b] " },
	{ { "--where=" }, "where= " },
	{ { "-c", "a", "--catalog", "b" }, "c[a] c[b] " },
	{ { "-s" }, "none r[text] " },
	{ { "-s", "-r", "text", "-s" }, "none r[text] " },
	{ { "-r", "json" }, "none r[json] " },
	{ { "-r", "a.json", "-r", "b.txt" }, "none r[a.json] r[b.txt] " },
	{ { "-r", "json:a.txt" }, "none r[json:a.txt] " },
	{ { "-r", "json:a:b" }, "none r[json:a:b] " },
	{ { "-r", "prometheus.txt", "--since", "2h" }, "none r[prometheus.txt] " },
	{ { "-r", "./text.txt", "-o", "lines", "--only", "error" }, "only=error r[./text.txt] " },
	{ { "-s", "-o", "none" }, "none r[text] " },
	{ { "-s", "-r", "a.json" }, "none r[text] r[a.json] " },
	{ { "-o", "json" }, "json " },
	{ { "-o", "none", "-olines" }, "" },
	{ { "--out", "none" }, "none " },
	{ { "--only", "error", "--only=-9003" }, "only=-9003 " },
	{ { "--only", "-9003" }, "only=-9003 " },
	{ { "--errors", "9001" }, "errors=9001 " },
	{ { "--add", "notes,description,category" }, "add=14 " },
	{ { "--add=outcome" }, "add=1 " },
	{ { "--top", "1000000" }, "top=1000000 " },
	{ { "--color", "never" }, "color=2 " },
	{ { "--color", "./never" }, "color=1 [./never] " },
	{ { "--color", "log" }, "color=1 [log] " },
	{ { "--color=no" }, "color=2 " },
	{ { "--color=force" }, "color=1 " },
	{ { "--lang", "zh_CN.UTF-8" }, "lang=2 " },
	{ { "--color=never" }, "color=2 " },
	{ { "--lang", "zh" }, "lang=2 " },
	{ { "--expl", "9018", "token" }, "explain [9018] [token] " },
	{ { "-h", "--bogus" }, "help default " },
	{ { "-qh", "-Z" }, "help default quiet " },
	{ { "--version", "-o", "bogus" }, "version default " },
	{ { "-V" }, "version default " },
};

static void right_lines_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		struct parsed parsed;
		char text[1024];

		parse(&parsed, rights[i].words);
		if (!parsed.fine)
			fail_msg("row %zu: %s", i, parsed.error.text);
		describe(&parsed.options, text, sizeof(text));
		if (strcmp(text, rights[i].expected) != 0)
			fail_msg("row %zu: \"%s\" is not \"%s\"", i, text, rights[i].expected);
		options_release(&parsed.options);
	}
}

static void help_fits_the_screen_and_names_every_option(void **state)
{
	struct strbuf help = STRBUF_INIT;
	size_t count, lines = 0;
	const struct option_row *rows = option_rows(&count);
	char name[64];

	(void)state;
	options_help(&help);
	assert_false(help.failed);
	for (const char *line = help.data; *line != '\0'; lines++) {
		size_t length = strcspn(line, "\n");

		if (utf8_width(line, length) > 80)
			fail_msg("wider than 80: %.*s", (int)length, line);
		line += length + 1;
	}
	assert_in_range(lines, 20, 50);
	for (size_t i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), " --%s", rows[i].name);
		assert_non_null(strstr(help.data, name));
	}
	strbuf_release(&help);
}

static void letters_and_names_are_unique(void **state)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(rows[i].name, rows[j].name);
			assert_true(rows[i].letter == 0 || rows[i].letter != rows[j].letter);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_lines_say_what_is_right),
		cmocka_unit_test(right_lines_are_taken),
		cmocka_unit_test(help_fits_the_screen_and_names_every_option),
		cmocka_unit_test(letters_and_names_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
