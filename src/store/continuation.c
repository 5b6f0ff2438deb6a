/*
 * Owns the rules by which files continue generations. Must not know how files are found or
 * read, or the database.
 *
 * All pairs of a file and a generation whose bytes it holds are found first, and sorted by how sure
 * it is that the one continues the other; then each file and each generation is given away once,
 * the surest pair first. What is left over is judged file by file: is it a copy, a part of
 * something counted, another log's, or new from its first byte?
 */
#include "store/continuation.h"

#include <stdlib.h>

/* A file that holds a generation's bytes. */
struct pair {
	size_t file;
	const struct generation *generation;
	uint64_t whole; /* of the file */
	bool is_same;   /* also by inode and birth time */
};

static bool is_continued(
    const struct continuation *files, size_t count, const struct generation *generation)
{
	for (size_t i = 0; i < count; i++)
		if (files[i].generation == generation)
			return true;
	return false;
}

static bool is_settled(const struct continuation *file)
{
	return file->generation != NULL || file->is_copy || file->is_partial || file->is_left;
}

void continuation_settle_finished(struct continuation *files, size_t count,
    const struct generation *generations, size_t generation_count)
{
	for (size_t i = 0; i < count; i++) {
		struct continuation *file = &files[i];

		for (size_t g = 0;
		     file->is_compressed && file->twin == NULL && g < generation_count; g++) {
			const struct generation *generation = &generations[g];

			if (file->generation != NULL || !generation->is_finished ||
			    (generation->prefix.offset == 0 && !file->is_late) ||
			    !file_is_untouched(&file->state, &generation->file) ||
			    is_continued(files, count, generation))
				continue;
			file->generation = generation;
			file->whole = generation->prefix;
			file->from = generation->prefix.offset;
			file->last_time = generation->last_time;
			file->is_finished = true;
			file->is_left = generation->prefix.offset == 0;
		}
	}
}

/* The surest pair first. Of two generations whose bytes a file holds it continues the longer
 * one, then the one that was not counted as a copy. Of two files that hold a generation the
 * longer one continues it, since the other may be a copy of that; then the one with its inode
 * and birth time; then the younger one. */
static int compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left;
	const struct pair *b = right;
	uint64_t a_offset = a->generation->prefix.offset;
	uint64_t b_offset = b->generation->prefix.offset;

	if (a_offset != b_offset)
		return a_offset > b_offset ? -1 : 1;
	if (a->generation->is_copy != b->generation->is_copy)
		return a->generation->is_copy ? 1 : -1;
	if (a->whole != b->whole)
		return a->whole > b->whole ? -1 : 1;
	if (a->is_same != b->is_same)
		return a->is_same ? -1 : 1;
	if (a->file != b->file)
		return a->file > b->file ? -1 : 1;
	return a->generation < b->generation ? -1 : a->generation > b->generation;
}

struct pairs {
	struct pair *items;
	size_t count, room;
};

static bool add_pair(struct pairs *pairs, const struct pair *pair, struct error *error)
{
	if (pairs->count == pairs->room) {
		size_t room = pairs->room * 2 + 64;
		struct pair *grown = realloc(pairs->items, room * sizeof(*grown));

		if (grown == NULL)
			return error_set_memory(error);
		pairs->items = grown;
		pairs->room = room;
	}
	pairs->items[pairs->count++] = *pair;
	return true;
}

/* Whether the shorter of both may be the front of the longer one, as far as their fingerprints
 * tell. */
static bool may_share_front(const struct prefix *a, const struct prefix *b)
{
	if (a->offset == b->offset)
		return prefix_equals(a, b);
	return a->offset < FINGERPRINT_WINDOW || b->offset < FINGERPRINT_WINDOW ||
	       fingerprint_equals(&a->head, &b->head);
}

static bool add_pairs(struct pairs *pairs, const struct continuation *files, size_t index,
    const struct generation *generations, size_t generation_count,
    const struct continuation_reader *reader, struct error *error)
{
	const struct continuation *file = &files[index];

	for (size_t g = 0; g < generation_count; g++) {
		const struct generation *generation = &generations[g];
		struct pair pair = { index, generation, file->whole.offset,
			file_identity_is_same(&file->state.identity, &generation->file.identity) };
		bool has = false;

		if (generation->prefix.offset == 0 ||
		    generation->prefix.offset > file->whole.offset ||
		    !may_share_front(&file->whole, &generation->prefix))
			continue;
		if (!reader->has_prefix(reader->context, index, &generation->prefix, &has, error) ||
		    (has && !add_pair(pairs, &pair, error)))
			return false;
	}
	return true;
}

static bool find_pairs(struct pairs *pairs, const struct continuation *files, size_t count,
    const struct generation *generations, size_t generation_count,
    const struct continuation_reader *reader, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		if (!files[i].is_finished && !files[i].is_copy &&
		    !add_pairs(pairs, files, i, generations, generation_count, reader, error))
			return false;
	if (pairs->count > 0)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items), compare_pairs);
	return true;
}

