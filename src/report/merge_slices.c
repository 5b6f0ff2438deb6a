/*
 * Owns what tells slices apart, and the questions whether one was counted already or overlaps
 * another.
 *
 * Texts are kept once each, so that two slices are the same if their structs have the same bytes:
 * that makes them keys of a hash table.
 */
#include "report/merge_slices.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* A text that is kept once. */
struct kept {
	const char *text;
	UT_hash_handle hh;
};

/* What a slice is known again by. It has no padding. */
struct identity {
	const char *label, *file;
	uint64_t start, end;
	char digest[40]; /* a text; "": none */
};
_Static_assert(sizeof(struct identity) == 72, "it is compared by its bytes");
_Static_assert(DIGEST_TEXT <= 40, "a digest");

struct row {
	struct identity identity;
	uint64_t bytes, lines;
	const struct owner *owner;
	UT_hash_handle hh;
};

/* A report that named its slices. */
struct owner {
	const char *name;
	size_t count;
	struct row rows[];
};

struct merge_slices {
	struct arena arena;
	struct kept *texts;
	struct row **rows;
	size_t count;
	struct row *known; /* those of the rows that can be known again */
	bool is_unknown;   /* a report did not name its own */
};

struct merge_slices *merge_slices_new(void)
{
	return calloc(1, sizeof(struct merge_slices));
}

void merge_slices_free(struct merge_slices *slices)
{
	if (slices == NULL)
		return;
	HASH_CLEAR(hh, slices->known);
	HASH_CLEAR(hh, slices->texts);
	arena_release(&slices->arena);
	free(slices);
}

/* Sets `*kept` to the text that is kept of these bytes; NULL is itself. */
static bool keep_text(struct merge_slices *slices, const char *text, const char **kept)
{
	struct kept *found = NULL;

	*kept = NULL;
	if (text == NULL)
		return true;
	HASH_FIND_STR(slices->texts, text, found);
	if (found == NULL) {
		found = arena_alloc(&slices->arena, 1, sizeof(*found));
		if (found == NULL ||
		    (found->text = arena_text(&slices->arena, text, strlen(text))) == NULL)
			return false;
		HASH_ADD_KEYPTR(hh, slices->texts, found->text, strlen(found->text), found);
		if (found->hh.tbl == NULL)
			return false;
	}
	*kept = found->text;
	return true;
}

static bool make_row(
    struct merge_slices *slices, const struct summary_slice *slice, struct row *row)
{
	*row = (struct row){ .bytes = slice->bytes, .lines = slice->lines };
	row->identity.start = slice->start;
	row->identity.end = slice->end;
	if (slice->digest != NULL)
		strncpy(row->identity.digest, slice->digest, DIGEST_TEXT - 1);
	return keep_text(slices, slice->label, &row->identity.label) &&
	       keep_text(slices, slice->file, &row->identity.file);
}

/* Whether it was read to its end. */
static bool is_whole(const struct row *row)
{
	return row->identity.digest[0] != '\0';
}

/* Of two that nobody gave a name the same bytes may well be two logs. */
static bool can_be_known(const struct row *row)
{
	return is_whole(row) && (row->identity.file != NULL || row->identity.label != NULL);
}

static struct row *find(const struct merge_slices *slices, const struct row *row)
{
	struct row *found = NULL;

	if (can_be_known(row))
		HASH_FIND(hh, slices->known, &row->identity, sizeof(row->identity), found);
	return found;
}

/* "bytes 0 to 4096 of 'api.log'" */
static const char *describe(const struct row *row, char *text, size_t size)
{
	const char *file = row->identity.file != NULL ? row->identity.file : "standard input";

	(void)snprintf(text, size, "bytes %" PRIu64 " to %" PRIu64 " of '%s'%s%s%s",
	    row->identity.start, row->identity.end, file,
	    row->identity.label != NULL ? " of '" : "",
	    row->identity.label != NULL ? row->identity.label : "",
	    row->identity.label != NULL ? "'" : "");
	return text;
}

/* Whether another report had all of them; `*matched` of them any had. */
static const struct owner *find_owner(const struct merge_slices *slices, const struct row *rows,
    size_t count, const struct row **first)
{
	const struct owner *owner = NULL;
	size_t matched = 0;

	*first = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct row *found = find(slices, &rows[i]);

		if (found == NULL)
			continue;
		if (*first == NULL)
			*first = found;
		matched += found->owner == (*first)->owner;
	}
	if (*first != NULL && matched == count && (*first)->owner->count == count)
		owner = (*first)->owner;
	return owner;
}

static bool append(struct merge_slices *slices, const struct row *rows, size_t count,
    const char *name, struct error *error)
{
	struct owner *owner =
	    arena_alloc(&slices->arena, 1, sizeof(*owner) + count * sizeof(*owner->rows));
	struct row **all =
	    arena_grow(&slices->arena, slices->rows, slices->count, count, sizeof(struct row *));

	if (owner == NULL || all == NULL)
		return error_set_memory(error);
	owner->name = name;
	owner->count = count;
	slices->rows = all;
	for (size_t i = 0; i < count; i++) {
		struct row *row = &owner->rows[i];

		*row = rows[i];
		row->owner = owner;
		all[slices->count++] = row;
		if (!can_be_known(row))
			continue;
		HASH_ADD(hh, slices->known, identity, sizeof(row->identity), row);
		if (row->hh.tbl == NULL)
			return error_set_memory(error);
	}
	return true;
}

