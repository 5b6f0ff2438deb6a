#ifndef JGANNOTATE_TESTS_EVENT_LOG_H
#define JGANNOTATE_TESTS_EVENT_LOG_H

#include <stdlib.h>
#include <string.h>

#include "summary_sample.h"

/*
 * A log as a list of hits, one a line, and its summary counted in the plainest way:
 * what merged reports are held to.
 */
struct event {
	int64_t time;
	enum hit_class counts_as;
	size_t entry;     /* of sample_entries */
	const char *path; /* its group; NULL: none */
	uint64_t line;    /* in the whole log */
};

#define EVENT_ENTRIES 9 /* of sample_entries: responses of the built-in catalog */
#define EVENT_HOUR ((int64_t)3600000)

static inline int event_order(uint64_t a_count, uint64_t b_count, uint32_t a, uint32_t b)
{
	if (a_count != b_count)
		return a_count > b_count ? -1 : 1;
	return (a > b) - (a < b);
}

static inline int event_compare_codes(const void *left, const void *right)
{
	const struct summary_code *a = left;
	const struct summary_code *b = right;

	return event_order(a->count, b->count, a->entry->code, b->entry->code);
}

static inline int event_compare_shares(const void *left, const void *right)
{
	const struct summary_share *a = left;
	const struct summary_share *b = right;

	return event_order(a->count, b->count, a->entry->code, b->entry->code);
}

static inline int event_compare_categories(const void *left, const void *right)
{
	const struct summary_category *a = left;
	const struct summary_category *b = right;
	int by_count = event_order(a->count, b->count, 0, 0);

	return by_count != 0 ? by_count : strcmp(a->name, b->name);
}

