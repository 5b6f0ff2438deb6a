/*
 * Owns what hands used to grep, tail and jq are told when they type an option
 * that does not exist here or means another thing. Must not know how the
 * command line is read.
 */
#include <fnmatch.h>
#include <stddef.h>

#include "cli/option_table.h"

struct hint {
	const char *option; /* shell pattern */
	const char *value;  /* shell pattern for what was given to it; NULL: whatever it is */
	const char *text;   /* NULL: nothing */
};

static const struct hint hints[] = {
	{ "-r", NULL, "-r writes a report; folders: find DIR -type f -exec jgannotate {} +" },
	{ "-o", "*.*", "to write a report into a file: -r FILE" },
	{ "-o", NULL, "to print only some lines: --only LIST" },
	{ "-a", NULL, "every input is read as text already, leave it out" },
	{ "-i", NULL, "keys are found in any case already, leave it out; in a pattern: (?i)" },
	{ "-m", NULL, "to stop after N lines: jgannotate ... | head -n N" },
	{ "-n", "[0-9+]*", "for the last N lines: tail -n N FILE | jgannotate" },
	{ "-n", NULL, "for line numbers: -o json" },
	{ "-E", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "-P", NULL, "patterns are PCRE2 already: -e PATTERN" },
	{ "-G", NULL, "patterns are PCRE2: -e PATTERN" },
	{ "-l", NULL,
	    "for the files with codes: jgannotate -o json FILE... | jq -r .file | sort -u" },
	{ "-L", NULL,
	    "for the files with codes: jgannotate -o json FILE... | jq -r .file | sort -u" },
	{ "-H", NULL, "for file names: -o json" },
	{ "-R", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "-w", NULL, "only whole codes are found already, leave it out" },
	{ "-x", NULL, "to search only some lines: --where PATTERN" },
	{ "-A", NULL, "every line is printed already; to pick lines: --only LIST" },
	{ "-B", NULL, "every line is printed already; to pick lines: --only LIST" },
	{ "-C", NULL, "every line is printed already; colour: --color=always" },
	{ "-[0-9]", NULL, "for the last N lines: tail -n N FILE | jgannotate" },
	{ "-b", NULL, "for line and column: -o json" },
	{ "-c", "*.tsv", NULL },
	{ "-c", NULL, "-c reads a catalog; to count: -s" },
	{ "-u", NULL, "lines are never kept waiting, leave it out" },
	{ "-v", NULL, "-v tells of lines held back; to leave lines out: --only=-LIST" },
	{ "-z", NULL, "only a line feed ends a line" },
	{ "--ignore-case", NULL, "keys are found in any case already, leave it out" },
	{ "--only-matching", NULL, "for the codes alone: -o json" },
	{ "--line-number", NULL, "for line numbers: -o json" },
	{ "--max-count", NULL, "to stop after N lines: jgannotate ... | head -n N" },
	{ "--invert-match", NULL, "to leave lines out: --only=-LIST" },
	{ "--count", NULL, "to count: -s" },
	{ "--recursive", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--include", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--exclude*", NULL, "folders: find DIR -type f -exec jgannotate {} +" },
	{ "--slurp", NULL, "one list of all objects: -o json | jq -s ." },
	{ "--*format", NULL, "objects: -o json; a report: -r FORMAT" },
	{ "--tail", NULL, "for the last N lines: tail -n N FILE | jgannotate" },
	{ "--raw-output", NULL, "lines are raw already; objects: -o json | jq -r ..." },
	{ "--compact-output", NULL, "-o json prints one object per line" },
	{ "--line-buffered", NULL, "lines are never kept waiting, leave it out" },
	{ "--unbuffered", NULL, "lines are never kept waiting, leave it out" },
	{ "--text", NULL, "every input is read as text already; the text report: -s" },
	{ "--json", NULL, "objects: -o json; a report: -r json" },
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
