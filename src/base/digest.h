#ifndef JGANNOTATE_BASE_DIGEST_H
#define JGANNOTATE_BASE_DIGEST_H

#include <stddef.h>

/*
 * XXH3-128 of bytes that come one after the other: it tells apart what differs by accident, not
 * what somebody forged. Not thread safe.
 */
#define DIGEST_TEXT 33 /* room for its hexadecimal digits and a NUL */

struct digest;

/* Of no bytes so far. NULL when there is no memory. */
struct digest *digest_new(void);
void digest_free(struct digest *digest); /* NULL is allowed */

void digest_add(struct digest *digest, const void *bytes, size_t len);

/* Of all bytes so far; more may be added. */
void digest_text(const struct digest *digest, char text[DIGEST_TEXT]);

#endif
