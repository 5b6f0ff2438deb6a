/*
 * Owns the question whether reports may be added: each is held to the first for what it was asked,
 * and their times, sorted by label, to each other. What codes mean is gathered from all of them and
 * sorted by code, so that two meanings of one stand side by side. Must not know how rows are added.
 */
#include "report/merge_check.h"

#include <stdlib.h>
#include <string.h>

/* How far the times of one log may overlap where it was cut: lines of several threads
 * are not always in order. Milliseconds. */
#define OVERLAP_MAX 1000

struct span {
	const char *label; /* "" for none */
	const char *file;
	int64_t first, last;
};

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool check_alike(
    const struct summary *a, const struct summary *b, bool by_label, struct error *error)
{
	const char *first = a->files[0], *file = b->files[0];

	if (!is_same_text(a->errors_list, b->errors_list))
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --errors: '%s' and '%s'",
		    first, file, a->errors_list != NULL ? a->errors_list : "error",
		    b->errors_list != NULL ? b->errors_list : "error");
	if (a->time.bucket_seconds != b->time.bucket_seconds)
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --bucket: %u and %u seconds",
		    first, file, a->time.bucket_seconds, b->time.bucket_seconds);
	if (!by_label && !is_same_text(a->group_field, b->group_field))
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --by: '%s' and '%s'; "
		    "--by label makes one group of each host",
		    first, file, a->group_field != NULL ? a->group_field : "none",
		    b->group_field != NULL ? b->group_field : "none");
	return true;
}

static int compare_names(const void *left, const void *right)
{
	const char *a, *b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return strcmp(a, b);
}

static bool check_twice(struct summary *const *reports, size_t count, struct error *error)
{
	const char **names = calloc(count, sizeof(*names));
	bool right = true;

	if (names == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++)
		names[i] = reports[i]->files[0];
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count && right; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			right =
			    error_set(error, ERROR_USAGE, "--merge: '%s' is given twice", names[i]);
	free(names);
	return right;
}

static int compare_spans(const void *left, const void *right)
{
	const struct span *a = left;
	const struct span *b = right;
	int by_label = strcmp(a->label, b->label);

	if (by_label != 0)
		return by_label;
	return (a->first > b->first) - (a->first < b->first);
}

/* `a` begins no later than `b`. One within the other is never a matter of order. */
static bool overlaps(const struct span *a, const struct span *b)
{
	int64_t end = a->last < b->last ? a->last : b->last;

	return end > b->first &&
	       (end - b->first > OVERLAP_MAX || a->last >= b->last || a->first == b->first);
}

static bool check_sorted_spans(const struct span *spans, size_t count, struct error *error)
{
	const struct span *farthest = NULL; /* of this label: the one that ends last so far */

	for (size_t i = 0; i < count; i++) {
		const struct span *span = &spans[i];

		if (farthest == NULL || strcmp(farthest->label, span->label) != 0) {
			farthest = span;
			continue;
		}
		if (overlaps(farthest, span) && span->label[0] == '\0')
			return error_set(error, ERROR_USAGE,
			    "--merge: the times of '%s' and '%s' overlap, and neither has a label: "
			    "give each host's report one with --label",
			    farthest->file, span->file);
		if (overlaps(farthest, span))
			return error_set(error, ERROR_USAGE,
			    "--merge: the times of '%s' and '%s' overlap, and both have the label "
			    "'%s': the same lines may be in both; --label tells hosts apart",
			    farthest->file, span->file, span->label);
		if (span->last > farthest->last)
			farthest = span;
	}
	return true;
}

/* A report that is itself of many labels cannot be judged by one. */
static bool has_one_label(const struct summary *summary)
{
	return summary->group_field == NULL || strcmp(summary->group_field, "label") != 0;
}

static bool check_spans(struct summary *const *reports, size_t count, struct error *error)
{
	struct span *spans = calloc(count, sizeof(*spans));
	size_t known = 0;
	bool right;

	if (spans == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++) {
		const struct summary *summary = reports[i];
		bool is_back = summary->last < summary->first;

		if (summary->first != SUMMARY_NO_TIME && summary->last != SUMMARY_NO_TIME &&
		    has_one_label(summary))
			spans[known++] = (struct span){
				summary->label != NULL ? summary->label : "",
				summary->files[0],
				is_back ? summary->last : summary->first,
				is_back ? summary->first : summary->last,
			};
	}
	qsort(spans, known, sizeof(*spans), compare_spans);
	right = check_sorted_spans(spans, known, error);
	free(spans);
	return right;
}

