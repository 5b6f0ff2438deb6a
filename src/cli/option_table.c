/*
 * Owns the table of options and how each one's argument is checked and stored.
 * Must not know how the command line is cut into options, or what is done
 * with the values.
 */
#include "cli/option_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "report/report.h"

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

struct choice {
	const char *word;
	unsigned value;
};

/* "unknown output 'jsn': did you mean 'json'?", or which words there are. */
static bool choice_unknown(const char *what, const char *value, const char *words,
    const struct choice *choices, size_t count, const char *hint, struct error *error)
{
	const char *near = nearest_find(value, &choices->word, count, sizeof(*choices));

	if (near != NULL)
		return error_set(
		    error, ERROR_USAGE, "unknown %s '%s': did you mean '%s'?", what, value, near);
	return error_set(error, ERROR_USAGE, "unknown %s '%s': %s%s%s", what, value, words,
	    hint == NULL ? "" : "; ", hint == NULL ? "" : hint);
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

static bool store_output(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice forms[] = { { "lines", OUTPUT_LINES }, { "json", OUTPUT_JSON },
		{ "none", OUTPUT_NONE } };
	const struct choice *form = choice_find(value, strlen(value), forms, 3);

	(void)spelled;
	if (form == NULL)
		return choice_unknown("output", value, "it is lines, json or none", forms, 3,
		    option_hint("-o", value), error);
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

static bool report_unknown(const char *value, struct error *error)
{
	const struct report_format *formats;
	const char *near;
	size_t count;

	formats = report_formats(&count);
	near = nearest_find(value, &formats->name, count, sizeof(*formats));
	if (near != NULL)
		return error_set(
		    error, ERROR_USAGE, "unknown report '%s': did you mean '%s'?", value, near);
	return error_set(
	    error, ERROR_USAGE, "no report format for '%s': %s", value, option_hint("-r", value));
}

static bool store_report(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	const char *colon = strchr(value, ':');
	const struct report_format *formats;
	size_t count;

	(void)spelled;
	if (report_format_find(value) != NULL)
		return report_add(options, value, error);
	formats = report_formats(&count);
	for (size_t i = 0; colon != NULL && i < count; i++) {
		size_t length = (size_t)(colon - value);

		if (strlen(formats[i].name) != length ||
		    memcmp(formats[i].name, value, length) != 0)
			continue;
		if (colon[1] == '\0')
			return error_set(error, ERROR_USAGE,
			    "no file behind '%s'; for standard "
			    "output: -r %s",
			    value, formats[i].name);
		return report_add(options, value, error);
	}
	if (report_format_of_file(value) != NULL)
		return report_add(options, value, error);
	return report_unknown(value, error);
}

static bool store_add(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "description", ADD_DESCRIPTION },
		{ "outcome", ADD_OUTCOME }, { "category", ADD_CATEGORY }, { "notes", ADD_NOTES } };
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
			return choice_unknown("word for --add", copy,
			    "there are description, outcome, category and notes", words, 4, NULL,
			    error);
		}
		options->add |= choice->value;
		word += length;
		if (*word++ == '\0')
			return true;
	}
}

static bool store_top(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	unsigned long top = 0;
	size_t digits = strspn(value, "0123456789");

	if (digits > 0 && digits < 9 && value[digits] == '\0')
		top = strtoul(value, NULL, 10);
	if (top < 1 || top > TOP_MAX)
		return error_set(error, ERROR_USAGE, "'%s %s' needs a number from 1 to %lu",
		    spelled, value, TOP_MAX);
	options->top = (unsigned)top;
	return true;
}

static bool store_jobs(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	unsigned long jobs = 0;
	size_t digits = strspn(value, "0123456789");

	if (digits > 0 && digits < 4 && value[digits] == '\0')
		jobs = strtoul(value, NULL, 10);
	if (jobs < 1 || jobs > JOBS_MAX)
		return error_set(error, ERROR_USAGE, "'%s %s' needs a number from 1 to %lu",
		    spelled, value, JOBS_MAX);
	options->jobs = (unsigned)jobs;
	return true;
}

static bool store_min_responses(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || digits > 15 || value[digits] != '\0')
		return error_set(error, ERROR_USAGE, "'%s %s' needs a number", spelled, value);
	options->min_responses = strtoul(value, NULL, 10);
	return true;
}

