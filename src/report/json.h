#ifndef JGANNOTATE_REPORT_JSON_H
#define JGANNOTATE_REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "tally/summary.h"

/*
 * Values and members of a JSON text: numbers whatever the locale, valid UTF-8
 * whatever the bytes. Names are ours and need no escaping. Failure of memory is
 * sticky in `out`. Thread safe for different `out`.
 */

void json_text(struct strbuf *out, const char *text); /* NULL: null */

/* A time in milliseconds as RFC 3339 in the chosen zone, with milliseconds where it has
 * some; null where it is not known. */
void json_time(struct strbuf *out, int64_t time);

/* The one offset of all stamps as an array of none or one; null where they are unlike. */
void json_offsets(struct strbuf *out, const struct stamp_zones *zones);

/* {"first": ..., "last": ...}, or null where neither is known. */
void json_span(struct strbuf *out, int64_t first, int64_t last);

/* `part` of `whole` with six decimals, or null where there is no whole. */
void json_share(struct strbuf *out, uint64_t part, uint64_t whole);

/* A fraction with six decimals and its sign. */
void json_fraction(struct strbuf *out, double fraction);

/* Members: "name": value. */
void json_member_text(struct strbuf *out, const char *name, const char *text);
void json_member_count(struct strbuf *out, const char *name, uint64_t count);
void json_member_share(struct strbuf *out, const char *name, uint64_t part, uint64_t whole);
void json_member_fraction(struct strbuf *out, const char *name, double fraction);
void json_member_bool(struct strbuf *out, const char *name, bool value);
void json_member_time(struct strbuf *out, const char *name, int64_t time);

/* "file:line"; "-:line" where it was standard input; null where the line is 0, not known. */
void json_member_place(struct strbuf *out, const char *name, const char *file, uint64_t line);

void json_comma(struct strbuf *out);

/* An array of `count` row objects, one a line, `indent` blanks in. `row` appends the
 * members of row `i` of what `rows` points at. */
typedef void json_row_fn(struct strbuf *out, const void *rows, size_t i);
void json_rows(struct strbuf *out, const void *rows, size_t count, json_row_fn *row, size_t indent);

#endif
