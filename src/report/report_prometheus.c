/*
 * Owns the figures of one run, or running totals, in Prometheus' text format, for a textfile
 * collector. HELP and TYPE are the same whatever was found, and so are the
 * series of the catalog, so that nothing disappears between two nights. Must not
 * know who scrapes them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "report/report.h"

/* What is told: the run's figures as gauges, or totals that only grow as counters. */
struct figures {
	struct summary_total *codes;
	size_t code_count;
	uint64_t classes[HIT_CLASS_COUNT];
	uint64_t lines, bytes;
};

struct exposition {
	struct strbuf *out;
	const struct summary *summary;
	const struct report_style *style;
	bool is_total;
	struct figures figures;
};

/* ---- the format ---- */

static void name_add(const struct exposition *exposition, const char *name, bool is_gauge)
{
	strbuf_add_format(exposition->out, "jgannotate_%s%s%s", exposition->is_total ? "" : "run_",
	    name, exposition->is_total && !is_gauge ? "_total" : "");
}

static void family_begin(
    const struct exposition *exposition, const char *name, const char *help, bool is_gauge)
{
	strbuf_add_text(exposition->out, "# HELP ");
	name_add(exposition, name, is_gauge);
	strbuf_add_format(exposition->out, " %s\n# TYPE ", help);
	name_add(exposition, name, is_gauge);
	strbuf_add_text(
	    exposition->out, exposition->is_total && !is_gauge ? " counter\n" : " gauge\n");
}

/* A label behind the first one, `log`. */
static void label_add(struct strbuf *out, const char *name, const char *value)
{
	strbuf_add_format(out, ",%s=\"", name);
	escape_prometheus(out, value, strlen(value));
	strbuf_add_char(out, '"');
}

/* A series' name and its first label; what follows ends it with series_end. */
static void series_begin(const struct exposition *exposition, const char *name, bool is_gauge)
{
	const char *log = exposition->summary->label != NULL ? exposition->summary->label : "";

	name_add(exposition, name, is_gauge);
	strbuf_add_text(exposition->out, "{log=\"");
	escape_prometheus(exposition->out, log, strlen(log));
	strbuf_add_char(exposition->out, '"');
}

static void series_end(const struct exposition *exposition, uint64_t value)
{
	strbuf_add_format(exposition->out, "} %" PRIu64 "\n", value);
}

static void count_add(
    const struct exposition *exposition, const char *name, const char *help, uint64_t value)
{
	family_begin(exposition, name, help, false);
	series_begin(exposition, name, false);
	series_end(exposition, value);
}

/* A time as seconds; the family stands there without a sample where it is not known. */
static void time_add(
    const struct exposition *exposition, const char *name, const char *help, int64_t time)
{
	family_begin(exposition, name, help, true);
	if (time == SUMMARY_NO_TIME)
		return;
	series_begin(exposition, name, true);
	strbuf_add_format(exposition->out, "} %" PRId64 ".%03d\n", time / 1000, (int)(time % 1000));
}

/* ---- codes ---- */

static bool is_error(const struct exposition *exposition, const struct catalog_entry *entry)
{
	const struct selection *errors = exposition->style->errors;

	return errors != NULL ? selection_has(errors, entry)
	                      : outcome_info(entry->outcome)->is_error;
}

static void code_add(const struct exposition *exposition, const struct catalog_entry *entry,
    bool is_error, uint64_t count)
{
	series_begin(exposition, "hits", false);
	strbuf_add_format(exposition->out, ",code=\"%" PRIu32 "\"", entry->code);
	label_add(exposition->out, "category", entry->category);
	label_add(exposition->out, "outcome", outcome_info(entry->outcome)->name);
	label_add(exposition->out, "error", is_error ? "true" : "false");
	series_end(exposition, count);
}

/* The codes of the catalog that are not marked in `seen`, by entry id. */
static void absent_add(const struct exposition *exposition, const bool *seen)
{
	const struct catalog *catalog = exposition->style->catalog;

	for (size_t i = 0; i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		if (!seen[i])
			code_add(exposition, entry, is_error(exposition, entry), 0);
	}
}

/* Every code that occurred, then every other one of the catalog at 0. */
static void codes_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct figures *figures = &exposition->figures;
	const struct catalog *catalog = exposition->style->catalog;
	bool *seen = calloc(catalog != NULL ? catalog_size(catalog) + 1 : 1, sizeof(*seen));

	if (seen == NULL) {
		exposition->out->failed = true;
		return;
	}
	family_begin(exposition, "hits",
	    exposition->is_total ? "Responses by code." : "Responses of the run by code.", false);
	for (size_t i = 0; i < figures->code_count; i++) {
		const struct summary_total *row = &figures->codes[i];
		const struct catalog_entry *entry =
		    catalog != NULL ? catalog_find(catalog, row->entry->code) : NULL;

		code_add(exposition, row->entry,
		    exposition->is_total ? is_error(exposition, row->entry)
		                         : summary->codes[i].is_error,
		    row->count);
		if (entry != NULL)
			seen[entry->id] = true;
	}
	if (catalog != NULL)
		absent_add(exposition, seen);
	free(seen);
}

