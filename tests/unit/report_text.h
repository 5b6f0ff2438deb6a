#ifndef JGANNOTATE_TESTS_REPORT_TEXT_H
#define JGANNOTATE_TESTS_REPORT_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "report/report.h"
#include "report/report_reader.h"

/* The JSON report of a summary, to be freed. */
static inline char *report_text_of(const struct summary *summary)
{
	const struct report_style style = { .width = 80, .utf8 = true, .top = 20 };
	struct strbuf text = STRBUF_INIT;

	report_json(&text, summary, &style);
	if (text.failed || text.len == 0)
		abort();
	return text.data;
}

/* `text` with the first `old` replaced by `new`; the test is wrong where it is not there. */
static inline char *report_text_replace(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	struct strbuf out = STRBUF_INIT;

	if (at == NULL)
		abort();
	strbuf_add(&out, text, (size_t)(at - text));
	strbuf_add_text(&out, new);
	strbuf_add_text(&out, at + strlen(old));
	if (out.failed)
		abort();
	return out.data;
}

/* The report of a summary, read back. */
static inline struct summary *report_of(const char *name, const struct summary *summary)
{
	struct error error = ERROR_INIT;
	char *text = report_text_of(summary);
	struct summary *file = report_parse(name, text, strlen(text), NULL, &error);

	free(text);
	if (file == NULL)
		print_error("%s\n", error.text);
	return file;
}

#endif
