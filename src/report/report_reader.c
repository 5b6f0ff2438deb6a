/*
 * Owns the reading of a JSON report by the table of its members: how each kind of value is read
 * into the summary, and what of it must follow from other values. The text becomes nodes
 * (json.c); each member of a shape is looked up by its name and read into the shape's struct. Once
 * all is read, all is checked; what members have to do with each other report_check.c knows.
 */
#include "report/report_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "report/documents.h"
#include "report/report_check.h"
#include "report/seal.h"

#define SMALL_MAX 999999999
#define RATE_SLACK 0.000001 /* of the six decimals that a report prints */

/* ---- single values ---- */

/* Reads the value, which is not missing, to where it belongs. */
typedef bool read_fn(const struct member_value *value);

static bool take_outcome(const struct member_value *value, enum outcome *outcome)
{
	const char *text = json_node_text(&value->node);

	return text != NULL &&
	       (outcome_find(text, outcome) || json_node_fault(&value->node, "is no outcome"));
}

static bool read_text(const struct member_value *value)
{
	const char *text = json_node_text(&value->node);

	*(const char **)value->at = text;
	return text != NULL;
}

static bool read_word(const struct member_value *value)
{
	return read_text(value) &&
	       (**(const char **)value->at != '\0' || json_node_fault(&value->node, "is empty"));
}

static bool read_count(const struct member_value *value)
{
	return json_node_count(&value->node, INT64_MAX, value->at);
}

static bool read_small(const struct member_value *value)
{
	uint64_t count = 0;

	if (!json_node_count(&value->node, SMALL_MAX, &count))
		return false;
	*(uint32_t *)value->at = (uint32_t)count;
	return true;
}

static bool read_truth(const struct member_value *value)
{
	return json_node_truth(&value->node, value->at);
}

static bool read_is_other(const struct member_value *value)
{
	bool is_other;

	if (!json_node_truth(&value->node, &is_other))
		return false;
	*(enum summary_group_kind *)value->at = is_other ? GROUP_OTHER : GROUP_VALUE;
	return true;
}

static bool read_outcome(const struct member_value *value)
{
	return take_outcome(value, value->at);
}

static bool read_time(const struct member_value *value)
{
	const char *text;

	*(int64_t *)value->at = SUMMARY_NO_TIME;
	if (json_node_is_null(&value->node))
		return true;
	text = json_node_text(&value->node);
	return text != NULL &&
	       (zone_parse(text, value->at) ||
	           json_node_fault(&value->node, "is no time like 2026-11-22T03:14:15+08:00"));
}

/* The one offset of all stamps, as an array of none or one; null: they are unlike. */
static bool read_offsets(const struct member_value *value)
{
	struct stamp_zones *zones = value->at;
	struct json_node row = json_node_row(&value->node, 0);
	const char *text;

	*zones = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
	if (json_node_is_null(&value->node))
		return true;
	if (!json_node_is_array(&value->node) || json_node_length(&value->node) > 1)
		return json_node_fault(&value->node, "is no array of at most one text");
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_NONE };
	if (row.value == NULL)
		return true;
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_ONE, .zone = TIMESTAMP_ZONE_NUMERIC };
	text = json_node_text(&row);
	return text != NULL && (zone_parse_offset(text, &zones->offset) ||
	                           json_node_fault(&value->node, "is no offset like +08:00"));
}

/* "file:line"; "-" is standard input. */
static bool read_place(const struct member_value *value)
{
	char *text, *colon;

	if (json_node_is_null(&value->node))
		return true;
	text = json_node_text(&value->node);
	if (text == NULL)
		return false;
	colon = strrchr(text, ':');
	if (colon == NULL || colon == text || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 19)
		return json_node_fault(&value->node, "is not FILE:LINE");
	*colon = '\0'; /* the text is the arena's, and ours */
	*(const char **)value->at = strcmp(text, "-") == 0 ? NULL : text;
	*(uint64_t *)value->of = strtoull(colon + 1, NULL, 10);
	return true;
}

static bool read_lines(const struct member_value *value)
{
	if (!json_node_is_null(&value->node))
		return read_count(value);
	*(bool *)value->of = true;
	return true;
}

