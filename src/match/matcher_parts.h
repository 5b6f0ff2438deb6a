#ifndef JGANNOTATE_MATCH_MATCHER_PARTS_H
#define JGANNOTATE_MATCH_MATCHER_PARTS_H

#include <string.h>

#include "match/key.h"
#include "match/literal.h"
#include "match/matcher.h"

/*
 * A compiled matcher and its run, shared by the part that compiles (matcher.c) and those
 * that search, for keys (matcher_run.c) and for the user's patterns (matcher_user.c). Nobody
 * else includes this.
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

#define CANDIDATES_MAX 2048

/* How far a user's pattern has come in the block. */
struct user_cursor {
	size_t at;
	bool is_blockwise;
	bool has_empty; /* the last match was empty, at empty_at */
	size_t empty_at;
	bool has_hit;
	struct hit hit;
	struct literal_hit candidates[LITERAL_HITS_MIN]; /* for a pattern with a literal */
	size_t candidate_count, candidate_next;
	struct literal_progress progress;
	struct literal_progress lines; /* where no literal tells which line a hit is in */
};

struct matcher_run {
	const struct matcher *matcher;
	struct pattern_run *pattern_run;
	const char *data;
	size_t length;
	bool is_cut;
	size_t skip_until; /* nothing before it is a hit: the last value or its annotation */

	struct literal_hit candidates[CANDIDATES_MAX];
	size_t candidate_count, candidate_next;
	struct literal_progress progress; /* of the search for keys */

	struct user_cursor *cursors;
	struct literal_progress *counting; /* the search that counts the newlines */
	bool has_key_hit; /* found, but a pattern's hit may come first */
	struct hit key_hit;

	uint32_t line_start, line_end; /* of the last hit */
	bool has_line;
	bool where_matched; /* for that line */
	uint64_t not_a_code;
};

/* matcher_user.c: whether the block has a line that takes watching: such a block is searched
 * line by line. */
bool matcher_has_long_line(const struct matcher_run *run);

/* matcher_user.c: the next hit of one of the user's patterns from where the cursor is. Sets its
 * code, number and line, and the group it carries along. */
bool matcher_next_user_hit(struct matcher_run *run, const struct user_pattern *user,
    struct user_cursor *cursor, struct hit *hit);

/* Where the line that holds `at` begins, and where it ends: at its LF or the block's end. */
static inline size_t matcher_line_start(const struct matcher_run *run, size_t at)
{
	const char *newline = memrchr(run->data, '\n', at);

	return newline == NULL ? 0 : (size_t)(newline - run->data) + 1;
}

static inline size_t matcher_line_end(const struct matcher_run *run, size_t at)
{
	const char *newline = memchr(run->data + at, '\n', run->length - at);

	return newline == NULL ? run->length : (size_t)(newline - run->data);
}

#endif
