/*
 * Owns the reading of a JSON report: the use of jansson, every fault in a text, and how each kind
 * of value is read. What members have to do with each other report_check.c knows.
 */
#include "report/member_read.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/zone.h"
#include "report/report_check.h"

#define SMALL_MAX 999999999
#define RATE_SLACK 0.000001 /* of the six decimals that a report prints */

/* ---- faults ---- */

/* "codes[3].count" */
static void add_path(struct strbuf *path, const struct json_place *place)
{
	if (place->parent == NULL)
		return;
	add_path(path, place->parent);
	if (place->name == NULL)
		strbuf_add_format(path, "[%zu]", place->index);
	else
		strbuf_add_format(path, "%s%s", path->len > 0 ? "." : "", place->name);
}

bool member_fault(
    struct report_reader *reader, const struct json_place *place, const char *format, ...)
{
	struct strbuf path = STRBUF_INIT;
	char reason[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	add_path(&path, place);
	if (path.len > 0)
		(void)error_set(reader->error, ERROR_USAGE, "report '%s', member '%s': %s",
		    reader->file, path.data, reason);
	else
		(void)error_set(
		    reader->error, ERROR_USAGE, "report '%s': %s", reader->file, reason);
	strbuf_release(&path);
	return false;
}

static bool syntax_fault(struct report_reader *reader, const json_error_t *fault)
{
	switch (json_error_code(fault)) {
	case json_error_out_of_memory:
		return error_set_memory(reader->error);
	case json_error_premature_end_of_input:
		return error_set(reader->error, ERROR_USAGE,
		    "report '%s' is torn: it ends in line %d, column %d, before it is complete",
		    reader->file, fault->line, fault->column);
	default:
		return error_set(reader->error, ERROR_USAGE,
		    "report '%s' is no JSON, line %d, column %d: %s", reader->file, fault->line,
		    fault->column, fault->text);
	}
}

/* ---- memory ---- */

/* jansson goes on without a byte that it found no memory for, so this must be known, and
 * its allocator has no context to keep it in. */
static _Thread_local bool out_of_memory;

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	out_of_memory |= memory == NULL;
	return memory;
}

/* ---- the text ---- */

void member_release(struct json_place *root)
{
	json_decref((json_t *)root->value);
	root->value = NULL;
}

bool member_parse(
    struct report_reader *reader, const char *text, size_t len, struct json_place *root)
{
	json_error_t fault;

	*root = (struct json_place){ NULL, NULL, 0, NULL };
	if (len == 0)
		return error_set(reader->error, ERROR_USAGE, "report '%s' is empty", reader->file);
	json_set_alloc_funcs(allocate, free);
	out_of_memory = false;
	root->value = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
	if (out_of_memory) {
		member_release(root);
		return error_set_memory(reader->error);
	}
	return root->value != NULL || syntax_fault(reader, &fault);
}

const char *member_peek(const struct json_place *place, const char *name)
{
	return json_string_value(json_object_get(place->value, name));
}

/* ---- single values ---- */

/* Reads the value at `place`, which is not missing, into the member of `object`. */
typedef bool read_fn(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object);

static bool take_count(
    struct report_reader *reader, const struct json_place *place, uint64_t most, uint64_t *count)
{
	const json_t *json = place->value;

	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return member_fault(reader, place, "is no whole number from 0 on");
	*count = (uint64_t)json_integer_value(json);
	if (*count > most)
		return member_fault(reader, place, "is larger than %llu", (unsigned long long)most);
	return true;
}

/* A copy of the text; NULL: it is none, or there is no memory. */
static char *take_text(struct report_reader *reader, const struct json_place *place)
{
	const json_t *json = place->value;
	char *copy;

	if (!json_is_string(json)) {
		(void)member_fault(reader, place, "is no text");
		return NULL;
	}
	copy =
	    arena_text(&reader->summary->arena, json_string_value(json), json_string_length(json));
	if (copy == NULL)
		(void)error_set_memory(reader->error);
	return copy;
}

static bool read_text(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const char *text = take_text(reader, place);

	*(const char **)member_at(member, object) = text;
	return text != NULL;
}

static bool read_word(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const char **text = member_at(member, object);

	return read_text(reader, place, member, object) &&
	       (**text != '\0' || member_fault(reader, place, "is empty"));
}

static bool read_count(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return take_count(reader, place, INT64_MAX, member_at(member, object));
}

static bool read_small(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	uint64_t count = 0;

	if (!take_count(reader, place, SMALL_MAX, &count))
		return false;
	*(uint32_t *)member_at(member, object) = (uint32_t)count;
	return true;
}

