/*
 * Owns how the command line is cut into options and operands, as GNU tools do it, and which options
 * contradict each other. Must not open or build anything.
 *
 * Words are taken one after the other: an option is looked up in the table, and its row stores its
 * argument. What contradicts is looked for at the end, over all that was given.
 */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "cli/option_hints.h"
#include "cli/option_table.h"
#include "report/verdict.h"

#define TOP_DEFAULT 20

/* The words that are left to read. */
struct words {
	char **at, **end;
};

static bool takes_value(const struct option_row *row)
{
	return row->argument != NULL && strncmp(row->argument, "[=", 2) != 0;
}

static const struct option_row *find_letter(char letter)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	for (size_t i = 0; i < count; i++)
		if (rows[i].letter == letter || option_also(rows[i].letter) == letter)
			return &rows[i];
	return NULL;
}

/* "unknown option '-i'", and below it: "keys are found in any case already, leave it out" */
static bool option_unknown(const char *spelled, const char *value, struct error *error)
{
	const char *hint = option_hint(spelled, value);
	const struct option_row *rows;
	const char *near;
	size_t count;

	if (hint != NULL) {
		(void)error_set(error, ERROR_USAGE, "unknown option '%s'", spelled);
		return error_hint(error, "%s", hint);
	}
	rows = option_rows(&count);
	near = strncmp(spelled, "--", 2) != 0
	           ? NULL
	           : nearest_find(spelled + 2, &rows->name, count, sizeof(*rows));
	if (near != NULL)
		return error_set(
		    error, ERROR_USAGE, "unknown option '%s': did you mean '--%s'?", spelled, near);
	return error_set(error, ERROR_USAGE, "unknown option '%s'", spelled);
}

/* The row of a long name, also a shortened one; NULL and `error` when there is none. */
static const struct option_row *find_long(
    const char *spelled, const char *value, struct error *error)
{
	const char *name = spelled + 2;
	size_t length = strlen(name), count;
	const struct option_row *rows = option_rows(&count), *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (strncmp(rows[i].name, name, length) != 0)
			continue;
		if (rows[i].name[length] == '\0')
			return &rows[i];
		/* a word of another program is not our word cut short: --from is not --from-now */
		if (option_hint(spelled, value) != NULL)
			continue;
		if (found != NULL) {
			(void)error_set(error, ERROR_USAGE,
			    "option '%s' is ambiguous: '--%s' or '--%s'", spelled, found->name,
			    rows[i].name);
			return NULL;
		}
		found = &rows[i];
	}
	if (found == NULL)
		(void)option_unknown(spelled, value, error);
	return found;
}

static bool store(struct options *options, const struct option_row *row, const char *spelled,
    const char *value, struct words *words, struct error *error)
{
	if (value == NULL && takes_value(row)) {
		if (words->at == words->end)
			return error_set(error, ERROR_USAGE, "option '%s' needs an argument: %s %s",
			    spelled, spelled, row->argument);
		value = *words->at++;
	}
	return row->store(options, spelled, value, error);
}

static bool is_done(const struct options *options)
{
	return options->action == ACTION_HELP || options->action == ACTION_VERSION;
}

/* --name, --name=value, --name value */
static bool parse_long(
    struct options *options, char *word, struct words *words, struct error *error)
{
	const struct option_row *row;
	char *value = strchr(word, '=');
	char spelled[64];
	int length = (int)(value == NULL ? strlen(word) : (size_t)(value - word));

	(void)snprintf(spelled, sizeof(spelled), "%.*s", length, word);
	if (value != NULL)
		value++;
	row = find_long(spelled, value, error);
	if (row == NULL)
		return false;
	(void)snprintf(spelled, sizeof(spelled), "--%s", row->name);
	if (value != NULL && row->argument == NULL) {
		(void)error_set(error, ERROR_USAGE, "option '--%s' takes no argument, got '%s'",
		    row->name, value);
		return error_hint(error, "try: %s", spelled);
	}
	/* the value of --color may be left out; ls and grep take no other spelling */
	if (value == NULL && words->at < words->end && option_takes_word(row, *words->at))
		value = *words->at++;
	return store(options, row, spelled, value, words, error);
}

