#ifndef JGANNOTATE_REPORT_JSON_H
#define JGANNOTATE_REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * A JSON document that is read strictly: anything that is not JSON, not UTF-8, holds a NUL, a name
 * twice, a number past 64 bits, or is nested too deeply is refused. What it holds are nodes, each
 * of which knows where it stands. Faults are ERROR_REPORT and name file and member:
 *
 *     report 'a.json', member 'codes[3].count': is no whole number from 0 on
 *
 * Functions that return bool set the error where they return false. Thread safe for different
 * documents.
 */
struct json_document {
	const char *file;    /* as shown in messages */
	struct arena *arena; /* of the texts that are taken from it */
	struct error *error;
	void *root; /* the library's; NULL: not parsed */
};

/* A value, and where it stands. It is valid as long as its document and its parent are. */
struct json_node {
	const struct json_document *document;
	const struct json_node *parent; /* NULL: this is the whole document */
	const char *name;               /* of a member; NULL: a row of an array, or the whole */
	size_t index;                   /* of the row */
	const void *value;              /* the library's; NULL: there is none */
};

/* `file`, `arena` and `error` are set by the caller. To be released in any case. */
bool json_document_parse(struct json_document *document, const char *text, size_t len);
void json_document_release(struct json_document *document);

struct json_node json_node_whole(const struct json_document *document);
struct json_node json_node_member(const struct json_node *object, const char *name);
struct json_node json_node_row(const struct json_node *array, size_t index);

/* The rows of an array; 0: it is none. */
size_t json_node_length(const struct json_node *node);

bool json_node_is_null(const struct json_node *node);
bool json_node_is_object(const struct json_node *node);
bool json_node_is_array(const struct json_node *node);

/* The text that it is, as long as the document is; NULL: it is none, which is no fault. */
const char *json_node_peek(const struct json_node *node);

/* What it is; anything else is a fault. */
char *json_node_text(const struct json_node *node); /* a copy in the arena; NULL: fault */
bool json_node_truth(const struct json_node *node, bool *truth);
bool json_node_count(const struct json_node *node, uint64_t most, uint64_t *count);
bool json_node_fraction(const struct json_node *node, double *fraction); /* from 0 to 1 */

/* Whether every member of the object is one of those that `is_known`. */
bool json_node_knows(const struct json_node *node,
    bool (*is_known)(const void *context, const char *name), const void *context);

/* Sets the error for a node: "report 'a.json', member 'codes[3]': REASON". Returns false. */
bool json_node_fault(const struct json_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
