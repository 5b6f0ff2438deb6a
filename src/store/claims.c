/*
 * Owns the rules by which files continue generations. Must not know how files are found or
 * read, or the database.
 */
#include "store/claims.h"

#include <stdlib.h>

/* A file that holds a generation's bytes. */
struct pair {
	size_t file;
	const struct generation *generation;
	uint64_t whole; /* of the file */
	bool is_same;   /* also by inode and birth time */
};

static bool is_claimed(
    const struct claim *claims, size_t count, const struct generation *generation)
{
	for (size_t i = 0; i < count; i++)
		if (claims[i].generation == generation)
			return true;
	return false;
}

static bool is_settled(const struct claim *claim)
{
	return claim->generation != NULL || claim->is_copy || claim->is_partial || claim->is_left;
}

void claims_settle_finished(struct claim *claims, size_t count,
    const struct generation *generations, size_t generation_count)
{
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = &claims[i];

		for (size_t g = 0;
		     claim->is_compressed && claim->twin == NULL && g < generation_count; g++) {
			const struct generation *generation = &generations[g];

			if (claim->generation != NULL || !generation->is_finished ||
			    (generation->prefix.offset == 0 && !claim->is_late) ||
			    !file_is_untouched(&claim->file, &generation->file) ||
			    is_claimed(claims, count, generation))
				continue;
			claim->generation = generation;
			claim->whole = generation->prefix;
			claim->from = generation->prefix.offset;
			claim->last_time = generation->last_time;
			claim->is_finished = true;
			claim->is_left = generation->prefix.offset == 0;
		}
	}
}

/* The most known first: of two generations that a file continues, the longer one; what is
 * no copy of another. Of two files the longer one, which the other may be a copy of; the file that
 * it was, by its outside; the younger one. */
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

/* Whether the bytes before both ends may be the same, as far as is known without reading. */
static bool may_share_front(const struct prefix *a, const struct prefix *b)
{
	if (a->offset == b->offset)
		return prefix_equals(a, b);
	return a->offset < FINGERPRINT_WINDOW || b->offset < FINGERPRINT_WINDOW ||
	       fingerprint_equals(&a->head, &b->head);
}

static bool add_pairs(struct pairs *pairs, const struct claim *claims, size_t file,
    const struct generation *generations, size_t generation_count,
    const struct claim_reader *reader, struct error *error)
{
	const struct claim *claim = &claims[file];

	for (size_t g = 0; g < generation_count; g++) {
		const struct generation *generation = &generations[g];
		struct pair pair = { file, generation, claim->whole.offset,
			file_identity_is_same(&claim->file.identity, &generation->file.identity) };
		bool has = false;

		if (generation->prefix.offset == 0 ||
		    generation->prefix.offset > claim->whole.offset ||
		    !may_share_front(&claim->whole, &generation->prefix))
			continue;
		if (!reader->has_prefix(reader->context, file, &generation->prefix, &has, error) ||
		    (has && !add_pair(pairs, &pair, error)))
			return false;
	}
	return true;
}

static bool find_pairs(struct pairs *pairs, const struct claim *claims, size_t count,
    const struct generation *generations, size_t generation_count,
    const struct claim_reader *reader, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		if (!claims[i].is_finished && !claims[i].is_copy &&
		    !add_pairs(pairs, claims, i, generations, generation_count, reader, error))
			return false;
	if (pairs->count > 0)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items), compare_pairs);
	return true;
}

static void assign(struct claim *claims, size_t count, const struct pair *pairs, size_t pair_count)
{
	for (size_t i = 0; i < pair_count; i++) {
		struct claim *claim = &claims[pairs[i].file];

		if (claim->generation != NULL || claim->is_partial ||
		    is_claimed(claims, count, pairs[i].generation))
			continue;
		claim->generation = pairs[i].generation;
		claim->from = pairs[i].generation->prefix.offset;
		claim->last_time = pairs[i].generation->last_time;
	}
}

