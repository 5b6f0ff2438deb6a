#ifndef JGANNOTATE_MATCH_EVIDENCE_H
#define JGANNOTATE_MATCH_EVIDENCE_H

#include <stdbool.h>

#include "match/hit.h"
#include "match/reader.h"
#include "match/roles.h"
#include "match/signs.h"

/*
 * What stands beside a hit and says whether the code is JiGuang's. All functions are
 * thread safe.
 */

/* Why a hit is doubtful: hit->reason. */
enum evidence_reason {
	REASON_NONE,
	REASON_OTHER_TEXT,
	REASON_NO_TEXT,
	REASON_UNCONFIRMED,
	REASON_WORD,
	REASON_MARK /* plus the mark's index */
};

/* What evidence goes by. A value that is made once, must not move, and is then only read. */
struct evidence_rules {
	struct roles roles;
	struct signs text_signs; /* what holds the text of a mark holds one of these */
	/* The marks, a bit each: all, the strong ones, those that ask for a quoted number, for the
	 * member that the object is the value of, for a member beside the hit, for a text. */
	uint64_t all, strong, quoted, outer, field, text;
};

void evidence_rules_init(struct evidence_rules *rules);

/* What lies beside a hit: its own object, or between its neighbours where nothing encloses it. */
struct beside {
	const struct evidence_rules *rules;
	const struct reader *reader;
	const char *data;
	const struct hit *hit;
	const struct hit *previous; /* the hit before it in the line, or NULL */
	struct hit_place place;
	uint32_t start, end; /* nothing outside is beside it */
	bool is_enclosed;
};

/* `next`: where the next hit's key begins, or the line ends. */
void beside_init(struct beside *beside, const struct evidence_rules *rules, struct reader *reader,
    const char *data, const struct hit *hits, size_t index, const struct hit *previous,
    uint32_t next);

/* Whether the next member right behind the hit is a message with the code's own text: most replies
 * are confirmed by this alone, without reading their line. No is never a verdict. */
bool evidence_confirms_at_once(const char *data, const struct hit *hit);

/* Sets standing and reason of a catalogued hit, which is beside->hit. */
void evidence_weigh(struct hit *hit, const struct beside *beside);

/* The member beside it of this name, in any case, or NULL. */
const struct member *evidence_find(const struct beside *beside, const char *name, uint32_t length);

/* Whether the text [start, end) begins with the code's own: up to a word's end. */
bool evidence_is_text_of(
    const char *data, uint32_t start, uint32_t end, const struct catalog_entry *entry);

/* Whether the value is quoted or a URL's parameter, as one-time passwords are. */
bool evidence_is_quoted(const char *data, const struct hit *hit);

#endif