bool merge_check(struct summary *const *reports, size_t count, bool by_label, struct error *error)
{
	for (size_t i = 1; i < count; i++)
		if (!check_alike(reports[0], reports[i], by_label, error))
			return false;
	return check_twice(reports, count, error) && check_spans(reports, count, error);
}

/* ---- what codes mean ---- */

/* What a code means in a report. */
struct meaning {
	const struct catalog_entry *entry;
	const char *file;
	bool is_error;
	bool is_weak; /* known by its number only, as those held back */
};

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

static size_t gather(const struct summary *report, struct meaning *meanings)
{
	const char *file = report->files[0];
	size_t count = 0;

	for (size_t i = 0; i < report->code_count; i++)
		meanings[count++] = (struct meaning){ report->codes[i].entry, file,
			report->codes[i].is_error, false };
	for (size_t i = 0; i < report->inner_count; i++)
		meanings[count++] = (struct meaning){ report->inner_codes[i].entry, file,
			report->inner_codes[i].is_error, false };
	for (size_t i = 0; i < report->held_count; i++)
		meanings[count++] = (struct meaning){ report->held[i].entry, file, false, true };
	return count;
}

struct meanings {
	struct meaning *rows; /* by code, each once */
	size_t count;
};

static bool fold(struct meanings *meanings, struct error *error)
{
	size_t kept = 0;

	qsort(meanings->rows, meanings->count, sizeof(*meanings->rows), compare_meanings);
	for (size_t i = 0; i < meanings->count; i++) {
		const struct meaning *meaning = &meanings->rows[i];

		if (kept == 0 || meanings->rows[kept - 1].entry->code != meaning->entry->code)
			meanings->rows[kept++] = *meaning;
		else if (!same_code(&meanings->rows[kept - 1], meaning, error))
			return false;
	}
	meanings->count = kept;
	return true;
}

static int compare_code(const void *key, const void *row)
{
	uint32_t code = *(const uint32_t *)key;
	const struct meaning *meaning = row;

	return (code > meaning->entry->code) - (code < meaning->entry->code);
}

static void set_entry(const struct meanings *meanings, const struct catalog_entry **entry)
{
	const struct meaning *found = bsearch(&(*entry)->code, meanings->rows, meanings->count,
	    sizeof(*meanings->rows), compare_code);

	if (found != NULL)
		*entry = found->entry;
}

static void set_part(const struct meanings *meanings, struct summary_part *part)
{
	for (size_t i = 0; i < part->code_count; i++)
		set_entry(meanings, &part->codes[i].entry);
}

static void set_entries(const struct meanings *meanings, struct summary *report)
{
	for (size_t i = 0; i < report->code_count; i++)
		set_entry(meanings, &report->codes[i].entry);
	for (size_t i = 0; i < report->inner_count; i++)
		set_entry(meanings, &report->inner_codes[i].entry);
	for (size_t i = 0; i < report->held_count; i++)
		set_entry(meanings, &report->held[i].entry);
	for (size_t i = 0; i < report->bucket_count; i++)
		set_part(meanings, &report->buckets[i].part);
	for (size_t i = 0; i < report->group_count; i++)
		set_part(meanings, &report->groups[i].part);
}

bool merge_check_meanings(struct summary *const *reports, size_t count, struct error *error)
{
	struct meanings meanings = { NULL, 0 };
	bool right;

	for (size_t i = 0; i < count; i++)
		meanings.count +=
		    reports[i]->code_count + reports[i]->inner_count + reports[i]->held_count;
	meanings.rows = calloc(meanings.count + 1, sizeof(*meanings.rows));
	if (meanings.rows == NULL)
		return error_set_memory(error);
	meanings.count = 0;
	for (size_t i = 0; i < count; i++)
		meanings.count += gather(reports[i], meanings.rows + meanings.count);
	right = fold(&meanings, error);
	for (size_t i = 0; i < count && right; i++)
		set_entries(&meanings, reports[i]);
	free(meanings.rows);
	return right;
}
