/*
 * Owns the table of options and how each one's argument is checked and stored. Must not know how
 * the command line is cut into options, or what is done with the values.
 *
 * A row names the function that stores the option's argument. Those that only keep it are made by
 * macros; one that takes certain words has a list of them with their values.
 */
#include "cli/option_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "cli/option_hints.h"

#define TOP_MAX 1000000ul
#define JOBS_MAX 64ul

bool options_list_add(struct options_list *list, const char *item, struct error *error)
{
	char **items;

	items = realloc(list->items, (list->count + 1) * sizeof(*items));
	if (items == NULL)
		return error_set_memory(error);
	items[list->count++] = (char *)item; /* as argv has it; nobody writes to it */
	list->items = items;
	return true;
}

bool report_target_read(struct report_target *target, const char *what)
{
	const struct report_format *formats;
	size_t count;

	formats = report_formats(&count);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(formats[i].name);

		if (strncmp(what, formats[i].name, length) != 0 ||
		    (what[length] != '\0' && what[length] != ':'))
			continue;
		target->format = &formats[i];
		target->file = what[length] == ':' ? what + length + 1 : NULL;
		return target->file == NULL || *target->file != '\0';
	}
	target->format = report_format_of_file(what);
	target->file = what;
	return target->format != NULL;
}

struct choice {
	const char *word;
	unsigned value;
};

/* "unknown output 'jsn': did you mean 'json'?", or which words there are. */
static bool choice_unknown(const char *what, const char *value, const char *words,
    const struct choice *choices, size_t count, struct error *error)
{
	const char *near = nearest_find(value, &choices->word, count, sizeof(*choices));

	if (near != NULL)
		return error_set(
		    error, ERROR_USAGE, "unknown %s '%s': did you mean '%s'?", what, value, near);
	return error_set(error, ERROR_USAGE, "unknown %s '%s': %s", what, value, words);
}

static const struct choice *choice_find(
    const char *value, size_t length, const struct choice *choices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(choices[i].word) == length &&
		    memcmp(choices[i].word, value, length) == 0)
			return &choices[i];
	return NULL;
}

/* The word of a value, which has one. */
static const char *word_of(const struct choice *choices, unsigned value)
{
	while (choices->value != value)
		choices++;
	return choices->word;
}

/* The format whose name, suffix or other usual name this is: "csv", ".md", "htm"; or NULL. */
static const char *format_meant(const char *word)
{
	static const char *const others[][2] = { { "txt", "text" }, { "md", "markdown" },
		{ "htm", "html" }, { "prom", "prometheus" } };

	word += word[0] == '.';
	if (report_format_find(word) != NULL)
		return report_format_find(word)->name;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i][0], word) == 0)
			return others[i][1];
	return NULL;
}

/* The endings that tell a report's format: ".txt .json ...". */
static bool hint_endings(const char *before, struct error *error)
{
	char endings[128] = "";
	const struct report_format *formats;
	size_t count;

	formats = report_formats(&count);
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(endings);

		(void)snprintf(endings + used, sizeof(endings) - used, " %s", formats[i].suffix);
	}
	return error_hint(error, "%s%s", before, endings);
}

static const struct choice output_words[] = { { "lines", OUTPUT_LINES }, { "json", OUTPUT_JSON },
	{ "none", OUTPUT_NONE } };

const char *option_output_word(enum output_form form)
{
	return word_of(output_words, form);
}

/* What -o was meant to do in other programs. */
static bool output_unknown(const char *value, struct error *error)
{
	static const char words[] = "it is lines, json or none";
	bool is_json = strncmp(value, "json", 4) == 0; /* lines of it, in any spelling */
	const char *format = is_json ? NULL : format_meant(value);
	bool is_file = strchr(value, '.') != NULL || strchr(value, '/') != NULL;

	if (format == NULL && !is_file && !is_json) {
		(void)choice_unknown("output", value, words, output_words, 3, error);
		return strstr(error->text, "did you mean") == NULL
		           ? error_hint(error, "to print only some lines: --only LIST")
		           : false;
	}
	(void)error_set(error, ERROR_USAGE, "unknown output '%s': %s", value, words);
	if (format != NULL)
		return error_hint(error, "a report: -r %s", format);
	if (!is_file)
		return error_hint(error, "try: -o json");
	if (report_format_of_file(value) != NULL)
		return error_hint(error, "to write a report into a file: -r %s", value);
	return hint_endings("to write a report into a file: -r FILE, which ends in", error);
}

