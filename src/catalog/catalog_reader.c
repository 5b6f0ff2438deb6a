/*
 * Owns the catalog's text format: splitting, checking, and the wording of every
 * fault. Must not know where the text comes from or what becomes of the rows.
 */
#include "catalog/catalog_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"

enum { CODE_DIGITS = 9, QUOTED_COLUMNS = 40, NAME_SHOWN = 200 };

/* One column of a line: `at` is its first byte's place, from 1. */
struct cell {
	char *text;
	size_t len;
	size_t at;
};

/* What is wrong with some bytes, and how far behind their start. */
struct flaw {
	size_t offset;
	char reason[160];
};

/* printf arguments for "%.*s": a start of the cell that fits a message. */
#define QUOTED(cell) (int)utf8_fit((cell)->text, (cell)->len, QUOTED_COLUMNS), (cell)->text

const char *catalog_shown_name(const char *name)
{
	size_t len = strlen(name);

	return len > NAME_SHOWN ? name + len - NAME_SHOWN : name;
}

bool catalog_reader_fault(const struct catalog_reader *reader, size_t column, struct error *error,
    const char *format, ...)
{
	char reason[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	return error_set(error, ERROR_USAGE, "catalog '%s', line %zu, column %zu: %s",
	    catalog_shown_name(reader->name), reader->line, column, reason);
}

/* A tab cannot be there: it separates. */
static bool is_blank(char c)
{
	return c == ' ';
}

/* Whether the bytes are UTF-8 without anything that could drive a terminal. */
static bool check_bytes(const char *text, size_t len, struct flaw *flaw)
{
	for (size_t i = 0; i < len;) {
		unsigned char byte = (unsigned char)text[i];
		uint32_t codepoint;
		size_t length;

		if (byte >= ' ' && byte < 0x7f) {
			i++;
			continue;
		}
		length = utf8_decode(text + i, len - i, &codepoint);
		if (length > 0 && !utf8_is_unsafe(codepoint)) {
			i += length;
			continue;
		}
		flaw->offset = i;
		if (length == 0)
			(void)snprintf(flaw->reason, sizeof(flaw->reason),
			    "byte \\x%02x: a catalog must be UTF-8", byte);
		else
			(void)snprintf(flaw->reason, sizeof(flaw->reason), "%s U+%04X",
			    codepoint < 0xa0 ? "control character" : "direction override",
			    (unsigned)codepoint);
		return false;
	}
	return true;
}

/* The rules for every text that can end up in an annotation. */
static bool check_text(const char *text, size_t len, struct flaw *flaw)
{
	if (!check_bytes(text, len, flaw))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '"' && text[i] != '\'' && text[i] != '\\')
			continue;
		flaw->offset = i;
		(void)snprintf(flaw->reason, sizeof(flaw->reason),
		    "%c is not allowed: texts are put into logs as they are", text[i]);
		return false;
	}
	if (len > 0 && (is_blank(text[0]) || is_blank(text[len - 1]))) {
		flaw->offset = is_blank(text[0]) ? 0 : len - 1;
		(void)snprintf(flaw->reason, sizeof(flaw->reason), "a blank %s the text",
		    is_blank(text[0]) ? "before" : "behind");
		return false;
	}
	return true;
}

static bool check_category(const char *text, size_t len, struct flaw *flaw)
{
	static const char *const reserved[] = { "error", "all", "unlisted" };
	static const char meaning[] = "categories are named in lists beside outcomes and codes";
	const char *why = NULL;
	enum outcome outcome;

	if (!check_text(text, len, flaw))
		return false;
	flaw->offset = 0;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(text, reserved[i]) == 0)
			why = "a reserved word";
	if (outcome_find(text, &outcome))
		why = "an outcome";
	if (len > 0 && strspn(text, "0123456789") == len)
		why = "a number";
	if (why != NULL) {
		(void)snprintf(flaw->reason, sizeof(flaw->reason), "a category may not be %s: %s",
		    why, meaning);
		return false;
	}
	if (text[0] != '-' && strpbrk(text, ",:") == NULL)
		return true;
	flaw->offset = text[0] == '-' ? 0 : strcspn(text, ",:");
	(void)snprintf(flaw->reason, sizeof(flaw->reason), "a category may not %s %c: %s",
	    text[0] == '-' ? "begin with" : "hold", text[flaw->offset], meaning);
	return false;
}