static inline int event_compare_groups(const void *left, const void *right)
{
	const struct summary_group *a = left;
	const struct summary_group *b = right;
	int by_errors = event_order(a->part.errors, b->part.errors, 0, 0);
	int by_responses = event_order(a->part.responses, b->part.responses, 0, 0);

	if (by_errors != 0 || by_responses != 0)
		return by_errors != 0 ? by_errors : by_responses;
	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static inline bool event_is_error(const struct catalog_entry *entry)
{
	return entry->outcome != OUTCOME_SUCCESS && entry->outcome != OUTCOME_NEGATIVE;
}

static inline void event_add_part(
    struct summary *summary, struct summary_part *part, const struct event *event)
{
	const struct catalog_entry *entry = &sample_entries[event->entry];
	size_t i = 0;

	part->held_back += event->counts_as == HIT_HELD_BACK;
	part->unlisted += event->counts_as == HIT_UNLISTED;
	if (event->counts_as != HIT_RESPONSE)
		return;
	part->responses++;
	part->errors += event_is_error(entry);
	part->outcomes[entry->outcome]++;
	if (part->codes == NULL)
		part->codes = sample_zeros(summary, EVENT_ENTRIES, sizeof(*part->codes));
	while (i < part->code_count && part->codes[i].entry != entry)
		i++;
	part->code_count += i == part->code_count;
	part->codes[i].entry = entry;
	part->codes[i].count++;
}

static inline void event_add_response(struct summary *summary, const struct event *event)
{
	const struct catalog_entry *entry = &sample_entries[event->entry];
	struct summary_category *category = summary->categories;
	struct summary_code *code = summary->codes;
	bool is_error = event_is_error(entry);

	summary->hits[HIT_RESPONSE]++;
	summary->errors += is_error;
	summary->outcomes[entry->outcome]++;
	summary->catalogs[0].responses++;
	summary->catalogs[0].errors += is_error;
	while (code < summary->codes + summary->code_count && code->entry != entry)
		code++;
	if (code == summary->codes + summary->code_count) {
		summary->code_count++;
		*code = (struct summary_code){ entry, 0, is_error, "a.log", event->line,
			event->time, event->time };
	}
	code->count++;
	code->last = event->time;
	while (category < summary->categories + summary->category_count &&
	       strcmp(category->name, entry->category) != 0)
		category++;
	summary->category_count += category == summary->categories + summary->category_count;
	category->name = entry->category;
	category->count++;
	category->success += entry->outcome == OUTCOME_SUCCESS;
	category->negative += entry->outcome == OUTCOME_NEGATIVE;
	category->errors += is_error;
}

static inline void event_add_row(struct summary *summary, const struct event *event)
{
	const struct catalog_entry *entry = &sample_entries[event->entry];

	if (event->counts_as == HIT_INNER) {
		summary->hits[HIT_INNER]++;
		summary->inner_count = 1;
		summary->inner_codes[0] = (struct summary_inner){ &sample_entries[9], 0, false };
		summary->inner_codes[0].count = summary->hits[HIT_INNER];
	} else if (event->counts_as == HIT_HELD_BACK) {
		summary->hits[HIT_HELD_BACK]++;
		summary->held_count = 1;
		summary->held[0] = (struct summary_held){ &sample_entries[0], "text", "text",
			summary->hits[HIT_HELD_BACK], false };
	} else if (event->counts_as == HIT_UNLISTED) {
		if (summary->hits[HIT_UNLISTED]++ == 0)
			summary->unlisted_codes[0] = (struct summary_unlisted){ .code = 9023,
				.text = entry->description,
				.first_file = "a.log",
				.first_line = event->line };
		summary->unlisted_count = 1;
		summary->unlisted_codes[0].count = summary->hits[HIT_UNLISTED];
	} else {
		summary->hits[HIT_REPEATED]++;
	}
}

static inline void event_add_bucket(struct summary *summary, const struct event *event)
{
	int64_t start = event->time - event->time % EVENT_HOUR;

	if (summary->bucket_count == 0)
		summary->buckets[summary->bucket_count++].start = start;
	while (summary->buckets[summary->bucket_count - 1].start < start) {
		summary->buckets[summary->bucket_count].start =
		    summary->buckets[summary->bucket_count - 1].start + EVENT_HOUR;
		summary->bucket_count++;
	}
	event_add_part(summary, &summary->buckets[summary->bucket_count - 1].part, event);
}

static inline void event_add_group(struct summary *summary, const struct event *event)
{
	const char *name = event->path != NULL ? event->path : "";
	size_t i = 0;

	while (i < summary->group_count && strcmp(summary->groups[i].name, name) != 0)
		i++;
	if (i == summary->group_count) {
		summary->group_count++;
		summary->groups[i].kind = event->path != NULL ? GROUP_VALUE : GROUP_NONE;
		summary->groups[i].name = name;
	}
	event_add_part(summary, &summary->groups[i].part, event);
}

static inline void event_sort(struct summary *summary)
{
	qsort(summary->codes, summary->code_count, sizeof(*summary->codes), event_compare_codes);
	qsort(summary->categories, summary->category_count, sizeof(*summary->categories),
	    event_compare_categories);
	for (size_t i = 0; i < summary->bucket_count; i++)
		if (summary->buckets[i].part.codes != NULL)
			qsort(summary->buckets[i].part.codes, summary->buckets[i].part.code_count,
			    sizeof(struct summary_share), event_compare_shares);
	for (size_t i = 0; i < summary->group_count; i++)
		if (summary->groups[i].part.codes != NULL)
			qsort(summary->groups[i].part.codes, summary->groups[i].part.code_count,
			    sizeof(struct summary_share), event_compare_shares);
	if (summary->groups == NULL)
		return;
	qsort(
	    summary->groups, summary->group_count, sizeof(*summary->groups), event_compare_groups);
}

/* The summary of events in order, with hours as buckets and paths as groups where
 * `has_parts`. Events span at most a few days. */
static inline struct summary *event_summary(
    const struct event *events, size_t count, bool has_parts)
{
	struct summary *summary = sample_empty();

	summary->label = "web-1";
	summary->codes = sample_zeros(summary, EVENT_ENTRIES, sizeof(*summary->codes));
	summary->categories = sample_zeros(summary, EVENT_ENTRIES, sizeof(*summary->categories));
	summary->inner_codes = sample_zeros(summary, 1, sizeof(*summary->inner_codes));
	summary->held = sample_zeros(summary, 1, sizeof(*summary->held));
	summary->unlisted_codes = sample_zeros(summary, 1, sizeof(*summary->unlisted_codes));
	summary->first = count > 0 ? events[0].time : SUMMARY_NO_TIME;
	summary->last = count > 0 ? events[count - 1].time : SUMMARY_NO_TIME;
	summary->time.since = summary->time.until = SUMMARY_NO_TIME;
	if (has_parts) {
		summary->time.is_asked = true;
		summary->time.zone = "UTC";
		summary->time.bucket_seconds = 3600;
		summary->group_field = "path";
		summary->buckets = sample_zeros(summary, 1000, sizeof(*summary->buckets));
		summary->groups = sample_zeros(summary, 10, sizeof(*summary->groups));
	}
	summary->lines = summary->lines_with_hits = summary->hit_count = count;
	summary->bytes = 100 * count;
	for (size_t i = 0; i < count; i++) {
		if (events[i].counts_as == HIT_RESPONSE)
			event_add_response(summary, &events[i]);
		else
			event_add_row(summary, &events[i]);
		if (has_parts) {
			event_add_bucket(summary, &events[i]);
			event_add_group(summary, &events[i]);
		}
	}
	event_sort(summary);
	return summary;
}

#endif
