/*
 * Owns the question whether reports may be added. Must not know how.
 */
#include <stdlib.h>
#include <string.h>

#include "report/merge_parts.h"

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

static bool check_like_first(const struct merge *merge, size_t i, struct error *error)
{
	const struct summary *a = merge->summaries[0], *b = merge->summaries[i];
	const char *first = report_file_name(merge->files[0]);
	const char *file = report_file_name(merge->files[i]);

	if (!is_same_text(a->errors_list, b->errors_list))
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --errors: '%s' and '%s'",
		    first, file, a->errors_list != NULL ? a->errors_list : "error",
		    b->errors_list != NULL ? b->errors_list : "error");
	if (a->time.bucket_seconds != b->time.bucket_seconds)
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --bucket: %u and %u seconds",
		    first, file, a->time.bucket_seconds, b->time.bucket_seconds);
	if (!merge->by_label && !is_same_text(a->group_field, b->group_field))
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

static bool check_twice(const struct merge *merge, struct error *error)
{
	const char **names = calloc(merge->count, sizeof(*names));
	bool right = true;

	if (names == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < merge->count; i++)
		names[i] = report_file_name(merge->files[i]);
	qsort(names, merge->count, sizeof(*names), compare_names);
	for (size_t i = 1; i < merge->count && right; i++)
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

static bool check_spans(const struct merge *merge, struct error *error)
{
	struct span *spans = calloc(merge->count, sizeof(*spans));
	size_t count = 0;
	bool right;

	if (spans == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < merge->count; i++) {
		const struct summary *summary = merge->summaries[i];
		bool is_back = summary->last < summary->first;

		if (summary->first != SUMMARY_NO_TIME && summary->last != SUMMARY_NO_TIME &&
		    has_one_label(summary))
			spans[count++] = (struct span){
				summary->label != NULL ? summary->label : "",
				report_file_name(merge->files[i]),
				is_back ? summary->last : summary->first,
				is_back ? summary->first : summary->last,
			};
	}
	qsort(spans, count, sizeof(*spans), compare_spans);
	right = check_sorted_spans(spans, count, error);
	free(spans);
	return right;
}

bool merge_check(const struct merge *merge, struct error *error)
{
	for (size_t i = 1; i < merge->count; i++)
		if (!check_like_first(merge, i, error))
			return false;
	return check_twice(merge, error) && check_spans(merge, error);
}