static bool read_entry(const struct member_value *value)
{
	const struct catalog_entry **entry = value->at;
	uint64_t code = 0;

	if (!json_node_count(&value->node, SMALL_MAX, &code))
		return false;
	*entry = value->member->kind == MEMBER_ENTRY
	             ? report_entry(value, (uint32_t)code)
	             : report_any_entry(value->reader, (uint32_t)code);
	return *entry != NULL;
}

/* ---- values that follow from others: of the right type they are passed over, and checked once all
 * is read ---- */

static bool pass_text(const struct member_value *value)
{
	return json_node_peek(&value->node) != NULL || json_node_fault(&value->node, "is no text");
}

static bool pass_text_or_null(const struct member_value *value)
{
	return json_node_is_null(&value->node) || pass_text(value);
}

static bool pass_count(const struct member_value *value)
{
	uint64_t count;

	return json_node_count(&value->node, INT64_MAX, &count);
}

static bool pass_outcome(const struct member_value *value)
{
	enum outcome outcome;

	return take_outcome(value, &outcome);
}

static bool pass_rate(const struct member_value *value)
{
	double rate;

	return json_node_is_null(&value->node) || json_node_fraction(&value->node, &rate);
}

/* In a row, what is wrong is the row; else the member. */
static bool fault_of_row(const struct member_value *value, const char *reason)
{
	const struct json_node *parent = value->node.parent;
	bool is_row = parent->parent != NULL && parent->name == NULL;

	return json_node_fault(is_row ? parent : &value->node, "%s", reason);
}

/* Whether the value is part/whole as printed; null where there is no whole. */
static bool check_rate(const struct member_value *value, uint64_t whole)
{
	double part = (double)*(const uint64_t *)value->at, printed;
	bool is_null = json_node_is_null(&value->node);

	if (whole == 0 || is_null ? whole == 0 && is_null
	                          : json_node_fraction(&value->node, &printed) &&
	                                fabs(printed - part / (double)whole) <= RATE_SLACK)
		return true;
	return fault_of_row(value, "the share or rate is not that of its counts");
}

static bool check_share(const struct member_value *value)
{
	return check_rate(value, *(const uint64_t *)value->of);
}

static bool check_portion(const struct member_value *value)
{
	return check_rate(value, value->reader->summary->hits[HIT_RESPONSE]);
}

static bool check_again(const struct member_value *value)
{
	uint64_t count = 0;

	return json_node_count(&value->node, INT64_MAX, &count) &&
	       (count == *(const uint64_t *)value->at ||
	           json_node_fault(value->node.parent, "the sums do not hold"));
}

static bool check_ordinal(const struct member_value *value)
{
	enum outcome outcome;

	return take_outcome(value, &outcome) &&
	       ((size_t)outcome == value->node.parent->index ||
	           json_node_fault(value->node.parent, "is not in its place"));
}

/* Whether the counts of the rows so far are no more than the total that they are part of. */
static bool check_count(const struct member_value *value)
{
	size_t at = value->member->total;
	const char *summary = (const char *)value->reader->summary;

	return at == 0 ||
	       report_take(value->reader, 0, *(const uint64_t *)value->at,
	           *(const uint64_t *)(summary + at)) ||
	       fault_of_row(value, REPORT_MORE_THAN_TOTAL);
}

/* ---- objects and arrays ---- */

static struct member_value value_of_row(const struct member_value *array, size_t i, void *rows)
{
	return (struct member_value){ array->reader, json_node_row(&array->node, i), NULL,
		(char *)rows + i * array->member->shape->size, NULL };
}

static struct member_value value_of_member(
    const struct member_value *value, const struct member *member, void *object)
{
	return (struct member_value){ value->reader, json_node_member(&value->node, member->name),
		member, member_at(member, object), member_of(member, object) };
}

static bool is_known(const void *context, const char *name)
{
	const struct shape *shape = context;

	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL ? is_known(member->shape, name)
		                         : strcmp(member->name, name) == 0)
			return true;
	}
	return false;
}

static void *allocate_rows(struct report_reader *reader, size_t count, size_t size)
{
	void *rows = arena_grow(&reader->summary->arena, NULL, 0, count, size);

	if (rows == NULL)
		(void)error_set_memory(reader->json.error);
	return rows;
}

