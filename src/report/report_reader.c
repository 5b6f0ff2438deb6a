/*
 * Owns the way from a report's text to a summary: what its parts have to do with
 * each other. Must not know JSON, or the spelling of the members.
 */
#include "report/report_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "report/report_parts.h"

#define FILE_MAX ((size_t)256 << 20)
#define READ_SIZE ((size_t)64 << 10)
#define RATE_SLACK 0.000001 /* of the six decimals that a report prints */

/* ---- for all parts of the conversion ---- */

bool report_fault(struct converter *converter, const char *name, size_t row, const char *reason)
{
	char index[32] = "";

	if (row != SIZE_MAX)
		(void)snprintf(index, sizeof(index), "[%zu]", row);
	return error_set(converter->error, ERROR_USAGE, "report '%s', member '%s%s': %s",
	    converter->name, name, index, reason);
}

void *report_allocate(struct converter *converter, size_t count, size_t size)
{
	void *memory = arena_alloc(&converter->summary->arena, count, size);

	if (memory == NULL)
		(void)error_set_memory(converter->error);
	return memory;
}

bool report_take(uint64_t *left, uint64_t count)
{
	if (count > *left)
		return false;
	*left -= count;
	return true;
}

bool report_rate_holds(double rate, uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return rate < 0.0;
	return rate >= 0.0 && fabs(rate - (double)part / (double)whole) <= RATE_SLACK;
}

/* ---- catalog entries ---- */

static int compare_entries(const void *left, const void *right)
{
	const struct catalog_entry *const *a = left;
	const struct catalog_entry *const *b = right;

	return (*a)->code < (*b)->code ? -1 : (*a)->code > (*b)->code;
}

const struct catalog_entry *report_entry(const struct converter *converter, uint32_t code)
{
	const struct catalog_entry key = { .code = code };
	const struct catalog_entry *wanted = &key;
	const struct catalog_entry *const *found = bsearch(&wanted, converter->by_code,
	    converter->entry_count, sizeof(*converter->by_code), compare_entries);

	return found != NULL ? *found : NULL;
}

static bool is_same(const struct catalog_entry *a, const struct catalog_entry *b)
{
	return a->code == b->code && a->outcome == b->outcome &&
	       strcmp(a->description, b->description) == 0 && strcmp(a->category, b->category) == 0;
}

static bool add_entry(struct converter *converter, const struct report_code_row *row)
{
	struct catalog_entry *entry = report_allocate(converter, 1, sizeof(*entry));
	const struct catalog_entry *known = NULL;

	if (entry == NULL)
		return false;
	if (converter->lookup->catalog != NULL)
		known = catalog_find(converter->lookup->catalog, row->code);
	*entry = (struct catalog_entry){ .code = row->code,
		.outcome = row->outcome,
		.description = row->description,
		.category = row->category,
		.notes = row->notes != NULL ? row->notes : "",
		.notes_zh = "" };
	if (known != NULL && is_same(entry, known)) {
		entry->notes_zh = known->notes_zh;
		entry->collides = known->collides;
	}
	converter->by_code[converter->entry_count++] = entry;
	return true;
}

/* The entries of codes and of inner codes; a number has one meaning in a report. */
static bool make_entries(struct converter *converter)
{
	const struct json_list *lists[] = { &converter->document->codes,
		&converter->document->inner };
	size_t kept = 0;

	converter->by_code = report_allocate(
	    converter, lists[0]->count + lists[1]->count, sizeof(*converter->by_code));
	if (converter->by_code == NULL)
		return false;
	for (size_t i = 0; i < 2; i++)
		for (size_t row = 0; row < lists[i]->count; row++)
			if (!add_entry(
			        converter, (const struct report_code_row *)lists[i]->rows + row))
				return false;
	qsort(converter->by_code, converter->entry_count, sizeof(*converter->by_code),
	    compare_entries);
	for (size_t i = 0; i < converter->entry_count; i++) {
		const struct catalog_entry *entry = converter->by_code[i];

		if (kept == 0 || converter->by_code[kept - 1]->code != entry->code)
			converter->by_code[kept++] = entry;
		else if (!is_same(converter->by_code[kept - 1], entry))
			return error_set(converter->error, ERROR_USAGE,
			    "report '%s': code %u has two meanings", converter->name, entry->code);
		else if (converter->by_code[kept - 1]->notes[0] == '\0')
			converter->by_code[kept - 1] = entry;
	}
	converter->entry_count = kept;
	return true;
}

