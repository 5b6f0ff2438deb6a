/*
 * Owns the question whether reports may be added: each is held to the first for what it was asked,
 * and their times, sorted by label, to each other. What codes mean is gathered from all of them and
 * sorted by code, so that two meanings of one stand side by side. Must not know how rows are added.
 */
#include "report/merge_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* How far the times of one log may overlap where it was cut: lines of several threads
 * are not always in order. Milliseconds. */
#define OVERLAP_MAX 1000

/* The times of a report that does not name its slices. */
struct span {
	const char *label; /* "" for none */
	const char *file;
	int64_t first, last;
};

/* What a code means in the reports. */
struct meaning {
	struct catalog_entry entry;
	const char *file; /* of the first report that described it */
	bool is_error;
	bool is_weak; /* known by its number only, as those held back */
	UT_hash_handle hh;
};

struct merge_check {
	struct arena arena;
	bool by_label;
	const char *first; /* the first report's name; NULL: there was none */
	const char *errors_list, *group_field, *zone; /* of the first, as in its summary */
	const char *finding; /* of the first that tells, as on a command line; NULL: none did */
	const char *finder;  /* its name */
	uint32_t bucket_seconds;
	struct span *spans;
	size_t span_count;
	struct meaning *meanings;
};

struct merge_check *merge_check_new(bool by_label)
{
	struct merge_check *check = calloc(1, sizeof(*check));

	if (check != NULL)
		check->by_label = by_label;
	return check;
}

void merge_check_free(struct merge_check *check)
{
	if (check == NULL)
		return;
	HASH_CLEAR(hh, check->meanings);
	arena_release(&check->arena);
	free(check);
}

/* A copy; of NULL it is NULL. */
static bool copy_text(struct merge_check *check, const char *text, const char **copy)
{
	*copy = text == NULL ? NULL : arena_text(&check->arena, text, strlen(text));
	return text == NULL || *copy != NULL;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* ---- options ---- */

/* What was found by other options is something else. */
static bool check_finding(
    struct merge_check *check, const struct summary *report, const char *file, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	bool right = true;

	if (report->finding == NULL)
		return true;
	for (size_t i = 0; i < report->finding_count; i++)
		strbuf_add_format(&text, "%s%s '%s'", i > 0 ? " " : "", report->finding[i].name,
		    report->finding[i].value);
	if (text.failed)
		right = error_set_memory(error);
	else if (check->finding == NULL) {
		check->finder = file;
		right = copy_text(check, text.data, &check->finding) || error_set_memory(error);
	} else if (strcmp(check->finding, text.data) != 0) {
		right = error_set(error, ERROR_REPORT,
		    "--merge: '%s' and '%s' were found with different options: %s and %s",
		    check->finder, file, check->finding[0] != '\0' ? check->finding : "none",
		    text.len > 0 ? text.data : "none");
	}
	strbuf_release(&text);
	return right;
}

static bool check_alike(const struct merge_check *check, const struct summary *report,
    const char *file, struct error *error)
{
	const char *first = check->first;

	if (!is_same_text(check->errors_list, report->errors_list))
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --errors: '%s' and '%s'",
		    first, file, check->errors_list != NULL ? check->errors_list : "error",
		    report->errors_list != NULL ? report->errors_list : "error");
	if (check->bucket_seconds != report->time.bucket_seconds)
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --bucket: %u and %u seconds",
		    first, file, check->bucket_seconds, report->time.bucket_seconds);
	if (report->time.zone != NULL && check->zone != NULL &&
	    strcmp(check->zone, report->time.zone) != 0)
		return error_set(error, ERROR_REPORT,
		    "--merge: '%s' and '%s' were made with different --tz: '%s' and '%s'", first,
		    file, check->zone, report->time.zone);
	if (!check->by_label && !is_same_text(check->group_field, report->group_field))
		return error_set(error, ERROR_USAGE,
		    "--merge: '%s' and '%s' were made with different --by: '%s' and '%s'; "
		    "--by label makes one group of each host",
		    first, file, check->group_field != NULL ? check->group_field : "none",
		    report->group_field != NULL ? report->group_field : "none");
	return true;
}

static bool keep_options(
    struct merge_check *check, const struct summary *report, const char *name, struct error *error)
{
	check->first = name;
	check->bucket_seconds = report->time.bucket_seconds;
	return (copy_text(check, report->errors_list, &check->errors_list) &&
	           copy_text(check, report->group_field, &check->group_field) &&
	           copy_text(check, report->time.zone, &check->zone)) ||
	       error_set_memory(error);
}

/* ---- times of reports that do not name their slices ---- */

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

static bool keep_span(
    struct merge_check *check, const struct summary *report, const char *name, struct error *error)
{
	bool is_back = report->last < report->first;
	const char *label;
	struct span *spans;

	spans = arena_grow(&check->arena, check->spans, check->span_count, 1, sizeof(*spans));
	if (spans == NULL || !copy_text(check, report->label, &label))
		return error_set_memory(error);
	check->spans = spans;
	spans[check->span_count] = (struct span){ label != NULL ? label : "", name,
		is_back ? report->last : report->first, is_back ? report->first : report->last };
	if (!has_one_label(report))
		spans[check->span_count].first = SUMMARY_NO_TIME;
	check->span_count++;
	return true;
}

static int compare_files(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	return strcmp(a->file, b->file);
}

static bool check_twice(struct span *spans, size_t count, struct error *error)
{
	if (count > 1)
		qsort(spans, count, sizeof(*spans), compare_files);
	for (size_t i = 1; i < count; i++)
		if (strcmp(spans[i - 1].file, spans[i].file) == 0)
			return error_set(
			    error, ERROR_USAGE, "--merge: '%s' is given twice", spans[i].file);
	return true;
}