static bool take_truth(struct report_reader *reader, const struct json_place *place, bool *truth)
{
	const json_t *json = place->value;

	*truth = json_is_true(json);
	return json_is_boolean(json) || member_fault(reader, place, "is neither true nor false");
}

static bool read_truth(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return take_truth(reader, place, member_at(member, object));
}

static bool read_is_other(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	enum summary_group_kind *kind = member_at(member, object);
	bool is_other;

	if (!take_truth(reader, place, &is_other))
		return false;
	*kind = is_other ? GROUP_OTHER : GROUP_VALUE;
	return true;
}

static bool read_outcome(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const char *text = take_text(reader, place);

	return text != NULL && (outcome_find(text, member_at(member, object)) ||
	                           member_fault(reader, place, "is no outcome"));
}

/* The outcome, which its place tells already. */
static bool take_ordinal(
    struct report_reader *reader, const struct json_place *place, enum outcome *outcome)
{
	const struct member here = { .at = 0 };

	return read_outcome(reader, place, &here, outcome);
}

static bool read_time(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	int64_t *time = member_at(member, object);
	const char *text;

	*time = SUMMARY_NO_TIME;
	if (json_is_null((const json_t *)place->value))
		return true;
	text = take_text(reader, place);
	return text != NULL &&
	       (report_time_read(text, time) ||
	           member_fault(reader, place, "is no time like 2026-11-22T03:14:15+08:00"));
}

/* The one offset of all stamps, as an array of none or one; null: they are unlike. */
static bool read_offsets(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	struct stamp_zones *zones = member_at(member, object);
	const json_t *json = place->value;
	struct json_place at = { place, NULL, 0, json_array_get(json, 0) };
	const char *text;

	*zones = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
	if (json_is_null(json))
		return true;
	if (!json_is_array(json) || json_array_size(json) > 1)
		return member_fault(reader, place, "is no array of at most one text");
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_NONE };
	if (at.value == NULL)
		return true;
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_ONE, .zone = TIMESTAMP_ZONE_NUMERIC };
	text = take_text(reader, &at);
	return text != NULL && (report_offset_read(text, &zones->offset) ||
	                           member_fault(reader, place, "is no offset like +08:00"));
}

/* "file:line"; "-" is standard input. */
static bool read_place(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	char *text, *colon;

	if (json_is_null((const json_t *)place->value))
		return true;
	text = take_text(reader, place);
	if (text == NULL)
		return false;
	colon = strrchr(text, ':');
	if (colon == NULL || colon == text || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 19)
		return member_fault(reader, place, "is not FILE:LINE");
	*colon = '\0'; /* the text is the arena's, and ours */
	*(const char **)member_at(member, object) = strcmp(text, "-") == 0 ? NULL : text;
	*(uint64_t *)member_of(member, object) = strtoull(colon + 1, NULL, 10);
	return true;
}

static bool read_lines(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	if (!json_is_null((const json_t *)place->value))
		return read_count(reader, place, member, object);
	*(bool *)member_of(member, object) = true;
	return true;
}

static bool read_entry(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const struct catalog_entry **entry = member_at(member, object);
	uint64_t code = 0;

	if (!take_count(reader, place, SMALL_MAX, &code))
		return false;
	*entry = member->kind == MEMBER_ENTRY ? report_entry(reader, place->parent, (uint32_t)code)
	                                      : report_any_entry(reader, (uint32_t)code);
	return *entry != NULL;
}

/* ---- values that follow from others ---- */

static bool pass_text(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	(void)member;
	(void)object;
	return json_is_string((const json_t *)place->value) ||
	       member_fault(reader, place, "is no text");
}

static bool pass_text_or_null(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return json_is_null((const json_t *)place->value) ||
	       pass_text(reader, place, member, object);
}

static bool pass_count(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	uint64_t count;

	(void)member;
	(void)object;
	return take_count(reader, place, INT64_MAX, &count);
}

static bool pass_rate(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const json_t *json = place->value;
	double value = json_number_value(json);

	(void)member;
	(void)object;
	return json_is_null(json) || (json_is_number(json) && value >= 0.0 && value <= 1.0) ||
	       member_fault(reader, place, "is no fraction from 0 to 1");
}

/* Whether the value is part/whole as printed; null where there is no whole. */
static bool check_rate(
    struct report_reader *reader, const struct json_place *place, uint64_t part, uint64_t whole)
{
	const json_t *json = place->value;
	bool is_row = place->parent->parent != NULL && place->parent->name == NULL;

