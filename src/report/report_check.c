/*
 * Owns what the members of a report have to do with each other: counts that are parts of a total,
 * and codes that mean one thing.
 *
 * Once `codes` and `inner` are read, their entries are gathered and sorted; what else names a code
 * is given that entry. A list's rows are checked one by one, and use up the total that they are
 * part of: so no sum overflows.
 */
#include "report/report_check.h"

#include <stdlib.h>
#include <string.h>

#define NO_SUMS "the sums do not hold"

bool report_take(struct report_reader *reader, size_t which, uint64_t count, uint64_t total)
{
	if (count > total - reader->used[which])
		return false;
	reader->used[which] += count;
	return true;
}

/* ---- what codes mean ---- */

static int compare_entries(const void *left, const void *right)
{
	const struct catalog_entry *const *a = left;
	const struct catalog_entry *const *b = right;

	return ((*a)->code > (*b)->code) - ((*a)->code < (*b)->code);
}

static const struct catalog_entry *find_entry(const struct report_reader *reader, uint32_t code)
{
	const struct catalog_entry key = { .code = code };
	const struct catalog_entry *wanted = &key;
	const struct catalog_entry *const *found = bsearch(&wanted, reader->entries,
	    reader->entry_count, sizeof(*reader->entries), compare_entries);

	return found != NULL ? *found : NULL;
}

static bool is_same(const struct catalog_entry *a, const struct catalog_entry *b)
{
	return a->code == b->code && a->outcome == b->outcome &&
	       strcmp(a->description, b->description) == 0 && strcmp(a->category, b->category) == 0;
}

/* What this program's catalog knows of a code beyond what the report tells. */
static void complete(const struct report_reader *reader, struct catalog_entry *entry)
{
	const struct catalog_entry *known = NULL;

	if (reader->catalog != NULL)
		known = catalog_find(reader->catalog, entry->code);
	if (entry->notes == NULL)
		entry->notes = "";
	entry->notes_zh = "";
	if (known != NULL && is_same(entry, known)) {
		entry->notes_zh = known->notes_zh;
		entry->collides = known->collides;
	}
}

/* A number has one meaning in a report: leaves one entry of each, with notes where one has some. */
static bool fold_entries(struct report_reader *reader)
{
	size_t kept = 0;

	for (size_t i = 0; i < reader->entry_count; i++) {
		const struct catalog_entry *entry = reader->entries[i];

		if (kept == 0 || reader->entries[kept - 1]->code != entry->code)
			reader->entries[kept++] = entry;
		else if (!is_same(reader->entries[kept - 1], entry))
			return error_set(reader->json.error, ERROR_REPORT,
			    "report '%s': code %u has two meanings", reader->json.file,
			    entry->code);
		else if (reader->entries[kept - 1]->notes[0] == '\0')
			reader->entries[kept - 1] = entry;
	}
	reader->entry_count = kept;
	return true;
}

static int compare_codes(const void *left, const void *right)
{
	const struct summary_code *const *a = left;
	const struct summary_code *const *b = right;

	return compare_entries(&(*a)->entry, &(*b)->entry);
}

/* The entries of codes and of inner codes, which are ours to complete, and the codes by number. */
static bool gather(struct report_reader *reader)
{
	struct summary *summary = reader->summary;
	struct arena *arena = &summary->arena;

	if (reader->entries != NULL)
		return true;
	reader->entries = arena_alloc(
	    arena, summary->code_count + summary->inner_count, sizeof(*reader->entries));
	reader->codes = arena_alloc(arena, summary->code_count, sizeof(*reader->codes));
	if (reader->entries == NULL || reader->codes == NULL)
		return error_set_memory(reader->json.error);
	for (size_t i = 0; i < summary->code_count; i++)
		reader->entries[reader->entry_count++] = summary->codes[i].entry;
	for (size_t i = 0; i < summary->inner_count; i++)
		reader->entries[reader->entry_count++] = summary->inner_codes[i].entry;
	for (size_t i = 0; i < reader->entry_count; i++)
		complete(reader, (struct catalog_entry *)reader->entries[i]);
	qsort(reader->entries, reader->entry_count, sizeof(*reader->entries), compare_entries);
	if (!fold_entries(reader))
		return false;
	for (size_t i = 0; i < summary->code_count; i++) {
		summary->codes[i].entry = find_entry(reader, summary->codes[i].entry->code);
		reader->codes[i] = &summary->codes[i];
	}
	for (size_t i = 0; i < summary->inner_count; i++)
		summary->inner_codes[i].entry =
		    find_entry(reader, summary->inner_codes[i].entry->code);
	qsort(reader->codes, summary->code_count, sizeof(*reader->codes), compare_codes);
	return true;
}