/* "-json", "-summary": what is wrong may be only that a hyphen is missing. */
static bool hint_long(const char *word, struct error *error)
{
	char spelled[64];
	size_t count;
	const struct option_row *rows = option_rows(&count);
	int length = snprintf(spelled, sizeof(spelled), "-%s", word);
	const char *hint = option_hint(spelled, NULL);

	if (length >= (int)sizeof(spelled) || length < 5)
		return false;
	if (hint != NULL)
		return error_hint(error, "%s", hint);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, spelled + 2) == 0)
			return error_hint(error, "try: %s", spelled);
	return false;
}

/* -q, -qs, -rtext, -r text */
static bool parse_letters(
    struct options *options, char *word, struct words *words, struct error *error)
{
	static char version[] = "--version";

	/* no cluster of ours: -e would not take the rest for a pattern */
	if (strcmp(word, "-version") == 0)
		return parse_long(options, version, words, error);
	for (char *letter = word + 1; *letter != '\0'; letter++) {
		char spelled[] = { '-', *letter, '\0' };
		const struct option_row *row = find_letter(*letter);
		char *rest = letter[1] == '\0' ? NULL : letter + 1;

		if (row == NULL) {
			const char *seen = rest != NULL             ? rest
			                   : words->at < words->end ? *words->at
			                                            : NULL;

			return option_unknown(spelled, seen, error);
		}
		if (takes_value(row))
			return store(options, row, spelled, rest, words, error);
		if (!store(options, row, spelled, NULL, words, error))
			return false;
		if (is_done(options))
			return true;
	}
	return true;
}

/* The file a report goes to, or NULL: standard output. */
static const char *report_file(const char *what)
{
	struct report_target target = { NULL, NULL };

	(void)report_target_read(&target, what);
	return target.file;
}

static bool check_reports(const struct options *options, const char **bare, struct error *error)
{
	const struct options_list *reports = &options->reports;

	*bare = NULL;
	for (size_t i = 0; i < reports->count; i++) {
		const char *what = reports->items[i], *file = report_file(what);

		if (file == NULL && *bare != NULL)
			return error_set(error, ERROR_USAGE,
			    "the reports '%s' and '%s' both go to standard output; one into a "
			    "file: "
			    "-r %s:FILE",
			    *bare, what, what);
		if (file == NULL)
			*bare = what;
		for (size_t j = 0; file != NULL && j < i; j++) {
			const char *other = report_file(reports->items[j]);

			if (other != NULL && strcmp(other, file) == 0)
				return error_set(
				    error, ERROR_USAGE, "two reports into one file '%s'", file);
		}
	}
	return true;
}

bool options_print(const struct options *options)
{
	return options->output == OUTPUT_LINES || options->output == OUTPUT_JSON;
}

bool options_are_chinese(const struct options *options)
{
	return options->language == LANGUAGE_ZH ||
	       (options->language == LANGUAGE_AUTO && terminal_is_chinese());
}

bool options_have_threshold(const struct options *options)
{
	return options->warnings.count + options->criticals.count > 0;
}

/* Whether the report goes to Prometheus, which wants to know of all that it watches. */
static bool is_prometheus(const char *what)
{
	struct report_target target;

	return report_target_read(&target, what) && target.format->write == report_prometheus;
}

bool options_have_reader(const struct options *options)
{
	bool has_reader = options_have_threshold(options);

	for (size_t i = 0; i < options->reports.count && !has_reader; i++)
		has_reader = !is_prometheus(options->reports.items[i]);
	return has_reader;
}

