#ifndef JGANNOTATE_MATCH_STANDING_H
#define JGANNOTATE_MATCH_STANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "match/hit.h"

/*
 * What a hit counts as, and why. JiGuang always sends its own English text
 * beside a code; other systems use some of the same numbers. The text, the
 * object around the hit and the marks of other systems decide, and only where
 * they can change the answer.
 *
 * One `struct standing` per thread: it remembers the codes of the current line.
 */
enum trust { TRUST_NORMAL, TRUST_STRICT, TRUST_ALL };

struct standing;

/* `judge_all`: find out the standing of every hit, also where the class does not
 * depend on it (for -o json). NULL when there is no memory. */
struct standing *standing_new(const struct catalog *catalog, enum trust trust, bool judge_all,
    struct error *error);
void standing_free(struct standing *standing); /* NULL is allowed */

/* Begins a new block: offsets start anew. */
void standing_begin(struct standing *standing);

/* Sets hit_class, standing and reason of `*hit`. `stretch_start` and `stretch_end` are where the
 * previous hit of the line ends and the next one's key begins (or the line's
 * ends). Hits must come in order. A hit whose class is HIT_ELSEWHERE stays so. */
void standing_judge(struct standing *standing, const char *data, struct hit *hit,
    uint32_t stretch_start, uint32_t stretch_end);

/* The Chinese of a reason that is given in English; NULL: there is no such reason. */
const char *standing_reason_zh(const char *reason);

/* Why a hit is doubtful, as a phrase ("other text than JiGuang's beside it"); "" for
 * reason 0. Reasons are small numbers below standing_reason_count(). */
const char *standing_reason(unsigned reason, bool chinese);
unsigned standing_reason_count(void);

/* Whether the reason is another system's mark beside the hit. */
bool standing_reason_is_mark(unsigned reason);

/* The value of `content` in the hit's object, for unlisted codes: its span in
 * `data`; false when there is none. */
bool standing_content(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end);

#endif
