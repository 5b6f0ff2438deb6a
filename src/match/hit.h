#ifndef JGANNOTATE_MATCH_HIT_H
#define JGANNOTATE_MATCH_HIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/catalog.h"

/*
 * One code found in a line, and what it counts as. Offsets are bytes from the
 * start of the block that the hit was found in, and valid while that block is.
 *
 *     {"id":7,"errCode" : "9011","content":"auth failed"}\n
 *     `- line  `-key  `- quote `- number, and value_end, which differs for 9011.0
 */

/* What a hit counts as: exactly one of these. */
enum hit_class {
	HIT_RESPONSE,  /* a reply of the API: the only class in the error rate */
	HIT_INNER,     /* a risk code inside riskCheck of another reply */
	HIT_REPEATED,  /* the same reply's code once more in its line */
	HIT_HELD_BACK, /* catalogued, but probably another system's number */
	HIT_UNLISTED,  /* in no catalog, but the object is JiGuang's */
	HIT_ELSEWHERE, /* on a line that --where does not match */
	HIT_OTHER,     /* any other number under a key */
	HIT_CLASS_COUNT,
	HIT_NONE /* none after all: it goes no further */
};

/* How programs read a class, in every format for them; static. People read words.h. */
static inline const char *hit_class_name(enum hit_class hit_class)
{
	static const char *const names[HIT_CLASS_COUNT] = {
		[HIT_RESPONSE] = "response",
		[HIT_INNER] = "inner",
		[HIT_REPEATED] = "repeated",
		[HIT_HELD_BACK] = "held_back",
		[HIT_UNLISTED] = "unlisted",
		[HIT_ELSEWHERE] = "elsewhere",
		[HIT_OTHER] = "other_number",
	};

	return names[hit_class];
}

/* The word in front of a key, as in `exit code: 0`. */
enum hit_word {
	HIT_WORD_NONE,
	HIT_WORD_PERHAPS, /* another thing's where other systems use the number too */
	HIT_WORD_OTHER,   /* another thing's, if the text beside it does not say otherwise */
};

/* How sure it is that a catalogued code is JiGuang's. */
enum hit_standing { STANDING_PLAIN, STANDING_CONFIRMED, STANDING_DOUBTFUL };

/* A stretch of the block: [start, end). */
struct hit_span {
	uint32_t start, end;
};

struct hit {
	const struct catalog_entry *entry; /* NULL: in no catalog */
	uint32_t code;
	uint32_t line_index;   /* newlines in the block before its line */
	struct hit_span line;  /* without its LF, or to the block's end */
	struct hit_span key;   /* empty: no key is known (a pattern's hit) */
	struct hit_span quote; /* that closes the key, if any; a colour may stand between the two */
	uint32_t
	    open_start; /* [open_start, number.start): the quote that opens the value, if any */
	struct hit_span number;
	uint32_t value_end;      /* behind `.0`, where there is one; before a closing quote */
	uint32_t annotation_end; /* behind an annotation that stands there already; else value_end */
	struct hit_span text;    /* of an unlisted code: the value of `content` */
	struct hit_span group;   /* what --by groups the hit by: the pattern's group or a field; */
	                         /* both 0: nothing */
	int64_t time; /* the line's, where --since, --until or --bucket ask for it; clock.h */
	bool is_member;    /* key, closing quote, blanks, `:`, blanks, value */
	uint8_t hit_class; /* enum hit_class */
	uint8_t standing;  /* enum hit_standing; STANDING_PLAIN where not judged */
	uint8_t reason;    /* why it is doubtful: standing.h; 0: it is not */
	uint8_t word;      /* enum hit_word */
};

/* Whether the hit is shown in the output: annotated, when its entry has text. */
static inline bool hit_is_shown(const struct hit *hit)
{
	return hit->hit_class == HIT_RESPONSE || hit->hit_class == HIT_INNER ||
	    hit->hit_class == HIT_REPEATED || hit->hit_class == HIT_UNLISTED;
}

#endif
