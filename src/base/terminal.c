/*
 * Owns what is asked of the terminal and the locale. Must not know what will
 * be shown.
 */
#include "base/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_LEAST = 40, WIDTH_MOST = 200, WIDTH_UNKNOWN = 80 };

/* An environment variable, or NULL when it is unset or empty. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

bool terminal_wants_color(int fd, enum color_when when)
{
	const char *term = environment("TERM");

	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	return environment("NO_COLOR") == NULL && term != NULL && strcmp(term, "dumb") != 0 &&
	       isatty(fd);
}

unsigned terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_UNKNOWN;
	if (size.ws_col < WIDTH_LEAST)
		return WIDTH_LEAST;
	return size.ws_col > WIDTH_MOST ? WIDTH_MOST : size.ws_col;
}

unsigned terminal_height(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

/* What the environment names, where this system has no such locale. */
static bool names_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *in_use = setlocale(LC_CTYPE, NULL);

	if (in_use == NULL || strcmp(in_use, "C") != 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = environment(names[i]);
		const char *dot = value == NULL ? NULL : strchr(value, '.');

		if (value != NULL)
			return dot != NULL && (strncasecmp(dot, ".utf-8", 6) == 0 ||
			                          strncasecmp(dot, ".utf8", 5) == 0);
	}
	return false;
}

bool terminal_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 || names_utf8();
}

bool terminal_is_chinese(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = environment(names[i]);

		if (value != NULL)
			return terminal_is_utf8() && strncmp(value, "zh", 2) == 0 &&
			       strchr("_.@", value[2]) != NULL;
	}
	return false;
}