/* Reads the object into its struct of zeros. What that points to lies in the summary's arena. */
static bool read_struct(const struct member_value *value, const struct shape *shape);

static bool read_object(const struct member_value *value)
{
	if (value->member->of != 0)
		*(bool *)value->of = true;
	return read_struct(value, value->member->shape);
}

static bool read_span(const struct member_value *value)
{
	return json_node_is_null(&value->node) || read_struct(value, value->member->shape);
}

static bool read_each(const struct member_value *value, void *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct member_value row = value_of_row(value, i, rows);

		if (!read_struct(&row, value->member->shape))
			return false;
	}
	return true;
}

static bool read_rows(const struct member_value *value)
{
	size_t count = json_node_length(&value->node);
	void *rows;

	if (!json_node_is_array(&value->node))
		return json_node_fault(&value->node, "is no array");
	rows = allocate_rows(value->reader, count, value->member->shape->size);
	if (rows == NULL)
		return false;
	*(void **)value->at = rows;
	*(size_t *)value->of = count;
	return read_each(value, rows, count);
}

static bool read_fixed(const struct member_value *value)
{
	size_t count = json_node_length(&value->node), wanted = value->member->of;

	if (!json_node_is_array(&value->node))
		return json_node_fault(&value->node, "is no array");
	return read_each(value, value->at, count < wanted ? count : wanted) &&
	       (count == wanted || json_node_fault(&value->node, "does not hold every outcome"));
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
	[MEMBER_SEAL] = pass_text, /* it is checked by the text */
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

static bool pass_over(const struct member_value *value)
{
	const struct json_node *node = &value->node;

	if (value->member->kind == MEMBER_ROWS)
		return json_node_is_array(node) ||
		       json_node_fault(node, "is neither an array nor null");
	return json_node_is_object(node) || json_node_fault(node, "is neither an object nor null");
}

static bool read_member(const struct member_value *value)
{
	const struct json_node *node = &value->node;
	unsigned flags = value->member->flags;

	if (node->value == NULL)
		return (flags & MEMBER_NEWER) != 0 ||
		       json_node_fault(node->parent, "lacks the member '%s'", node->name);
	if ((flags & MEMBER_NULLABLE) != 0 && json_node_is_null(node))
		return true;
	if ((flags & MEMBER_UNREAD) != 0)
		return pass_over(value);
	return readers[value->member->kind](value);
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

static bool read_members(const struct member_value *value, const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL) {
			void *inside = make_inside(value->reader, member, object);

			if (inside == NULL || !read_members(value, member->shape, inside))
				return false;
		} else {
			struct member_value inner = value_of_member(value, member, object);

			if (!read_member(&inner))
				return false;
		}
	}
	return true;
}

static bool read_struct(const struct member_value *value, const struct shape *shape)
{
	if (!json_node_is_object(&value->node))
		return json_node_fault(&value->node, "is no object");
	return json_node_knows(&value->node, is_known, shape) &&
	       read_members(value, shape, value->at);
}

/* ---- checks ---- */

static bool check_members(
    const struct member_value *value, const struct shape *shape, void *object);

static bool check_object(const struct member_value *value)
{
	return !json_node_is_object(&value->node) ||
	       check_members(value, value->member->shape, value->at);
}

static bool check_each(const struct member_value *value, void *rows)
{
	const struct shape *shape = value->member->shape;

	for (size_t i = 0; i < json_node_length(&value->node); i++) {
		struct member_value row = value_of_row(value, i, rows);

		if ((shape->check != NULL && !shape->check(&row)) ||
		    !check_members(&row, shape, row.at))
			return false;
	}
	return true;
}

static bool check_rows(const struct member_value *value)
{
	return check_each(value, *(void **)value->at);
}