static void assign(
    struct continuation *files, size_t count, const struct pair *pairs, size_t pair_count)
{
	for (size_t i = 0; i < pair_count; i++) {
		struct continuation *file = &files[pairs[i].file];

		if (file->generation != NULL || file->is_partial ||
		    is_continued(files, count, pairs[i].generation))
			continue;
		file->generation = pairs[i].generation;
		file->from = pairs[i].generation->prefix.offset;
		file->last_time = pairs[i].generation->last_time;
	}
}

/* Whether of two files that both begin with these bytes one must be a copy of the other. A short
 * front may be a banner that all files begin with, unless a time stands in it. */
static bool is_unique(const struct generation *generation)
{
	return generation->prefix.offset > GENERATION_COPY_MIN ||
	       generation->last_time != GENERATION_NO_TIME;
}

/* The longest generation that the file has in common with another; NULL: there is none. */
static const struct generation *common_front(
    const struct pair *pairs, size_t pair_count, size_t index)
{
	for (size_t i = 0; i < pair_count; i++)
		if (pairs[i].file == index && is_unique(pairs[i].generation))
			return pairs[i].generation;
	return NULL;
}

/* Finds the files that are being made of their plain twins: X.gz that holds the front of X is a
 * copy of it. */
static bool find_twins(struct continuation *files, size_t count,
    const struct continuation_reader *reader, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct continuation *file = &files[i];

		if (file->twin == NULL)
			continue;
		if (!reader->has_prefix(reader->context, (size_t)(file->twin - files), &file->whole,
		        &file->is_copy, error))
			return false;
		if (file->is_copy)
			file->from = file->whole.offset;
	}
	return true;
}

/* Whether it may be a copy of the log that is still being written: it was made after the log. */
static bool is_being_copied(const struct continuation *file, const struct continuation *from)
{
	return file->is_fresh && from->is_live && from->state.identity.birth != 0 &&
	       file->state.identity.birth > from->state.identity.birth;
}

/* Whether `file` may be a copy of `other`, if it holds the front of that. Of two equal
 * files the one that comes last is the original; the log itself is the last of all. */
static bool may_be_made_of(const struct continuation *file, const struct continuation *other)
{
	if (other == file || other->is_copy || other->is_left ||
	    other->whole.offset < file->whole.offset)
		return false;
	return other->whole.offset > file->whole.offset || other > file ||
	       (file->generation == NULL && is_settled(other));
}

/* Whether the file is a copy of the front of another one. `is_unique`: its bytes are no banner,
 * so that whatever begins with them has them from it, or it from that. */
static bool find_copy(struct continuation *files, size_t count, size_t index, bool is_unique,
    const struct continuation_reader *reader, struct error *error)
{
	struct continuation *file = &files[index];

	for (size_t i = 0; i < count && !file->is_copy; i++) {
		const struct continuation *other = &files[i];

		if (!may_be_made_of(file, other) || !(is_unique || is_being_copied(file, other)) ||
		    (file->has_front && other->has_front &&
		        !fingerprint_equals(&file->front, &other->front)) ||
		    !may_share_front(&other->whole, &file->whole))
			continue;
		/* a finished file is not unpacked for this, but where something is amiss */
		if (other->is_finished && !file->is_damaged)
			file->is_copy = prefix_equals(&other->whole, &file->whole);
		else if (!reader->has_prefix(
		             reader->context, i, &file->whole, &file->is_copy, error))
			return false;
	}
	if (file->is_copy)
		file->from = file->whole.offset;
	return true;
}

static int64_t last_run(const struct generation *generations, size_t generation_count)
{
	int64_t last = 0;

	for (size_t g = 0; g < generation_count; g++)
		if (generations[g].seen > last)
			last = generations[g].seen;
	return last;
}

static bool is_held(
    const struct pair *pairs, size_t pair_count, const struct generation *generation)
{
	for (size_t i = 0; i < pair_count; i++)
		if (pairs[i].generation == generation)
			return true;
	return false;
}

/* Whether it is, or may be, the front of a generation that was counted further, and whose bytes
 * no other file holds. */
static bool is_partial(const struct continuation *files, size_t count,
    const struct continuation *file, const struct generation *generations, size_t generation_count,
    const struct pair *pairs, size_t pair_count)
{
	int64_t last = last_run(generations, generation_count);
	bool has_window = file->whole.offset >= FINGERPRINT_WINDOW;

	for (size_t g = 0; g < generation_count; g++) {
		const struct generation *generation = &generations[g];

		if (generation->prefix.offset > file->whole.offset &&
		    !is_held(pairs, pair_count, generation) &&
		    (has_window
		            ? fingerprint_equals(&generation->prefix.head, &file->whole.head)
		            : generation->seen == last && !is_continued(files, count, generation)))
			return true;
	}
	return false;
}

