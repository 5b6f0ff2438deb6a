#ifndef JGANNOTATE_REPORT_JSON_READER_H
#define JGANNOTATE_REPORT_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * A JSON text read strictly into structs, by tables that name every member: a
 * member that is missing, unknown, doubled or of another type is a fault. So is
 * anything that is not JSON, not UTF-8, holds a NUL, a number past 64 bits, or is
 * nested too deeply. Faults are ERROR_USAGE and name file and member:
 *
 *     report 'a.json', member 'codes[3].count': is no whole number from 0 on
 *
 * Strings and rows go to the arena. Thread safe for different readers.
 */
struct json_reader {
	const char *file; /* as shown in messages */
	struct arena *arena;
	struct error *error;
};

/* A value, and where it stands. */
struct json_place {
	const struct json_place *parent; /* NULL: this is the whole text */
	const char *name;                /* of the member; NULL: a row of an array */
	size_t index;                    /* of the row */
	const void *value;
};

struct json_shape;

/* Reads a value into `target`. `shape` is for values that hold others. */
typedef bool json_read_fn(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target);

/* One member of an object. */
struct json_member {
	const char *name;
	json_read_fn *read;
	size_t offset; /* where it goes in the object's struct */
	const struct json_shape *shape;
};

/* An object and the struct it is read into. */
struct json_shape {
	const struct json_member *members;
	size_t member_count;
	size_t size;
};

/* In place of a value's shape: the member may be missing, and is then read with the value
 * NULL. */
extern const struct json_shape json_optional;

/* What json_read_array fills: `count` structs of the rows' shape. */
struct json_list {
	void *rows;
	size_t count;
	bool is_null; /* it was null, which only json_read_array_or_null takes */
};

/* Parses the text; `root` is to be freed with json_reader_free. */
bool json_reader_parse(
    struct json_reader *reader, const char *text, size_t len, struct json_place *root);
void json_reader_free(struct json_place *root);

/* The text of a member of an object, whatever else it holds; NULL: there is none. Valid
 * until json_reader_free. */
const char *json_reader_peek(const struct json_place *place, const char *name);

/* Sets the error for a place: "report 'a.json', member 'codes[3]': REASON". Returns false. */
bool json_reader_fault(struct json_reader *reader, const struct json_place *place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

json_read_fn json_read_count;          /* uint64_t, at most 2^63-1 */
#define JSON_NO_COUNT UINT64_MAX
json_read_fn json_read_count_or_null; /* null is JSON_NO_COUNT */
json_read_fn json_read_small;          /* uint32_t, at most 999,999,999 */
json_read_fn json_read_small_or_null;  /* null: 0 */
json_read_fn json_read_string;         /* const char * */
json_read_fn json_read_string_or_null; /* null: NULL */
/* An array of at most one string, or null: `*count` is then SIZE_MAX. */
bool json_read_only_text(
    struct json_reader *reader, const struct json_place *place, const char **text, size_t *count);
json_read_fn json_read_truth;          /* bool */
json_read_fn json_read_rate;           /* double from 0 to 1; null: -1 */
json_read_fn json_read_object;         /* the shape's struct, in place */
json_read_fn json_read_object_or_null; /* pointer to the shape's struct; null: NULL */
json_read_fn json_read_array;          /* struct json_list of the shape's structs */
json_read_fn json_read_array_or_null;
json_read_fn json_read_any_array_or_null;  /* reads nothing */
json_read_fn json_read_any_object_or_null; /* reads nothing: what is in it does not matter */

/* Older reports lack the next five. */
json_read_fn json_read_newer_truth;   /* bool; false where it is missing */
json_read_fn json_read_newer_string_or_null; /* const char *; NULL where it is missing */
json_read_fn json_read_derived_count; /* reads nothing: it follows from other members */
json_read_fn json_read_newer_count_or_null; /* uint64_t; 0 where it is missing */
json_read_fn json_read_newer_array_or_null; /* empty where it is missing */

#endif
