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

#endif
