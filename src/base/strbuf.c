/*
 * Owns the growth of a byte string. Must not know what the bytes mean.
 */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char strbuf_empty[1] = "";

void strbuf_init(struct strbuf *buf)
{
	*buf = (struct strbuf)STRBUF_INIT;
}

void strbuf_release(struct strbuf *buf)
{
	if (buf->capacity > 0)
		free(buf->data);
	strbuf_init(buf);
}

void strbuf_release_into(struct strbuf *part, struct strbuf *whole)
{
	whole->failed = whole->failed || part->failed;
	strbuf_release(part);
}

void strbuf_reset(struct strbuf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->capacity > 0)
		buf->data[0] = '\0';
}

void strbuf_cut(struct strbuf *buf, size_t len)
{
	buf->len = len;
	if (buf->capacity > 0)
		buf->data[len] = '\0';
}

bool strbuf_grow(struct strbuf *buf, size_t extra)
{
	size_t wanted, capacity;
	char *data;

	if (buf->failed)
		return false;
	if (buf->capacity - buf->len > extra)
		return true;
	if (extra > SIZE_MAX / 4 - buf->len) {
		buf->failed = true;
		return false;
	}
	wanted = buf->len + extra + 1;
	capacity = buf->capacity < 64 ? 64 : buf->capacity;
	while (capacity < wanted)
		capacity += capacity / 2;
	data = realloc(buf->capacity > 0 ? buf->data : NULL, capacity);
	if (data == NULL) {
		buf->failed = true;
		return false;
	}
	data[buf->len] = '\0';
	buf->data = data;
	buf->capacity = capacity;
	return true;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !strbuf_grow(buf, len))
		return;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void strbuf_add_text(struct strbuf *buf, const char *text)
{
	strbuf_add(buf, text, strlen(text));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
	strbuf_add(buf, &c, 1);
}

void strbuf_add_repeat(struct strbuf *buf, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		strbuf_add_text(buf, text);
}

void strbuf_add_format(struct strbuf *buf, const char *format, ...)
{
	va_list args;
	int needed;

	va_start(args, format);
	needed = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (needed < 0) {
		buf->failed = true;
		return;
	}
	if (!strbuf_grow(buf, (size_t)needed))
		return;
	va_start(args, format);
	(void)vsnprintf(buf->data + buf->len, (size_t)needed + 1, format, args);
	va_end(args);
	buf->len += (size_t)needed;
}
