#ifndef JGANNOTATE_MATCH_EVIDENCE_H
#define JGANNOTATE_MATCH_EVIDENCE_H

#include <stdbool.h>

#include "match/hit.h"
#include "match/object.h"

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
	REASON_MARK /* plus the mark's index */
};

/* Sets standing and reason of a catalogued hit from the members of the object around it. */
void evidence_weigh(struct hit *hit, const struct object *object, const char *data);

/* Whether the line may hold anything that speaks for or against the hit, and be it far from it:
 * where not, weighing would come to STANDING_PLAIN and REASON_NONE (of a code that does not always
 * collide). */
bool evidence_may_stand(const char *data, const struct hit *hit);

/* Whether the member has this name, in any case. */
bool evidence_is_named(const char *data, const struct member *member, const char *name);

/* Whether the value is quoted or a URL's parameter, as one-time passwords are. */
bool evidence_is_quoted(const char *data, const struct hit *hit);

#endif
