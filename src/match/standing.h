#ifndef JGANNOTATE_MATCH_STANDING_H
#define JGANNOTATE_MATCH_STANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "match/hit.h"
#include "match/reader.h"

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

/* Sets hit_class, standing and reason of some hits of one line: at most READER_HITS, in order, all
 * up to `limit`, which is the line's end or where its next hit's key begins. `previous` is the
 * line's hit before them, or NULL. A hit whose class is HIT_ELSEWHERE stays so; one that turns out
 * to be none, in text of the caller's own, becomes HIT_NONE. Lines must come in order. */
void standing_judge(struct standing *standing, const char *data, struct hit *hits, size_t count,
    const struct hit *previous, uint32_t limit);

/* The reader of the line that was judged last: for what else is asked of its hits. */
struct reader *standing_reader(struct standing *standing);

/* The Chinese of a reason that is given in English; NULL: there is no such reason. */
const char *standing_reason_zh(const char *reason);

/* Why a hit is doubtful, as a phrase ("other text than JiGuang's beside it"); "" for
 * reason 0. Reasons are small numbers below standing_reason_count(). */
const char *standing_reason(unsigned reason, bool chinese);
unsigned standing_reason_count(void);

/* The number that stands for a reason in databases, below 256. Those are read by later releases: a
 * number never comes to mean another reason, whatever order reasons have here. So rows are only
 * appended to the table of marks, and none is taken out. */
unsigned standing_reason_number(unsigned reason);

/* The reason that a number stands for; of one that only a later release knows REASON_UNCONFIRMED.
 */
unsigned standing_reason_of(unsigned number);

/* Whether the reason is another system's mark beside the hit. */
bool standing_reason_is_mark(unsigned reason);

#endif
