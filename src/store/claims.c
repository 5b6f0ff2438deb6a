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
	bool is_same; /* also by inode and birth time */
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
	return claim->generation != NULL || claim->is_copy || claim->is_partial;
}

void claims_settle_finished(struct claim *claims, size_t count,
    const struct generation *generations, size_t generation_count)
{
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = &claims[i];

		for (size_t g = 0; claim->is_compressed && g < generation_count; g++) {
			const struct generation *generation = &generations[g];

			if (claim->generation != NULL || !generation->is_finished ||
			    !file_identity_is_untouched(&claim->file, &generation->file) ||
			    is_claimed(claims, count, generation))
				continue;
			claim->generation = generation;
			claim->whole = generation->prefix;
			claim->from = generation->prefix.offset;
			claim->is_finished = true;
		}
	}
}

/* The most known first: of two generations that a file continues, the longer one; what is
 * no copy of another; the file that it was, by its outside. */
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
	if (a->is_same != b->is_same)
		return a->is_same ? -1 : 1;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->generation < b->generation ? -1 : a->generation > b->generation;
}

static bool add_pairs(struct pair *pairs, size_t *pair_count, const struct claim *claims,
    size_t file, const struct generation *generations, size_t generation_count,
    const struct claim_reader *reader, struct error *error)
{
	const struct claim *claim = &claims[file];

	for (size_t g = 0; g < generation_count; g++) {
		const struct generation *generation = &generations[g];
		bool has = false;

		if (generation->prefix.offset == 0 ||
		    generation->prefix.offset > claim->whole.offset)
			continue;
		if (!reader->has_prefix(reader->context, file, &generation->prefix, &has, error))
			return false;
		if (has)
			pairs[(*pair_count)++] = (struct pair){ file, generation,
				file_identity_is_same(&claim->file, &generation->file) };
	}
	return true;
}

static bool find_pairs(struct pair *pairs, size_t *pair_count, const struct claim *claims,
    size_t count, const struct generation *generations, size_t generation_count,
    const struct claim_reader *reader, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		if (!claims[i].is_finished &&
		    !add_pairs(pairs, pair_count, claims, i, generations, generation_count,
			reader, error))
			return false;
	qsort(pairs, *pair_count, sizeof(*pairs), compare_pairs);
	return true;
}

static void assign(struct claim *claims, size_t count, const struct pair *pairs, size_t pair_count)
{
	for (size_t i = 0; i < pair_count; i++) {
		struct claim *claim = &claims[pairs[i].file];

		if (claim->generation != NULL || is_claimed(claims, count, pairs[i].generation))
			continue;
		claim->generation = pairs[i].generation;
		claim->from = pairs[i].generation->prefix.offset;
	}
}

/* Whether the file repeats the front of a longer one, or of an equal one that comes before
 * it. Short fronts may be a banner that all files share. */
static bool find_copy(struct claim *claims, size_t count, size_t file,
    const struct claim_reader *reader, struct error *error)
{
	struct claim *claim = &claims[file];

	if (claim->whole.offset <= GENERATION_COPY_MIN)
		return true;
	for (size_t i = 0; i < count && !claim->is_copy; i++) {
		const struct claim *other = &claims[i];
		bool is_before = i < file || is_settled(other);

		if (i == file || other->is_copy || other->whole.offset < claim->whole.offset ||
		    (other->whole.offset == claim->whole.offset && !is_before) ||
		    !fingerprint_equals(&other->whole.head, &claim->whole.head))
			continue;
		if (!reader->has_prefix(
			reader->context, i, &claim->whole, &claim->is_copy, error))
			return false;
	}
	if (claim->is_copy)
		claim->from = claim->whole.offset;
	return true;
}

/* What a file that continues no generation is. */
static bool settle_new(struct claim *claims, size_t count, size_t file,
    const struct generation *generations, size_t generation_count, const struct pair *pairs,
    size_t pair_count, const struct claim_reader *reader, struct error *error)
{
	struct claim *claim = &claims[file];

	if (!find_copy(claims, count, file, reader, error))
		return false;
	if (claim->is_copy)
		return true;
	/* its generation goes on elsewhere, too: only what lies behind is its own */
	for (size_t i = 0; i < pair_count && claim->from == 0; i++)
		if (pairs[i].file == file &&
		    pairs[i].generation->prefix.offset > GENERATION_COPY_MIN)
			claim->from = pairs[i].generation->prefix.offset;
	for (size_t g = 0; g < generation_count && claim->is_damaged; g++)
		if (generations[g].prefix.offset > claim->whole.offset &&
		    claim->whole.offset >= FINGERPRINT_WINDOW &&
		    fingerprint_equals(&generations[g].prefix.head, &claim->whole.head))
			claim->is_partial = true;
	if (claim->is_partial)
		claim->from = claim->whole.offset;
	return true;
}

bool claims_settle(struct claim *claims, size_t count, const struct generation *generations,
    size_t generation_count, const struct claim_reader *reader, struct error *error)
{
	struct pair *pairs = calloc(count * generation_count + 1, sizeof(*pairs));
	size_t pair_count = 0;
	bool settled;

	if (pairs == NULL)
		return error_set_memory(error);
	settled = find_pairs(pairs, &pair_count, claims, count, generations, generation_count,
	    reader, error);
	if (settled)
		assign(claims, count, pairs, pair_count);
	for (size_t i = 0; i < count && settled; i++)
		if (claims[i].generation == NULL)
			settled = settle_new(claims, count, i, generations, generation_count,
			    pairs, pair_count, reader, error);
	free(pairs);
	return settled;
}

bool claims_leave_gap(
    const struct claim *claims, size_t count, const struct generation *generation)
{
	return generation->is_live && !generation->is_copy &&
	    !is_claimed(claims, count, generation);
}