/* Those whose times are known come to the front. Returns how many. */
static size_t drop_unknown(struct span *spans, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (spans[i].first != SUMMARY_NO_TIME && spans[i].last != SUMMARY_NO_TIME)
			spans[kept++] = spans[i];
	return kept;
}

static bool check_spans(struct merge_check *check, struct error *error)
{
	size_t known;

	if (!check_twice(check->spans, check->span_count, error))
		return false;
	known = drop_unknown(check->spans, check->span_count);
	if (known > 1)
		qsort(check->spans, known, sizeof(*check->spans), compare_spans);
	return check_sorted_spans(check->spans, known, error);
}

/* ---- what codes mean ---- */

static bool same_meaning(const struct meaning *known, const struct catalog_entry *entry,
    bool is_error, const char *file, struct error *error)
{
	const struct catalog_entry *a = &known->entry;

	if (a->outcome != entry->outcome || strcmp(a->description, entry->description) != 0 ||
	    strcmp(a->category, entry->category) != 0)
		return error_set(error, ERROR_REPORT,
		    "--merge: code %u means different things: '%s' (%s, %s) in '%s', "
		    "'%s' (%s, %s) in '%s'",
		    a->code, a->description, a->category, outcome_info(a->outcome)->name,
		    known->file, entry->description, entry->category,
		    outcome_info(entry->outcome)->name, file);
	if (known->is_error != is_error)
		return error_set(error, ERROR_REPORT,
		    "--merge: code %u counts as an error in '%s', but not in '%s'", a->code,
		    is_error ? file : known->file, is_error ? known->file : file);
	return true;
}

static bool copy_entry(
    struct merge_check *check, struct meaning *meaning, const struct catalog_entry *entry)
{
	meaning->entry = *entry;
	return copy_text(check, entry->description, &meaning->entry.description) &&
	       copy_text(check, entry->category, &meaning->entry.category) &&
	       copy_text(check, entry->notes, &meaning->entry.notes) &&
	       copy_text(check, entry->notes_zh, &meaning->entry.notes_zh);
}

static struct meaning *add_meaning(struct merge_check *check, uint32_t code)
{
	struct meaning *meaning = arena_alloc(&check->arena, 1, sizeof(*meaning));

	if (meaning == NULL)
		return NULL;
	meaning->entry.code = code;
	meaning->is_weak = true;
	HASH_ADD(hh, check->meanings, entry.code, sizeof(code), meaning);
	return meaning->hh.tbl == NULL ? NULL : meaning;
}

/* Takes the entry of a code, and puts that of all in its place. */
static bool take_entry(struct merge_check *check, const struct catalog_entry **entry, bool is_error,
    bool is_weak, const char *name, struct error *error)
{
	const struct catalog_entry *told = *entry;
	struct meaning *meaning = NULL;
	bool is_new;

	HASH_FIND(hh, check->meanings, &told->code, sizeof(told->code), meaning);
	is_new = meaning == NULL;
	if (is_new && (meaning = add_meaning(check, told->code)) == NULL)
		return error_set_memory(error);
	*entry = &meaning->entry;
	if (!is_new && is_weak)
		return true;
	if (!is_new && !meaning->is_weak)
		return same_meaning(meaning, told, is_error, name, error);
	meaning->is_weak = is_weak;
	meaning->is_error = is_error;
	meaning->file = name;
	return copy_entry(check, meaning, told) || error_set_memory(error);
}

static void set_part(const struct merge_check *check, struct summary_part *part)
{
	for (size_t i = 0; i < part->code_count; i++) {
		const struct catalog_entry **entry = &part->codes[i].entry;
		struct meaning *meaning;

		HASH_FIND(hh, check->meanings, &(*entry)->code, sizeof((*entry)->code), meaning);
		if (meaning != NULL) /* a part's codes are among those of the report */
			*entry = &meaning->entry;
	}
}

static bool take_entries(
    struct merge_check *check, struct summary *report, const char *name, struct error *error)
{
	for (size_t i = 0; i < report->code_count; i++)
		if (!take_entry(check, &report->codes[i].entry, report->codes[i].is_error, false,
		        name, error))
			return false;
	for (size_t i = 0; i < report->inner_count; i++)
		if (!take_entry(check, &report->inner_codes[i].entry,
		        report->inner_codes[i].is_error, false, name, error))
			return false;
	for (size_t i = 0; i < report->held_count; i++)
		if (!take_entry(check, &report->held[i].entry, false, true, name, error))
			return false;
	for (size_t i = 0; i < report->bucket_count; i++)
		set_part(check, &report->buckets[i].part);
	for (size_t i = 0; i < report->group_count; i++)
		set_part(check, &report->groups[i].part);
	return true;
}

/* ---- all of it ---- */

bool merge_check_add(
    struct merge_check *check, struct summary *report, const char *name, struct error *error)
{
	if (check->first == NULL ? !keep_options(check, report, name, error)
	                         : !check_alike(check, report, name, error))
		return false;
	if (!check_finding(check, report, name, error))
		return false;
	if (report->slices == NULL && !keep_span(check, report, name, error))
		return false;
	return take_entries(check, report, name, error);
}

bool merge_check_entries(struct merge_check *check, struct summary *merged, struct error *error)
{
	return take_entries(check, merged, check->first, error);
}

bool merge_check_end(struct merge_check *check, struct summary *whole, struct error *error)
{
	if (!check_spans(check, error))
		return false;
	arena_join(&whole->arena, &check->arena); /* the entries */
	return true;
}