/* Thresholds, baseline, merging: what each of them needs, and does not go with. */
static bool check_goals(const struct options *options, const char *bare, struct error *error)
{
	bool prints = options_print(options);

	if (options_have_threshold(options) && prints)
		return error_set(error, ERROR_USAGE,
		    "a threshold's line and '-o' both go to standard output: leave out '-o'");
	if (options_have_threshold(options) && bare != NULL && strcmp(bare, "text") != 0)
		return error_set(error, ERROR_USAGE,
		    "a threshold's line and the report '%s' both go to standard output; the "
		    "report into a file: -r %s:FILE",
		    bare, bare);
	if (options->quiet_if_ok && !options_have_threshold(options) && options->baseline == NULL)
		return error_set(
		    error, ERROR_USAGE, "--quiet-if-ok needs a threshold (-w 2%%) or --baseline");
	if (options->quiet_if_ok && prints)
		return error_set(
		    error, ERROR_USAGE, "--quiet-if-ok speaks at the end: it does not go with -o");
	if (options->merge && (prints || options->every != NULL))
		return error_set(error, ERROR_USAGE,
		    "--merge reads reports, not a log: it does not go with -o lines, -o json "
		    "or --every");
	if (options->time_format != NULL && options->time_keys.count > 0)
		return error_set(error, ERROR_USAGE,
		    "--time-format looks for a stamp in the whole line: it does not go with "
		    "--time-key");
	if (options->expected != NULL && !options->merge)
		return error_set(
		    error, ERROR_USAGE, "--expect is of merged reports: it goes with --merge");
	if (options->merge && options->operands.count == 0)
		return error_set(error, ERROR_USAGE, "--merge needs the reports: --merge FILE...");
	if (options->merge &&
	    (options->since != NULL || options->until != NULL || options->bucket != NULL))
		return error_set(error, ERROR_USAGE,
		    "--merge adds whole reports: give --since, --until and --bucket where they "
		    "are made");
	if (options->since != NULL && options->db == NULL)
		for (size_t i = 0; i < options->reports.count; i++)
			if (is_prometheus(options->reports.items[i]))
				return error_set(error, ERROR_USAGE,
				    "a Prometheus report is of a whole run: it does not go with "
				    "--since");
	return true;
}

/* Files are followed by name. */
static bool check_follow(struct options *options, struct error *error)
{
	const struct options_list *operands = &options->operands;

	if (options->lines.is_asked && !options->follow) {
		(void)error_set(error, ERROR_USAGE, "-n goes with -F");
		return error_hint(error, "%s", option_hint("-n", "5"));
	}
	if (!options->follow)
		return true;
	if (options->action == ACTION_EXPLAIN || options->merge)
		return error_set(error, ERROR_USAGE, "-F follows a log: it does not go with %s",
		    options->merge ? "--merge" : "--explain");
	if (operands->count == 0)
		return error_set(error, ERROR_USAGE,
		    "-F needs a file's name; standard input is read as it comes without it");
	for (size_t i = 0; i < operands->count && operands->count > 1; i++)
		if (strcmp(operands->items[i], "-") == 0)
			return error_set(error, ERROR_USAGE,
			    "standard input cannot be followed beside files: leave out '-'");
	if (options->lines.is_asked && options->db != NULL)
		return error_set(
		    error, ERROR_USAGE, "-n does not go with --db, which begins where it left off");
	/* it has no name, but tells itself when there is more */
	if (strcmp(operands->items[0], "-") == 0)
		options->follow = false;
	return true;
}

/* What goes with a database, and what needs one. */
static bool check_store(const struct options *options, struct error *error)
{
	const struct {
		const char *option;
		bool is_asked;
	} needs[] = { { "--wait", options->wait }, { "--dry-run", options->dry_run },
		{ "--new-epoch", options->new_epoch }, { "--from-now", options->from_now },
		{ "--rotated", options->rotated.count > 0 && !options->follow },
		{ "--keep", options->keep_days > 0 } };

	if (options->accept && options->db == NULL)
		return error_set(error, ERROR_USAGE, "--accept goes with a database: --db FILE");
	if (options->accept && options->dry_run)
		return error_set(error, ERROR_USAGE,
		    "--accept changes the database: it does not go with --dry-run");

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]) && options->db == NULL; i++)
		if (needs[i].is_asked)
			return error_set(error, ERROR_USAGE, "%s goes with a database: --db FILE%s",
			    needs[i].option,
			    strcmp(needs[i].option, "--rotated") == 0 ? "; or with -F" : "");
	if (options->db == NULL)
		return true;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]) && options->operands.count == 0;
	     i++)
		if (needs[i].is_asked)
			return error_set(error, ERROR_USAGE,
			    "%s is about taking logs in: name them", needs[i].option);
	if (options->merge)
		return error_set(
		    error, ERROR_USAGE, "--merge reads reports: it does not go with --db");
	if (!options->follow && options_print(options))
		return error_set(error, ERROR_USAGE,
		    "--db counts what is new: -o lines and -o json go with it only while "
		    "following, with -F");
	if (options->every != NULL && !options->follow)
		return error_set(error, ERROR_USAGE,
		    "--every does not go with --db: a run ends by itself; to go on: -F");
	for (size_t i = 0; i < options->operands.count; i++)
		if (strcmp(options->operands.items[i], "-") == 0)
			return error_set(error, ERROR_USAGE,
			    "standard input cannot be known again: --db needs the log's name");
	return true;
}