/* Finds the damaged files whose lines may have been counted already: they are left until they
 * are whole. */
static void find_partial(struct continuation *files, size_t count,
    const struct generation *generations, size_t generation_count, const struct pair *pairs,
    size_t pair_count)
{
	for (size_t i = 0; i < count; i++) {
		struct continuation *file = &files[i];

		file->is_partial = file->is_damaged && !file->is_finished && !file->is_copy &&
		                   is_partial(files, count, file, generations, generation_count,
		                       pairs, pair_count);
		if (file->is_partial)
			file->from = file->whole.offset;
	}
}

/* The generation that says that this file was left out before; NULL: it was not. */
static const struct generation *left_before(
    const struct continuation *file, const struct generation *generations, size_t generation_count)
{
	for (size_t g = 0; g < generation_count; g++)
		if (generations[g].prefix.offset == 0 &&
		    file_identity_is_same(&file->state.identity, &generations[g].file.identity))
			return &generations[g];
	return NULL;
}

/* Leaves out the late files that have nothing in common with what was counted. */
static void find_left(struct continuation *files, size_t count,
    const struct generation *generations, size_t generation_count, const struct pair *pairs,
    size_t pair_count)
{
	for (size_t i = 0; i < count; i++) {
		struct continuation *file = &files[i];

		if (!file->is_late || is_settled(file) || file->whole.offset == 0 ||
		    common_front(pairs, pair_count, i) != NULL)
			continue;
		file->is_left = true;
		file->from = file->whole.offset;
		file->generation = left_before(file, generations, generation_count);
	}
}

/* From where a file is new, once it is known what it continues. */
static bool settle_rest(struct continuation *files, size_t count, size_t index,
    const struct pair *pairs, size_t pair_count, const struct continuation_reader *reader,
    struct error *error)
{
	struct continuation *file = &files[index];
	const struct generation *common = common_front(pairs, pair_count, index);
	/* a damaged file is rather a copy that is not finished than one with the same banner */
	bool is_long =
	    common != NULL || file->whole.offset > GENERATION_COPY_MIN || file->is_damaged;
	bool has_time = false;

	if (file->whole.offset == 0)
		return true;
	/* another file continues the generation: only what lies behind that is new */
	if (common != NULL && file->from < common->prefix.offset) {
		file->from = common->prefix.offset;
		file->last_time = common->last_time;
	} else if (file->generation != NULL && file->from == file->whole.offset) {
		return true;
	}
	if (!is_long && !reader->has_time(reader->context, index, &has_time, error))
		return false;
	return find_copy(files, count, index, is_long || has_time, reader, error);
}

/* Notes which generations' bytes are in a file that was read. */
static void note_held(struct generation *generations, size_t generation_count,
    const struct pair *pairs, size_t pair_count)
{
	for (size_t g = 0; g < generation_count; g++)
		generations[g].is_held = false;
	for (size_t i = 0; i < pair_count; i++)
		generations[pairs[i].generation - generations].is_held = true;
}

bool continuation_settle(struct continuation *files, size_t count, struct generation *generations,
    size_t generation_count, const struct continuation_reader *reader, struct error *error)
{
	struct pairs found = { NULL, 0, 0 };
	const struct pair *pairs;
	size_t pair_count;
	bool settled;

	for (size_t i = 0; i < count; i++)
		if (!files[i].is_finished)
			files[i].last_time = GENERATION_NO_TIME;
	settled = find_twins(files, count, reader, error) &&
	          find_pairs(&found, files, count, generations, generation_count, reader, error);
	pairs = found.items;
	pair_count = found.count;
	if (settled) {
		note_held(generations, generation_count, pairs, pair_count);
		find_partial(files, count, generations, generation_count, pairs, pair_count);
		assign(files, count, pairs, pair_count);
		find_left(files, count, generations, generation_count, pairs, pair_count);
	}
	for (size_t i = 0; i < count && settled; i++)
		if (!files[i].is_finished && !files[i].is_copy && !files[i].is_partial &&
		    !files[i].is_left)
			settled = settle_rest(files, count, i, pairs, pair_count, reader, error);
	free(found.items);
	return settled;
}

bool continuation_leaves_gap(
    const struct continuation *files, size_t count, const struct generation *generation)
{
	return generation->is_live && !(generation->is_copy && generation->is_held) &&
	       !is_continued(files, count, generation) &&
	       !continuation_may_go_on(files, count, generation);
}

bool continuation_may_go_on(
    const struct continuation *files, size_t count, const struct generation *generation)
{
	for (size_t i = 0; i < count; i++)
		if (files[i].is_partial && generation->prefix.offset > files[i].whole.offset)
			return true;
	return false;
}