	if (whole == 0 ? json_is_null(json)
	               : json_is_number(json) && fabs(json_number_value(json) -
	                                              (double)part / (double)whole) <= RATE_SLACK)
		return true;
	return member_fault(
	    reader, is_row ? place->parent : place, "the share or rate is not that of its counts");
}

static bool check_share(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return check_rate(reader, place, *(const uint64_t *)member_at(member, object),
	    *(const uint64_t *)member_of(member, object));
}

static bool check_portion(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return check_rate(reader, place, *(const uint64_t *)member_at(member, object),
	    reader->summary->hits[HIT_RESPONSE]);
}

static bool pass_ordinal(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	enum outcome outcome;

	(void)member;
	(void)object;
	return take_ordinal(reader, place, &outcome);
}

static bool check_ordinal(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	enum outcome outcome;

	(void)member;
	(void)object;
	return take_ordinal(reader, place, &outcome) &&
	       ((size_t)outcome == place->parent->index ||
	           member_fault(reader, place->parent, "is not in its place"));
}

static bool check_again(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	uint64_t count = 0;

	return take_count(reader, place, INT64_MAX, &count) &&
	       (count == *(const uint64_t *)member_at(member, object) ||
	           member_fault(reader, place->parent, "the sums do not hold"));
}

/* ---- objects and arrays ---- */

static bool is_member(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL ? is_member(member->shape, name)
		                         : strcmp(member->name, name) == 0)
			return true;
	}
	return false;
}

static bool check_names(
    struct report_reader *reader, const struct json_place *place, const struct shape *shape)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)place->value, name,
	    value) if (!is_member(shape, name)) return member_fault(reader, place,
	    "holds an unknown member '%s'", name);
	return true;
}

static void *allocate_rows(struct report_reader *reader, size_t count, size_t size)
{
	void *rows = arena_grow(&reader->summary->arena, NULL, 0, count, size);

	if (rows == NULL)
		(void)error_set_memory(reader->error);
	return rows;
}

static bool read_object(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	if (member->of != 0)
		*(bool *)member_of(member, object) = true;
	return member_read(reader, place, member->shape, member_at(member, object));
}

static bool read_span(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return json_is_null((const json_t *)place->value) ||
	       read_object(reader, place, member, object);
}

static bool read_each(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, char *rows, size_t count)
{
	const json_t *json = place->value;

	for (size_t i = 0; i < count; i++) {
		struct json_place at = { place, NULL, i, json_array_get(json, i) };

		if (!member_read(reader, &at, shape, rows + i * shape->size))
			return false;
	}
	return true;
}

static bool read_rows(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const json_t *json = place->value;
	void *rows;

	if (!json_is_array(json))
		return member_fault(reader, place, "is no array");
	rows = allocate_rows(reader, json_array_size(json), member->shape->size);
	if (rows == NULL)
		return false;
	*(void **)member_at(member, object) = rows;
	*(size_t *)member_of(member, object) = json_array_size(json);
	return read_each(reader, place, member->shape, rows, json_array_size(json));
}

static bool read_fixed(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	const json_t *json = place->value;
	size_t count = json_array_size(json);

	if (!json_is_array(json))
		return member_fault(reader, place, "is no array");
	if (count > member->of)
		count = member->of;
	return read_each(reader, place, member->shape, member_at(member, object), count) &&
	       (json_array_size(json) == member->of ||
	           member_fault(reader, place, "does not hold every outcome"));
}

static read_fn *const readers[MEMBER_KIND_COUNT] = {
	[MEMBER_TEXT] = read_text,
	[MEMBER_WORD] = read_word,
	[MEMBER_COUNT] = read_count,
	[MEMBER_SMALL] = read_small,
	[MEMBER_CODE] = read_small,
	[MEMBER_TRUTH] = read_truth,
	[MEMBER_OUTCOME] = read_outcome,
	[MEMBER_TIME] = read_time,
	[MEMBER_OFFSETS] = read_offsets,
	[MEMBER_PLACE] = read_place,
	[MEMBER_LINES] = read_lines,
	[MEMBER_SHARE] = pass_rate,
	[MEMBER_PORTION] = pass_rate,
	[MEMBER_AGAIN] = pass_count,
	[MEMBER_ORDINAL] = pass_ordinal,
	[MEMBER_SCHEMA] = pass_text,
	[MEMBER_CATALOG_DATE] = pass_text_or_null,
	[MEMBER_DOUBT] = pass_count,
	[MEMBER_IS_OTHER] = read_is_other,
	[MEMBER_ENTRY] = read_entry,
	[MEMBER_ANY_ENTRY] = read_entry,
	[MEMBER_OBJECT] = read_object,
	[MEMBER_SPAN] = read_span,
	[MEMBER_ROWS] = read_rows,
	[MEMBER_FIXED] = read_fixed,
};

