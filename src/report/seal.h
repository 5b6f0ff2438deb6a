#ifndef JGANNOTATE_REPORT_SEAL_H
#define JGANNOTATE_REPORT_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"

/*
 * The seal of a JSON report: its last member, the digest of all before it. Blanks and line ends
 * between its words do not count, so that a report may be laid out anew. It finds accidents, not
 * forgers.
 */
enum seal {
	SEAL_NONE, /* it does not end in one, as those of version 0.1.0 */
	SEAL_RIGHT,
	SEAL_WRONG, /* what is sealed was altered */
};

/* Of the text of an object up to its last comma. False when there is no memory. */
bool seal_make(const char *text, size_t len, char seal[DIGEST_TEXT]);

/* Of the text of a whole object. False when there is no memory. */
bool seal_check(const char *text, size_t len, enum seal *seal);

#endif