/* Whether two files that both begin with these bytes have them from one another. A short front
 * may be a banner that all files share; but no two files were begun with the same time. */
static bool is_unique(const struct generation *generation)
{
	return generation->prefix.offset > GENERATION_COPY_MIN ||
	       generation->last_time != GENERATION_NO_TIME;
}

/* The longest generation that the file has in common with another; NULL: there is none. */
static const struct generation *common_front(
    const struct pair *pairs, size_t pair_count, size_t file)
{
	for (size_t i = 0; i < pair_count; i++)
		if (pairs[i].file == file && is_unique(pairs[i].generation))
			return pairs[i].generation;
	return NULL;
}

/* What is made of the file beside it, as far as it got: no more than its names say. */
static bool find_twins(
    struct claim *claims, size_t count, const struct claim_reader *reader, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = &claims[i];

		if (claim->twin == NULL)
			continue;
		if (!reader->has_prefix(reader->context, (size_t)(claim->twin - claims),
		        &claim->whole, &claim->is_copy, error))
			return false;
		if (claim->is_copy)
			claim->from = claim->whole.offset;
	}
	return true;
}

/* Whether it may be a copy of the log that is being written: so it was made beside it. */
static bool is_being_copied(const struct claim *claim, const struct claim *from)
{
	return claim->is_fresh && from->is_live && from->file.identity.birth != 0 &&
	       claim->file.identity.birth > from->file.identity.birth;
}

/* Whether `claim`, if its content is the front of that of `other`, may be made of it. Of equal
 * files the last one is the original, so the log itself. */
static bool may_be_made_of(const struct claim *claim, const struct claim *other)
{
	if (other == claim || other->is_copy || other->is_left ||
	    other->whole.offset < claim->whole.offset)
		return false;
	return other->whole.offset > claim->whole.offset || other > claim ||
	       (claim->generation == NULL && is_settled(other));
}

/* Whether the file repeats the front of another one. `is_unique`: no two files begin with all its
 * bytes by chance. */
static bool find_copy(struct claim *claims, size_t count, size_t file, bool is_unique,
    const struct claim_reader *reader, struct error *error)
{
	struct claim *claim = &claims[file];

	for (size_t i = 0; i < count && !claim->is_copy; i++) {
		const struct claim *other = &claims[i];

		if (!may_be_made_of(claim, other) ||
		    !(is_unique || is_being_copied(claim, other)) ||
		    (claim->has_front && other->has_front &&
		        !fingerprint_equals(&claim->front, &other->front)) ||
		    !may_share_front(&other->whole, &claim->whole))
			continue;
		/* a finished file is not unpacked for this, but where something is amiss */
		if (other->is_finished && !claim->is_damaged)
			claim->is_copy = prefix_equals(&other->whole, &claim->whole);
		else if (!reader->has_prefix(
		             reader->context, i, &claim->whole, &claim->is_copy, error))
			return false;
	}
	if (claim->is_copy)
		claim->from = claim->whole.offset;
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

/* Whether it is, or may be, the front of a generation that was counted further and is nowhere
 * else. */
static bool is_partial(const struct claim *claims, size_t count, const struct claim *claim,
    const struct generation *generations, size_t generation_count, const struct pair *pairs,
    size_t pair_count)
{
	int64_t last = last_run(generations, generation_count);
	bool has_window = claim->whole.offset >= FINGERPRINT_WINDOW;

	for (size_t g = 0; g < generation_count; g++) {
		const struct generation *generation = &generations[g];

		if (generation->prefix.offset > claim->whole.offset &&
		    !is_held(pairs, pair_count, generation) &&
		    (has_window
		            ? fingerprint_equals(&generation->prefix.head, &claim->whole.head)
		            : generation->seen == last && !is_claimed(claims, count, generation)))
			return true;
	}
	return false;
}

/* What ends early waits for its end, where it may have been counted already. */
static void find_partial(struct claim *claims, size_t count, const struct generation *generations,
    size_t generation_count, const struct pair *pairs, size_t pair_count)
{
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = &claims[i];

		claim->is_partial = claim->is_damaged && !claim->is_finished && !claim->is_copy &&
		                    is_partial(claims, count, claim, generations, generation_count,
		                        pairs, pair_count);
		if (claim->is_partial)
			claim->from = claim->whole.offset;
	}
}

