/*
 * Owns the escaping of bytes for JSON, messages and terminals. Must not know
 * whose bytes they are or where the result goes.
 */
#include "base/escape.h"

#include <stdint.h>

#include "base/utf8.h"

/* Bytes that pass in every language; runs of them are added at once. */
static inline bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static const char hex[] = "0123456789abcdef";

/* Writes what stands for `len` bytes at `bytes`: a whole character, whose
 * `codepoint` is given, or one byte that is not UTF-8 (`valid` is false).
 * Returns false when they pass as they are. */
typedef bool replace_fn(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint);

/* Adds [bytes, bytes + len), asking `replace` about all that is not plain. */
static inline void escape_runs(
    struct strbuf *out, const char *bytes, size_t len, replace_fn *replace)
{
	size_t run = 0, i = 0;

	while (i < len) {
		uint32_t codepoint = 0;
		size_t length, end = i;

		while (end < len && is_plain(bytes[end]))
			end++;
		i = end;
		if (i == len)
			break;
		length = utf8_decode(bytes + i, len - i, &codepoint);
		if (length > 1 && codepoint > 0x9f && codepoint != 0x2028 && codepoint != 0x2029 &&
		    !utf8_is_unsafe(codepoint)) {
			i += length; /* stays in the run */
			continue;
		}
		strbuf_add(out, bytes + run, i - run);
		run = i;
		i += length > 0 ? length : 1;
		if (replace(out, bytes + run, i - run, length > 0, codepoint))
			run = i;
	}
	strbuf_add(out, bytes + run, len - run);
}

static bool replace_json(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint)
{
	static const char short_form[128] = {
		['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\',
	};
	char text[6] = { '\\', 'u', 0, 0, 0, 0 };

	(void)bytes;
	(void)len;
	if (!valid) {
		strbuf_add_text(out, "\xef\xbf\xbd");
		return true;
	}
	if (codepoint < sizeof(short_form) && short_form[codepoint] != 0) {
		text[1] = short_form[codepoint];
		strbuf_add(out, text, 2);
		return true;
	}
	for (size_t i = 0; i < 4; i++)
		text[2 + i] = hex[codepoint >> (12 - 4 * i) & 15];
	strbuf_add(out, text, sizeof(text));
	return true;
}

static bool replace_visible(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint)
{
	if (valid && !utf8_is_unsafe(codepoint))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char text[4] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

		strbuf_add(out, text, sizeof(text));
	}
	return true;
}

static bool replace_in_line(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint)
{
	if (valid && codepoint == '\t')
		return false;
	return replace_visible(out, bytes, len, valid, codepoint);
}

void escape_json(struct strbuf *out, const char *bytes, size_t len)
{
	escape_runs(out, bytes, len, replace_json);
}

void escape_visible(struct strbuf *out, const char *bytes, size_t len)
{
	escape_runs(out, bytes, len, replace_visible);
}

/* The length of the SGR sequence at the start, or 0. */
static size_t sgr_length(const char *bytes, size_t len)
{
	size_t i = 2;

	if (len < 3 || bytes[0] != '\x1b' || bytes[1] != '[')
		return 0;
	while (i < len && ((bytes[i] >= '0' && bytes[i] <= '9') || bytes[i] == ';'))
		i++;
	return i < len && bytes[i] == 'm' ? i + 1 : 0;
}

bool escape_terminal_line(struct strbuf *out, const char *bytes, size_t len)
{
	bool coloured = false;
	size_t done = 0;

	for (size_t i = 0; i < len;) {
		size_t sgr = bytes[i] == '\x1b' ? sgr_length(bytes + i, len - i) : 0;

		if (sgr == 0) {
			i++;
			continue;
		}
		escape_runs(out, bytes + done, i - done, replace_in_line);
		strbuf_add(out, bytes + i, sgr);
		i += sgr;
		done = i;
		coloured = true;
	}
	escape_runs(out, bytes + done, len - done, replace_in_line);
	return coloured;
}