/* ---- totals ---- */

static bool make_hits(struct converter *converter)
{
	const struct report_document *document = converter->document;
	struct summary *summary = converter->summary;
	uint64_t left = document->hits.total;

	if (!report_take(&left, document->hits.responses) ||
	    !report_take(&left, document->hits.inner) ||
	    !report_take(&left, document->hits.repeated) ||
	    !report_take(&left, document->hits.held_back) ||
	    !report_take(&left, document->hits.unlisted) ||
	    !report_take(&left, document->hits.elsewhere) ||
	    !report_take(&left, document->hits.other_numbers) || left != 0)
		return report_fault(converter, "hits", SIZE_MAX, "the sums do not hold");
	summary->hit_count = document->hits.total;
	summary->hits[HIT_RESPONSE] = document->hits.responses;
	summary->hits[HIT_INNER] = document->hits.inner;
	summary->hits[HIT_REPEATED] = document->hits.repeated;
	summary->hits[HIT_HELD_BACK] = document->hits.held_back;
	summary->hits[HIT_UNLISTED] = document->hits.unlisted;
	summary->hits[HIT_ELSEWHERE] = document->hits.elsewhere;
	summary->hits[HIT_OTHER] = document->hits.other_numbers;
	summary->other_numbers_distinct = document->numbers.distinct;
	summary->other_numbers_capped = document->numbers.capped;
	if (!report_rate_holds(document->error_rate, document->errors, summary->hits[HIT_RESPONSE]))
		return report_fault(converter, "error_rate", SIZE_MAX, REPORT_WRONG_RATE);
	summary->errors = document->errors;
	return true;
}

static void make_window(struct summary *summary, const struct report_document *document)
{
	const struct report_window *window = document->time;

	summary->first = document->span != NULL ? document->span->first : SUMMARY_NO_TIME;
	summary->last = document->span != NULL ? document->span->last : SUMMARY_NO_TIME;
	summary->zones = document->zones;
	summary->time.since = summary->time.until = SUMMARY_NO_TIME;
	summary->time.outside_first = summary->time.outside_last = SUMMARY_NO_TIME;
	if (window == NULL)
		return;
	summary->time.is_asked = true;
	summary->time.since = window->since;
	summary->time.until = window->until;
	summary->time.zone = window->zone;
	summary->time.bucket_seconds = window->bucket_seconds;
	summary->time.unknown = window->unknown;
	summary->time.outside = window->outside;
	summary->time.skipped_bytes = window->skipped_bytes;
}

static void make_lines(struct summary *summary, const struct report_document *document)
{
	summary->lines_unknown = document->lines == JSON_NO_COUNT ||
	    document->bytes == JSON_NO_COUNT || document->lines_with_hits == JSON_NO_COUNT;
	if (summary->lines_unknown)
		return;
	summary->lines = document->lines;
	summary->bytes = document->bytes;
	summary->lines_with_hits = document->lines_with_hits;
}

static bool make_head(struct converter *converter)
{
	const struct report_document *document = converter->document;
	struct summary *summary = converter->summary;
	const char **files = report_allocate(converter, 1, sizeof(*files));

	if (files == NULL)
		return false;
	files[0] = converter->name;
	summary->files = files;
	summary->file_count = 1;
	summary->version = document->version;
	summary->rules = document->rules;
	summary->label = document->label;
	summary->errors_list = document->errors_list;
	make_lines(summary, document);
	summary->trouble.long_lines = document->trouble.long_lines;
	summary->trouble.regex_limits = document->trouble.regex_limits;
	summary->trouble.not_a_code = document->trouble.not_a_code;
	summary->trouble.unreadable_files = document->trouble.unreadable_files;
	summary->trouble.damaged_files = document->trouble.damaged_files;
	make_window(summary, document);
	return true;
}

static bool make_gaps(struct converter *converter)
{
	const struct json_list *gaps = &converter->document->gaps;
	struct summary *summary = converter->summary;
	bool made = true;

	if (gaps->is_null)
		return true;
	made = summary_history_new(summary, true) != NULL;
	for (size_t i = 0; i < gaps->count && made; i++) {
		const struct report_gap_row *row = (const struct report_gap_row *)gaps->rows + i;

		made = summary_history_add_gap(summary->history, row->file, row->bytes, row->reason);
	}
	return made || error_set_memory(converter->error);
}

