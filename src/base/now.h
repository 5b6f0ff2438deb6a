#ifndef JGANNOTATE_BASE_NOW_H
#define JGANNOTATE_BASE_NOW_H

#include <stdint.h>

/*
 * What the clock on the wall says: milliseconds since 1970. It may be set back at any time. Thread
 * safe.
 *
 * For tests the environment's JGANNOTATE_TEST_NOW, seconds since 1970, stands in its place.
 */
int64_t now_milliseconds(void);

/* The same by the clock that files are stamped with: a file that is written to from now on is never
 * stamped with an earlier time. */
int64_t now_of_files(void);

/* That clock in nanoseconds since 1970, which no test moves: to be compared with the stamps of
 * files. */
int64_t now_of_stamps(void);

/* Milliseconds by a clock that nobody sets and no test moves: for how long something takes. */
int64_t now_steady(void);

#endif
