/*
 * Owns the table of report formats, by which options and file names find them. Must not know how
 * any of them looks.
 */
#include "report/report.h"

#include <string.h>

static const struct report_format formats[] = {
	{ "text", ".txt", true, false, report_text },
	{ "json", ".json", false, true, report_json },
	{ "jsonl", ".jsonl", false, true, report_jsonl },
	{ "csv", ".csv", false, false, report_csv },
	{ "markdown", ".md", false, false, report_markdown },
	{ "html", ".html", false, false, report_html },
	{ "prometheus", ".prom", false, false, report_prometheus },
};

const struct report_format *report_formats(size_t *count)
{
	*count = sizeof(formats) / sizeof(formats[0]);
	return formats;
}

const struct report_format *report_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const struct report_format *report_format_of_file(const char *file)
{
	size_t length = strlen(file);

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		size_t suffix = strlen(formats[i].suffix);

		if (length > suffix && strcmp(file + length - suffix, formats[i].suffix) == 0)
			return &formats[i];
	}
	return NULL;
}
