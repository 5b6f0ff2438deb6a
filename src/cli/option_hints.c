/*
 * Owns what hands used to grep, tail, jq and their like are told when they type an option
 * that does not exist here or means another thing. Must not know how the
 * command line is read.
 */
#include "cli/option_hints.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

struct hint {
	const char *option; /* shell pattern */
	const char *value;  /* shell pattern for what was given to it; NULL: whatever it is */
	const char *text;   /* NULL: nothing */
};

static const struct hint hints[] = {
	/* grep, tail, jq, awk, goaccess, journalctl: letters */
	{ "-r", NULL, "-r writes a report; folders: find DIR -type f -exec jgannotate {} +" },
	{ "-a", NULL, "every input is read as text already, leave it out" },
	{ "-i", NULL, "keys are found in any case already, leave it out; in a pattern: (?i)" },
	{ "-m", NULL, "to stop after N lines: jgannotate ... | head -n N" },
	{ "-n", "[0-9+]*", "for the last N lines: tail -n N FILE | jgannotate" },
	{ "-n", NULL, "for line numbers: -o json" },
	{ "-E", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "-P", NULL, "patterns are PCRE2 already: -e PATTERN" },
	{ "-G", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "-[lL]", NULL,
	    "for the files with codes: jgannotate -o json FILE... | jq -r .file | sort -u" },
	{ "-H", NULL, "for file names: -o json" },
	{ "-R", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "-w", NULL, "only whole codes are found already, leave it out" },
	{ "-x", NULL, "to search only some lines: --where PATTERN" },
	{ "-[AB]", NULL, "every line is printed already; to pick lines: --only LIST" },
	{ "-C", NULL, "every line is printed already; colour: --color=always" },
	{ "-[0-9]", NULL, "for the last N lines: tail -n N FILE | jgannotate" },
	{ "-b", NULL, "for line and column: -o json" },
	{ "-c", "*.tsv", NULL },
	{ "-c", NULL, "-c reads a catalog; to count: -s" },
	{ "-u", "*.service", "for a unit's log: journalctl -u UNIT | jgannotate" },
	{ "-u", NULL,
	    "lines are never kept waiting, leave it out; a unit: journalctl -u UNIT | jgannotate" },
	{ "-v", NULL, "-v tells of lines held back; to leave lines out: --only=-LIST" },
	{ "-z", NULL, "only a line feed ends a line" },
	{ "-Z", NULL, "compressed files are read as they are, leave it out" },
	{ "-M", NULL, "without colour: --color=never" },
	{ "-S", NULL, "from a time on: --since TIME" },
	{ "-U", NULL, "up to a time: --until TIME" },
	{ "-p", NULL, "only lines with errors: --only error" },
	{ "-t", NULL, "the text report: -s; a time zone: --tz ZONE; rows per list: --top N" },
	{ "-T", NULL, "a log's own stamp: --time-format FORMAT; a time zone: --tz ZONE" },
	{ "-y", NULL, "keys are found in any case already, leave it out" },
	{ "-I", NULL, "every input is read as text already, leave it out" },
	{ "-N", NULL, "for line numbers: -o json" },
	{ "-0", NULL, "only a line feed ends a line" },
	{ "-D", NULL, "a database: --db FILE" },
	{ "-O", NULL, "to write a report into a file: -r FILE" },
	{ "-[:;|,]", NULL, "a field to count by: --by FIELD" },
	{ "-[?]", NULL, "try: jgannotate -h" },
	/* grep's words */
	{ "--ignore-case", NULL, "keys are found in any case already, leave it out" },
	{ "--no-ignore-case", NULL, "keys are found in any case; in a pattern: (?-i)" },
	{ "--only-matching", NULL, "for the codes alone: -o json" },
	{ "--line-number", NULL, "for line numbers: -o json" },
	{ "--byte-offset", NULL, "for line and column: -o json" },
	{ "--max-count", NULL, "to stop after N lines: jgannotate ... | head -n N" },
	{ "--invert-match", NULL, "to leave lines out: --only=-LIST" },
	{ "--count", NULL, "to count: -s" },
	{ "--recursive", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--dereference-recursive", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--directories", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--include*", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--exclude*", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--*-context", NULL, "every line is printed already; to pick lines: --only LIST" },
	{ "--context", NULL, "every line is printed already; to pick lines: --only LIST" },
	{ "--*-regexp", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "--fixed-strings", NULL,
	    "patterns are PCRE2, where \\Q...\\E is a fixed text: -e PATTERN" },
	{ "--files-with*-match*", NULL,
	    "for the files with codes: jgannotate -o json FILE... | jq -r .file | sort -u" },
	{ "--with-filename", NULL, "for file names: -o json" },
	{ "--no-filename", NULL, "no file names are printed, leave it out" },
	{ "--no-messages", NULL, "messages are on standard error: 2>/dev/null" },
	{ "--silent", NULL, "no totals: -q; no lines: -o none" },
	{ "--binary*", NULL, "every input is read as text already, leave it out" },
	{ "--null*", NULL, "only a line feed ends a line" },
	{ "--zero-terminated", NULL, "only a line feed ends a line" },
	{ "--file", NULL, "files are named without an option: jgannotate FILE" },
	{ "--pattern", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "--grep", NULL, "to search only some lines: --where PATTERN" },
	{ "--colour", NULL, "try: --color" },
	{ "--no-color*", NULL, "without colour: --color=never" },
	{ "--nocolor", NULL, "without colour: --color=never" },
	/* tail's */
	{ "--tail", NULL, "for the last N lines: tail -n N FILE | jgannotate" },
	{ "--head", NULL, "to stop after N lines: jgannotate ... | head -n N" },
	{ "--bytes", NULL, "for the last N bytes: tail -c N FILE | jgannotate" },
	{ "--retry", NULL, "-F waits for a file already, leave it out" },
	{ "--pid", NULL, "to stop with another program: tail -F --pid PID FILE | jgannotate" },
	{ "--sleep-interval", NULL, "-F is told of what comes, leave it out; totals: --every 10s" },
	{ "--max-unchanged-stats", NULL, "-F notices rotation at once, leave it out" },
	{ "--watch", NULL, "to go on with what comes: -F" },
	/* jq's */
	{ "--slurp", NULL, "one list of all objects: -o json | jq -s ." },
	{ "--raw-output", NULL, "lines are raw already; objects: -o json | jq -r ..." },
	{ "--compact-output", NULL, "-o json prints one object per line" },
	{ "--monochrome-output", NULL, "without colour: --color=never" },
	{ "--color-output", NULL, "colour: --color=always" },
	{ "--sort-keys", NULL, "members stand in one order: -o json | jq -S ." },
	{ "--arg*", NULL, "to pick objects: -o json | jq --arg ..." },
	{ "--indent", NULL, "-o json prints one object per line: -o json | jq --indent N ." },
	{ "--tab", NULL, "-o json prints one object per line: -o json | jq --tab ." },
	{ "--stream", NULL, "lines are never kept waiting, leave it out" },
	{ "--line-buffered", NULL, "lines are never kept waiting, leave it out" },
	{ "--unbuffered", NULL, "lines are never kept waiting, leave it out" },
	/* goaccess' */
	{ "--log-format", NULL,
	    "lines of any format are read; a log's own stamp: --time-format FORMAT" },
	{ "--date-format", NULL, "a log's own stamp, date and time: --time-format FORMAT" },
	{ "--real-time*", NULL, "a report that is renewed: -F --every 10s -r FILE.html" },
	{ "--persist", NULL, "what was counted is kept in a database: --db FILE" },
	{ "--restore", NULL, "what was counted is kept in a database: --db FILE" },
	{ "--keep-last", NULL, "the database keeps days: --keep N" },
	{ "--ignore-*", NULL, "to leave lines out: --only=-LIST" },
	{ "--no-progress", NULL, "progress is shown on terminals only: 2>/dev/null" },
	{ "--*format", NULL, "objects: -o json; a report: -r FORMAT" },
	/* journalctl's */
	{ "--unit", NULL, "for a unit's log: journalctl -u UNIT | jgannotate" },
	{ "--user-unit", NULL, "for a unit's log: journalctl --user-unit UNIT | jgannotate" },
	{ "--identifier", NULL, "for a program's log: journalctl -t NAME | jgannotate" },
	{ "--boot", NULL, "for a boot's log: journalctl -b | jgannotate" },
	{ "--dmesg", NULL, "for the kernel's log: journalctl -k | jgannotate" },
	{ "--priority", NULL, "only lines with errors: --only error" },
	{ "--no-pager", NULL, "there is no pager, leave it out" },
	{ "--pager-end", NULL, "there is no pager, leave it out" },
	{ "--reverse", NULL, "lines keep their order: jgannotate ... | tac" },
	{ "--utc", NULL, "try: --tz UTC" },
	{ "--no-tail", NULL, "all of the file first: -F -n +1" },
	{ "--no-full", NULL, "lines are never cut, leave it out" },
	/* reports */
	{ "--text", NULL, "every input is read as text already; the text report: -s" },
	{ "--json", NULL, "objects: -o json; a report: -r json" },
	{ "--json-*", NULL, "objects: -o json; a report: -r json" },
	{ "--jsonl", NULL, "try: -o json" },
	{ "--ndjson", NULL, "try: -o json" },
	{ "--html", NULL, "a report: -r html" },
	{ "--csv", NULL, "a report: -r csv" },
	{ "--tsv", NULL, "a report: -r csv" },
	{ "--prom*", NULL, "a report: -r prometheus" },
	{ "--openmetrics", NULL, "a report: -r prometheus" },
	{ "--markdown", NULL, "a report: -r markdown" },
	{ "--md", NULL, "a report: -r markdown" },
	{ "--xml", NULL, "a report for programs: -r json or -r csv" },
	{ "--y*ml", NULL, "a report for programs: -r json or -r csv" },
	{ "--pdf", NULL, "a report to print: -r html" },
	{ "--state*", NULL, "what was counted is kept in a database: --db FILE" },
	{ "--stat*", NULL, "to count: -s" },
	{ "--total*", NULL, "to count: -s" },
	{ "--report-*", NULL, "to write a report into a file: -r FILE" },
	{ "--out*file", NULL, "to write a report into a file: -r FILE" },
	/* other words for what there is */
	{ "--input*", NULL, "files are named without an option: jgannotate FILE" },
	{ "--log*", NULL, "files are named without an option: jgannotate FILE" },
	{ "--stdin", NULL, "standard input is read where no file is named, leave it out" },
	{ "--decompress", NULL, "compressed files are read as they are, leave it out" },
	{ "--gz*", NULL, "compressed files are read as they are, leave it out" },
	{ "--z[is]*", NULL, "compressed files are read as they are, leave it out" },
	{ "--last", NULL, "from a time on: --since 1h" },
	{ "--after", NULL, "from a time on: --since TIME" },
	{ "--from", NULL, "from a time on: --since TIME" },
	{ "--start*", NULL, "from a time on: --since TIME" },
	{ "--begin*", NULL, "from a time on: --since TIME" },
	{ "--before", NULL, "up to a time: --until TIME" },
	{ "--to", NULL, "up to a time: --until TIME" },
	{ "--end*", NULL, "up to a time: --until TIME" },
	{ "--today", NULL, "try: --since today" },
	{ "--yesterday", NULL, "try: --since yesterday --until today" },
	{ "--timezone", NULL, "try: --tz ZONE" },
	{ "--zone", NULL, "try: --tz ZONE" },
	{ "--hourly", NULL, "try: --bucket 1h" },
	{ "--daily", NULL, "try: --bucket 1d" },
	{ "--interval", NULL,
	    "to count by time: --bucket LENGTH; totals while it runs: --every LENGTH" },
	{ "--group*", NULL, "try: --by FIELD" },
	{ "--field*", NULL, "try: --by FIELD" },
	{ "--sort*", NULL, "lists stand by count already, leave it out" },
	{ "--limit", NULL, "rows per list: --top N" },
	{ "--filter", NULL,
	    "to pick lines: --only LIST; to search only some lines: --where PATTERN" },
	{ "--grok", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "--code*", NULL, "to pick lines: --only CODE,...; to look codes up: --explain CODE..." },
	{ "--lookup", NULL, "try: --explain CODE" },
	{ "--list*", NULL, "the catalog: --explain" },
	{ "--success*", NULL, "only lines with success: --only success" },
	{ "--fail*", NULL, "only lines with errors: --only error" },
	{ "--error*-only", NULL, "only lines with errors: --only error" },
	{ "--only-error*", NULL, "only lines with errors: --only error" },
	{ "--ignore", NULL, "to leave lines out: --only=-LIST" },
	{ "--skip", NULL, "to leave lines out: --only=-LIST" },
	{ "--threshold", NULL, "try: --warning LIMIT or --critical LIMIT" },
	{ "--alert", NULL, "try: --warning LIMIT or --critical LIMIT" },
	{ "--max-*", NULL, "try: --warning LIMIT or --critical LIMIT" },
	{ "--threads", NULL, "try: -j N" },
	{ "--workers", NULL, "try: -j N" },
	{ "--parallel", NULL, "try: -j N" },
	{ "--reset", NULL, "to count anew in a database: --new-epoch" },
	{ "--debug", NULL, "try: -v" },
	{ "--config*", NULL, "there is no configuration file: options, and JGANNOTATE_CATALOG" },
	{ "--usage", NULL, "try: jgannotate --help" },
	{ "--man*", NULL, "try: man jgannotate" },
};

const char *option_hint(const char *spelled, const char *value)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (fnmatch(hints[i].option, spelled, 0) != 0)
			continue;
		if (hints[i].value == NULL ||
		    (value != NULL && fnmatch(hints[i].value, value, 0) == 0))
			return hints[i].text;
	}
	return NULL;
}

const char *option_operand_hint(const char *word)
{
	if (strpbrk(word, "*?") != NULL && strpbrk(word, "./") != NULL &&
	    strpbrk(word, "=|^$()[]{}\\+\"' ") == NULL)
		return "the shell expands * outside quotes, where a file is called like that";
	if (strcmp(word, "help") == 0 || strcmp(word, "version") == 0)
		return word[0] == 'h' ? "try: jgannotate --help" : "try: jgannotate --version";
	if (strncmp(word, "\xe2\x80\x93", 3) == 0 || strncmp(word, "\xe2\x80\x94", 3) == 0)
		return "an option begins with hyphens, not with a dash";
	if (strchr(word, ',') != NULL && word[strspn(word, "0123456789,")] == '\0')
		return "only lines with some codes: --only CODE,...; to look them up: --explain "
		       "CODE...";
	if (strpbrk(word, "=|*^$()[]{}\\\"' ") != NULL)
		return "only files stand without an option; a pattern: -e PATTERN; some codes: "
		       "--only "
		       "CODE,...";
	return NULL;
}