static bool cell_fault(const struct catalog_reader *reader, const struct cell *cell,
    const struct flaw *flaw, struct error *error)
{
	return catalog_reader_fault(reader, cell->at + flaw->offset, error, "%s", flaw->reason);
}

/* Says why a cell is no code; `digits` is the length of its digits in front. */
static bool code_fault(const struct catalog_reader *reader, const struct cell *cell, size_t digits,
    struct error *error)
{
	const char *text = cell->text;
	size_t blank = strcspn(text, " ");

	if (cell->len == 0)
		return catalog_reader_fault(
		    reader, cell->at, error, "no code: a line begins with its code");
	if (text[0] == '-' || text[0] == '+')
		return catalog_reader_fault(reader, cell->at, error,
		    "code '%.*s' has a sign: a code is digits only", QUOTED(cell));
	if (blank < cell->len)
		return catalog_reader_fault(reader, cell->at + blank, error,
		    "a blank in code '%.*s': columns are separated by one tab", QUOTED(cell));
	if (digits == cell->len && text[0] == '0')
		return catalog_reader_fault(
		    reader, cell->at, error, "code '%.*s' has a leading zero", QUOTED(cell));
	if (digits == cell->len)
		return catalog_reader_fault(reader, cell->at, error,
		    "code '%.*s' is too large: at most %u", QUOTED(cell), CATALOG_CODE_MAX);
	if (digits > 0 && text[digits] == '-')
		return catalog_reader_fault(reader, cell->at + digits, error,
		    "'%.*s' looks like a range: one line per code", QUOTED(cell));
	return catalog_reader_fault(reader, cell->at + digits, error,
	    "'%.*s' is not a decimal number (a comment begins with #)", QUOTED(cell));
}

typedef bool read_fn(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error);

static bool read_code(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	struct flaw flaw;
	size_t digits = strspn(cell->text, "0123456789");

	if (!check_bytes(cell->text, cell->len, &flaw))
		return cell_fault(reader, cell, &flaw, error);
	row->code = 0;
	if (digits == 0 || digits < cell->len || digits > CODE_DIGITS ||
	    (digits > 1 && cell->text[0] == '0'))
		return code_fault(reader, cell, digits, error);
	for (size_t i = 0; i < digits; i++)
		row->code = row->code * 10 + (uint32_t)(cell->text[i] - '0');
	return true;
}

static bool read_description(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	struct flaw flaw;

	if (cell->len == 0)
		return catalog_reader_fault(reader, cell->at, error,
		    "no description (columns are separated by one tab, not several)");
	if (!check_text(cell->text, cell->len, &flaw))
		return cell_fault(reader, cell, &flaw, error);
	row->description = cell->text;
	return true;
}

static bool read_category(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	struct flaw flaw;

	row->category = cell->len > 0 ? cell->text : reader->stem;
	if (cell->len > 0)
		return check_category(cell->text, cell->len, &flaw) ||
		       cell_fault(reader, cell, &flaw, error);
	if (reader->stem[0] == '\0')
		return catalog_reader_fault(reader, cell->at, error,
		    "no category, and the file's name gives none: name one in the third column");
	if (!check_category(reader->stem, strlen(reader->stem), &flaw))
		return catalog_reader_fault(reader, cell->at, error,
		    "no category, and the file's name gives none (%s): name one in the third "
		    "column",
		    flaw.reason);
	return true;
}

/* Fails with the words that were possible, or with the one that was meant. */
static bool word_fault(const struct catalog_reader *reader, const struct cell *cell,
    const char *what, const char *const *words, size_t count, struct error *error)
{
	const char *nearest = nearest_find(cell->text, words, count, sizeof(*words));
	char list[128] = "";

	if (nearest != NULL)
		return catalog_reader_fault(reader, cell->at, error,
		    "unknown %s '%.*s': did you mean '%s'?", what, QUOTED(cell), nearest);
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(list);

		(void)snprintf(
		    list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	return catalog_reader_fault(reader, cell->at, error, "unknown %s '%.*s': it is one of %s",
	    what, QUOTED(cell), list);
}

static bool read_outcome(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	const char *names[OUTCOME_COUNT];
	struct flaw flaw;

	row->outcome = OUTCOME_FAILED;
	if (cell->len == 0)
		return true;
	if (!check_text(cell->text, cell->len, &flaw))
		return cell_fault(reader, cell, &flaw, error);
	if (outcome_find(cell->text, &row->outcome))
		return true;
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		names[i] = outcome_info((enum outcome)i)->name;
	return word_fault(reader, cell, "outcome", names, OUTCOME_COUNT, error);
}

static bool read_collides(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	static const char *const names[3] = {
		[COLLIDES_NO] = "no",
		[COLLIDES_YES] = "yes",
		[COLLIDES_ALWAYS] = "always",
	};
	struct flaw flaw;

	row->collides = COLLIDES_NO;
	if (cell->len == 0)
		return true;
	if (!check_text(cell->text, cell->len, &flaw))
		return cell_fault(reader, cell, &flaw, error);
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(cell->text, names[i]) == 0) {
			row->collides = (enum collides)i;
			return true;
		}
	}
	return word_fault(reader, cell, "value", names, 3, error);
}