static bool check_fixed(const struct member_value *value)
{
	return check_each(value, value->at);
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

static bool check_member(const struct member_value *value)
{
	const struct member *member = value->member;

	if (checkers[member->kind] != NULL && (member->flags & MEMBER_UNREAD) == 0 &&
	    !checkers[member->kind](value))
		return false;
	return member->check == NULL || member->check(value);
}

/* A list has totals of its own, also where it is within another's row. */
static bool check_list(const struct member_value *value)
{
	struct report_reader *reader = value->reader;
	uint64_t used[sizeof(reader->used) / sizeof(reader->used[0])];
	bool right;

	memcpy(used, reader->used, sizeof(used));
	memset(reader->used, 0, sizeof(reader->used));
	right = check_member(value);
	memcpy(reader->used, used, sizeof(used));
	return right;
}

static bool check_members(const struct member_value *value, const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		bool right;

		if (member->name == NULL) {
			void *inside = member_inside(member, object);

			right = inside == NULL || check_members(value, member->shape, inside);
		} else {
			struct member_value inner = value_of_member(value, member, object);

			right = member->shape != NULL ? check_list(&inner) : check_member(&inner);
		}
		if (!right)
			return false;
	}
	return true;
}

/* ---- the report ---- */

static bool read_document(struct report_reader *reader)
{
	struct summary *summary = reader->summary;
	struct member_value whole = { reader, json_node_whole(&reader->json), NULL, summary, NULL };
	struct json_node member = json_node_member(&whole.node, "schema");
	const char *schema = json_node_peek(&member);

	if (schema == NULL)
		return json_node_fault(&whole.node,
		    "is no report of jgannotate: it does not hold \"schema\": \"" REPORT_SCHEMA
		    "\"");
	if (strcmp(schema, REPORT_SCHEMA) != 0)
		return json_node_fault(&whole.node,
		    "is of the schema '%.100s'; this version reads " REPORT_SCHEMA, schema);
	/* reports of before do not tell of offsets */
	summary->zones.state = STAMP_ZONES_UNLIKE;
	if (summary_history_new(summary, true) == NULL)
		return error_set_memory(reader->json.error);
	return read_struct(&whole, &report_shape) && report_check_begin(reader) &&
	       check_members(&whole, &report_shape, summary) && report_check_end(reader);
}

/* What is sealed was not altered since; a report that names its slices is sealed. */
static bool check_seal(struct report_reader *reader, const char *text, size_t len)
{
	struct error *error = reader->json.error;
	enum seal seal;

	if (!seal_check(text, len, &seal))
		return error_set_memory(error);
	if (seal == SEAL_WRONG)
		return error_set(error, ERROR_REPORT,
		    "report '%s' was altered: it is not what its seal is of", reader->json.file);
	if (seal == SEAL_NONE && reader->summary->slices != NULL)
		return error_set(error, ERROR_REPORT,
		    "report '%s' was altered: it does not end in its seal", reader->json.file);
	reader->summary->is_unsealed = seal == SEAL_NONE;
	return true;
}

struct summary *report_parse(const char *name, const char *text, size_t len,
    const struct report_lookup *lookup, struct error *error)
{
	struct summary *summary = summary_new();
	struct report_reader reader = { .summary = summary, .json.error = error };
	bool right;

	if (summary != NULL)
		reader.json.file = arena_text(&summary->arena, name, strlen(name));
	if (reader.json.file == NULL) {
		summary_free(summary);
		(void)error_set_memory(error);
		return NULL;
	}
	reader.json.arena = &summary->arena;
	if (lookup != NULL) {
		reader.catalog = lookup->catalog;
		reader.reason_zh = lookup->reason_zh;
	}
	right = json_document_parse(&reader.json, text, len) && read_document(&reader) &&
	        check_seal(&reader, text, len);
	json_document_release(&reader.json);
	if (right)
		return summary;
	summary_free(summary);
	return NULL;
}

struct summary *report_read(
    const char *path, const struct report_lookup *lookup, struct error *error)
{
	struct documents *documents = documents_open(path, error);
	struct summary *summary = NULL;
	const char *text;
	size_t len;

	if (documents != NULL && documents_next(documents, &text, &len, error) == DOCUMENTS_READ)
		summary = report_parse(documents_name(documents), text, len, lookup, error);
	if (summary != NULL && documents_next(documents, &text, &len, error) != DOCUMENTS_END) {
		(void)error_set(error, ERROR_REPORT,
		    "report '%s' is several: add them up with --merge first", path);
		summary_free(summary);
		summary = NULL;
	}
	documents_close(documents);
	return summary;
}