static const struct summary_code *find_code(
    const struct report_reader *reader, const struct catalog_entry *entry)
{
	const struct summary_code key = { .entry = entry };
	const struct summary_code *wanted = &key;
	const struct summary_code **found = bsearch(&wanted, reader->codes,
	    reader->summary->code_count, sizeof(*reader->codes), compare_codes);

	return found != NULL ? *found : NULL;
}

const struct catalog_entry *report_entry(const struct member_value *value, uint32_t code)
{
	struct report_reader *reader = value->reader;
	const struct catalog_entry key = { .code = code };
	const struct summary_code *found;

	if (!gather(reader))
		return NULL;
	found = find_code(reader, &key);
	if (found != NULL)
		return found->entry;
	/* the row of a bucket or group whose code it is */
	(void)json_node_fault(
	    value->node.parent->parent->parent, "holds a code that is not in 'codes'");
	return NULL;
}

const struct catalog_entry *report_any_entry(struct report_reader *reader, uint32_t code)
{
	const struct catalog_entry *entry;
	struct catalog_entry *made;

	if (!gather(reader))
		return NULL;
	entry = find_entry(reader, code);
	if (entry == NULL && reader->catalog != NULL)
		entry = catalog_find(reader->catalog, code);
	if (entry != NULL)
		return entry;
	made = arena_alloc(&reader->summary->arena, 1, sizeof(*made));
	if (made == NULL) {
		(void)error_set_memory(reader->json.error);
		return NULL;
	}
	*made = (struct catalog_entry){ .code = code,
		.outcome = OUTCOME_FAILED,
		.description = "not described in this report",
		.category = "unknown",
		.notes = "",
		.notes_zh = "" };
	return made;
}

/* ---- totals, and the rows that are parts of them ---- */

bool report_check_hits(const struct member_value *value)
{
	struct report_reader *reader = value->reader;
	const struct summary *summary = reader->summary;

	for (size_t i = 0; i < HIT_CLASS_COUNT; i++)
		if (!report_take(reader, 0, summary->hits[i], summary->hit_count))
			return json_node_fault(&value->node, NO_SUMS);
	return reader->used[0] == summary->hit_count || json_node_fault(&value->node, NO_SUMS);
}

/* A report does not say to which catalog a category belongs. That matters only where
 * there are several: what is not in the first is in the last. */
static unsigned category_source(const struct report_reader *reader, const char *category)
{
	const struct catalog *catalog = reader->catalog;
	const struct summary *summary = reader->summary;

	if (summary->catalog_count < 2)
		return 0;
	for (size_t i = 0; catalog != NULL && i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		if (strcmp(entry->category, category) != 0)
			continue;
		for (size_t j = 0; j < summary->catalog_count; j++)
			if (strcmp(summary->catalogs[j].name,
			        catalog_source_name(catalog, entry->source)) == 0)
				return (unsigned)j;
	}
	return (unsigned)(summary->catalog_count - 1);
}

bool report_check_category(const struct member_value *value)
{
	struct summary_category *row = value->at;

	row->source = category_source(value->reader, row->name);
	return (row->success <= row->count && row->negative <= row->count &&
	           row->errors <= row->count) ||
	       json_node_fault(&value->node, REPORT_MORE_THAN_TOTAL);
}

bool report_check_codes(const struct member_value *value)
{
	const struct report_reader *reader = value->reader;

	for (size_t i = 1; i < reader->summary->code_count; i++)
		if (compare_codes(&reader->codes[i - 1], &reader->codes[i]) == 0)
			return json_node_fault(&value->node, "holds a code twice");
	return true;
}

bool report_check_held(const struct member_value *value)
{
	struct summary_held *row = value->at;

	if (value->reader->reason_zh != NULL)
		row->reason_zh = value->reader->reason_zh(row->reason);
	if (row->reason_zh == NULL)
		row->reason_zh = row->reason;
	return true;
}

bool report_check_unlisted(const struct member_value *value)
{
	struct summary_unlisted *row = value->at;

	if (row->text == NULL)
		row->text = "";
	return true;
}

bool report_check_numbers(const struct member_value *value)
{
	const struct summary *summary = value->reader->summary;

	return summary->other_numbers_distinct <= summary->hits[HIT_OTHER] ||
	       json_node_fault(&value->node, NO_SUMS);
}

