/*
 * Owns the search for codes in a block: which patterns run, how far, and the
 * order of their hits. Must not know what a hit counts as or what is written.
 */
#include <stdlib.h>
#include <string.h>

#include "match/annotation.h"
#include "match/matcher_parts.h"
#include "match/rule.h"

/* With more than one set of literals, blocks are searched by windows so small
 * that each set's hits fit its share of the list whatever the text is. */
#define NARROW_WINDOW 32

struct matcher_run *matcher_run_new(const struct matcher *matcher, struct error *error)
{
	struct matcher_run *run = calloc(1, sizeof(*run));
	size_t count = 0;
	const struct pattern **patterns =
	    calloc(matcher->keys.count + matcher->user_count + 1, sizeof(struct pattern *));

	if (run == NULL || patterns == NULL) {
		error_set_memory(error);
		goto fail;
	}
	for (size_t i = 0; i < matcher->keys.count; i++)
		patterns[count++] = matcher->rules[i];
	for (size_t i = 0; i < matcher->user_count; i++)
		patterns[count++] = matcher->users[i].pattern;
	if (matcher->where != NULL)
		patterns[count++] = matcher->where;
	run->matcher = matcher;
	run->cursors = calloc(matcher->user_count + 1, sizeof(*run->cursors));
	if (run->cursors == NULL) {
		error_set_memory(error);
		goto fail;
	}
	run->pattern_run = pattern_run_new(patterns, count, error);
	if (run->pattern_run == NULL)
		goto fail;
	free(patterns);
	return run;
fail:
	free(patterns);
	matcher_run_free(run);
	return NULL;
}

void matcher_run_free(struct matcher_run *run)
{
	if (run == NULL)
		return;
	pattern_run_free(run->pattern_run);
	free(run->cursors);
	free(run);
}

/* ---- lines ---- */

/* Makes the line that holds `at`, and begins at `start`, the current one. `end`: where it ends,
 * or 0. */
static void enter_line(struct matcher_run *run, uint32_t start, size_t at, uint32_t end)
{
	if (run->has_line && run->line_start == start)
		return;
	run->line_start = start;
	run->line_end = end != 0 ? end : (uint32_t)matcher_line_end(run, at);
	run->has_line = true;
	run->where_matched = true;
	if (run->matcher->where == NULL)
		return;
	pattern_run_restart(run->pattern_run);
	run->where_matched = pattern_match_line(run->matcher->where, run->pattern_run,
				 run->data + run->line_start, run->line_end - run->line_start,
				 0) == PATTERN_MATCH;
}

/* ---- keys ---- */

static int compare_candidates(const void *left, const void *right)
{
	const struct literal_hit *a = left;
	const struct literal_hit *b = right;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->literal < b->literal ? -1 : a->literal > b->literal;
}

/* Searches all sets over one window and puts their candidates in order. */
static size_t search_window(struct matcher_run *run, size_t to)
{
	const struct matcher *matcher = run->matcher;
	const struct literal_progress before = run->progress;
	size_t count = 0;

	for (size_t s = 0; s < matcher->set_count; s++) {
		size_t found;

		run->progress = before;
		found = literal_scan(&matcher->sets[s], run->data, run->length, to,
		    run->candidates + count, CANDIDATES_MAX - count, &run->progress);
		for (size_t i = count; s > 0 && i < count + found; i++)
			run->candidates[i].literal += (uint32_t)(s * LITERAL_MAX);
		count += found;
	}
	/* all sets came equally far: windows for more than one fit the list */
	if (matcher->set_count > 1)
		qsort(run->candidates, count, sizeof(run->candidates[0]), compare_candidates);
	return count;
}

static const struct literal_hit *next_candidate(struct matcher_run *run)
{
	while (run->candidate_next == run->candidate_count) {
		size_t to = run->length;

		if (run->progress.at == run->length)
			return NULL;
		if (run->matcher->set_count > 1 && to - run->progress.at > NARROW_WINDOW)
			to = run->progress.at + NARROW_WINDOW;
		run->candidate_next = 0;
		run->candidate_count = search_window(run, to);
	}
	return &run->candidates[run->candidate_next++];
}

/* The rule by its pattern: what the shortcut does not see. */
static bool match_rule(struct matcher_run *run, const struct literal_hit *candidate,
    size_t key_start, struct hit *hit)
{
	enum pattern_result result;

	if (!pattern_matches_at(run->matcher->rules[candidate->literal], run->pattern_run,
		run->data, run->length, candidate->offset, &result))
		return false;
	hit->quote.start = hit->quote.end = hit->key.end;
	rule_read(run->pattern_run, key_start, hit);
	return rule_read_code(
	    run->data + hit->number.start, hit->number.end - hit->number.start, &hit->code);
}

/* What is known of a hit only later on; all else is set as it is found. Member by member, since
 * compilers clear a whole record of this size with an instruction that takes long to begin. */
static void hit_begin(struct hit *hit)
{
	hit->standing = STANDING_PLAIN;
	hit->reason = 0;
	hit->text.start = hit->text.end = 0;
	hit->group.start = hit->group.end = 0;
	hit->time = 0;
}

/* Reads a key and its number. */
static bool read_key(
    struct matcher_run *run, const struct literal_hit *candidate, size_t floor, struct hit *hit)
{
	const struct key_literal *key = &run->matcher->keys.literals[candidate->literal];
	size_t key_start;

	if (!key_stands_at(key, run->data, floor, candidate->offset, &key_start))
		return false;
	hit_begin(hit);
	hit->word = (uint8_t)key_word_before(run->data, floor, key_start);
	hit->key.end = candidate->offset + (uint32_t)key->literal.length;
	if (!rule_shortcut(run->data, run->length, key_start, hit) &&
	    !match_rule(run, candidate, key_start, hit))
		return false;
	return hit->word != HIT_WORD_OTHER ||
	    catalog_find(run->matcher->catalog, hit->code) != NULL;
}

