/*
 * Owns the form of a message on standard error. Must not know who sends it or
 * what becomes of the process.
 */
#include "base/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/strbuf.h"

void message_print(const char *format, ...)
{
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
	strbuf_add_text(&line, "jgannotate: ");
	escape_visible(&line, text, (size_t)length);
	strbuf_add_char(&line, '\n');
	for (size_t done = 0; done < line.len;) {
		ssize_t n = write(STDERR_FILENO, line.data + done, line.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	strbuf_release(&line);
}
