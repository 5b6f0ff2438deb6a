/*
 * Owns the search with a user's patterns: over the block where that is safe, else line by
 * line. Must not know keys, or which of several hits comes first.
 */
#include <string.h>

#include "match/matcher_parts.h"
#include "match/rule.h"

/* Reads the match of a user's pattern in the subject that begins at `base`.
 * Returns false when it captured no code. */
static bool read_capture(struct matcher_run *run, const struct user_pattern *user, size_t base,
    struct hit *hit)
{
	size_t start = 0;
	size_t end = 0;
	bool found = false;

	for (size_t i = 0; i < user->group_count && !found; i++)
		found = pattern_run_span(run->pattern_run, user->groups[i], &start, &end);
	memset(hit, 0, sizeof(*hit));
	if (!found || !rule_read_code(run->data + base + start, end - start, &hit->code) ||
	    (run->is_cut && base + end == run->length)) {
		run->not_a_code++;
		return false;
	}
	hit->number.start = (uint32_t)(base + start);
	hit->number.end = (uint32_t)(base + end);
	for (size_t i = 0; i < user->carried_count && hit->group.end == 0; i++)
		if (pattern_run_span(run->pattern_run, user->carried[i], &start, &end)) {
			hit->group.start = (uint32_t)(base + start);
			hit->group.end = (uint32_t)(base + end);
		}
	return true;
}

/* One search from cursor->at in [base, end). Returns what it came to; on a match
 * cursor->at is behind it. */
static enum pattern_result search_once(struct matcher_run *run, const struct user_pattern *user,
    struct user_cursor *cursor, size_t base, size_t end)
{
	while (cursor->at <= end) {
		size_t start = 0;
		size_t behind = 0;
		const char *subject = run->data + base;
		enum pattern_result result = cursor->is_blockwise
		    ? pattern_match(user->pattern, run->pattern_run, subject, end - base,
			  cursor->at - base)
		    : pattern_match_line(user->pattern, run->pattern_run, subject,
			  end - base, cursor->at - base);
		bool is_proper;
		bool is_again;

		if (result != PATTERN_MATCH)
			return result;
		is_proper = pattern_run_span(run->pattern_run, 0, &start, &behind);
		/* an empty match that was found from further left is found here once more */
		is_again = is_proper && start == behind && cursor->has_empty &&
		    cursor->empty_at == base + behind;
		cursor->has_empty = is_proper && start == behind;
		cursor->empty_at = base + behind;
		/* an empty match, or one turned round by \K, must not stand still */
		if (!is_proper || base + behind <= cursor->at)
			behind = cursor->at - base + 1;
		cursor->at = base + behind;
		if (!is_again)
			return PATTERN_MATCH;
	}
	return PATTERN_NO_MATCH;
}

/* The end of the block's last line: a search may begin there, but not behind its LF. */
static size_t last_line_end(const struct matcher_run *run)
{
	return run->length - (run->length > 0 && run->data[run->length - 1] == '\n');
}

/* Tells the hit which line it is in, counting on from the hit before. */
static void set_line(
    const struct matcher_run *run, struct user_cursor *cursor, size_t start, struct hit *hit)
{
	static const struct literal_set nothing;
	struct literal_hit none[1];

	(void)literal_scan(&nothing, run->data, run->length, start, none, 0, &cursor->lines);
	hit->line.start = (uint32_t)start;
	hit->line_index = (uint32_t)cursor->lines.newlines;
}

static bool next_in_lines(struct matcher_run *run, const struct user_pattern *user,
    struct user_cursor *cursor, struct hit *hit)
{
	while (cursor->at <= last_line_end(run)) {
		size_t start = matcher_line_start(run, cursor->at);
		size_t end = matcher_line_end(run, cursor->at);

		if (start == cursor->at)
			pattern_run_restart(run->pattern_run);
		while (cursor->at <= end &&
		    search_once(run, user, cursor, start, end) == PATTERN_MATCH)
			if (read_capture(run, user, start, hit)) {
				set_line(run, cursor, start, hit);
				return true;
			}
		cursor->at = end + 1;
	}
	return false;
}

/* The next place behind cursor->at where the pattern's literal stands; NULL: none. */
static const struct literal_hit *next_literal(struct matcher_run *run,
    const struct user_pattern *user, struct user_cursor *cursor, size_t end)
{
	for (;;) {
		const struct literal_hit *candidate;

		if (cursor->candidate_next == cursor->candidate_count) {
			if (cursor->progress.at >= end)
				return NULL;
			cursor->candidate_next = 0;
			cursor->candidate_count = literal_scan(&user->literal, run->data, end, end,
			    cursor->candidates, LITERAL_HITS_MIN, &cursor->progress);
			continue;
		}
		candidate = &cursor->candidates[cursor->candidate_next++];
		if (candidate->offset >= cursor->at)
			return candidate;
	}
}

/* As search_once over the block, for a pattern whose matches begin with a literal. */
static enum pattern_result search_literal(struct matcher_run *run,
    const struct user_pattern *user, struct user_cursor *cursor, size_t end,
    const struct literal_hit **found)
{
	const struct literal_hit *candidate;

	while ((candidate = next_literal(run, user, cursor, end)) != NULL) {
		enum pattern_result result;
		const size_t *spans;

		if (!pattern_matches_at(user->anchored, run->pattern_run, run->data, end,
			candidate->offset, &result)) {
			if (result == PATTERN_NO_MATCH)
				continue;
			return result;
		}
		*found = candidate;
		/* the match begins with a literal, so it is not empty */
		spans = pattern_run_spans(run->pattern_run);
		if (spans[1] > candidate->offset)
			cursor->at = spans[1];
		return PATTERN_MATCH;
	}
	return PATTERN_NO_MATCH;
}

bool matcher_has_long_line(const struct matcher_run *run)
{
	const char *at = run->data;
	const char *end = at + run->length;

	while ((size_t)(end - at) > PATTERN_LONG_LINE) {
		const char *newline = memrchr(at, '\n', PATTERN_LONG_LINE);

		if (newline == NULL)
			return true;
		at = newline + 1;
	}
	return false;
}

bool matcher_next_user_hit(struct matcher_run *run, const struct user_pattern *user,
    struct user_cursor *cursor, struct hit *hit)
{
	size_t end = last_line_end(run);

	while (cursor->is_blockwise && cursor->at <= end) {
		const struct literal_hit *found = NULL;
		enum pattern_result result = user->anchored != NULL
		    ? search_literal(run, user, cursor, end, &found)
		    : search_once(run, user, cursor, 0, end);

		if (result == PATTERN_NO_MATCH) {
			cursor->at = end + 1;
			return false;
		}
		if (result == PATTERN_LIMIT) {
			/* the rest of this block line by line, each with its own limits */
			cursor->is_blockwise = false;
			pattern_run_forgive(run->pattern_run);
		} else if (read_capture(run, user, 0, hit)) {
			if (found == NULL) {
				set_line(
				    run, cursor, matcher_line_start(run, hit->number.start), hit);
				return true;
			}
			hit->line.start = found->line_start;
			hit->line_index = found->line_index;
			hit->line.end = found->line_end;
			return true;
		}
	}
	return next_in_lines(run, user, cursor, hit);
}