static bool store_output(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	const struct choice *form = choice_find(value, strlen(value), output_words, 3);

	(void)spelled;
	if (form == NULL)
		return output_unknown(value, error);
	options->output = (enum output_form)form->value;
	return true;
}

/* Adds a report, once when it is asked for twice. */
static bool report_add(struct options *options, const char *what, struct error *error)
{
	for (size_t i = 0; i < options->reports.count; i++)
		if (strcmp(options->reports.items[i], what) == 0)
			return true;
	return options_list_add(&options->reports, what, error);
}

static bool store_summary(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	(void)spelled;
	(void)value;
	return report_add(options, "text", error);
}

/* Whether it looks like a file's name, not like a folder's. */
static bool has_ending(const char *name)
{
	const char *slash = strrchr(name, '/'), *base = slash != NULL ? slash + 1 : name;
	const char *dot = strrchr(base, '.');

	return dot != NULL && dot > base && dot[1] != '\0';
}

static bool report_unknown(const char *value, struct error *error)
{
	static const char *const elsewhere[] = { "-", "stdout", "pdf", "xml", "yaml", "yml", "tsv",
		"xls", "xlsx", "excel", "doc", "docx", "table", "summary", "ndjson" };
	const struct report_format *formats;
	const char *near;
	size_t count;

	formats = report_formats(&count);
	near = nearest_find(value, &formats->name, count, sizeof(*formats));
	if (near != NULL && format_meant(value) == NULL)
		return error_set(
		    error, ERROR_USAGE, "unknown report '%s': did you mean '%s'?", value, near);
	(void)error_set(error, ERROR_USAGE, "no report format for '%s'", value);
	if (format_meant(value) != NULL)
		return error_hint(error, "try: -r %s", format_meant(value));
	if (has_ending(value))
		return hint_endings("a report's format is in its file's ending:", error);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strcasecmp(value, elsewhere[i]) == 0)
			return error_hint(error, "it is text, json, jsonl, csv, markdown, html "
			                         "or prometheus; on standard output, or "
			                         "into a file: FORMAT:FILE");
	return error_hint(error, "%s", option_hint("-r", value));
}

static bool store_report(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	struct report_target target;

	(void)spelled;
	if (report_target_read(&target, value))
		return report_add(options, value, error);
	if (target.format == NULL)
		return report_unknown(value, error);
	return error_set(error, ERROR_USAGE, "no file behind '%s'; for standard output: -r %s",
	    value, target.format->name);
}

static bool store_add(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "description", ANNOTATION_DESCRIPTION },
		{ "outcome", ANNOTATION_OUTCOME }, { "category", ANNOTATION_CATEGORY },
		{ "notes", ANNOTATION_NOTES } };
	const char *word = value;
	char copy[32];

	options->add = 0;
	for (;;) {
		size_t length = strcspn(word, ",");
		const struct choice *choice = choice_find(word, length, words, 4);

		if (choice == NULL) {
			if (length >= sizeof(copy))
				length = sizeof(copy) - 1;
			memcpy(copy, word, length);
			copy[length] = '\0';
			if (length == 0)
				return error_set(
				    error, ERROR_USAGE, "empty word in '%s %s'", spelled, value);
			(void)choice_unknown("word for --add", copy,
			    "there are description, outcome, category and notes", words, 4, error);
			return strcmp(copy, "all") == 0
			           ? error_hint(
			                 error, "try: --add description,outcome,category,notes")
			           : false;
		}
		options->add |= choice->value;
		word += length;
		if (*word++ == '\0')
			return true;
	}
}

/* Reads a number of so many digits at most; false: it is none. */
static bool read_number(const char *value, size_t digits_max, unsigned long *number)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || digits > digits_max || value[digits] != '\0')
		return false;
	*number = strtoul(value, NULL, 10);
	return true;
}

static bool store_top(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	unsigned long top;

	if (!read_number(value, 8, &top) || top < 1 || top > TOP_MAX) {
		(void)error_set(error, ERROR_USAGE, "'%s %s' needs a number from 1 to %lu", spelled,
		    value, TOP_MAX);
		return error_hint(error, "all rows: --top %lu; all counts: -r csv", TOP_MAX);
	}
	options->top = (unsigned)top;
	return true;
}

