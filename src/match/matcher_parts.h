#ifndef JGANNOTATE_MATCH_MATCHER_PARTS_H
#define JGANNOTATE_MATCH_MATCHER_PARTS_H

#include "match/key.h"
#include "match/literal.h"
#include "match/matcher.h"

/*
 * A compiled matcher, shared by the part that compiles it (matcher.c) and the
 * part that searches with it (matcher_run.c). Nobody else includes this.
 */
#define CODE_GROUPS_MAX 8
#define PATTERNS_MAX 64

/* One of the user's patterns. */
struct user_pattern {
	struct pattern *pattern;
	unsigned groups[CODE_GROUPS_MAX]; /* those called `code` */
	size_t group_count;
	unsigned carried[CODE_GROUPS_MAX]; /* those whose capture a hit carries along */
	size_t carried_count;
	bool is_blockwise;
	struct pattern *anchored;   /* where every match begins with a literal, that is */
	struct literal_set literal; /* searched for, and this pattern matched there; else NULL */
};

struct matcher {
	const struct catalog *catalog;
	struct key_set keys; /* a copy of the literals only; names belong to the caller */
	struct pattern **rules; /* by literal; the usual ones share the first one's */
	struct literal_set *sets;
	size_t set_count;
	struct user_pattern users[PATTERNS_MAX];
	size_t user_count;
	struct pattern *where;
};

#endif
