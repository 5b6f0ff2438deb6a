/*
 * Owns the escaping of bytes for each language that they can end up in. Must not
 * know whose bytes they are or where the result goes.
 */
#include "base/escape.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

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

static bool replace_in_text(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint)
{
	if (valid && codepoint == '\n')
		return false;
	return replace_in_line(out, bytes, len, valid, codepoint);
}

void escape_json(struct strbuf *out, const char *bytes, size_t len)
{
	escape_runs(out, bytes, len, replace_json);
}

void escape_json_string(struct strbuf *out, const char *text)
{
	if (text == NULL) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '"');
	escape_json(out, text, strlen(text));
	strbuf_add_char(out, '"');
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

void escape_terminal_text(struct strbuf *out, const char *bytes, size_t len)
{
	escape_runs(out, bytes, len, replace_in_text);
}

static bool replace_invalid(
    struct strbuf *out, const char *bytes, size_t len, bool valid, uint32_t codepoint)
{
	(void)bytes;
	(void)len;
	(void)codepoint;
	if (!valid)
		strbuf_add_text(out, "\xef\xbf\xbd");
	return !valid;
}

/* What stands for an ASCII character that means something in a language. */
struct substitute {
	char character;
	const char *text;
};

static const char *substitute_find(const struct substitute *table, char c)
{
	for (; table->text != NULL; table++)
		if (table->character == c)
			return table->text;
	return NULL;
}

/* Substitutes the characters of `table`, which ends in a NULL; all else is up to `replace`.
 * ASCII is never part of a longer character, so the parts between may be taken alone. */
static void escape_table(struct strbuf *out, const char *bytes, size_t len,
    const struct substitute *table, replace_fn *replace)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		const char *text = substitute_find(table, bytes[i]);

		if (text == NULL)
			continue;
		escape_runs(out, bytes + run, i - run, replace);
		strbuf_add_text(out, text);
		run = i + 1;
	}
	escape_runs(out, bytes + run, len - run, replace);
}

void escape_csv(struct strbuf *out, const char *bytes, size_t len)
{
	static const struct substitute quotes[] = { { '"', "\"\"" }, { 0, NULL } };
	bool is_formula = len > 0 && bytes[0] != '\0' && strchr("=+-@\t\r", bytes[0]) != NULL;
	bool is_quoted = false;

	for (size_t i = 0; i < len && !is_quoted; i++)
		is_quoted =
		    bytes[i] == '"' || bytes[i] == ',' || bytes[i] == '\n' || bytes[i] == '\r';
	if (is_quoted)
		strbuf_add_char(out, '"');
	if (is_formula)
		strbuf_add_char(out, '\'');
	escape_table(out, bytes, len, quotes, replace_invalid);
	if (is_quoted)
		strbuf_add_char(out, '"');
}

void escape_html(struct strbuf *out, const char *bytes, size_t len)
{
	static const struct substitute entities[] = { { '&', "&amp;" }, { '<', "&lt;" },
		{ '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" }, { 0, NULL } };

	escape_table(out, bytes, len, entities, replace_visible);
}

void escape_prometheus(struct strbuf *out, const char *bytes, size_t len)
{
	static const struct substitute escapes[] = { { '\\', "\\\\" }, { '"', "\\\"" },
		{ '\n', "\\n" }, { 0, NULL } };

	escape_table(out, bytes, len, escapes, replace_invalid);
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What begins a link without any brackets: its ':' or '.' is escaped. */
static bool is_link(const char *bytes, size_t len, size_t i)
{
	if (bytes[i] == ':')
		return i + 2 < len && bytes[i + 1] == '/' && bytes[i + 2] == '/';
	return bytes[i] == '.' && i >= 3 && strncasecmp(bytes + i - 3, "www", 3) == 0;
}

void escape_markdown(struct strbuf *out, const char *bytes, size_t len)
{
	/* A word joiner, which takes no room, keeps a name behind an '@' from being called. */
	static const struct substitute table[] = { { '\\', "\\\\" }, { '`', "\\`" }, { '*', "\\*" },
		{ '_', "\\_" }, { '[', "\\[" }, { ']', "\\]" }, { '|', "\\|" }, { '~', "\\~" },
		{ '$', "\\$" }, { '#', "\\#" }, { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '@', "@\xe2\x81\xa0" }, { 0, NULL } };
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		bool is_inner = bytes[i] == '_' && i > 0 && i + 1 < len && is_word(bytes[i - 1]) &&
		                is_word(bytes[i + 1]);

		if (!is_inner && !is_link(bytes, len, i))
			continue;
		escape_table(out, bytes + run, i - run, table, replace_visible);
		if (!is_inner)
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, bytes[i]); /* between letters '_' is no markup */
		run = i + 1;
	}
	escape_table(out, bytes + run, len - run, table, replace_visible);
}
