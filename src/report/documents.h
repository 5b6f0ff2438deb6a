#ifndef JGANNOTATE_REPORT_DOCUMENTS_H
#define JGANNOTATE_REPORT_DOCUMENTS_H

#include <stddef.h>

#include "base/error.h"

/*
 * A file of JSON reports, one behind the other: laid out in any way, one in a line, or in lines
 * of a key, a tab and a report, as engines that sort lines hand them over. Only the one whose turn
 * it is takes memory.
 */
struct documents;

/* Opens `path`, or standard input for "-". NULL on error. */
struct documents *documents_open(const char *path, struct error *error);
void documents_close(struct documents *documents); /* NULL is allowed */

enum documents_result {
	DOCUMENTS_READ,
	DOCUMENTS_END,
	DOCUMENTS_ERROR,
};

/* The next report, at most 256 MiB; its text may be torn or no JSON at all. It is valid until the
 * next call. A file without any is one of no bytes. */
enum documents_result documents_next(
    struct documents *documents, const char **text, size_t *len, struct error *error);

/* For messages: the path, or "standard input"; behind the first report of several, its number.
 * Valid until the next call of documents_next. */
const char *documents_name(const struct documents *documents);

#endif
