/*
 * Owns what of a JSON text is sealed, and where the seal stands in it. A text is JSON already: a
 * string is known by its quotes.
 */
#include "report/seal.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* How many bytes from `text` on are sealed together: blanks between words are left out. */
static size_t sealed_length(const char *text, size_t len, bool *is_string)
{
	size_t i = 0;

	while (i < len && (*is_string || !is_blank(text[i]))) {
		if (*is_string && text[i] == '\\' && i + 1 < len)
			i++;
		else if (text[i] == '"')
			*is_string = !*is_string;
		i++;
	}
	return i;
}

bool seal_make(const char *text, size_t len, char seal[DIGEST_TEXT])
{
	struct digest *digest = digest_new();
	bool is_string = false;

	if (digest == NULL)
		return false;
	while (len > 0) {
		size_t length = sealed_length(text, len, &is_string);

		digest_add(digest, text, length);
		text += length;
		len -= length;
		while (len > 0 && is_blank(*text)) {
			text++;
			len--;
		}
	}
	digest_text(digest, seal);
	digest_free(digest);
	return true;
}

/* Takes `word`, and blanks behind it, from the end of the text. */
static bool take_back(const char *text, size_t *len, const char *word)
{
	size_t length = strlen(word), left = *len;

	while (left > 0 && is_blank(text[left - 1]))
		left--;
	if (left < length || memcmp(text + left - length, word, length) != 0)
		return false;
	*len = left - length;
	return true;
}

/* Takes the digits of a digest from the end of the text. */
static bool take_digest(const char *text, size_t *len, char seal[DIGEST_TEXT])
{
	if (*len < DIGEST_TEXT - 1)
		return false;
	*len -= DIGEST_TEXT - 1;
	memcpy(seal, text + *len, DIGEST_TEXT - 1);
	seal[DIGEST_TEXT - 1] = '\0';
	return true;
}

bool seal_check(const char *text, size_t len, enum seal *seal)
{
	char found[DIGEST_TEXT], made[DIGEST_TEXT];

	*seal = SEAL_NONE;
	if (!take_back(text, &len, "}") || !take_back(text, &len, "\"") ||
	    !take_digest(text, &len, found) || !take_back(text, &len, "\"") ||
	    !take_back(text, &len, ":") || !take_back(text, &len, "\"seal\"") ||
	    !take_back(text, &len, ","))
		return true;
	if (!seal_make(text, len, made))
		return false;
	*seal = strcmp(found, made) == 0 ? SEAL_RIGHT : SEAL_WRONG;
	return true;
}
