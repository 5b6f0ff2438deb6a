/*
 * Owns the question whether a note tells the reader of a description anything new. Must
 * not know where it is shown.
 */
#include "report/advice.h"

#include <string.h>
#include <strings.h>

/* Words shorter than this carry no news; longer ones are the same when they begin alike
 * ("auth", "authentication"). */
#define WORD_LEAST 4

/* How many words it takes to be news: one alone is mostly grammar. */
#define NEWS_LEAST 2

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (is_letter(text[length]))
		length++;
	return length;
}

static bool has_word(const char *text, const char *word)
{
	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, WORD_LEAST) == 0)
			return true;
	return false;
}

static bool is_news(const char *note, const char *description)
{
	unsigned news = 0;

	while (*note != '\0') {
		size_t length = word_length(note);

		if ((unsigned char)*note >= 0x80)
			return true; /* not English: words are not told apart */
		if (length >= WORD_LEAST && !has_word(description, note))
			news++;
		note += length > 0 ? length : 1;
	}
	return news >= NEWS_LEAST;
}

const char *advice_note(const struct catalog_entry *entry, bool chinese)
{
	const char *note = chinese && entry->notes_zh[0] != '\0' ? entry->notes_zh : entry->notes;

	return note[0] != '\0' && strcmp(note, entry->description) != 0 &&
	               is_news(note, entry->description)
	           ? note
	           : NULL;
}
