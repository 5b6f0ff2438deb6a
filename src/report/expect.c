/*
 * Owns the question what is missing among the slices of a summary. What is there, and what was
 * said to be missing, are one set of names: the first that is in neither is missing.
 */
#include "report/expect.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* A name that is there, or is said to be missing. */
struct name {
	const char *text;
	UT_hash_handle hh;
};

struct expectation {
	struct summary *summary;
	struct arena arena; /* of the names */
	struct name *names;
	struct error *error;
};

static bool has_name(const struct expectation *expectation, const char *text)
{
	struct name *found = NULL;

	HASH_FIND_STR(expectation->names, text, found);
	return found != NULL;
}

/* `text` must outlive the names; NULL is none. */
static bool add_name(struct expectation *expectation, const char *text)
{
	struct name *name;

	if (text == NULL || has_name(expectation, text))
		return true;
	name = arena_alloc(&expectation->arena, 1, sizeof(*name));
	if (name == NULL)
		return error_set_memory(expectation->error);
	name->text = text;
	HASH_ADD_KEYPTR(hh, expectation->names, text, strlen(text), name);
	return name->hh.tbl != NULL || error_set_memory(expectation->error);
}

/* The labels and files of the slices; and what was missing somewhere, unless it is there now. */
static bool add_names(struct expectation *expectation)
{
	struct summary *summary = expectation->summary;
	size_t kept = 0;

	for (size_t i = 0; i < summary->slice_count; i++)
		if (!add_name(expectation, summary->slices[i].label) ||
		    !add_name(expectation, summary->slices[i].file))
			return false;
	for (size_t i = 0; i < summary->missing_count; i++) {
		const struct summary_missing missing = summary->missing[i];

		if (has_name(expectation, missing.name))
			continue;
		summary->missing[kept++] = missing;
		if (!add_name(expectation, missing.name))
			return false;
	}
	summary->missing_count = kept;
	return true;
}

/* Unless that was said already. */
static bool add_missing(struct expectation *expectation, const char *text)
{
	struct summary *summary = expectation->summary;
	struct summary_missing *rows;
	const char *copy;

	if (has_name(expectation, text))
		return true;
	rows =
	    arena_grow(&summary->arena, summary->missing, summary->missing_count, 1, sizeof(*rows));
	copy = arena_text(&summary->arena, text, strlen(text));
	if (rows == NULL || copy == NULL)
		return error_set_memory(expectation->error);
	summary->missing = rows;
	rows[summary->missing_count++] = (struct summary_missing){ copy };
	return add_name(expectation, copy);
}

static bool check_number(struct expectation *expectation, uint64_t wanted)
{
	size_t count = expectation->summary->slice_count;
	char text[64];

	if (count > wanted)
		return error_set(expectation->error, ERROR_REPORT,
		    "--expect %" PRIu64 ": the reports are of %zu slices", wanted, count);
	(void)snprintf(
	    text, sizeof(text), "%" PRIu64 " of %" PRIu64 " slices", wanted - count, wanted);
	return count == wanted || add_missing(expectation, text);
}

static bool check_names(struct expectation *expectation, FILE *file, const char *path)
{
	char *line = NULL;
	size_t size = 0, names = 0;
	ssize_t length;
	bool right = true;

	while (right && (length = getline(&line, &size, file)) >= 0) {
		while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
			line[--length] = '\0';
		if (length == 0 || line[0] == '#')
			continue;
		names++;
		right = add_missing(expectation, line);
	}
	if (right && ferror(file))
		right = error_set(expectation->error, ERROR_USAGE, "--expect: cannot read '%s': %s",
		    path, strerror(errno));
	if (right && names == 0)
		right = error_set(
		    expectation->error, ERROR_USAGE, "--expect: '%s' names nothing", path);
	free(line);
	return right;
}

static bool check(struct expectation *expectation, const char *expected)
{
	bool right;
	FILE *file;

	if (expectation->summary->slices == NULL)
		return error_set(expectation->error, ERROR_REPORT,
		    "--expect: a report does not say what it is of: what is missing cannot be "
		    "told");
	if (strspn(expected, "0123456789") == strlen(expected))
		return check_number(expectation, strtoull(expected, NULL, 10));
	file = fopen(expected, "re");
	if (file == NULL)
		return error_set(expectation->error, ERROR_USAGE, "--expect: cannot open '%s': %s",
		    expected, strerror(errno));
	right = check_names(expectation, file, expected);
	(void)fclose(file);
	return right;
}

bool expect_check(const char *expected, struct summary *summary, struct error *error)
{
	struct expectation expectation = { .summary = summary, .error = error };
	bool right = true;

	if (expected != NULL || summary->missing_count > 0)
		right = add_names(&expectation);
	if (right && expected != NULL)
		right = check(&expectation, expected);
	HASH_CLEAR(hh, expectation.names);
	arena_release(&expectation.arena);
	return right;
}
