/*
 * Owns the catalog's look for a person: a card for one code, a table for
 * several. Must not know which terminal it is for.
 */
#include "catalog/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/utf8.h"

enum { CODE_DIGITS = 9 };

/* What is shown, and how. */
struct view {
	const struct catalog *catalog;
	struct strbuf *out;
	bool chinese;
	bool color;
	size_t code_width, outcome_width, category_width;
};

static const char *in_language(const struct view *view, const char *english, const char *chinese)
{
	return view->chinese ? chinese : english;
}

static size_t width(const char *text)
{
	return utf8_width(text, strlen(text));
}

static const char *outcome_name(const struct view *view, const struct catalog_entry *entry)
{
	const struct outcome_info *info = outcome_info(entry->outcome);

	return in_language(view, info->name, info->name_zh);
}

static const char *entry_notes(const struct view *view, const struct catalog_entry *entry)
{
	return view->chinese && entry->notes_zh[0] != '\0' ? entry->notes_zh : entry->notes;
}

/* Adds the text in a colour (`sgr` is NULL for none). */
static void add_colored(const struct view *view, const char *text, const char *sgr)
{
	if (view->color && sgr != NULL)
		strbuf_add_format(view->out, "\x1b[%sm%s\x1b[0m", sgr, text);
	else
		strbuf_add_text(view->out, text);
}

/* Adds the text and blanks up to `columns`, and two more. */
static void add_column(const struct view *view, const char *text, size_t columns, const char *sgr)
{
	size_t used = width(text);

	add_colored(view, text, sgr);
	strbuf_add_repeat(view->out, " ", (columns > used ? columns - used : 0) + 2);
}

static void add_code(const struct view *view, const struct catalog_entry *entry, size_t columns)
{
	char code[16];
	int len = snprintf(code, sizeof(code), "%u", (unsigned)entry->code);

	strbuf_add_repeat(view->out, " ", columns > (size_t)len ? columns - (size_t)len : 0);
	add_colored(view, code, "1");
}

/* One line of a card: a label and a text; nothing where there is no text. */
static void add_field(const struct view *view, const char *label, const char *text, const char *sgr)
{
	enum { LABEL_WIDTH = 10 };

	if (text[0] == '\0')
		return;
	strbuf_add_text(view->out, "  ");
	add_column(view, label, LABEL_WIDTH, "2");
	add_colored(view, text, sgr);
	strbuf_add_char(view->out, '\n');
}

static void add_card(const struct view *view, const struct catalog_entry *entry)
{
	static const char *const collides[][2] = {
		[COLLIDES_NO] = { "", "" },
		[COLLIDES_YES] = { "other systems use this number too", "其他系统也使用这个数字" },
		[COLLIDES_ALWAYS] = { "everybody uses this number: it counts only with its text "
		                      "beside it",
		    "这个数字到处都在使用：只有附带原文时才计入" },
	};
	const struct outcome_info *info = outcome_info(entry->outcome);
	const char *name = catalog_source_name(view->catalog, entry->source);
	struct strbuf source = STRBUF_INIT;

	add_code(view, entry, 0);
	strbuf_add_text(view->out, "  ");
	add_colored(view, entry->description, info->sgr);
	strbuf_add_char(view->out, '\n');
	add_field(view, in_language(view, "means", "说明"), entry_notes(view, entry), NULL);
	add_field(view, in_language(view, "outcome", "结果"),
	    view->chinese ? info->name_zh : info->name, info->sgr);
	add_field(view, in_language(view, "to do", "处理"),
	    in_language(view, info->advice, info->advice_zh), NULL);
	add_field(view, in_language(view, "category", "类别"), entry->category, NULL);
	add_field(view, in_language(view, "note", "注意"), collides[entry->collides][view->chinese],
	    NULL);
	escape_visible(&source, name, strlen(name));
	if (source.failed)
		view->out->failed = true;
	add_field(view, in_language(view, "catalog", "码表"), source.data, NULL);
	strbuf_release(&source);
}

static void widen(size_t *columns, const char *text)
{
	size_t needed = width(text);

	if (needed > *columns)
		*columns = needed;
}

static void add_head(const struct view *view)
{
	add_column(view, in_language(view, "code", "代码"), view->code_width, "2");
	add_column(view, in_language(view, "outcome", "结果"), view->outcome_width, "2");
	add_column(view, in_language(view, "category", "类别"), view->category_width, "2");
	add_colored(view, in_language(view, "what JiGuang says", "极光返回的原文"), "2");
	strbuf_add_char(view->out, '\n');
}

