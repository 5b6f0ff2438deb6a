/*
 * Owns what a rotated log can be called. Must not know files: only their names.
 */
#include "input/rotated_name.h"

#include <limits.h>
#include <string.h>

static const char *const packings[] = { ".gz", ".zst", ".xz" };

size_t rotated_name_packing(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		size_t size = strlen(packings[i]);

		if (length > size && strcmp(name + length - size, packings[i]) == 0)
			return size;
	}
	return 0;
}

/* How many digits stand here, `most` at most; their number. */
static size_t read_digits(const char *text, size_t most, uint32_t *number)
{
	size_t length = 0;

	*number = 0;
	for (; length < most && text[length] >= '0' && text[length] <= '9'; length++)
		*number = *number * 10 + (uint32_t)(text[length] - '0');
	return length;
}

/* Exactly so many digits, of a number in [from, to]. What stands behind does not matter. */
static bool read_part(const char **text, size_t digits, uint32_t from, uint32_t to, uint64_t *date)
{
	uint32_t number;

	if (read_digits(*text, digits, &number) < digits || number < from || number > to)
		return false;
	*text += digits;
	*date = *date * 100 + number;
	return true;
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* YYYY-MM-DD or YYYYMMDD; both dashes or none. */
static bool read_day(const char **text, uint64_t *date)
{
	bool has_dash;

	*date = 0;
	if (!read_part(text, 4, 0, 9999, date))
		return false;
	has_dash = **text == '-';
	*text += has_dash;
	if (!read_part(text, 2, 1, 12, date) || (**text == '-') != has_dash)
		return false;
	*text += has_dash;
	return read_part(text, 2, 1, 31, date);
}

static bool read_hour(const char **text, uint64_t *date)
{
	*text += is_one_of(**text, "-_T");
	return read_part(text, 2, 0, 23, date);
}

/* All that may stand behind the date: [SEPARATOR N] SUFFIX. */
static bool read_end(
    const char *text, const char *separators, const char *suffix, struct rotated_name *parsed)
{
	uint32_t number;
	size_t digits;

	parsed->number = 0;
	if (strcmp(text, suffix) == 0)
		return true;
	if (!is_one_of(*text, separators))
		return false;
	digits = read_digits(text + 1, 9, &number);
	parsed->number = number + 1;
	return digits > 0 && strcmp(text + 1 + digits, suffix) == 0;
}

/* A way to name a dated file: PREFIX [before]DATE [[behind]N] SUFFIX. */
struct form {
	const char *before;
	const char *behind;
	const char *suffix;
};

static bool read_dated(const char *text, const struct form *form, struct rotated_name *parsed)
{
	const char *hour;
	uint64_t day;

	if (!is_one_of(*text++, form->before) || !read_day(&text, &day))
		return false;
	/* what looks like an hour may be N */
	hour = text;
	parsed->date = day;
	if (read_hour(&hour, &parsed->date) && read_end(hour, form->behind, form->suffix, parsed)) {
		parsed->date++;
		return true;
	}
	parsed->date = day * 100;
	return read_end(text, form->behind, form->suffix, parsed);
}

static bool read_numbered(const char *text, struct rotated_name *parsed)
{
	parsed->date = 0;
	return *text != '\0' && read_end(text, ".", "", parsed);
}

/* Where the log's suffix begins: at its last dot, if that is inside. */
static const char *find_suffix(const char *log)
{
	const char *dot = strrchr(log, '.');

	return dot == NULL || dot == log || dot[1] == '\0' ? log + strlen(log) : dot;
}

bool rotated_name_parse(struct rotated_name *parsed, const char *log, const char *name)
{
	const char *suffix = find_suffix(log);
	struct form behind_all = { "-.", ".", "" };
	struct form behind_stem = { "-._", "-._", suffix };
	size_t length = strlen(log), stem_length = (size_t)(suffix - log);
	size_t core_length = strlen(name) - rotated_name_packing(name);
	char core[NAME_MAX + 1];

	if (core_length > NAME_MAX || core_length <= stem_length ||
	    strncmp(name, log, stem_length) != 0)
		return false;
	memcpy(core, name, core_length);
	core[core_length] = '\0';
	/* eight digits are rather a date than a number */
	if (read_dated(core + stem_length, &behind_stem, parsed))
		return true;
	if (core_length <= length || strncmp(core, log, length) != 0)
		return false;
	return read_dated(core + length, &behind_all, parsed) ||
	       read_numbered(core + length, parsed);
}

int rotated_name_compare(const struct rotated_name *a, const struct rotated_name *b)
{
	bool is_less = a->number < b->number;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	if (a->number == b->number)
		return 0;
	return is_less == (a->date != 0) ? -1 : 1;
}

enum rotated_folder rotated_folder_parse(const char *name)
{
	const char *text = name;
	uint64_t date = 0;

	if (strncmp(name, "archive", strlen("archive")) == 0)
		return ROTATED_FOLDER_ARCHIVE;
	if (read_day(&text, &date) && *text == '\0')
		return ROTATED_FOLDER_DATED;
	text = name;
	if (read_part(&text, 2, 1, 12, &date) && *text == '\0')
		return ROTATED_FOLDER_MONTH;
	text = name;
	if (!read_part(&text, 4, 0, 9999, &date))
		return ROTATED_FOLDER_OTHER;
	if (*text == '\0')
		return ROTATED_FOLDER_YEAR;
	text += *text == '-';
	return read_part(&text, 2, 1, 12, &date) && *text == '\0' ? ROTATED_FOLDER_DATED
	                                                          : ROTATED_FOLDER_OTHER;
}
