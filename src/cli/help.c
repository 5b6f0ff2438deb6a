/*
 * Owns the text of --help, made from the option table. Must not know how
 * options are read.
 */
#include <string.h>

#include "cli/option_table.h"
#include "cli/options.h"

#define HELP_COLUMN 26

static const char *const groups[GROUP_COUNT] = {
	[GROUP_PRINT] = "Print",
	[GROUP_FIND] = "Find",
	[GROUP_TIME] = "Time and groups",
	[GROUP_NIGHT] = "Every night",
	[GROUP_GENERAL] = "General",
};

static void row_add(struct strbuf *out, const struct option_row *row)
{
	size_t start = out->len;
	const char *text = row->help;

	if (row->letter != 0)
		strbuf_add_format(out, "  -%c, ", row->letter);
	if (option_also(row->letter) != 0)
		strbuf_add_format(out, "-%c, ", option_also(row->letter));
	if (row->letter != 0)
		strbuf_add_format(out, "--%s", row->name);
	else
		strbuf_add_format(out, "      --%s", row->name);
	if (row->argument != NULL)
		strbuf_add_format(out, "%s%s",
		    row->argument[0] == '[' && row->argument[1] == '=' ? "" : " ", row->argument);
	for (;;) {
		size_t length = strcspn(text, "\n"), used = out->len - start;

		strbuf_add_repeat(out, " ", used + 2 > HELP_COLUMN ? 2 : HELP_COLUMN - used);
		strbuf_add(out, text, length);
		strbuf_add_char(out, '\n');
		text += length;
		if (*text++ == '\0')
			return;
		start = out->len;
	}
}

/* One of the options that stand on a line together. */
static void name_add(struct strbuf *out, const struct option_row *row, bool is_first, bool is_last)
{
	strbuf_add_format(out, "%s--%s", is_first ? "      " : " ", row->name);
	if (row->argument != NULL)
		strbuf_add_format(out, " %s", row->argument);
	if (is_last)
		strbuf_add_char(out, '\n');
}

void options_help(struct strbuf *out)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	strbuf_add_text(out,
	    "usage: jgannotate [OPTION]... [FILE]...        no FILE, or -: standard input\n"
	    "Annotate JiGuang (JVerification) response codes in logs, and count them.\n");
	for (unsigned group = 0; group < GROUP_COUNT; group++) {
		strbuf_add_format(out, "%s\n", groups[group]);
		for (size_t i = 0; i < count; i++)
			if (rows[i].group == (enum option_group)group && rows[i].help != NULL)
				row_add(out, &rows[i]);
			else if (rows[i].group == (enum option_group)group)
				name_add(out, &rows[i], i == 0 || rows[i - 1].help != NULL,
				    i + 1 == count || rows[i + 1].help != NULL);
	}
	strbuf_add_text(out,
	    "Exit status: 0 done, whatever was found; 1 trouble with input, output or memory;\n"
	    "2 wrong option, pattern, catalog; 3 damage, a gap or a limit; 4 the database;\n"
	    "with -w: 0 fine, 1 warning, 2 critical, 3 unknown.  All else: man jgannotate\n");
}
