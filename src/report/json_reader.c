/*
 * Owns the use of jansson: JSON texts, and every fault in one. Must not know what
 * a report holds.
 */
#include "report/json_reader.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

#define SMALL_MAX 999999999

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

bool json_reader_fault(
    struct json_reader *reader, const struct json_place *place, const char *format, ...)
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

static bool syntax_fault(struct json_reader *reader, const json_error_t *fault)
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

void json_reader_free(struct json_place *root)
{
	json_decref((json_t *)root->value);
	root->value = NULL;
}

bool json_reader_parse(
    struct json_reader *reader, const char *text, size_t len, struct json_place *root)
{
	json_error_t fault;

	*root = (struct json_place){ NULL, NULL, 0, NULL };
	if (len == 0)
		return error_set(reader->error, ERROR_USAGE, "report '%s' is empty", reader->file);
	json_set_alloc_funcs(allocate, free);
	out_of_memory = false;
	root->value = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
	if (out_of_memory) {
		json_reader_free(root);
		return error_set_memory(reader->error);
	}
	return root->value != NULL || syntax_fault(reader, &fault);
}

const char *json_reader_peek(const struct json_place *place, const char *name)
{
	return json_string_value(json_object_get(place->value, name));
}

/* ---- single values ---- */

static bool read_integer(
    struct json_reader *reader, const struct json_place *place, uint64_t most, uint64_t *value)
{
	const json_t *json = place->value;

	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return json_reader_fault(reader, place, "is no whole number from 0 on");
	*value = (uint64_t)json_integer_value(json);
	if (*value > most)
		return json_reader_fault(
		    reader, place, "is larger than %llu", (unsigned long long)most);
	return true;
}

bool json_read_count(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	(void)shape;
	return read_integer(reader, place, INT64_MAX, target);
}

bool json_read_count_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	if (!json_is_null((const json_t *)place->value))
		return json_read_count(reader, place, shape, target);
	*(uint64_t *)target = JSON_NO_COUNT;
	return true;
}

bool json_read_small(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	uint64_t value = 0;

	(void)shape;
	if (!read_integer(reader, place, SMALL_MAX, &value))
		return false;
	*(uint32_t *)target = (uint32_t)value;
	return true;
}

bool json_read_small_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	if (!json_is_null((const json_t *)place->value))
		return json_read_small(reader, place, shape, target);
	*(uint32_t *)target = 0;
	return true;
}

bool json_read_string(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;
	char *copy;

	(void)shape;
	if (!json_is_string(json))
		return json_reader_fault(reader, place, "is no text");
	copy = arena_text(reader->arena, json_string_value(json), json_string_length(json));
	if (copy == NULL)
		return error_set_memory(reader->error);
	*(const char **)target = copy;
	return true;
}

bool json_read_string_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	if (!json_is_null((const json_t *)place->value))
		return json_read_string(reader, place, shape, target);
	*(const char **)target = NULL;
	return true;
}

bool json_read_truth(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;

	(void)shape;
	if (!json_is_boolean(json))
		return json_reader_fault(reader, place, "is neither true nor false");
	*(bool *)target = json_is_true(json);
	return true;
}

bool json_read_rate(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;
	double value = json_number_value(json);

	(void)shape;
	if (json_is_null(json))
		value = -1.0;
	else if (!json_is_number(json) || !(value >= 0.0 && value <= 1.0))
		return json_reader_fault(reader, place, "is no fraction from 0 to 1");
	*(double *)target = value;
	return true;
}

bool json_read_any_array_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;

	(void)shape;
	(void)target;
	return json_is_null(json) || json_is_array(json) ||
	       json_reader_fault(reader, place, "is neither an array nor null");
}

bool json_read_any_object_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;

	(void)shape;
	(void)target;
	return json_is_null(json) || json_is_object(json) ||
	       json_reader_fault(reader, place, "is neither an object nor null");
}

bool json_read_newer_truth(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	return json_read_truth(reader, place, shape, target);
}

bool json_read_newer_string_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	return json_read_string_or_null(reader, place, shape, target);
}

bool json_read_derived_count(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	uint64_t count;

	(void)target;
	return json_read_count(reader, place, shape, &count);
}

bool json_read_only_text(
    struct json_reader *reader, const struct json_place *place, const char **text, size_t *count)
{
	const json_t *json = place->value;
	struct json_place at = { place, NULL, 0, NULL };

	*text = NULL;
	*count = SIZE_MAX;
	if (json_is_null(json))
		return true;
	if (!json_is_array(json) || json_array_size(json) > 1)
		return json_reader_fault(reader, place, "is no array of at most one text");
	*count = json_array_size(json);
	at.value = json_array_get(json, 0);
	return *count == 0 || json_read_string(reader, &at, NULL, text);
}

/* ---- objects and arrays ---- */

bool json_read_newer_count_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	return json_read_count_or_null(reader, place, shape, target);
}

bool json_read_newer_array_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	return json_read_array_or_null(reader, place, shape, target);
}
const struct json_shape json_optional = { NULL, 0, 0 };

static bool is_member(const struct json_shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return true;
	return false;
}

static bool check_names(
    struct json_reader *reader, const struct json_place *place, const struct json_shape *shape)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)place->value, name,
	    value) if (!is_member(shape, name)) return json_reader_fault(reader, place,
	    "holds an unknown member '%s'", name);
	return true;
}

/* Whether older reports lack the member; what it is read into holds zeros then. */
static bool may_be_missing(const struct json_member *member)
{
	static json_read_fn *const newer[] = { json_read_newer_truth, json_read_derived_count,
		json_read_newer_count_or_null, json_read_newer_array_or_null,
		json_read_newer_string_or_null };

	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (member->read == newer[i])
			return true;
	return false;
}

bool json_read_object(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;

	if (!json_is_object(json))
		return json_reader_fault(reader, place, "is no object");
	if (!check_names(reader, place, shape))
		return false;
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct json_member *member = &shape->members[i];
		struct json_place at = { place, member->name, 0,
			json_object_get(json, member->name) };

		if (at.value == NULL && may_be_missing(member))
			continue;
		if (at.value == NULL && member->shape != &json_optional)
			return json_reader_fault(
			    reader, place, "lacks the member '%s'", member->name);
		if (!member->read(reader, &at, member->shape, (char *)target + member->offset))
			return false;
	}
	return true;
}

bool json_read_object_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	void *object = NULL;

	if (!json_is_null((const json_t *)place->value)) {
		object = arena_alloc(reader->arena, 1, shape->size);
		if (object == NULL)
			return error_set_memory(reader->error);
		if (!json_read_object(reader, place, shape, object))
			return false;
	}
	*(void **)target = object;
	return true;
}

bool json_read_array(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const json_t *json = place->value;
	struct json_list *list = target;

	if (!json_is_array(json))
		return json_reader_fault(reader, place, "is no array");
	*list = (struct json_list){ NULL, json_array_size(json), false };
	list->rows = arena_alloc(reader->arena, list->count, shape->size);
	if (list->rows == NULL)
		return error_set_memory(reader->error);
	for (size_t i = 0; i < list->count; i++) {
		struct json_place at = { place, NULL, i, json_array_get(json, i) };

		if (!json_read_object(reader, &at, shape, (char *)list->rows + i * shape->size))
			return false;
	}
	return true;
}

bool json_read_array_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	if (!json_is_null((const json_t *)place->value))
		return json_read_array(reader, place, shape, target);
	*(struct json_list *)target = (struct json_list){ NULL, 0, true };
	return true;
}