static bool store_keep(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || digits > 5 || value[digits] != '\0' || strtoul(value, NULL, 10) == 0)
		return error_set(error, ERROR_USAGE, "'%s %s' needs a number of days from 1 to %d",
		    spelled, value, 99999);
	options->keep_days = strtoul(value, NULL, 10);
	return true;
}

static bool store_lines(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	size_t sign = value[0] == '+' || value[0] == '-';
	size_t digits = strspn(value + sign, "0123456789");

	if (digits == 0 || digits > 15 || value[sign + digits] != '\0')
		return error_set(error, ERROR_USAGE, "'%s %s' needs a number of lines; %s", spelled,
		    value, option_hint("-n", value));
	options->lines.is_asked = true;
	options->lines.is_number = value[0] == '+';
	options->lines.count = strtoul(value + sign, NULL, 10);
	return true;
}

static bool store_color(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS },
		{ "never", COLOR_NEVER } };
	const struct choice *when;

	(void)spelled;
	if (value == NULL) {
		options->color = COLOR_ALWAYS;
		return true;
	}
	when = choice_find(value, strlen(value), words, 3);
	if (when == NULL)
		return choice_unknown("word for --color", value, "it is auto, always or never",
		    words, 3, NULL, error);
	options->color = (enum color_when)when->value;
	return true;
}

static bool store_lang(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "en", LANGUAGE_EN }, { "zh", LANGUAGE_ZH } };
	const struct choice *language = choice_find(value, strlen(value), words, 2);

	(void)spelled;
	if (language == NULL)
		return choice_unknown("language", value, "it is en or zh", words, 2, NULL, error);
	options->language = (enum options_language)language->value;
	return true;
}

static bool store_trust(
    struct options *options, const char *spelled, const char *value, struct error *error)
{
	static const struct choice words[] = { { "normal", OPTION_TRUST_NORMAL },
		{ "strict", OPTION_TRUST_STRICT }, { "all", OPTION_TRUST_ALL } };
	const struct choice *trust = choice_find(value, strlen(value), words, 3);

