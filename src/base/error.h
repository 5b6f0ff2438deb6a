#ifndef JGANNOTATE_BASE_ERROR_H
#define JGANNOTATE_BASE_ERROR_H

#include <stdbool.h>

/*
 * Why an operation failed, in words a user can act on.
 *
 * A function that can fail takes a `struct error *` as its last parameter,
 * fills it and returns false (or -1, or NULL). Nothing below src/cli prints it or
 * chooses an exit status. The caller owns the struct; it holds no resources.
 */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,   /* a wrong option, pattern or catalog: exit 2 */
	ERROR_SYSTEM,  /* input, output or memory trouble: exit 1 */
	ERROR_DAMAGED, /* input whose end is damaged; what came before was done: exit 3 */
	ERROR_STORE,   /* the database is refused: exit 4 */
	ERROR_REPORT,  /* a report that was to be read is: exit 4 */
	ERROR_CLOSED,  /* the reader of our output went away: die quietly */
};

struct error {
	enum error_kind kind;
	char text[1024]; /* no "jgannotate: " in front, no newline at the end */
	char hint[1024]; /* more lines to show below it, each ended by a newline; "" when
	                    there are none */
};

#define ERROR_INIT \
	{ \
		ERROR_NONE, "", "" \
	}

/* Fills `error` from a printf format. Returns false, so that a function can
 * end with `return error_set(...)`. Text that does not fit is cut. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set with ERROR_SYSTEM, and ": " and strerror(errnum) behind it. */
bool error_set_errno(struct error *error, int errnum, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts one line (no newline in it) below a text that was set. Returns false. */
bool error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "out of memory", ERROR_SYSTEM. Returns false. */
bool error_set_memory(struct error *error);

#endif
