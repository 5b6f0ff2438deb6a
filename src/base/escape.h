#ifndef JGANNOTATE_BASE_ESCAPE_H
#define JGANNOTATE_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/*
 * One function per language that bytes from a log can end up in. Input may be
 * any bytes; output is always valid in that language. Failure of memory is
 * sticky in `out`. Thread safe for different `out`.
 */

/* The inside of a JSON string (no quotes around it): control characters, `"`,
 * `\`, DEL and U+2028/9 escaped, each byte that is not UTF-8 replaced by U+FFFD. */
void escape_json(struct strbuf *out, const char *bytes, size_t len);

/* The whole string, in its quotes; null where `text` is NULL. */
void escape_json_string(struct strbuf *out, const char *text);

/* For messages and terminals: control characters (C0, DEL, C1 in either form),
 * bidi overrides and bytes that are not UTF-8 are shown as \x1b, \xc2\x9b...;
 * valid UTF-8 passes. TAB is shown too. */
void escape_visible(struct strbuf *out, const char *bytes, size_t len);

/* A log line for a terminal: like escape_visible, but TAB and the line's own
 * SGR colour sequences (ESC [ digits ; m) pass. Returns true when a colour was
 * passed, so that the caller resets it at the line's end. */
bool escape_terminal_line(struct strbuf *out, const char *bytes, size_t len);

/* A text of many lines for a terminal: like escape_visible, but line ends and TABs pass. */
void escape_terminal_text(struct strbuf *out, const char *bytes, size_t len);

/* A whole field of a CSV file (RFC 4180), quoted where it has to be; one that a spreadsheet
 * would run as a formula (= + - @ TAB CR first) has a `'` in front. A byte that is not
 * UTF-8 becomes U+FFFD. */
void escape_csv(struct strbuf *out, const char *bytes, size_t len);

/* Text within a line of Markdown, also within a cell of a table: what would be read as
 * markup, HTML, a link or a mention is not; control characters are shown as by
 * escape_visible, line ends too. */
void escape_markdown(struct strbuf *out, const char *bytes, size_t len);

/* Text and attribute values (quoted either way) of HTML: & < > " ' as entities; control
 * characters, bidi overrides and bytes that are not UTF-8 are shown as by escape_visible. */
void escape_html(struct strbuf *out, const char *bytes, size_t len);

/* The inside of a label's value in Prometheus' text format: `\`, `"` and line feeds escaped,
 * each byte that is not UTF-8 replaced by U+FFFD. */
void escape_prometheus(struct strbuf *out, const char *bytes, size_t len);

#endif
