/*
 * Owns the form of a message on standard error. Must not know who sends it or
 * what becomes of the process.
 */
#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/strbuf.h"

/* Without memory, which may be what the message is about: less readable, as safe. */
static void print_without_memory(const char *name, char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	(void)file_write(STDERR_FILENO, name, strlen(name));
	(void)file_write(STDERR_FILENO, text, length);
	(void)file_write(STDERR_FILENO, "\n", 1);
}

void message_print(const char *format, ...)
{
	static const char name[] = "jgannotate: ";
	struct strbuf line = STRBUF_INIT;
	char text[4096];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= sizeof(text))
		length = (int)sizeof(text) - 1;
	strbuf_add_text(&line, name);
	escape_visible(&line, text, (size_t)length);
	strbuf_add_char(&line, '\n');
	if (line.failed)
		print_without_memory(name, text, (size_t)length);
	else
		(void)file_write(STDERR_FILENO, line.data, line.len);
	strbuf_release(&line);
}

void message_hint(const char *lines)
{
	struct strbuf shown = STRBUF_INIT;

	escape_terminal_text(&shown, lines, strlen(lines));
	if (!shown.failed)
		(void)file_write(STDERR_FILENO, shown.data, shown.len);
	strbuf_release(&shown);
}

void message_error(const struct error *error)
{
	message_print("%s", error->text);
	message_hint(error->hint);
}
