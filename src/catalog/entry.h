#ifndef JGANNOTATE_CATALOG_ENTRY_H
#define JGANNOTATE_CATALOG_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "catalog/outcome.h"

/*
 * What a catalog says of one code. Strings live as long as the catalog.
 */

/* How far a code is shared with other systems (column `collides`). */
enum collides { COLLIDES_NO, COLLIDES_YES, COLLIDES_ALWAYS };

/* The largest code: nine digits. */
#define CATALOG_CODE_MAX 999999999u

struct catalog_entry {
	uint32_t code;
	unsigned id;          /* 0 .. catalog_size()-1 in the order of codes; valid once frozen */
	unsigned category_id; /* 0 .. catalog_category_count()-1 */
	unsigned source;      /* which catalog its category belongs to: 0 is the built-in one */
	enum outcome outcome;
	enum collides collides;
	const char *description; /* never empty */
	size_t description_length;
	const char *category; /* never empty */
	const char *notes;    /* "" when there are none */
	const char *notes_zh; /* "" when there are none */
};

#endif