static bool pass_over(
    struct report_reader *reader, const struct json_place *place, const struct member *member)
{
	const json_t *json = place->value;

	if (member->kind == MEMBER_ROWS)
		return json_is_array(json) ||
		       member_fault(reader, place, "is neither an array nor null");
	return json_is_object(json) || member_fault(reader, place, "is neither an object nor null");
}

static bool read_members(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object);

/* Where there is no struct yet that the members belong to, one is made. */
static bool read_inside(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	void *inside = member_inside(member, object);

	if (inside == NULL) {
		inside = allocate_rows(reader, 1, member->shape->size);
		if (inside == NULL)
			return false;
		*(void **)member_at(member, object) = inside;
	}
	return read_members(reader, place, member->shape, inside);
}

static bool read_members(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		struct json_place at = { place, member->name, 0, NULL };
		bool read;

		if (member->name == NULL) {
			if (!read_inside(reader, place, member, object))
				return false;
			continue;
		}
		at.value = json_object_get(place->value, member->name);
		if (at.value == NULL && (member->flags & MEMBER_NEWER) != 0)
			continue;
		if (at.value == NULL)
			return member_fault(reader, place, "lacks the member '%s'", member->name);
		if ((member->flags & MEMBER_NULLABLE) != 0 &&
		    json_is_null((const json_t *)at.value))
			continue;
		read = (member->flags & MEMBER_UNREAD) != 0
		           ? pass_over(reader, &at, member)
		           : readers[member->kind](reader, &at, member, object);
		if (!read)
			return false;
	}
	return true;
}

bool member_read(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object)
{
	if (!json_is_object((const json_t *)place->value))
		return member_fault(reader, place, "is no object");
	return check_names(reader, place, shape) && read_members(reader, place, shape, object);
}

/* ---- checks ---- */

static bool check_object(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return !json_is_object((const json_t *)place->value) ||
	       member_check(reader, place, member->shape, member_at(member, object));
}

static bool check_each(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, char *rows)
{
	const json_t *json = place->value;

	for (size_t i = 0; i < json_array_size(json); i++) {
		struct json_place at = { place, NULL, i, json_array_get(json, i) };
		void *row = rows + i * shape->size;

		if ((shape->check != NULL && !shape->check(reader, &at, row)) ||
		    !member_check(reader, &at, shape, row))
			return false;
	}
	return true;
}

static bool check_rows(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return check_each(reader, place, member->shape, *(void **)member_at(member, object));
}

static bool check_fixed(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	return check_each(reader, place, member->shape, member_at(member, object));
}

/* NULL: nothing is to be checked. */
static read_fn *const checkers[MEMBER_KIND_COUNT] = {
	[MEMBER_SHARE] = check_share,
	[MEMBER_PORTION] = check_portion,
	[MEMBER_AGAIN] = check_again,
	[MEMBER_ORDINAL] = check_ordinal,
	[MEMBER_OBJECT] = check_object,
	[MEMBER_ROWS] = check_rows,
	[MEMBER_FIXED] = check_fixed,
};

static bool check_one(struct report_reader *reader, const struct json_place *place,
    const struct member *member, void *object)
{
	uint64_t used[sizeof(reader->used) / sizeof(reader->used[0])];
	bool right = true;

	memcpy(used, reader->used, sizeof(used)); /* it may be a list within another's row */
	memset(reader->used, 0, sizeof(reader->used));
	if (checkers[member->kind] != NULL && (member->flags & MEMBER_UNREAD) == 0)
		right = checkers[member->kind](reader, place, member, object);
	right = right && (member->check == NULL || member->check(reader, place, object));
	memcpy(reader->used, used, sizeof(used));
	return right;
}

bool member_check(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		struct json_place at = { place, member->name, 0, NULL };
		void *inside;

		if (member->name != NULL) {
			at.value = json_object_get(place->value, member->name);
			if (!check_one(reader, &at, member, object))
				return false;
			continue;
		}
		inside = member_inside(member, object);
		if (inside != NULL && !member_check(reader, place, member->shape, inside))
			return false;
	}
	return true;
}