static bool next_key_hit(struct matcher_run *run, struct hit *hit)
{
	const struct literal_hit *candidate;

	while ((candidate = next_candidate(run)) != NULL) {
		size_t floor = candidate->line_start > run->skip_until ? candidate->line_start
								       : run->skip_until;

		if (candidate->offset < run->skip_until ||
		    !read_key(run, candidate, floor, hit))
			continue;
		hit->line.start = candidate->line_start;
		hit->line_index = candidate->line_index;
		hit->line.end = candidate->line_end;
		if (hit->number.start < run->skip_until)
			continue; /* two keys in front of one number */
		if (run->is_cut && hit->value_end == run->length)
			continue;
		return true;
	}
	return false;
}

/* ---- the user's patterns ---- */

/* Takes the hit that begins first: of two, the earlier pattern's, keys last. */
static bool next_of_all(struct matcher_run *run, struct hit *hit)
{
	const struct matcher *matcher = run->matcher;

	for (;;) {
		bool *taken = NULL;
		const struct hit *best = NULL;

		for (size_t i = 0; i < matcher->user_count; i++) {
			struct user_cursor *cursor = &run->cursors[i];

			if (!cursor->has_hit)
				cursor->has_hit = matcher_next_user_hit(
				    run, &matcher->users[i], cursor, &cursor->hit);
			if (cursor->has_hit &&
			    (best == NULL || cursor->hit.number.start < best->number.start)) {
				best = &cursor->hit;
				taken = &cursor->has_hit;
			}
		}
		if (!run->has_key_hit)
			run->has_key_hit = next_key_hit(run, &run->key_hit);
		if (run->has_key_hit &&
		    (best == NULL || run->key_hit.number.start < best->number.start)) {
			best = &run->key_hit;
			taken = &run->has_key_hit;
		}
		if (best == NULL)
			return false;
		*taken = false;
		if (best->number.start >= run->skip_until) {
			*hit = *best;
			if (best != &run->key_hit)
				rule_look_back(run->data, hit);
			return true;
		}
	}
}

/* One pattern and no keys: there is nothing to choose from. */
static bool next_of_one(struct matcher_run *run, struct hit *hit)
{
	while (matcher_next_user_hit(run, &run->matcher->users[0], &run->cursors[0], hit))
		if (hit->number.start >= run->skip_until) {
			rule_look_back(run->data, hit);
			return true;
		}
	return false;
}

/* ---- all ---- */

/* One search counts the newlines: that for the keys or, without keys, that for the first
 * pattern's literal. */
static void choose_counting(struct matcher_run *run)
{
	run->counting = &run->progress;
	if (run->matcher->keys.count == 0 && run->matcher->user_count > 0 &&
	    run->matcher->users[0].anchored != NULL)
		run->counting = &run->cursors[0].progress;
}

void matcher_begin(struct matcher_run *run, const char *data, size_t length, bool is_cut)
{
	static const struct literal_progress start;
	bool by_lines;

	run->data = data;
	run->length = length;
	run->is_cut = is_cut;
	run->skip_until = 0;
	run->candidate_count = run->candidate_next = 0;
	run->has_key_hit = false;
	run->progress = start;
	run->has_line = false;
	by_lines = run->matcher->user_count > 0 && matcher_has_long_line(run);
	for (size_t i = 0; i < run->matcher->user_count; i++) {
		run->cursors[i].at = 0;
		run->cursors[i].has_hit = false;
		run->cursors[i].has_empty = false;
		run->cursors[i].candidate_count = run->cursors[i].candidate_next = 0;
		run->cursors[i].progress = run->cursors[i].lines = start;
		run->cursors[i].is_blockwise =
		    run->matcher->users[i].is_blockwise && !by_lines;
	}
	choose_counting(run);
	pattern_run_restart(run->pattern_run);
}

static bool next_hit(struct matcher_run *run, struct hit *hit)
{
	if (run->matcher->user_count == 0)
		return next_key_hit(run, hit);
	if (run->matcher->user_count == 1 && run->matcher->keys.count == 0)
		return next_of_one(run, hit);
	return next_of_all(run, hit);
}

/* Where its line ends, what the code is, and what stands right behind it. */
static void complete(struct matcher_run *run, struct hit *hit)
{
	enter_line(run, hit->line.start, hit->number.start, hit->line.end);
	hit->line.end = run->line_end;
	hit->entry = catalog_find(run->matcher->catalog, hit->code);
	hit->annotation_end = annotation_end(run->data, hit);
	hit->hit_class = run->where_matched ? HIT_RESPONSE : HIT_ELSEWHERE;
	run->skip_until = hit->annotation_end;
}

size_t matcher_next(struct matcher_run *run, struct hit *hits, size_t max)
{
	size_t count = 0;

	for (; count < max && next_hit(run, &hits[count]); count++)
		complete(run, &hits[count]);
	return count;
}

uint64_t matcher_newlines(struct matcher_run *run)
{
	static const struct literal_set nothing;
	struct literal_hit none[1];

	/* the search may have ended before the block's end */
	(void)literal_scan(&nothing, run->data, run->length, run->length, none, 0, run->counting);
	return run->counting->newlines;
}

uint64_t matcher_not_a_code(const struct matcher_run *run)
{
	return run->not_a_code;
}

uint64_t matcher_trouble(const struct matcher_run *run, enum pattern_trouble trouble)
{
	return pattern_run_trouble(run->pattern_run, trouble);
}
