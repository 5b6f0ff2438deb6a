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
	if (place->member == NULL)
		strbuf_add_format(path, "[%zu]", place->index);
	else
		strbuf_add_format(path, "%s%s", path->len > 0 ? "." : "", place->member->name);
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

	*root = (struct json_place){ .at = reader->summary };
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

/* Reads the value at `place`, which is not missing, to where it belongs. */
typedef bool read_fn(struct report_reader *reader, const struct json_place *place);

static bool is_null(const struct json_place *place)
{
	return json_is_null((const json_t *)place->value);
}

static bool take_count(
    struct report_reader *reader, const struct json_place *place, uint64_t most, uint64_t *count)
{
	const json_t *json = place->value;

	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return member_fault(reader, place, "is no whole number from 0 on");
	*count = (uint64_t)json_integer_value(json);
	return *count <= most ||
	       member_fault(reader, place, "is larger than %llu", (unsigned long long)most);
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

static bool take_truth(struct report_reader *reader, const struct json_place *place, bool *truth)
{
	const json_t *json = place->value;

	*truth = json_is_true(json);
	return json_is_boolean(json) || member_fault(reader, place, "is neither true nor false");
}

static bool take_outcome(
    struct report_reader *reader, const struct json_place *place, enum outcome *outcome)
{
	const char *text = take_text(reader, place);

	return text != NULL &&
	       (outcome_find(text, outcome) || member_fault(reader, place, "is no outcome"));
}

static bool read_text(struct report_reader *reader, const struct json_place *place)
{
	const char *text = take_text(reader, place);

	*(const char **)place->at = text;
	return text != NULL;
}

static bool read_word(struct report_reader *reader, const struct json_place *place)
{
	return read_text(reader, place) &&
	       (**(const char **)place->at != '\0' || member_fault(reader, place, "is empty"));
}

static bool read_count(struct report_reader *reader, const struct json_place *place)
{
	return take_count(reader, place, INT64_MAX, place->at);
}

static bool read_small(struct report_reader *reader, const struct json_place *place)
{
	uint64_t count = 0;

	if (!take_count(reader, place, SMALL_MAX, &count))
		return false;
	*(uint32_t *)place->at = (uint32_t)count;
	return true;
}

static bool read_truth(struct report_reader *reader, const struct json_place *place)
{
	return take_truth(reader, place, place->at);
}

static bool read_is_other(struct report_reader *reader, const struct json_place *place)
{
	bool is_other;

	if (!take_truth(reader, place, &is_other))
		return false;
	*(enum summary_group_kind *)place->at = is_other ? GROUP_OTHER : GROUP_VALUE;
	return true;
}

static bool read_outcome(struct report_reader *reader, const struct json_place *place)
{
	return take_outcome(reader, place, place->at);
}

static bool read_time(struct report_reader *reader, const struct json_place *place)
{
	const char *text;

	*(int64_t *)place->at = SUMMARY_NO_TIME;
	if (is_null(place))
		return true;
	text = take_text(reader, place);
	return text != NULL &&
	       (zone_parse(text, place->at) ||
	           member_fault(reader, place, "is no time like 2026-11-22T03:14:15+08:00"));
}

/* The one offset of all stamps, as an array of none or one; null: they are unlike. */
static bool read_offsets(struct report_reader *reader, const struct json_place *place)
{
	struct stamp_zones *zones = place->at;
	const json_t *json = place->value;
	struct json_place at = { .parent = place, .value = json_array_get(json, 0) };
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
	return text != NULL && (zone_parse_offset(text, &zones->offset) ||
	                           member_fault(reader, place, "is no offset like +08:00"));
}

/* "file:line"; "-" is standard input. */
static bool read_place(struct report_reader *reader, const struct json_place *place)
{
	char *text, *colon;

	if (is_null(place))
		return true;
	text = take_text(reader, place);
	if (text == NULL)
		return false;
	colon = strrchr(text, ':');
	if (colon == NULL || colon == text || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 19)
		return member_fault(reader, place, "is not FILE:LINE");
	*colon = '\0'; /* the text is the arena's, and ours */
	*(const char **)place->at = strcmp(text, "-") == 0 ? NULL : text;
	*(uint64_t *)place->of = strtoull(colon + 1, NULL, 10);
	return true;
}

static bool read_lines(struct report_reader *reader, const struct json_place *place)
{
	if (!is_null(place))
		return read_count(reader, place);
	*(bool *)place->of = true;
	return true;
}

static bool read_entry(struct report_reader *reader, const struct json_place *place)
{
	const struct catalog_entry **entry = place->at;
	uint64_t code = 0;

	if (!take_count(reader, place, SMALL_MAX, &code))
		return false;
	*entry = place->member->kind == MEMBER_ENTRY
	             ? report_entry(reader, place->parent, (uint32_t)code)
	             : report_any_entry(reader, (uint32_t)code);
	return *entry != NULL;
}

/* ---- values that follow from others: of the right type they are passed over, and checked once all
 * is read ---- */

static bool pass_text(struct report_reader *reader, const struct json_place *place)
{
	return json_is_string((const json_t *)place->value) ||
	       member_fault(reader, place, "is no text");
}

static bool pass_text_or_null(struct report_reader *reader, const struct json_place *place)
{
	return is_null(place) || pass_text(reader, place);
}

static bool pass_count(struct report_reader *reader, const struct json_place *place)
{
	uint64_t count;

	return take_count(reader, place, INT64_MAX, &count);
}

static bool pass_outcome(struct report_reader *reader, const struct json_place *place)
{
	enum outcome outcome;

	return take_outcome(reader, place, &outcome);
}

static bool pass_rate(struct report_reader *reader, const struct json_place *place)
{
	const json_t *json = place->value;
	double value = json_number_value(json);

	return json_is_null(json) || (json_is_number(json) && value >= 0.0 && value <= 1.0) ||
	       member_fault(reader, place, "is no fraction from 0 to 1");
}

/* In a row, what is wrong is the row; else the member. */
static bool fault_of_row(
    struct report_reader *reader, const struct json_place *place, const char *reason)
{
	const struct json_place *parent = place->parent;
	bool is_row = parent->parent != NULL && parent->member == NULL;