/* How many hits count as what. */
static void classes_add(const struct exposition *exposition)
{
	family_begin(exposition, "codes",
	    exposition->is_total ? "Codes found, by what they count as."
	                         : "Codes found by the run, by what they count as.",
	    false);
	for (unsigned i = 0; i < HIT_CLASS_COUNT; i++) {
		series_begin(exposition, "codes", false);
		label_add(exposition->out, "counts_as", hit_class_name((enum hit_class)i));
		series_end(exposition, exposition->figures.classes[i]);
	}
}

/* ---- a run ---- */

/* The family stands there without a sample where lines are not known. */
static void known_add(
    const struct exposition *exposition, const char *name, const char *help, uint64_t value)
{
	if (exposition->summary->lines_unknown)
		family_begin(exposition, name, help, false);
	else
		count_add(exposition, name, help, value);
}

static void trouble_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct {
		const char *kind;
		uint64_t count;
	} rows[] = {
		{ "long_lines", summary->trouble.long_lines },
		{ "regex_limits", summary->trouble.regex_limits },
		{ "not_a_code", summary->trouble.not_a_code },
		{ "unreadable_files", summary->trouble.unreadable_files },
		{ "damaged_files", summary->trouble.damaged_files },
	};

	family_begin(
	    exposition, "trouble", "What the run could not read or search in full.", false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		series_begin(exposition, "trouble", false);
		label_add(exposition->out, "kind", rows[i].kind);
		series_end(exposition, rows[i].count);
	}
}

static void run_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;

	count_add(exposition, "responses", "Responses of the run: all that the error rate is of.",
	    summary->hits[HIT_RESPONSE]);
	count_add(exposition, "errors", "Responses of the run that are errors.", summary->errors);
	codes_add(exposition);
	classes_add(exposition);
	known_add(exposition, "lines", "Lines that the run read.", summary->lines);
	known_add(exposition, "bytes", "Bytes that the run read, unpacked.", summary->bytes);
	trouble_add(exposition);
	time_add(exposition, "first_timestamp_seconds", "Time of the first line that has one.",
	    summary->first);
	time_add(exposition, "last_timestamp_seconds", "Time of the last line that has one.",
	    summary->last);
}

/* The figures of the summary, in the form of totals; codes are the caller's to free. */
static bool run_figures(struct figures *figures, const struct summary *summary)
{
	figures->codes = calloc(summary->code_count + 1, sizeof(*figures->codes));
	if (figures->codes == NULL)
		return false;
	for (size_t i = 0; i < summary->code_count; i++)
		figures->codes[figures->code_count++] =
		    (struct summary_total){ summary->codes[i].entry, summary->codes[i].count };
	memcpy(figures->classes, summary->hits, sizeof(figures->classes));
	figures->lines = summary->lines;
	figures->bytes = summary->bytes;
	return true;
}

/* ---- totals ---- */

static void totals_add(const struct exposition *exposition)
{
	codes_add(exposition);
	classes_add(exposition);
	count_add(exposition, "lines", "Lines read.", exposition->figures.lines);
	count_add(exposition, "bytes", "Bytes read, unpacked.", exposition->figures.bytes);
}

static void database_add(struct exposition *exposition, const struct summary_totals *totals)
{
	exposition->is_total = true;
	exposition->figures = (struct figures){ .codes = totals->codes,
		.code_count = totals->code_count,
		.lines = totals->lines,
		.bytes = totals->bytes };
	memcpy(exposition->figures.classes, totals->classes, sizeof(totals->classes));
	totals_add(exposition);
	count_add(exposition, "runs", "Runs that took lines into the database.", totals->runs);
	count_add(
	    exposition, "gaps", "Stretches of logs lost before they were read.", totals->gaps);
	time_add(exposition, "last_run_timestamp_seconds",
	    "When the last run took lines into the database.", totals->last_run);
}

void report_prometheus(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct exposition exposition = { .out = out, .summary = summary, .style = style };

	if (summary->history != NULL && !summary->history->is_merged) {
		database_add(&exposition, &summary->history->totals);
		return;
	}
	if (!run_figures(&exposition.figures, summary)) {
		out->failed = true;
		return;
	}
	exposition.is_total = style->is_running;
	if (style->is_running)
		totals_add(&exposition);
	else
		run_add(&exposition);
	free(exposition.figures.codes);
}