static bool store_jobs(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	unsigned long jobs;

	if (!read_number(value, 3, &jobs) || jobs < 1 || jobs > JOBS_MAX) {
		(void)error_set(error, ERROR_USAGE, "'%s %s' needs a number from 1 to %lu", spelled,
		    value, JOBS_MAX);
		return error_hint(error, "as many as there are cores: leave it out");
	}
	options->jobs = (unsigned)jobs;
	return true;
}

static bool store_min_responses(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	return read_number(value, 15, &options->min_responses) ||
	       error_set(error, ERROR_USAGE, "'%s %s' needs a number", spelled, value);
}

static bool store_keep(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	return (read_number(value, 5, &options->keep_days) && options->keep_days > 0) ||
	       error_set(error, ERROR_USAGE, "'%s %s' needs a number of days from 1 to %d", spelled,
	           value, 99999);
}

static bool store_lines(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	bool is_signed = value[0] == '+' || value[0] == '-';

	if (!read_number(value + is_signed, 15, &options->lines.count)) {
		(void)error_set(
		    error, ERROR_USAGE, "'%s %s' needs a number of lines", spelled, value);
		return error_hint(error, "%s", option_hint("-n", value));
	}
	options->lines.is_asked = true;
	options->lines.is_number = value[0] == '+';
	return true;
}

/* The first three are named; the others are what ls and grep take, too. */
static const struct choice color_words[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER }, { "tty", COLOR_AUTO }, { "if-tty", COLOR_AUTO },
	{ "yes", COLOR_ALWAYS }, { "force", COLOR_ALWAYS }, { "no", COLOR_NEVER },
	{ "none", COLOR_NEVER } };

enum { COLOR_NAMED = 3, COLOR_WORDS = sizeof(color_words) / sizeof(color_words[0]) };

static bool store_color(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	const struct choice *when;

	(void)spelled;
	if (value == NULL) {
		options->color = COLOR_ALWAYS;
		return true;
	}
	when = choice_find(value, strlen(value), color_words, COLOR_WORDS);
	if (when == NULL)
		return choice_unknown("word for --color", value, "it is auto, always or never",
		    color_words, COLOR_NAMED, error);
	options->color = (enum color_when)when->value;
	return true;
}

static bool store_lang(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "en", LANGUAGE_EN }, { "zh", LANGUAGE_ZH } };
	/* zh_CN.UTF-8 and en-GB are what other programs call them */
	const struct choice *language = choice_find(value, strcspn(value, "_-.@"), words, 2);

	(void)spelled;
	if (language == NULL) {
		bool is_chinese = strncasecmp(value, "ch", 2) == 0 || strcasecmp(value, "cn") == 0;

		(void)error_set(error, ERROR_USAGE, "unknown language '%s': it is en or zh", value);
		return error_hint(error, "try: --lang %s", is_chinese ? "zh" : "en");
	}
	options->language = (enum options_language)language->value;
	return true;
}

static const struct choice trust_words[] = { { "normal", TRUST_NORMAL }, { "strict", TRUST_STRICT },
	{ "all", TRUST_ALL } };

const char *option_trust_word(enum trust trust)
{
	return word_of(trust_words, trust);
}

static bool store_trust(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	const struct choice *trust = choice_find(value, strlen(value), trust_words, 3);

	(void)spelled;
	if (trust == NULL)
		return choice_unknown("word for --trust", value, "it is normal, strict or all",
		    trust_words, 3, error);
	options->trust = (enum trust)trust->value;
	return true;
}

/* Options that only keep their argument. */
#define STORE_TEXT(field) \
	static bool store_##field( \
	    struct options *options, const char *spelled, const char *value, struct error *error) \
	{ \
		(void)spelled; \
		(void)error; \
		options->field = value; \
		return true; \
	}
#define STORE_LIST(field) \
	static bool store_##field( \
	    struct options *options, const char *spelled, const char *value, struct error *error) \
	{ \
		(void)spelled; \
		return options_list_add(&options->field, value, error); \
	}
