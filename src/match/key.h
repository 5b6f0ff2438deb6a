#ifndef JGANNOTATE_MATCH_KEY_H
#define JGANNOTATE_MATCH_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "match/hit.h"

/*
 * Keys: the field names that carry a code, and what may stand before one.
 *
 * Names that end alike share one literal for the search (`code`; `码`); the
 * rest of the name is checked to its left here, together with the boundary.
 * That is plain code rather than a look-behind, because blanks and colour
 * sequences of any length may stand there.
 */

/* What the search looks for, and the names that end in it. Static or owned by
 * a key_set. */
struct key_word {
	const char *text;
	size_t length;
};

struct key_literal {
	struct key_word literal;
	bool is_name; /* it is a name as it stands; */
	const struct key_word *prefixes; /* others have one of these, of 2 bytes or more, before it */
	size_t prefix_count;
	uint64_t endings; /* of the prefixes: key.c's */
	bool has_boundary;     /* the name begins with ASCII: it must begin a token */
	bool needs_no_separator; /* the name ends in a Chinese character */
	bool is_usual;           /* of the usual keys: they have one rule together */
};

struct key_set {
	struct key_literal *literals;
	size_t count;
	char **names; /* as shown to the user: "code", "errcode", ... */
	size_t name_count;
};

/* The usual keys. Returns false when there is no memory. */
bool key_set_init(struct key_set *set, struct error *error);

/* The keys of the -k arguments (comma-separated names): in place of the usual ones, or
 * besides them for an argument that begins with `+`. `count` > 0. ERROR_USAGE
 * for an empty name, one over 64 bytes, a control character or too many names. */
bool key_set_init_from(
    struct key_set *set, char *const *arguments, size_t count, struct error *error);

void key_set_release(struct key_set *set);

/* Whether a key ends at the literal that stands at `at`: its name is complete
 * to the left and begins a token. `floor` is where the text begins; a newline
 * before that ends the look. Sets `*key_start`. */
bool key_stands_at(const struct key_literal *key, const char *text, size_t floor, size_t at,
    size_t *key_start);

/* The word in front of a key that begins at `start`, if it is one of those that matter. */
enum hit_word key_word_before(const char *text, size_t floor, size_t start);

#endif
