#ifndef JGANNOTATE_CATALOG_MARK_H
#define JGANNOTATE_CATALOG_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Marks: what stands beside a number that is another system's. One row per
 * mark; adding one at the end touches nothing else. A row's index is its number
 * in databases: none is moved or taken out.
 */
enum mark_strength {
	MARK_WEAK,   /* speaks only against codes that other systems use too */
	MARK_STRONG, /* speaks against any code that its text does not confirm */
};

/* Where a mark's number must stand for the mark to hold. */
enum mark_place {
	MARK_ANYWHERE,
	MARK_QUOTED,   /* the value is quoted, or a parameter of a URL */
	MARK_VALUE_OF, /* quoted so, in an object that is the value of `field` */
};

#define MARK_CODES 4

struct mark {
	const char *key;            /* the key's name, in any case; NULL: any */
	uint32_t codes[MARK_CODES]; /* the codes it speaks of; none: any */
	size_t code_count;
	const char *field; /* name of a neighbouring member (MARK_VALUE_OF: of the member
			      that the object is the value of), in any case; or NULL */
	const char *text;  /* a text within the object, in any case; or NULL */
	enum mark_strength strength;
	enum mark_place place;
	const char *reason; /* "a one-time password beside a phone number" */
	const char *reason_zh;
	uint32_t least; /* the smallest code it speaks of: no password has one digit */
};

/* The table. Thread safe. */
const struct mark *mark_at(size_t index);
size_t mark_count(void);

/* Three bytes each, in lower case: a line with a strong mark of MARK_ANYWHERE holds one of them, in
 * any case. So most lines need not be looked at. `*count`: how many. */
const char (*mark_strong_signs(size_t *count))[3];

/* The same for the texts: what holds the text of any mark holds one of these. */
const char (*mark_text_signs(size_t *count))[3];

/* Whether the mark can speak of a hit with this key and code at all. */
bool mark_concerns(const struct mark *mark, const char *key, size_t key_length, uint32_t code);

#endif
