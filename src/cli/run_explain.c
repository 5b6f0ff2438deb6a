/*
 * Owns the action --explain. Must not know logs.
 */
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "catalog/explain.h"
#include "cli/run.h"
#include "cli/run_parts.h"

int run_explain(const struct options *options)
{
	struct setup setup;
	struct error error = ERROR_INIT;
	struct strbuf out = STRBUF_INIT;
	struct strbuf missing = STRBUF_INIT;
	struct writer *writer = NULL;
	int status = EXIT_TROUBLE;

	if (!setup_init_catalog(&setup, options, &error)) {
		status = error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
		goto complain;
	}
	if (explain_words(setup.catalog, options->operands.items, options->operands.count,
		options_are_chinese(options),
		terminal_wants_color(STDOUT_FILENO, options->color), &out, &missing))
		status = EXIT_DONE;
	writer = writer_new(STDOUT_FILENO, "standard output", &error);
	if (out.failed || missing.failed)
		(void)error_set_memory(&error);
	else if (writer != NULL && writer_add(writer, out.data, out.len, &error))
		(void)writer_flush(writer, &error);
	for (char *word = missing.data; *word != '\0';) {
		size_t length = strcspn(word, "\n");

		message_print("'%.*s' is in no catalog", (int)length, word);
		word += length + (word[length] == '\n');
		if (*word == '\0')
			message_hint("all that there are: jgannotate --explain\n");
	}
complain:
	if (error.kind != ERROR_NONE) {
		status = error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
		run_complain(&error);
	}
	writer_free(writer);
	strbuf_release(&out);
	strbuf_release(&missing);
	setup_release(&setup);
	return status;
}