static bool read_notes(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	struct flaw flaw;

	row->notes = cell->text;
	return check_text(cell->text, cell->len, &flaw) || cell_fault(reader, cell, &flaw, error);
}

static bool read_notes_zh(const struct catalog_reader *reader, const struct cell *cell,
    struct catalog_row *row, struct error *error)
{
	struct flaw flaw;

	row->notes_zh = cell->text;
	return check_text(cell->text, cell->len, &flaw) || cell_fault(reader, cell, &flaw, error);
}

/* The columns, in their order. */
static read_fn *const columns[] = {
	read_code,
	read_description,
	read_category,
	read_outcome,
	read_collides,
	read_notes,
	read_notes_zh,
};

enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

/* Reads one line that is neither empty nor a comment; *stop can be written. */
static bool read_line(const struct catalog_reader *reader, char *start, char *stop,
    struct catalog_row *row, struct error *error)
{
	struct cell cell = { start, 0, 1 };
	char *tab = memchr(start, '\t', (size_t)(stop - start));

	if (tab == NULL)
		return catalog_reader_fault(
		    reader, 1, error, "no tab: expected a code, a tab and its description");
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		tab = memchr(cell.text, '\t', (size_t)(stop - cell.text));
		cell.len = (size_t)((tab != NULL ? tab : stop) - cell.text);
		cell.at = (size_t)(cell.text - start) + 1;
		cell.text[cell.len] = '\0';
		if (!columns[i](reader, &cell, row, error))
			return false;
		cell.text = tab != NULL ? tab + 1 : stop; /* missing columns are empty */
	}
	if (tab != NULL)
		return catalog_reader_fault(
		    reader, (size_t)(tab - start) + 1, error, "more than %d columns", COLUMN_COUNT);
	return true;
}

static bool check_comment(
    const struct catalog_reader *reader, char *start, char *stop, struct error *error)
{
	struct cell cell = { start, 0, 1 };
	struct flaw flaw;

	while (cell.text <= stop) {
		char *tab = memchr(cell.text, '\t', (size_t)(stop - cell.text));

		cell.len = (size_t)((tab != NULL ? tab : stop) - cell.text);
		cell.at = (size_t)(cell.text - start) + 1;
		if (!check_bytes(cell.text, cell.len, &flaw))
			return cell_fault(reader, &cell, &flaw, error);
		cell.text += cell.len + 1;
	}
	return true;
}

void catalog_reader_init(
    struct catalog_reader *reader, const char *name, const char *stem, char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t skip = len >= 3 && memcmp(text, bom, 3) == 0 ? 3 : 0;

	reader->name = name;
	reader->stem = stem;
	reader->next = text + skip;
	reader->end = text + len;
	reader->line = 0;
}

enum catalog_read catalog_reader_next(
    struct catalog_reader *reader, struct catalog_row *row, struct error *error)
{
	while (reader->next < reader->end) {
		char *start = reader->next;
		char *lf = memchr(start, '\n', (size_t)(reader->end - start));
		char *stop = lf != NULL ? lf : reader->end;
		bool right;

		reader->line++;
		reader->next = lf != NULL ? lf + 1 : reader->end;
		if (stop > start && stop[-1] == '\r')
			stop--;
		if (stop - start > CATALOG_LINE_MAX) {
			(void)catalog_reader_fault(
			    reader, CATALOG_LINE_MAX + 1, error, "the line is longer than 1 MiB");
			return CATALOG_READ_FAULT;
		}
		if (stop == start)
			continue;
		right = start[0] == '#' ? check_comment(reader, start, stop, error)
		                        : read_line(reader, start, stop, row, error);
		if (!right)
			return CATALOG_READ_FAULT;
		if (start[0] != '#')
			return CATALOG_READ_ROW;
	}
	return CATALOG_READ_END;
}