/* A file that was left out before. */
static const struct generation *left_before(
    const struct claim *claim, const struct generation *generations, size_t generation_count)
{
	for (size_t g = 0; g < generation_count; g++)
		if (generations[g].prefix.offset == 0 &&
		    file_identity_is_same(&claim->file.identity, &generations[g].file.identity))
			return &generations[g];
	return NULL;
}

/* Late ones that have nothing in common with what was counted. */
static void find_left(struct claim *claims, size_t count, const struct generation *generations,
    size_t generation_count, const struct pair *pairs, size_t pair_count)
{
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = &claims[i];

		if (!claim->is_late || is_settled(claim) || claim->whole.offset == 0 ||
		    common_front(pairs, pair_count, i) != NULL)
			continue;
		claim->is_left = true;
		claim->from = claim->whole.offset;
		claim->generation = left_before(claim, generations, generation_count);
	}
}

/* From where a file is new, once it is known what it continues. */
static bool settle_rest(struct claim *claims, size_t count, size_t file, const struct pair *pairs,
    size_t pair_count, const struct claim_reader *reader, struct error *error)
{
	struct claim *claim = &claims[file];
	const struct generation *common = common_front(pairs, pair_count, file);
	/* what ends early repeats another rather than its banner alone */
	bool is_long =
	    common != NULL || claim->whole.offset > GENERATION_COPY_MIN || claim->is_damaged;
	bool has_time = false;

	if (claim->whole.offset == 0)
		return true;
	/* what another file goes on from: only what lies behind is its own */
	if (common != NULL && claim->from < common->prefix.offset) {
		claim->from = common->prefix.offset;
		claim->last_time = common->last_time;
	} else if (claim->generation != NULL && claim->from == claim->whole.offset) {
		return true;
	}
	if (!is_long && !reader->has_time(reader->context, file, &has_time, error))
		return false;
	return find_copy(claims, count, file, is_long || has_time, reader, error);
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

bool claims_settle(struct claim *claims, size_t count, struct generation *generations,
    size_t generation_count, const struct claim_reader *reader, struct error *error)
{
	struct pairs found = { NULL, 0, 0 };
	const struct pair *pairs;
	size_t pair_count;
	bool settled;

	for (size_t i = 0; i < count; i++)
		if (!claims[i].is_finished)
			claims[i].last_time = GENERATION_NO_TIME;
	settled = find_twins(claims, count, reader, error) &&
	          find_pairs(&found, claims, count, generations, generation_count, reader, error);
	pairs = found.items;
	pair_count = found.count;
	if (settled) {
		note_held(generations, generation_count, pairs, pair_count);
		find_partial(claims, count, generations, generation_count, pairs, pair_count);
		assign(claims, count, pairs, pair_count);
		find_left(claims, count, generations, generation_count, pairs, pair_count);
	}
	for (size_t i = 0; i < count && settled; i++)
		if (!claims[i].is_finished && !claims[i].is_copy && !claims[i].is_partial &&
		    !claims[i].is_left)
			settled = settle_rest(claims, count, i, pairs, pair_count, reader, error);
	free(found.items);
	return settled;
}

bool claims_leave_gap(const struct claim *claims, size_t count, const struct generation *generation)
{
	return generation->is_live && !(generation->is_copy && generation->is_held) &&
	       !is_claimed(claims, count, generation) &&
	       !claims_may_go_on(claims, count, generation);
}

bool claims_may_go_on(const struct claim *claims, size_t count, const struct generation *generation)
{
	for (size_t i = 0; i < count; i++)
		if (claims[i].is_partial && generation->prefix.offset > claims[i].whole.offset)
			return true;
	return false;
}
