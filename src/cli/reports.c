/*
 * Owns the way of a report to its file. Must not know formats, or what a
 * report says.
 */
#include "cli/reports.h"

#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/replace.h"

bool report_target_read(struct report_target *target, const char *what)
{
	const struct report_format *formats;
	size_t count;

	formats = report_formats(&count);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(formats[i].name);

		if (strncmp(what, formats[i].name, length) != 0 ||
		    (what[length] != '\0' && what[length] != ':'))
			continue;
		target->format = &formats[i];
		target->file = what[length] == ':' ? what + length + 1 : NULL;
		return target->file == NULL || *target->file != '\0';
	}
	target->format = report_format_of_file(what);
	target->file = what;
	return target->format != NULL;
}

/* Appends what goes to standard output. Formats for programs hold a log's bytes as they are: a
 * terminal is shown them. */
static void output_add(
    struct strbuf *out, const struct report_format *format, const struct strbuf *text)
{
	if (format->is_safe || isatty(STDOUT_FILENO) != 1)
		strbuf_add(out, text->data, text->len);
	else
		escape_terminal_text(out, text->data, text->len);
}

bool report_target_write(const struct report_target *target, const struct summary *summary,
    const struct report_style *style, struct strbuf *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	bool written;

	target->format->write(&text, summary, style);
	if (text.failed)
		written = error_set_memory(error);
	else if (target->file != NULL)
		written = replace_file(target->file, text.data, text.len, error);
	else {
		output_add(out, target->format, &text);
		written = !out->failed || error_set_memory(error);
	}
	strbuf_release(&text);
	return written;
}