#define STORE_VALUE(function, field, constant) \
	static bool store_##function( \
	    struct options *options, const char *spelled, const char *value, struct error *error) \
	{ \
		(void)spelled; \
		(void)value; \
		(void)error; \
		options->field = constant; \
		return true; \
	}

STORE_TEXT(since)
STORE_TEXT(until)
STORE_TEXT(bucket)
STORE_TEXT(zone)
STORE_TEXT(time_format)
STORE_LIST(time_keys)
STORE_TEXT(baseline)
STORE_TEXT(label)
STORE_TEXT(expected)
STORE_TEXT(every)
STORE_TEXT(db)
STORE_LIST(rotated)
STORE_VALUE(follow, follow, true)
STORE_VALUE(wait, wait, true)
STORE_VALUE(dry_run, dry_run, true)
STORE_VALUE(new_epoch, new_epoch, true)
STORE_VALUE(from_now, from_now, true)
STORE_VALUE(accept, accept, true)
STORE_LIST(warnings)
STORE_LIST(criticals)
STORE_VALUE(quiet_if_ok, quiet_if_ok, true)
STORE_VALUE(merge, merge, true)
STORE_TEXT(only)
STORE_TEXT(errors)
STORE_LIST(keys)
STORE_LIST(patterns)
STORE_LIST(catalogs)
STORE_VALUE(quiet, quiet, true)
STORE_VALUE(verbose, verbose, true)
STORE_VALUE(explain, action, ACTION_EXPLAIN)
STORE_VALUE(version, action, ACTION_VERSION)
STORE_VALUE(help, action, ACTION_HELP)

/* What could be given more than once elsewhere is here only one: nothing is dropped unsaid. */
static bool check_once(const char *spelled, const char *before, const char *value,
    const char *instead, struct error *error)
{
	if (before == NULL || strcmp(before, value) == 0)
		return true;
	(void)error_set(
	    error, ERROR_USAGE, "%s stands twice: '%s' and '%s'", spelled, before, value);
	return error_hint(error, "%s", instead);
}

static bool store_by(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const char instead[] = "a run counts by one field: one run for each";

	if (!check_once(spelled, options->by, value, instead, error))
		return false;
	if (strchr(value, ',') != NULL) {
		(void)error_set(error, ERROR_USAGE, "'%s %s' needs one field", spelled, value);
		return error_hint(error, "%s", instead);
	}
	options->by = value;
	return true;
}

static bool store_where(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	if (!check_once(spelled, options->where, value,
	        "one pattern for both: --where 'A|B'; lines with A and B: --where 'A.*B'", error))
		return false;
	options->where = value;
	return true;
}