bool merge_slices_add(struct merge_slices *slices, const struct summary *report, const char *name,
    const char **same_as, struct error *error)
{
	size_t count = report->slice_count;
	const struct owner *owner;
	const struct row *first;
	struct row *rows;
	char text[512];
	bool right = true;

	*same_as = NULL;
	slices->is_unknown = slices->is_unknown || report->slices == NULL;
	if (report->slices == NULL || count == 0)
		return true;
	rows = calloc(count, sizeof(*rows));
	if (rows == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count && right; i++)
		right = make_row(slices, &report->slices[i], &rows[i]) || error_set_memory(error);
	if (right) {
		owner = find_owner(slices, rows, count, &first);
		if (owner != NULL)
			*same_as = owner->name;
		else if (first != NULL)
			right = error_set(error, ERROR_REPORT,
			    "--merge: '%s' and '%s' both count %s, but not the same else", name,
			    first->owner->name, describe(first, text, sizeof(text)));
		else
			right = append(slices, rows, count, name, error);
	}
	free(rows);
	return right;
}

/* ---- the whole ---- */

static int compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_rows(const void *left, const void *right)
{
	const struct row *const *a = left, *const *b = right;
	const struct identity *x = &(*a)->identity, *y = &(*b)->identity;
	int order = compare_texts(x->label, y->label);

	if (order == 0)
		order = compare_texts(x->file, y->file);
	if (order == 0)
		order = (x->start > y->start) - (x->start < y->start);
	if (order == 0)
		order = (x->end > y->end) - (x->end < y->end);
	return order != 0 ? order : strcmp(x->digest, y->digest);
}

static bool is_same_input(const struct row *a, const struct row *b)
{
	return a->identity.label == b->identity.label && a->identity.file == b->identity.file;
}

/* Whether no two ranges of one file overlap; the rows are sorted. */
static bool check_ranges(const struct merge_slices *slices, struct error *error)
{
	const struct row *farthest = NULL; /* of this input: the one that ends last so far */
	char a[512], b[512];

	for (size_t i = 0; i < slices->count; i++) {
		const struct row *row = slices->rows[i];

		if (row->identity.file == NULL)
			continue;
		if (farthest != NULL && is_same_input(farthest, row) &&
		    farthest->identity.end > row->identity.start &&
		    row->identity.end > row->identity.start)
			return error_set(error, ERROR_REPORT,
			    "--merge: %s in '%s' and %s in '%s' overlap%s",
			    describe(farthest, a, sizeof(a)), farthest->owner->name,
			    describe(row, b, sizeof(b)), row->owner->name,
			    row->identity.label == NULL ? ": give each host's report a --label"
			                                : "");
		if (farthest == NULL || !is_same_input(farthest, row) ||
		    farthest->identity.end < row->identity.end)
			farthest = row;
	}
	return true;
}

/* The files in order, each once, as one run over them names them. */
static bool set_files(const struct merge_slices *slices, struct summary *whole)
{
	const char **files = arena_alloc(&whole->arena, slices->count, sizeof(*files));

	if (files == NULL)
		return false;
	whole->file_count = 0;
	for (size_t i = 0; i < slices->count; i++)
		if (i == 0 || slices->rows[i]->identity.file == NULL ||
		    !is_same_input(slices->rows[i], slices->rows[i - 1]))
			files[whole->file_count++] = slices->rows[i]->identity.file;
	whole->files = files;
	return true;
}

static bool set_slices(const struct merge_slices *slices, struct summary *whole)
{
	struct summary_slice *rows =
	    arena_alloc(&whole->arena, slices->count, sizeof(*whole->slices));

	if (rows == NULL)
		return false;
	for (size_t i = 0; i < slices->count; i++) {
		const struct row *row = slices->rows[i];
		const struct identity *identity = &row->identity;

		rows[i] = (struct summary_slice){ .label = identity->label,
			.file = identity->file,
			.start = identity->start,
			.end = identity->end,
			.bytes = row->bytes,
			.lines = row->lines,
			.digest = is_whole(row) ? identity->digest : NULL };
	}
	whole->slices = rows;
	whole->slice_count = slices->count;
	return true;
}

bool merge_slices_end(struct merge_slices *slices, struct summary *whole, struct error *error)
{
	if (slices->count > 1)
		qsort(slices->rows, slices->count, sizeof(struct row *), compare_rows);
	if (!check_ranges(slices, error))
		return false;
	if (slices->is_unknown)
		return true;
	if (!set_files(slices, whole) || !set_slices(slices, whole))
		return error_set_memory(error);
	arena_join(&whole->arena, &slices->arena); /* their texts */
	return true;
}