/* One code: its columns, and below them the notes, unless they only repeat. */
static void add_row(const struct view *view, const struct catalog_entry *entry)
{
	const char *sgr = outcome_info(entry->outcome)->sgr;
	const char *notes = entry_notes(view, entry);

	add_code(view, entry, view->code_width);
	strbuf_add_text(view->out, "  ");
	add_column(view, outcome_name(view, entry), view->outcome_width, sgr);
	add_column(view, entry->category, view->category_width, NULL);
	strbuf_add_text(view->out, entry->description);
	strbuf_add_char(view->out, '\n');
	if (notes[0] == '\0' || strcasecmp(notes, entry->description) == 0)
		return;
	strbuf_add_repeat(
	    view->out, " ", view->code_width + view->outcome_width + view->category_width + 6);
	add_colored(view, notes, "2");
	strbuf_add_char(view->out, '\n');
}

static void add_table(struct view *view, const bool *chosen)
{
	widen(&view->code_width, in_language(view, "code", "代码"));
	widen(&view->outcome_width, in_language(view, "outcome", "结果"));
	widen(&view->category_width, in_language(view, "category", "类别"));
	for (size_t i = 0; i < catalog_size(view->catalog); i++) {
		const struct catalog_entry *entry = catalog_at(view->catalog, i);
		char code[16];

		if (!chosen[i])
			continue;
		(void)snprintf(code, sizeof(code), "%u", (unsigned)entry->code);
		widen(&view->code_width, code);
		widen(&view->outcome_width, outcome_name(view, entry));
		widen(&view->category_width, entry->category);
	}
	add_head(view);
	for (size_t i = 0; i < catalog_size(view->catalog); i++)
		if (chosen[i])
			add_row(view, catalog_at(view->catalog, i));
}

/* Whether the word stands in a column of the entry, in either language. */
static bool entry_holds(const struct catalog_entry *entry, const char *word)
{
	const struct outcome_info *info = outcome_info(entry->outcome);
	const char *const texts[] = { entry->description, entry->category, entry->notes,
		entry->notes_zh, info->name, info->name_zh };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcasestr(texts[i], word) != NULL)
			return true;
	return false;
}

/* Chooses the code that a word of digits names. */
static bool choose_code(const struct catalog *catalog, const char *digits, bool *chosen)
{
	const struct catalog_entry *entry = NULL;
	size_t len = strlen(digits);

	if (len <= CODE_DIGITS && (len == 1 || digits[0] != '0'))
		entry = catalog_find(catalog, (uint32_t)strtoul(digits, NULL, 10));
	if (entry == NULL)
		return false;
	chosen[entry->id] = true;
	return true;
}

static bool choose(const struct catalog *catalog, const char *word, bool *chosen)
{
	bool found = false;

	if (word[0] == '\0')
		return false;
	if (strspn(word, "0123456789") == strlen(word))
		return choose_code(catalog, word, chosen);
	for (size_t i = 0; i < catalog_size(catalog); i++) {
		if (entry_holds(catalog_at(catalog, i), word))
			chosen[i] = found = true;
	}
	return found;
}

/* Whether the word is a list of codes, as --only takes them: "9018,9011". */
static bool is_list(const char *word)
{
	return strchr(word, ',') != NULL && strpbrk(word, "0123456789") != NULL &&
	       word[strspn(word, "0123456789, ")] == '\0';
}

/* Chooses what a word names, or each code of a list. Without memory `missing` has failed. */
static bool choose_list(
    const struct catalog *catalog, const char *list, bool *chosen, struct strbuf *missing)
{
	const char *between = is_list(list) ? ", " : "";
	bool all_found = true;

	do {
		size_t length = between[0] == '\0' ? strlen(list) : strcspn(list, between);
		char *word = strndup(list, length);

		if (word == NULL)
			missing->failed = true;
		else if ((length > 0 || between[0] == '\0') && !choose(catalog, word, chosen)) {
			all_found = false;
			escape_visible(missing, word, length);
			strbuf_add_char(missing, '\n');
		}
		free(word);
		list += length + (list[length] != '\0');
	} while (*list != '\0');
	return all_found;
}

/* Shows the chosen ones: one as a card, several as a table. */
static void add_chosen(struct view *view, const bool *chosen)
{
	const struct catalog_entry *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < catalog_size(view->catalog); i++) {
		if (chosen[i]) {
			last = catalog_at(view->catalog, i);
			count++;
		}
	}
	if (count == 1)
		add_card(view, last);
	else if (count > 1)
		add_table(view, chosen);
}

bool explain_words(const struct catalog *catalog, char *const *words, size_t count, bool chinese,
    bool color, struct strbuf *out, struct strbuf *missing)
{
	struct view view = { .catalog = catalog, .out = out, .chinese = chinese, .color = color };
	size_t size = catalog_size(catalog);
	bool *chosen = calloc(size > 0 ? size : 1, sizeof(*chosen));
	bool all_found = true;

	if (chosen == NULL) {
		out->failed = true;
		return false;
	}
	for (size_t i = 0; i < size && count == 0; i++)
		chosen[i] = true;
	for (size_t i = 0; i < count; i++)
		all_found = choose_list(catalog, words[i], chosen, missing) && all_found;
	add_chosen(&view, chosen);
	free(chosen);
	return all_found;
}