static const struct option_row rows[] = {
	{ 'o', "output", "FORM", GROUP_PRINT, "lines (default), json: an object per code, or none",
	    store_output },
	{ 's', "summary", NULL, GROUP_PRINT, "in place of lines, the text report: -r text",
	    store_summary },
	{ 'r', "report", "WHAT", GROUP_PRINT,
	    "in place of lines: text json jsonl csv markdown\n"
	    "html prometheus; or into FILE.html, FORMAT:FILE",
	    store_report },
	{ 0, "only", "LIST", GROUP_PRINT,
	    "only lines with outcomes, categories, codes, error,\n"
	    "unlisted, all; a - takes out: --only=error,-9003",
	    store_only },
	{ 0, "errors", "LIST", GROUP_PRINT, "what counts as an error, in the same words",
	    store_errors },
	{ 0, "add", "LIST", GROUP_PRINT, "of description, outcome, category, notes: to lines",
	    store_add },
	{ 0, "top", "N", GROUP_PRINT, "rows per list in a report (default 20)", store_top },
	{ 'F', "follow", NULL, GROUP_PRINT, "go on with what comes, as tail -F: across rotation",
	    store_follow },
	{ 'n', "lines", "N", GROUP_PRINT, "with -F: from N lines back on (default 10); +1: all",
	    store_lines },
	{ 'q', "quiet", NULL, GROUP_PRINT, "no totals at the end", store_quiet },
	{ 'k', "key", "[+]NAME,...", GROUP_FIND,
	    "names before a code, instead of the usual; + besides", store_keys },
	{ 'e', "regexp", "PATTERN", GROUP_FIND, "PCRE2 with a group named code, in place of keys",
	    store_patterns },
	{ 0, "where", "PATTERN", GROUP_FIND, "only codes in lines that match", store_where },
	{ 0, "trust", "WORD", GROUP_FIND, "normal (not those like other systems'), strict, all",
	    store_trust },
	{ 'c', "catalog", "FILE", GROUP_FIND, "more codes: lines of code, TAB, description",
	    store_catalogs },
	{ 0, "explain", NULL, GROUP_FIND, "look up the codes or words given; without, list all",
	    store_explain },
	{ 0, "since", "TIME", GROUP_TIME, "yesterday, 03:14, 2h (ago), 2026-11-22; with -d: last",
	    store_since },
	{ 0, "until", "TIME", GROUP_TIME, "up to, not including it", store_until },
	{ 0, "bucket", "LENGTH", GROUP_TIME, "count also by 1m, 15m, 1h, 1d", store_bucket },
	{ 0, "tz", "ZONE", GROUP_TIME,
	    "of stamps without one (default: local); a log's own:", store_zone },
	{ 0, "time-format", "FORMAT", GROUP_TIME, NULL, store_time_format },
	{ 0, "time-key", "NAME", GROUP_TIME, NULL, store_time_keys },
	{ 'g', "by", "FIELD", GROUP_TIME, "count also by field, path, file, label, group of -e",
	    store_by },
	{ 'w', "warning", "[LIST:]LIMIT", GROUP_NIGHT,
	    "exit 1 from 2% of responses or account:1 hits on", store_warnings },
	{ 0, "critical", "[LIST:]LIMIT", GROUP_NIGHT, "the same, exit 2", store_criticals },
	{ 0, "min-responses", "N", GROUP_NIGHT, "fewer are too few for % (default 30)",
	    store_min_responses },
	{ 0, "baseline", "WHAT", GROUP_NIGHT, "compare with a JSON report; with -d also 7d before",
	    store_baseline },
	{ 0, "quiet-if-ok", NULL, GROUP_NIGHT, "say nothing if nothing is crossed, new or lost",
	    store_quiet_if_ok },
	{ 0, "every", "LENGTH", GROUP_NIGHT, "totals of each 10s, 5m on standard error",
	    store_every },
	{ 'd', "db", "FILE", GROUP_NIGHT,
	    "count only what is new in the logs since; with:", store_db },
	{ 0, "dry-run", NULL, GROUP_NIGHT, NULL, store_dry_run },
	{ 0, "wait", NULL, GROUP_NIGHT, NULL, store_wait },
	{ 0, "from-now", NULL, GROUP_NIGHT, NULL, store_from_now },
	{ 0, "new-epoch", NULL, GROUP_NIGHT, NULL, store_new_epoch },
	{ 0, "accept", NULL, GROUP_NIGHT, NULL, store_accept },
	{ 0, "keep", "N", GROUP_NIGHT, NULL, store_keep },
	{ 0, "rotated", "GLOB", GROUP_NIGHT, NULL, store_rotated },
	{ 0, "merge", NULL, GROUP_NIGHT, "the files are JSON reports: add them up", store_merge },
	{ 0, "expect", "N|FILE", GROUP_NIGHT, NULL, store_expected },
	{ 0, "label", "NAME", GROUP_NIGHT, NULL, store_label },
	{ 'j', "jobs", "N", GROUP_GENERAL, "threads for files (default: the cores, at most 8)",
	    store_jobs },
	{ 0, "color", "[=WHEN]", GROUP_GENERAL, "auto (default), always (just --color) or never",
	    store_color },
	{ 0, "lang", "LANG", GROUP_GENERAL, "of reports: en or zh (default: as the locale)",
	    store_lang },
	{ 'v', "verbose", NULL, GROUP_GENERAL, "say how the search is done, show codes held back",
	    store_verbose },
	{ 'V', "version", NULL, GROUP_GENERAL, "print the version", store_version },
	{ 'h', "help", NULL, GROUP_GENERAL, "print this help", store_help },
};

bool option_takes_word(const struct option_row *row, const char *word)
{
	return row->store == store_color &&
	       choice_find(word, strlen(word), color_words, COLOR_NAMED) != NULL;
}

char option_also(char letter)
{
	return letter == 'F' ? 'f' : 0; /* both are tail -F */
}

const struct option_row *option_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
