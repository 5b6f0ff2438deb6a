/*
 * Owns the LIST language of --only, --errors and --warning. Must not know what
 * is done with what was selected.
 */
#include "catalog/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"

enum { CODE_DIGITS = 9, WORD_SHOWN = 60 };

/* A code that is in no catalog: whether it is selected, by what it looks like. */
struct number {
	uint32_t code;
	bool unlisted; /* when it looks like JiGuang's */
	bool other;
};

struct selection {
	const struct catalog *catalog;
	const struct selection *errors; /* what `error` means; only while it is made */
	bool *entries;                  /* by entry id */
	struct number *numbers;         /* sorted by code */
	size_t number_count;
	bool unlisted; /* for codes that are not in `numbers` */
};

static struct selection *make(
    const struct catalog *catalog, const struct selection *errors, struct error *error)
{
	size_t size = catalog_size(catalog);
	struct selection *selection = calloc(1, sizeof(*selection));

	if (selection != NULL)
		selection->entries = calloc(size > 0 ? size : 1, sizeof(bool));
	if (selection == NULL || selection->entries == NULL) {
		free(selection);
		(void)error_set_memory(error);
		return NULL;
	}
	selection->catalog = catalog;
	selection->errors = errors;
	return selection;
}

void selection_free(struct selection *selection)
{
	if (selection == NULL)
		return;
	free(selection->entries);
	free(selection->numbers);
	free(selection);
}