	return member_fault(reader, is_row ? parent : place, "%s", reason);
}

/* Whether the value is part/whole as printed; null where there is no whole. */
static bool check_rate(struct report_reader *reader, const struct json_place *place, uint64_t whole)
{
	const json_t *json = place->value;
	double rate = whole == 0 ? 0.0 : (double)*(const uint64_t *)place->at / (double)whole;

	return (whole == 0 ? json_is_null(json)
	                   : json_is_number(json) &&
	                         fabs(json_number_value(json) - rate) <= RATE_SLACK) ||
	       fault_of_row(reader, place, "the share or rate is not that of its counts");
}

static bool check_share(struct report_reader *reader, const struct json_place *place)
{
	return check_rate(reader, place, *(const uint64_t *)place->of);
}

static bool check_portion(struct report_reader *reader, const struct json_place *place)
{
	return check_rate(reader, place, reader->summary->hits[HIT_RESPONSE]);
}

static bool check_again(struct report_reader *reader, const struct json_place *place)
{
	uint64_t count = 0;

	return take_count(reader, place, INT64_MAX, &count) &&
	       (count == *(const uint64_t *)place->at ||
	           member_fault(reader, place->parent, "the sums do not hold"));
}

static bool check_ordinal(struct report_reader *reader, const struct json_place *place)
{
	enum outcome outcome;

	return take_outcome(reader, place, &outcome) &&
	       ((size_t)outcome == place->parent->index ||
	           member_fault(reader, place->parent, "is not in its place"));
}

/* Whether the counts of the rows so far are no more than the total that they are part of. */
static bool check_count(struct report_reader *reader, const struct json_place *place)
{
	size_t at = place->member->total;
	const char *summary = (const char *)reader->summary;

	return at == 0 ||
	       report_take(
	           reader, 0, *(const uint64_t *)place->at, *(const uint64_t *)(summary + at)) ||
	       fault_of_row(reader, place, REPORT_MORE_THAN_TOTAL);
}

/* ---- objects and arrays ---- */

static struct json_place place_of_row(
    const struct json_place *list, size_t i, const struct shape *shape, void *rows)
{
	return (struct json_place){ .parent = list,
		.index = i,
		.value = json_array_get(list->value, i),
		.at = (char *)rows + i * shape->size };
}

static struct json_place place_of_member(
    const struct json_place *place, const struct member *member, void *object)
{
	return (struct json_place){ .parent = place,
		.member = member,
		.value = json_object_get(place->value, member->name),
		.at = member_at(member, object),
		.of = member_of(member, object) };
}

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

static bool read_object(struct report_reader *reader, const struct json_place *place)
{
	if (place->member->of != 0)
		*(bool *)place->of = true;
	return member_read(reader, place, place->member->shape);
}

static bool read_span(struct report_reader *reader, const struct json_place *place)
{
	return is_null(place) || member_read(reader, place, place->member->shape);
}

static bool read_each(
    struct report_reader *reader, const struct json_place *place, void *rows, size_t count)
{
	const struct shape *shape = place->member->shape;

