#ifndef JGANNOTATE_CATALOG_CATALOG_READER_H
#define JGANNOTATE_CATALOG_CATALOG_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/entry.h"

/*
 * The strict reader of the catalog's format: bytes become rows, one at a time,
 * or a fault with its place. It knows one text; which code was there before is
 * the catalog's business.
 *
 * The format: UTF-8, lines of at most 1 MiB ended by LF or CR LF, `#` in column
 * 1 for comments, else columns separated by one TAB each. A code is 0 to
 * 999999999 in plain digits. Texts hold no control characters, no bidi
 * overrides, no `"`, `'`, `\`, and no blank at either end, so that they can be
 * put anywhere without escaping. An empty column means its default.
 */

enum { CATALOG_LINE_MAX = 1 << 20 };

struct catalog_row {
	uint32_t code;
	enum outcome outcome;
	enum collides collides;
	const char *description; /* these four point into the text, or at the */
	const char *category;    /* reader's `stem`, or at a static "" */
	const char *notes;
	const char *notes_zh;
};

/* A value; holds no resources. */
struct catalog_reader {
	const char *name; /* for messages */
	const char *stem; /* the category of rows that name none */
	char *next;       /* first byte of the next line */
	char *end;
	size_t line; /* number of the line read last, from 1 */
};

enum catalog_read { CATALOG_READ_ROW, CATALOG_READ_END, CATALOG_READ_FAULT };

/* `text` is changed while reading (its columns become C strings) and must have
 * room for a NUL behind `len`; it and the names must outlive the rows. */
void catalog_reader_init(struct catalog_reader *reader, const char *name, const char *stem,
    char *text, size_t len);

/* Reads the next row, or says that there is none or what is wrong. */
enum catalog_read catalog_reader_next(
    struct catalog_reader *reader, struct catalog_row *row, struct error *error);

/* "catalog 'NAME', line N, column M: " and the reason, about the line read
 * last. Returns false. */
bool catalog_reader_fault(const struct catalog_reader *reader, size_t column, struct error *error,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* NAME for a message: at most its last 200 bytes. */
const char *catalog_shown_name(const char *name);

#endif