/* What has to be shown, and nowhere to be: in the text report. */
static bool add_report(struct options *options, const char *bare, struct error *error)
{
	bool has_place = options_have_threshold(options) || bare != NULL;
	bool must_speak = options->quiet_if_ok && !has_place;
	bool must_show = options->baseline != NULL && options->output == OUTPUT_DEFAULT &&
	                 options->reports.count == 0 && !has_place;

	return (!must_speak && !must_show) || options_list_add(&options->reports, "text", error);
}

/* What cannot be had together; settles the default output. */
static bool check(struct options *options, struct error *error)
{
	enum output_form asked = options->output;
	const char *bare;

	if (options->action == ACTION_EXPLAIN &&
	    (asked != OUTPUT_DEFAULT || options->reports.count > 0))
		return error_set(
		    error, ERROR_USAGE, "--explain reads no log: it does not go with -o, -s or -r");
	if (!check_reports(options, &bare, error))
		return false;
	if (bare != NULL && (asked == OUTPUT_LINES || asked == OUTPUT_JSON))
		return error_set(error, ERROR_USAGE,
		    "'-o %s' and the report '%s' both go to standard output; the report into a "
		    "file: "
		    "-r %s:FILE",
		    option_output_word(asked), bare, bare);
	if (!check_follow(options, error) || !check_store(options, error) ||
	    !check_goals(options, bare, error) || !add_report(options, bare, error))
		return false;
	if (asked == OUTPUT_DEFAULT)
		options->output = options->reports.count > 0 || options_have_threshold(options) ||
		                          options->merge ||
		                          (options->db != NULL && !options->follow)
		                      ? OUTPUT_NONE
		                      : OUTPUT_LINES;
	if (options->only != NULL && options->output == OUTPUT_NONE)
		return error_set(error, ERROR_USAGE,
		    asked == OUTPUT_NONE ? "--only picks lines, but '-o none' prints none"
		                         : "--only picks lines, but a report replaces them; for "
		                           "both: -o lines -r FILE");
	return true;
}

/* Takes in words up to a faulty one, or to an option behind which nothing matters. */
static bool parse_words(struct options *options, struct words *words, struct error *error)
{
	bool only_operands = false;

	while (words->at < words->end && !is_done(options)) {
		char *word = *words->at++;
		bool fine;

		if (only_operands || word[0] != '-' || word[1] == '\0')
			fine = options_list_add(&options->operands, word, error);
		else if (strcmp(word, "--") == 0)
			fine = only_operands = true;
		else if (word[1] == '-')
			fine = parse_long(options, word, words, error);
		else
			fine = parse_letters(options, word, words, error) || hint_long(word, error);
		if (!fine)
			return false;
	}
	return true;
}

static bool parse(struct options *options, struct words *words, struct error *error)
{
	struct error ignored;

	if (parse_words(options, words, error))
		return is_done(options) || check(options, error);
	/* a threshold behind the fault still asks for a plugin's exit status */
	do
		ignored = (struct error)ERROR_INIT;
	while (!parse_words(options, words, &ignored));
	return false;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	struct words words = { argv + (argc > 0 ? 1 : 0), argv + argc };

	*options = (struct options){ .add = ANNOTATION_OUTCOME | ANNOTATION_DESCRIPTION,
		.top = TOP_DEFAULT,
		.min_responses = VERDICT_MIN_RESPONSES };
	if (parse(options, &words, error))
		return true;
	return options_refuse(error);
}

bool options_refuse(struct error *error)
{
	if (error->kind == ERROR_USAGE && error->hint[0] == '\0')
		(void)error_hint(error, "try: jgannotate --help");
	return false;
}

void options_release(struct options *options)
{
	free(options->reports.items);
	free(options->keys.items);
	free(options->patterns.items);
	free(options->catalogs.items);
	free(options->warnings.items);
	free(options->criticals.items);
	free(options->rotated.items);
	free(options->time_keys.items);
	free(options->operands.items);
	*options = (struct options){ .action = ACTION_RUN };
}
