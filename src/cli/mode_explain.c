/*
 * Owns the action --explain. Must not know logs.
 */
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "catalog/explain.h"
#include "cli/delivery.h"
#include "cli/mode.h"

/* The words, one a line, that stand nowhere. */
static void name_missing(const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, "\n");

		message_print("'%.*s' is in no catalog", (int)length, words);
		words += length + (words[length] == '\n');
		if (*words == '\0')
			message_hint("all that there are: jgannotate --explain\n");
	}
}

int mode_explain(const struct options *options)
{
	struct setup setup;
	struct error error = ERROR_INIT;
	struct strbuf out = STRBUF_INIT;
	struct strbuf missing = STRBUF_INIT;
	bool are_known = false;

	if (setup_init_catalog(&setup, options, &error)) {
		are_known = explain_words(setup.catalog, options->operands.items,
		    options->operands.count, options_are_chinese(options),
		    terminal_wants_color(STDOUT_FILENO, options->color), &out, &missing);
		if (missing.failed)
			(void)error_set_memory(&error);
		else
			(void)delivery_print(&out, &error);
		name_missing(missing.data);
	}
	if (error.kind != ERROR_NONE)
		message_error(&error);
	strbuf_release(&out);
	strbuf_release(&missing);
	setup_release(&setup);
	return error.kind != ERROR_NONE ? delivery_error_status(&error)
	       : are_known              ? EXIT_DONE
	                                : EXIT_TROUBLE;
}