	(void)spelled;
	if (trust == NULL)
		return choice_unknown("word for --trust", value, "it is normal, strict or all",
		    words, 3, NULL, error);
	options->trust = (enum options_trust)trust->value;
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
STORE_TEXT(by)
STORE_TEXT(baseline)
STORE_TEXT(label)
STORE_TEXT(every)
STORE_TEXT(db)
STORE_LIST(rotated)
STORE_VALUE(follow, follow, true)
STORE_VALUE(wait, wait, true)
STORE_VALUE(dry_run, dry_run, true)
STORE_VALUE(new_epoch, new_epoch, true)
STORE_VALUE(from_now, from_now, true)
STORE_LIST(warnings)
STORE_LIST(criticals)
STORE_VALUE(quiet_if_ok, quiet_if_ok, true)
STORE_VALUE(merge, merge, true)
STORE_TEXT(only)
STORE_TEXT(errors)
STORE_TEXT(where)
STORE_LIST(keys)
STORE_LIST(patterns)
STORE_LIST(catalogs)
STORE_VALUE(quiet, quiet, true)
STORE_VALUE(verbose, verbose, true)
STORE_VALUE(explain, action, ACTION_EXPLAIN)
STORE_VALUE(version, action, ACTION_VERSION)
STORE_VALUE(help, action, ACTION_HELP)

static const struct option_row rows[] = {
	{ 'o', "output", "FORM", GROUP_PRINT, "lines (default), json: an object per code, or none",
	    store_output },
	{ 's', "summary", NULL, GROUP_PRINT, "in place of lines, the text report: -r text",
	    store_summary },
	{ 'r', "report", "WHAT", GROUP_PRINT,
	    "in place of lines: text json csv markdown html\n"
	    "prometheus; or into FILE.html, FORMAT:FILE",
	    store_report },
	{ 0, "only", "LIST", GROUP_PRINT,
	    "only lines with outcomes, categories, codes, error,\n"
	    "unlisted, all; a - takes out: --only=error,-9003",
	    store_only },
	{ 0, "errors", "LIST", GROUP_PRINT, "what counts as an error, in the same words",
	    store_errors },
	{ 0, "add", "LIST", GROUP_PRINT,
	    "of description, outcome, category, notes: to lines",
	    store_add },
	{ 0, "top", "N", GROUP_PRINT, "rows per list in a report (default 20)", store_top },
	{ 'F', "follow", NULL, GROUP_PRINT, "go on with what comes, as tail -F: across rotation",
	    store_follow },
	{ 'n', "lines", "N", GROUP_PRINT, "with -F: from N lines back on (default 10); +1: all",
	    store_lines },
	{ 'q', "quiet", NULL, GROUP_PRINT, "no totals at the end", store_quiet },
	{ 'k', "key", "[+]NAME,...", GROUP_FIND,
	    "names before a code, instead of the usual; + besides",
	    store_keys },
	{ 'e', "regexp", "PATTERN", GROUP_FIND, "PCRE2 with a group named code, in place of keys",
	    store_patterns },
	{ 0, "where", "PATTERN", GROUP_FIND, "only codes in lines that match", store_where },
	{ 0, "trust", "WORD", GROUP_FIND,
	    "normal (not those like other systems'), strict, all",
	    store_trust },
	{ 'c', "catalog", "FILE", GROUP_FIND, "more codes: lines of code, TAB, description",
	    store_catalogs },
	{ 0, "explain", NULL, GROUP_FIND, "look up the codes or words given; without, list all",
	    store_explain },
	{ 0, "since", "TIME", GROUP_TIME,
	    "yesterday, 03:14, 2h (ago), 2026-11-22; with -d: last",
	    store_since },
	{ 0, "until", "TIME", GROUP_TIME, "up to, not including it", store_until },
	{ 0, "bucket", "LENGTH", GROUP_TIME, "count also by 1m, 15m, 1h, 1d", store_bucket },
	{ 0, "tz", "ZONE", GROUP_TIME, "of stamps without one and of days (default: local)",
	    store_zone },
	{ 0, "time-format", "FORMAT", GROUP_TIME, "a log's own stamp, as in strptime",
	    store_time_format },
	{ 'g', "by", "FIELD", GROUP_TIME,
	    "count also by field, path, file, label, group of -e",
	    store_by },
	{ 'w', "warning", "[LIST:]LIMIT", GROUP_NIGHT,
	    "exit 1 from 2% of responses or account:1 hits on",
	    store_warnings },
	{ 0, "critical", "[LIST:]LIMIT", GROUP_NIGHT, "the same, exit 2", store_criticals },
	{ 0, "min-responses", "N", GROUP_NIGHT, "fewer are too few for % (default 30)",
	    store_min_responses },
	{ 0, "baseline", "WHAT", GROUP_NIGHT,
	    "compare with a JSON report; with -d also 7d before", store_baseline },
	{ 0, "quiet-if-ok", NULL, GROUP_NIGHT, "say nothing if nothing is crossed, new or lost",
	    store_quiet_if_ok },
	{ 0, "every", "LENGTH", GROUP_NIGHT, "totals of each 10s, 5m on standard error",
	    store_every },
	{ 'd', "db", "FILE", GROUP_NIGHT,
	    "count only what is new in the logs since; with:",
	    store_db },
	{ 0, "dry-run", NULL, GROUP_NIGHT, NULL, store_dry_run },
	{ 0, "wait", NULL, GROUP_NIGHT, NULL, store_wait },
	{ 0, "from-now", NULL, GROUP_NIGHT, NULL, store_from_now },
	{ 0, "new-epoch", NULL, GROUP_NIGHT, NULL, store_new_epoch },
	{ 0, "keep", "DAYS", GROUP_NIGHT, NULL, store_keep },
	{ 0, "rotated", "GLOB", GROUP_NIGHT, NULL, store_rotated },
	{ 0, "merge", NULL, GROUP_NIGHT, "the files are JSON reports: add them up", store_merge },
	{ 0, "label", "NAME", GROUP_NIGHT, "stands in reports (default: the host's name)",
	    store_label },
	{ 'j', "jobs", "N", GROUP_GENERAL, "threads for files (default: the cores, at most 8)",
	    store_jobs },
	{ 0, "color", "[=WHEN]", GROUP_GENERAL, "auto (default), always (just --color) or never",
	    store_color },
	{ 0, "lang", "LANG", GROUP_GENERAL, "of reports: en or zh (default: as the locale)",
	    store_lang },
	{ 'v', "verbose", NULL, GROUP_GENERAL, "say how the search is done, show codes held back", store_verbose },
	{ 'V', "version", NULL, GROUP_GENERAL, "print the version", store_version },
	{ 'h', "help", NULL, GROUP_GENERAL, "print this help", store_help },
};

char option_also(char letter)
{
	return letter == 'F' ? 'f' : 0; /* both are tail -F */
}

const struct option_row *option_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