/* Where the code is in `numbers`, or would be. */
static size_t find_number(const struct selection *selection, uint32_t code)
{
	size_t low = 0, high = selection->number_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (selection->numbers[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_number(const struct selection *selection, size_t at, uint32_t code)
{
	return at < selection->number_count && selection->numbers[at].code == code;
}

/* The row of a code that is in no catalog, made if needed; NULL: no memory. */
static struct number *get_number(struct selection *selection, uint32_t code, struct error *error)
{
	size_t at = find_number(selection, code);
	struct number *larger;

	if (is_number(selection, at, code))
		return &selection->numbers[at];
	larger = realloc(selection->numbers, (selection->number_count + 1) * sizeof(struct number));
	if (larger == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	selection->numbers = larger;
	memmove(
	    larger + at + 1, larger + at, (selection->number_count - at) * sizeof(struct number));
	larger[at] = (struct number){ code, selection->unlisted, false };
	selection->number_count++;
	return &larger[at];
}

/* The words that are not codes. Each sets what it names to `on`. */

static bool set_unlisted(struct selection *selection, bool on, struct error *error)
{
	(void)error;
	selection->unlisted = on;
	for (size_t i = 0; i < selection->number_count; i++)
		selection->numbers[i].unlisted = on;
	return true;
}

static bool set_all(struct selection *selection, bool on, struct error *error)
{
	for (size_t i = 0; i < catalog_size(selection->catalog); i++)
		selection->entries[i] = on;
	/* An unlikely number is only there when it was named, but `-all` leaves nothing. */
	for (size_t i = 0; i < selection->number_count && !on; i++)
		selection->numbers[i].other = false;
	return set_unlisted(selection, on, error);
}

static bool set_error(struct selection *selection, bool on, struct error *error)
{
	const struct selection *errors = selection->errors;

	for (size_t i = 0; i < catalog_size(selection->catalog); i++) {
		enum outcome outcome = catalog_at(selection->catalog, i)->outcome;

		if (errors != NULL ? errors->entries[i] : outcome_info(outcome)->is_error)
			selection->entries[i] = on;
	}
	/* Every number that either list names gets a row, so that rows suffice below. */
	for (size_t i = 0; errors != NULL && i < errors->number_count; i++)
		if (get_number(selection, errors->numbers[i].code, error) == NULL)
			return false;
	for (size_t i = 0; errors != NULL && i < selection->number_count; i++) {
		struct number *number = &selection->numbers[i];

		if (selection_has_number(errors, number->code, true))
			number->unlisted = on;
		if (selection_has_number(errors, number->code, false))
			number->other = on;
	}
	if (errors != NULL && errors->unlisted)
		selection->unlisted = on;
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct selection *selection, bool on, struct error *error);
} keywords[] = {
	{ "error", set_error },
	{ "unlisted", set_unlisted },
	{ "all", set_all },
};

enum { KEYWORD_COUNT = sizeof(keywords) / sizeof(keywords[0]) };

static bool set_code(struct selection *selection, uint32_t code, bool on, struct error *error)
{
	const struct catalog_entry *entry = catalog_find(selection->catalog, code);
	struct number *number;

	if (entry != NULL) {
		selection->entries[entry->id] = on;
		return true;
	}
	number = get_number(selection, code, error);
	if (number == NULL)
		return false;
	number->unlisted = number->other = on;
	return true;
}

/* Reads a word of digits as a code. */
static bool read_code(const char *word, uint32_t *code)
{
	size_t len = strlen(word);

	if (len > CODE_DIGITS || (len > 1 && word[0] == '0'))
		return false;
	*code = (uint32_t)strtoul(word, NULL, 10);
	return true;
}

/* Fails with what the word may have meant. */
static bool word_fault(
    const struct selection *selection, const char *option, const char *word, struct error *error)
{
	size_t categories = catalog_category_count(selection->catalog), count = 0;
	const char **words = calloc(categories + OUTCOME_COUNT + KEYWORD_COUNT, sizeof(*words));
	int shown = (int)utf8_fit(word, strlen(word), WORD_SHOWN);
	const char *nearest;

	if (words == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		words[count++] = outcome_info((enum outcome)i)->name;
	for (size_t i = 0; i < KEYWORD_COUNT; i++)
		words[count++] = keywords[i].name;
	for (size_t i = 0; i < categories; i++)
		words[count++] = catalog_category_name(selection->catalog, i);
	nearest = nearest_find(word, words, count, sizeof(*words));
	free(words);
	if (nearest != NULL)
		return error_set(error, ERROR_USAGE, "%s: unknown word '%.*s': did you mean '%s'?",
		    option, shown, word, nearest);
	(void)error_set(error, ERROR_USAGE,
	    "%s: unknown word '%.*s': it takes outcomes, categories, codes, error, unlisted, all",
	    option, shown, word);
	if (strchr("!^~", word[0]) != NULL)
		return error_hint(error, "to take out: %s=-%.*s", option, shown - 1, word + 1);
	if (strchr(word, ' ') != NULL || strchr(word, ';') != NULL)
		return error_hint(error, "words of a list stand between commas: error,9001");
	if (strncmp(word, "fail", 4) == 0)
		return error_hint(error, "try: %s error or %s failed", option, option);
	if (word[0] >= '0' && word[0] <= '9')
		return error_hint(error,
		    "codes are named one by one: 9001,9003; a family of them is a category: "
		    "verification");
	return false;
}

/* Sets what one word names. */
static bool set_word(
    struct selection *selection, const char *option, const char *word, bool on, struct error *error)
{
	const struct catalog *catalog = selection->catalog;
	enum outcome outcome;
	bool is_outcome = outcome_find(word, &outcome);
	uint32_t code;

	if (word[0] == '\0')
		return error_set(error, ERROR_USAGE, "%s: an empty word in the list", option);
	if (strspn(word, "0123456789") == strlen(word)) {
		if (read_code(word, &code))
			return set_code(selection, code, on, error);
		return error_set(error, ERROR_USAGE,
		    "%s: '%.*s' is no code: 1 to 9 digits without leading zero", option, WORD_SHOWN,
		    word);
	}
	for (size_t i = 0; i < KEYWORD_COUNT; i++)
		if (strcmp(word, keywords[i].name) == 0)
			return keywords[i].set(selection, on, error);
	if (!is_outcome && !catalog_has_category(catalog, word))
		return word_fault(selection, option, word, error);
	for (size_t i = 0; i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		if (is_outcome ? entry->outcome == outcome : strcmp(entry->category, word) == 0)
			selection->entries[i] = on;
	}
	return true;
}

/* Cuts the next word off at `*rest`, without the blanks around it; `*rest`
 * becomes NULL behind the last one. */
static char *cut_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	char *comma = strchr(word, ',');
	size_t len = comma != NULL ? (size_t)(comma - word) : strlen(word);

	*rest = comma != NULL ? comma + 1 : NULL;
	while (len > 0 && word[len - 1] == ' ')
		len--;
	word[len] = '\0';
	return word;
}

static bool set_list(
    struct selection *selection, const char *option, char *list, struct error *error)
{
	for (char *rest = list; rest != NULL;) {
		bool is_first = rest == list;
		char *word = cut_word(&rest);
		bool on = word[0] != '-';

		if (is_first && !on)
			(void)set_all(selection, true, error);
		if (!set_word(selection, option, on ? word : word + 1, on, error))
			return false;
	}
	return true;
}

struct selection *selection_new(const char *option, const char *list, const struct catalog *catalog,
    const struct selection *errors, struct error *error)
{
	struct selection *selection;
	bool right = false;
	char *copy;

	if (list[strspn(list, " ")] == '\0') {
		(void)error_set(error, ERROR_USAGE, "%s: the list is empty", option);
		return NULL;
	}
	selection = make(catalog, errors, error);
	if (selection == NULL)
		return NULL;
	copy = strdup(list);
	if (copy == NULL)
		(void)error_set_memory(error);
	else
		right = set_list(selection, option, copy, error);
	free(copy);
	selection->errors = NULL;
	if (right)
		return selection;
	selection_free(selection);
	return NULL;
}

struct selection *selection_new_errors(const struct catalog *catalog, struct error *error)
{
	struct selection *selection = make(catalog, NULL, error);

	if (selection != NULL)
		(void)set_error(selection, true, error);
	return selection;
}

bool selection_has(const struct selection *selection, const struct catalog_entry *entry)
{
	return selection->entries[entry->id];
}

bool selection_has_number(const struct selection *selection, uint32_t code, bool is_unlisted)
{
	size_t at = find_number(selection, code);

	if (!is_number(selection, at, code))
		return is_unlisted && selection->unlisted;
	return is_unlisted ? selection->numbers[at].unlisted : selection->numbers[at].other;
}
