#ifndef JGANNOTATE_REPORT_MEMBER_READ_H
#define JGANNOTATE_REPORT_MEMBER_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/member.h"
#include "report/report_reader.h"

/*
 * A JSON text read strictly by the table of members: a member that is missing, unknown, doubled or
 * of another type is a fault. So is anything that is not JSON, not UTF-8, holds a NUL, a number
 * past 64 bits, or is nested too deeply. Faults are ERROR_USAGE and name file and member:
 *
 *     report 'a.json', member 'codes[3].count': is no whole number from 0 on
 *
 * First all is read, then checked, both in the order of the table. Thread safe for different
 * readers.
 */
struct report_reader {
	const char *file; /* as shown in messages */
	struct summary *summary;
	const struct report_lookup *lookup;
	struct error *error;
	/* of the list that is checked: what its rows have used up of their totals */
	uint64_t used[4];
	/* Where report_check.c finds what codes mean. */
	const struct catalog_entry **entries; /* NULL: not gathered yet */
	size_t entry_count;
	const struct summary_code **codes; /* NULL: not sorted yet */
};

/* A value, where it stands in the text, and where in the summary. */
struct json_place {
	const struct json_place *parent; /* NULL: this is the whole text */
	const struct member *member;     /* NULL: a row of an array */
	size_t index;                    /* of the row */
	const void *value;
	void *at; /* what is read: of a row its struct */
	void *of; /* of a member, in its struct */
};

/* Parses the text; `root` is to be freed with member_release. */
bool member_parse(
    struct report_reader *reader, const char *text, size_t len, struct json_place *root);
void member_release(struct json_place *root);

/* The text of a member of an object, whatever else it holds; NULL: there is none. Valid
 * until member_release. */
const char *member_peek(const struct json_place *place, const char *name);

/* Reads the object at `place` into its struct of zeros. What that points to lies in the summary's
 * arena. */
bool member_read(
    struct report_reader *reader, const struct json_place *place, const struct shape *shape);

/* Checks what was read: what follows from other members, and what `check` of shapes and members
 * asks for. */
bool member_check(
    struct report_reader *reader, const struct json_place *place, const struct shape *shape);

/* Sets the error for a place: "report 'a.json', member 'codes[3]': REASON". Returns false. */
bool member_fault(struct report_reader *reader, const struct json_place *place, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

#endif