	for (size_t i = 0; i < count; i++) {
		struct json_place row = place_of_row(place, i, shape, rows);

		if (!member_read(reader, &row, shape))
			return false;
	}
	return true;
}

static bool read_rows(struct report_reader *reader, const struct json_place *place)
{
	const json_t *json = place->value;
	size_t count = json_array_size(json);
	void *rows;

	if (!json_is_array(json))
		return member_fault(reader, place, "is no array");
	rows = allocate_rows(reader, count, place->member->shape->size);
	if (rows == NULL)
		return false;
	*(void **)place->at = rows;
	*(size_t *)place->of = count;
	return read_each(reader, place, rows, count);
}

static bool read_fixed(struct report_reader *reader, const struct json_place *place)
{
	const json_t *json = place->value;
	size_t count = json_array_size(json), wanted = place->member->of;

	if (!json_is_array(json))
		return member_fault(reader, place, "is no array");
	return read_each(reader, place, place->at, count < wanted ? count : wanted) &&
	       (count == wanted || member_fault(reader, place, "does not hold every outcome"));
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
	[MEMBER_ORDINAL] = pass_outcome,
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

static bool pass_over(struct report_reader *reader, const struct json_place *place)
{
	const json_t *json = place->value;

	if (place->member->kind == MEMBER_ROWS)
		return json_is_array(json) ||
		       member_fault(reader, place, "is neither an array nor null");
	return json_is_object(json) || member_fault(reader, place, "is neither an object nor null");
}

static bool read_member(struct report_reader *reader, const struct json_place *place)
{
	unsigned flags = place->member->flags;

	if (place->value == NULL)
		return (flags & MEMBER_NEWER) != 0 ||
		       member_fault(
		           reader, place->parent, "lacks the member '%s'", place->member->name);
	if ((flags & MEMBER_NULLABLE) != 0 && is_null(place))
		return true;
	if ((flags & MEMBER_UNREAD) != 0)
		return pass_over(reader, place);
	return readers[place->member->kind](reader, place);
}

/* The struct that members among others belong to; where there is none yet, one is made. */
static void *make_inside(struct report_reader *reader, const struct member *member, void *object)
{
	void *inside = member_inside(member, object);

	if (inside == NULL) {
		inside = allocate_rows(reader, 1, member->shape->size);
		*(void **)member_at(member, object) = inside;
	}
	return inside;
}

static bool read_members(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL) {
			void *inside = make_inside(reader, member, object);

			if (inside == NULL || !read_members(reader, place, member->shape, inside))
				return false;
		} else {
			struct json_place at = place_of_member(place, member, object);

			if (!read_member(reader, &at))
				return false;
		}
	}
	return true;
}

bool member_read(
    struct report_reader *reader, const struct json_place *place, const struct shape *shape)
{
	if (!json_is_object((const json_t *)place->value))
		return member_fault(reader, place, "is no object");
	return check_names(reader, place, shape) && read_members(reader, place, shape, place->at);
}

/* ---- checks ---- */

static bool check_object(struct report_reader *reader, const struct json_place *place)
{
	return !json_is_object((const json_t *)place->value) ||
	       member_check(reader, place, place->member->shape);
}

static bool check_each(struct report_reader *reader, const struct json_place *place, void *rows)
{
	const struct shape *shape = place->member->shape;

	for (size_t i = 0; i < json_array_size(place->value); i++) {
		struct json_place row = place_of_row(place, i, shape, rows);

		if ((shape->check != NULL && !shape->check(reader, &row)) ||
		    !member_check(reader, &row, shape))
			return false;
	}
	return true;
}

static bool check_rows(struct report_reader *reader, const struct json_place *place)
{
	return check_each(reader, place, *(void **)place->at);
}

static bool check_fixed(struct report_reader *reader, const struct json_place *place)
{
	return check_each(reader, place, place->at);
}

/* NULL: nothing is to be checked. */
static read_fn *const checkers[MEMBER_KIND_COUNT] = {
	[MEMBER_COUNT] = check_count,
	[MEMBER_SHARE] = check_share,
	[MEMBER_PORTION] = check_portion,
	[MEMBER_AGAIN] = check_again,
	[MEMBER_ORDINAL] = check_ordinal,
	[MEMBER_OBJECT] = check_object,
	[MEMBER_ROWS] = check_rows,
	[MEMBER_FIXED] = check_fixed,
};

static bool check_member(struct report_reader *reader, const struct json_place *place)
{
	const struct member *member = place->member;

	if (checkers[member->kind] != NULL && (member->flags & MEMBER_UNREAD) == 0 &&
	    !checkers[member->kind](reader, place))
		return false;
	return member->check == NULL || member->check(reader, place);
}

/* A list has totals of its own, also where it is within another's row. */
static bool check_list(struct report_reader *reader, const struct json_place *place)
{
	uint64_t used[sizeof(reader->used) / sizeof(reader->used[0])];
	bool right;

	memcpy(used, reader->used, sizeof(used));
	memset(reader->used, 0, sizeof(reader->used));
	right = check_member(reader, place);
	memcpy(reader->used, used, sizeof(used));
	return right;
}

static bool check_members(struct report_reader *reader, const struct json_place *place,
    const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		bool right;

		if (member->name == NULL) {
			void *inside = member_inside(member, object);

			right =
			    inside == NULL || check_members(reader, place, member->shape, inside);
		} else {
			struct json_place at = place_of_member(place, member, object);

			right = member->shape != NULL ? check_list(reader, &at)
			                              : check_member(reader, &at);
		}
		if (!right)
			return false;
	}
	return true;
}

bool member_check(
    struct report_reader *reader, const struct json_place *place, const struct shape *shape)
{
	return check_members(reader, place, shape, place->at);
}
