/*
 * Owns the use of jansson, which no other file knows: it parses the whole text into a tree, and a
 * node is one of its values together with the way to it, from which a message is made.
 */
#include "report/json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"

/* ---- faults ---- */

/* "codes[3].count" */
static void add_path(struct strbuf *path, const struct json_node *node)
{
	if (node->parent == NULL)
		return;
	add_path(path, node->parent);
	if (node->name == NULL)
		strbuf_add_format(path, "[%zu]", node->index);
	else
		strbuf_add_format(path, "%s%s", path->len > 0 ? "." : "", node->name);
}

bool json_node_fault(const struct json_node *node, const char *format, ...)
{
	const struct json_document *document = node->document;
	struct strbuf path = STRBUF_INIT;
	char reason[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	add_path(&path, node);
	if (path.len > 0)
		(void)error_set(document->error, ERROR_REPORT, "report '%s', member '%s': %s",
		    document->file, path.data, reason);
	else
		(void)error_set(
		    document->error, ERROR_REPORT, "report '%s': %s", document->file, reason);
	strbuf_release(&path);
	return false;
}

static bool syntax_fault(const struct json_document *document, const json_error_t *fault)
{
	switch (json_error_code(fault)) {
	case json_error_out_of_memory:
		return error_set_memory(document->error);
	case json_error_premature_end_of_input:
		return error_set(document->error, ERROR_REPORT,
		    "report '%s' is torn: it ends in line %d, column %d, before it is complete",
		    document->file, fault->line, fault->column);
	default:
		return error_set(document->error, ERROR_REPORT,
		    "report '%s' is no JSON, line %d, column %d: %s", document->file, fault->line,
		    fault->column, fault->text);
	}
}

/* ---- the document ---- */

/* jansson goes on without a byte that it found no memory for, so this must be known, and
 * its allocator has no context to keep it in. */
static _Thread_local bool out_of_memory;

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	out_of_memory |= memory == NULL;
	return memory;
}

bool json_document_parse(struct json_document *document, const char *text, size_t len)
{
	json_error_t fault;

	document->root = NULL;
	if (len == 0)
		return error_set(
		    document->error, ERROR_REPORT, "report '%s' is empty", document->file);
	json_set_alloc_funcs(allocate, free);
	out_of_memory = false;
	document->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
	if (out_of_memory)
		return error_set_memory(document->error);
	return document->root != NULL || syntax_fault(document, &fault);
}

void json_document_release(struct json_document *document)
{
	json_decref(document->root);
	document->root = NULL;
}

/* ---- nodes ---- */

struct json_node json_node_whole(const struct json_document *document)
{
	return (struct json_node){ .document = document, .value = document->root };
}

struct json_node json_node_member(const struct json_node *object, const char *name)
{
	return (struct json_node){ .document = object->document,
		.parent = object,
		.name = name,
		.value = json_object_get(object->value, name) };
}

struct json_node json_node_row(const struct json_node *array, size_t index)
{
	return (struct json_node){ .document = array->document,
		.parent = array,
		.index = index,
		.value = json_array_get(array->value, index) };
}

size_t json_node_length(const struct json_node *node)
{
	return json_array_size(node->value);
}

bool json_node_is_null(const struct json_node *node)
{
	return json_is_null((const json_t *)node->value);
}

bool json_node_is_object(const struct json_node *node)
{
	return json_is_object((const json_t *)node->value);
}

bool json_node_is_array(const struct json_node *node)
{
	return json_is_array((const json_t *)node->value);
}

const char *json_node_peek(const struct json_node *node)
{
	return json_string_value(node->value);
}

char *json_node_text(const struct json_node *node)
{
	const json_t *json = node->value;
	char *copy;

	if (!json_is_string(json)) {
		(void)json_node_fault(node, "is no text");
		return NULL;
	}
	copy = arena_text(node->document->arena, json_string_value(json), json_string_length(json));
	if (copy == NULL)
		(void)error_set_memory(node->document->error);
	return copy;
}

bool json_node_truth(const struct json_node *node, bool *truth)
{
	const json_t *json = node->value;

	*truth = json_is_true(json);
	return json_is_boolean(json) || json_node_fault(node, "is neither true nor false");
}

bool json_node_count(const struct json_node *node, uint64_t most, uint64_t *count)
{
	const json_t *json = node->value;

	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return json_node_fault(node, "is no whole number from 0 on");
	*count = (uint64_t)json_integer_value(json);
	return *count <= most ||
	       json_node_fault(node, "is larger than %llu", (unsigned long long)most);
}

bool json_node_fraction(const struct json_node *node, double *fraction)
{
	*fraction = json_number_value(node->value);
	return (json_is_number((const json_t *)node->value) && *fraction >= 0.0 &&
	           *fraction <= 1.0) ||
	       json_node_fault(node, "is no fraction from 0 to 1");
}

bool json_node_knows(const struct json_node *node,
    bool (*is_known)(const void *context, const char *name), const void *context)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)node->value, name, value)
	{
		if (!is_known(context, name))
			return json_node_fault(node, "holds an unknown member '%s'", name);
	}
	return true;
}
