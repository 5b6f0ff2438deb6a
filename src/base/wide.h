#ifndef JGANNOTATE_BASE_WIDE_H
#define JGANNOTATE_BASE_WIDE_H

#include <stddef.h>

/* So many bytes of a text's front are enough. */
enum { WIDE_FRONT = 64 };

/*
 * The name of an encoding in which a letter is no single byte, "UTF-16" or "UTF-32", if the text
 * that begins like this is written in it: it has a byte order mark, or its ASCII stands between
 * NULs throughout. Else NULL. Thread safe.
 */
const char *wide_name(const char *front, size_t length);

#endif
