/*
 * Owns the question what is missing among the slices of a summary.
 */
#include "report/expect.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add_missing(struct summary *summary, const char *name, struct error *error)
{
	struct summary_missing *rows;
	const char *copy;

	for (size_t i = 0; i < summary->missing_count; i++)
		if (strcmp(summary->missing[i].name, name) == 0)
			return true;
	rows =
	    arena_grow(&summary->arena, summary->missing, summary->missing_count, 1, sizeof(*rows));
	copy = arena_text(&summary->arena, name, strlen(name));
	if (rows == NULL || copy == NULL)
		return error_set_memory(error);
	summary->missing = rows;
	rows[summary->missing_count++] = (struct summary_missing){ copy };
	return true;
}

static bool is_there(const struct summary *summary, const char *name)
{
	for (size_t i = 0; i < summary->slice_count; i++) {
		const struct summary_slice *slice = &summary->slices[i];

		if ((slice->label != NULL && strcmp(slice->label, name) == 0) ||
		    (slice->file != NULL && strcmp(slice->file, name) == 0))
			return true;
	}
	return false;
}

/* What was missing somewhere may be there in another report. */
static void drop_there(struct summary *summary)
{
	size_t kept = 0;

	for (size_t i = 0; i < summary->missing_count; i++)
		if (!is_there(summary, summary->missing[i].name))
			summary->missing[kept++] = summary->missing[i];
	summary->missing_count = kept;
}

static bool check_number(uint64_t wanted, struct summary *summary, struct error *error)
{
	char text[64];

	if (summary->slice_count > wanted)
		return error_set(error, ERROR_REPORT,
		    "--expect %" PRIu64 ": the reports are of %zu slices", wanted,
		    summary->slice_count);
	if (summary->slice_count == wanted)
		return true;
	(void)snprintf(text, sizeof(text), "%" PRIu64 " of %" PRIu64 " slices",
	    wanted - summary->slice_count, wanted);
	return add_missing(summary, text, error);
}

static bool check_names(FILE *file, const char *path, struct summary *summary, struct error *error)
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
		if (!is_there(summary, line))
			right = add_missing(summary, line, error);
	}
	if (right && ferror(file))
		right = error_set(
		    error, ERROR_USAGE, "--expect: cannot read '%s': %s", path, strerror(errno));
	if (right && names == 0)
		right = error_set(error, ERROR_USAGE, "--expect: '%s' names nothing", path);
	free(line);
	return right;
}

bool expect_check(const char *expected, struct summary *summary, struct error *error)
{
	bool right;
	FILE *file;

	drop_there(summary);
	if (expected == NULL)
		return true;
	if (summary->slices == NULL)
		return error_set(error, ERROR_REPORT,
		    "--expect: a report does not say what it is of: what is missing cannot be "
		    "told");
	if (strspn(expected, "0123456789") == strlen(expected))
		return check_number(strtoull(expected, NULL, 10), summary, error);
	file = fopen(expected, "re");
	if (file == NULL)
		return error_set(error, ERROR_USAGE, "--expect: cannot open '%s': %s", expected,
		    strerror(errno));
	right = check_names(file, expected, summary, error);
	(void)fclose(file);
	return right;
}
