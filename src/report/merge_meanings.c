/*
 * Owns what codes mean in merged reports: each one thing. Must not know how they
 * are added.
 */
#include <stdlib.h>
#include <string.h>

#include "report/merge_parts.h"

static int compare_meanings(const void *left, const void *right)
{
	const struct meaning *a = left;
	const struct meaning *b = right;

	if (a->entry->code != b->entry->code)
		return a->entry->code < b->entry->code ? -1 : 1;
	return a->is_weak - b->is_weak;
}

static bool same_code(const struct meaning *a, const struct meaning *b, struct error *error)
{
	if (b->is_weak)
		return true;
	if (a->entry->outcome != b->entry->outcome ||
	    strcmp(a->entry->description, b->entry->description) != 0 ||
	    strcmp(a->entry->category, b->entry->category) != 0)
		return error_set(error, ERROR_USAGE,
		    "--merge: code %u means different things: '%s' (%s, %s) in '%s', "
		    "'%s' (%s, %s) in '%s'",
		    a->entry->code, a->entry->description, a->entry->category,
		    outcome_info(a->entry->outcome)->name, a->file, b->entry->description,
		    b->entry->category, outcome_info(b->entry->outcome)->name, b->file);
	if (a->is_error != b->is_error)
		return error_set(error, ERROR_USAGE,
		    "--merge: code %u counts as an error in '%s', but not in '%s'", a->entry->code,
		    a->is_error ? a->file : b->file, a->is_error ? b->file : a->file);
	return true;
}

static void gather_meanings(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		const struct summary *summary = merge->summaries[i];
		const char *file = report_file_name(merge->files[i]);

		for (size_t j = 0; j < summary->code_count; j++)
			merge->meanings[merge->meaning_count++] =
			    (struct meaning){ summary->codes[j].entry, file,
				    summary->codes[j].is_error, false };
		for (size_t j = 0; j < summary->inner_count; j++)
			merge->meanings[merge->meaning_count++] =
			    (struct meaning){ summary->inner_codes[j].entry, file,
				    summary->inner_codes[j].is_error, false };
		for (size_t j = 0; j < summary->held_count; j++)
			merge->meanings[merge->meaning_count++] =
			    (struct meaning){ summary->held[j].entry, file, false, true };
	}
}

bool merge_meanings(struct merge *merge, struct error *error)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		count += merge->summaries[i]->code_count + merge->summaries[i]->inner_count +
		         merge->summaries[i]->held_count;
	merge->meanings = merge_allocate(merge, count, sizeof(*merge->meanings), error);
	if (merge->meanings == NULL)
		return false;
	gather_meanings(merge);
	qsort(merge->meanings, count, sizeof(*merge->meanings), compare_meanings);
	for (size_t i = 0; i < count; i++) {
		const struct meaning *meaning = &merge->meanings[i];

		if (kept == 0 || merge->meanings[kept - 1].entry->code != meaning->entry->code)
			merge->meanings[kept++] = *meaning;
		else if (!same_code(&merge->meanings[kept - 1], meaning, error))
			return false;
	}
	merge->meaning_count = kept;
	return true;
}

static int compare_code(const void *key, const void *row)
{
	uint32_t code = *(const uint32_t *)key;
	const struct meaning *meaning = row;

	return (code > meaning->entry->code) - (code < meaning->entry->code);
}

const struct catalog_entry *merge_entry(const struct merge *merge, uint32_t code)
{
	const struct meaning *found = bsearch(
	    &code, merge->meanings, merge->meaning_count, sizeof(*merge->meanings), compare_code);

	return found != NULL ? found->entry : NULL;
}
