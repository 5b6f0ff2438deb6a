#ifndef JGANNOTATE_REPORT_MERGE_PARTS_H
#define JGANNOTATE_REPORT_MERGE_PARTS_H

#include "base/arena.h"
#include "report/merge.h"

/*
 * A merge, shared by the parts that check (merge_check.c), add up rows (merge_rows.c), and
 * add up buckets and groups (merge_groups.c). Nobody else includes this.
 */

/* What a code means in a report. */
struct meaning {
	const struct catalog_entry *entry;
	const char *file;
	bool is_error;
	bool is_weak; /* known by its number only, as those held back */
};

struct merge {
	struct report_file **files;
	const struct summary **summaries; /* of the files */
	size_t count;
	struct meaning *meanings; /* by code, each once */
	size_t meaning_count;
	bool by_label;
	struct summary whole; /* its arena has all of the merge */
};

static inline void merge_add(uint64_t *to, uint64_t count)
{
	*to = count > UINT64_MAX - *to ? UINT64_MAX : *to + count;
}

/* Zeros that live as long as the merge; NULL, with the error set, when there is no memory. */
void *merge_allocate(struct merge *merge, size_t count, size_t size, struct error *error);

/* The one entry of a code that stands in a report. */
const struct catalog_entry *merge_entry(const struct merge *merge, uint32_t code);

/* Whether the reports may be added. */
bool merge_check(const struct merge *merge, struct error *error);

/* Each fills its part of `whole`. The meanings come first, `rows` last. */
bool merge_meanings(struct merge *merge, struct error *error);
bool merge_lists(struct merge *merge, struct error *error);
bool merge_buckets(struct merge *merge, struct error *error);
bool merge_groups(struct merge *merge, struct error *error);
bool merge_table(struct merge *merge, struct error *error);

#endif