bool report_check_catalog(const struct member_value *value)
{
	const struct summary_catalog *row = value->at;

	return row->errors <= row->responses ||
	       json_node_fault(&value->node, REPORT_MORE_THAN_TOTAL);
}

/* ---- buckets and groups ---- */

/* One bucket or group: its counts are parts of the report's, and its codes add up to them. */
static bool check_part(const struct member_value *value, struct summary_part *part)
{
	struct report_reader *reader = value->reader;
	const struct summary *summary = reader->summary;
	uint64_t left = part->responses, errors = 0;

	if (!report_take(reader, 0, part->responses, summary->hits[HIT_RESPONSE]) ||
	    !report_take(reader, 1, part->errors, summary->errors) ||
	    !report_take(reader, 2, part->held_back, summary->hits[HIT_HELD_BACK]) ||
	    !report_take(reader, 3, part->unlisted, summary->hits[HIT_UNLISTED]))
		return json_node_fault(&value->node, REPORT_MORE_THAN_TOTAL);
	for (size_t i = 0; i < part->code_count; i++) {
		const struct summary_share *share = &part->codes[i];

		if (share->count > left)
			return json_node_fault(&value->node, REPORT_MORE_THAN_TOTAL);
		left -= share->count;
		part->outcomes[share->entry->outcome] += share->count;
		errors += find_code(reader, share->entry)->is_error ? share->count : 0;
	}
	return (left == 0 && errors == part->errors) || json_node_fault(&value->node, NO_SUMS);
}

/* Whether the parts have used up the report's totals. */
static bool check_whole(const struct report_reader *reader, const struct json_node *node)
{
	const struct summary *summary = reader->summary;

	return (reader->used[0] == summary->hits[HIT_RESPONSE] &&
	           reader->used[1] == summary->errors &&
	           reader->used[2] == summary->hits[HIT_HELD_BACK] &&
	           reader->used[3] == summary->hits[HIT_UNLISTED]) ||
	       json_node_fault(node, "do not add up to the totals");
}

bool report_check_bucket(const struct member_value *value)
{
	struct summary_bucket *row = value->at;
	bool is_last = value->node.index + 1 == value->reader->summary->bucket_count;

	if ((row->start == SUMMARY_NO_TIME && !is_last) ||
	    (value->node.index > 0 && row->start != SUMMARY_NO_TIME && row->start <= row[-1].start))
		return json_node_fault(&value->node, "is not in its place");
	return check_part(value, &row->part);
}

bool report_check_buckets(const struct member_value *value)
{
	const struct summary *summary = value->reader->summary;

	if ((summary->buckets == NULL) != (summary->time.bucket_seconds == 0))
		return json_node_fault(&value->node, "does not go with 'time.bucket_seconds'");
	return summary->buckets == NULL || check_whole(value->reader, &value->node);
}

bool report_check_group(const struct member_value *value)
{
	struct summary_group *row = value->at;

	if (row->kind == GROUP_VALUE && row->name == NULL)
		row->kind = GROUP_NONE;
	if (row->kind != GROUP_VALUE)
		row->name = "";
	return check_part(value, &row->part);
}

bool report_check_groups(const struct member_value *value)
{
	return check_whole(value->reader, value->node.parent);
}

/* ---- what the counts are of ---- */

bool report_check_slice(const struct member_value *value)
{
	const struct summary_slice *row = value->at;

	return (row->start <= row->end && row->bytes <= row->end - row->start) ||
	       json_node_fault(&value->node, "is of more bytes than it has");
}

/* ---- what a database knew, and the whole ---- */

bool report_check_missed(const struct member_value *value)
{
	const struct summary_stretch *row = value->at;

	return (row->since != SUMMARY_NO_TIME && row->until != SUMMARY_NO_TIME) ||
	       json_node_fault(&value->node, "has not both of its ends");
}

bool report_check_begin(struct report_reader *reader)
{
	struct summary *summary = reader->summary;
	const char **files = arena_alloc(&summary->arena, 1, sizeof(*files));

	if (files == NULL)
		return error_set_memory(reader->json.error);
	files[0] = reader->json.file;
	summary->files = files;
	summary->file_count = 1;
	if (summary->lines_unknown)
		summary->lines = summary->bytes = summary->lines_with_hits = 0;
	if (summary->history->gaps == NULL) /* there was no database */
		summary->history = NULL;
	return gather(reader);
}

bool report_check_end(struct report_reader *reader)
{
	return summary_is_consistent(reader->summary) ||
	       error_set(reader->json.error, ERROR_REPORT,
	           "report '%s' is inconsistent: its sums do not hold", reader->json.file);
}