/* What the reports of before left to be said; only where there is a database, as gaps. */
static bool make_reported(struct converter *converter)
{
	const struct report_document *document = converter->document;
	struct summary_history *history = converter->summary->history;
	const struct summary_stretch *missed = document->missed.rows;

	if (history == NULL)
		return true;
	history->late = document->late == JSON_NO_COUNT ? 0 : document->late;
	for (size_t i = 0; i < document->missed.count; i++) {
		if (missed[i].since == SUMMARY_NO_TIME || missed[i].until == SUMMARY_NO_TIME)
			return report_fault(converter, "missed", i, "has not both of its ends");
		if (!summary_history_add_missed(history, &missed[i]))
			return error_set_memory(converter->error);
	}
	return document->older_until == NULL ||
	       report_time_read(document->older_until, &history->older_until) ||
	       report_fault(converter, "older_rules_until", SIZE_MAX,
	           "is no time like 2026-11-22T03:14:15+08:00");
}

static bool convert(struct converter *converter)
{
	if (!make_head(converter) || !make_gaps(converter) || !make_reported(converter) ||
	    !make_hits(converter) || !make_entries(converter) || !report_rows_make(converter) ||
	    !report_buckets_make(converter) || !report_groups_make(converter))
		return false;
	return summary_is_consistent(converter->summary) ||
	       error_set(converter->error, ERROR_USAGE,
	           "report '%s' is inconsistent: its sums do not hold", converter->name);
}

/* ---- the file ---- */

static bool read_document(struct summary *summary, struct json_place *root,
    struct json_reader *reader, const struct report_lookup *lookup)
{
	static const struct report_lookup nothing = { NULL, NULL };
	struct report_document document = { 0 };
	struct converter converter = { .summary = summary,
		.name = reader->file,
		.document = &document,
		.lookup = lookup != NULL ? lookup : &nothing,
		.error = reader->error };
	const char *schema = json_reader_peek(root, "schema");

	if (schema == NULL)
		return json_reader_fault(reader, root,
		    "is no report of jgannotate: it does not hold \"schema\": \"" REPORT_SCHEMA
		    "\"");
	if (strcmp(schema, REPORT_SCHEMA) != 0)
		return json_reader_fault(reader, root,
		    "is of the schema '%.100s'; this version reads " REPORT_SCHEMA, schema);
	return json_read_object(reader, root, &report_shape, &document) && convert(&converter);
}

struct summary *report_parse(const char *name, const char *text, size_t len,
    const struct report_lookup *lookup, struct error *error)
{
	struct summary *summary = summary_new();
	struct json_reader reader = { NULL, NULL, error };
	struct json_place root;
	bool right;

	if (summary != NULL)
		reader.file = arena_text(&summary->arena, name, strlen(name));
	if (reader.file == NULL) {
		summary_free(summary);
		(void)error_set_memory(error);
		return NULL;
	}
	reader.arena = &summary->arena;
	right = json_reader_parse(&reader, text, len, &root);
	if (right) {
		right = read_document(summary, &root, &reader, lookup);
		json_reader_free(&root);
	}
	if (right)
		return summary;
	summary_free(summary);
	return NULL;
}

/* Reads to the end, whatever kind of file it is. */
static bool read_all(int fd, const char *name, struct strbuf *text, struct error *error)
{
	struct stat status;
	ssize_t n = 1;

	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
		return error_set(error, ERROR_USAGE, "report '%s' is a directory", name);
	while (n > 0) {
		if (text->len > FILE_MAX)
			return error_set(
			    error, ERROR_USAGE, "report '%s' is larger than 256 MiB", name);
		if (!strbuf_grow(text, READ_SIZE))
			return error_set_memory(error);
		n = read(fd, text->data + text->len, READ_SIZE);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			text->len += (size_t)n;
	}
	if (n < 0)
		return error_set(
		    error, ERROR_USAGE, "cannot read report '%s': %s", name, strerror(errno));
	return true;
}

struct summary *report_read(
    const char *path, const struct report_lookup *lookup, struct error *error)
{
	bool is_input = strcmp(path, "-") == 0;
	const char *name = is_input ? "standard input" : path;
	int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct strbuf text = STRBUF_INIT;
	struct summary *summary = NULL;

	if (fd < 0) {
		(void)error_set(
		    error, ERROR_USAGE, "cannot open report '%s': %s", name, strerror(errno));
		return NULL;
	}
	if (read_all(fd, name, &text, error))
		summary = report_parse(name, text.data, text.len, lookup, error);
	strbuf_release(&text);
	if (!is_input)
		(void)close(fd);
	return summary;
}
