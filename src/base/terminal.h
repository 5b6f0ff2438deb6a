#ifndef JGANNOTATE_BASE_TERMINAL_H
#define JGANNOTATE_BASE_TERMINAL_H

#include <stdbool.h>

/*
 * What the terminal behind a descriptor can show. All functions look at the
 * environment or the descriptor anew; call them once, while setting up.
 */

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Whether to colour what goes to `fd`: ALWAYS and NEVER are obeyed; AUTO means
 * a terminal, NO_COLOR unset or empty, and TERM set and not "dumb". */
bool terminal_wants_color(int fd, enum color_when when);

/* Columns of the terminal behind `fd`, at least 40, at most 200; 80 when it is
 * no terminal or does not say. */
unsigned terminal_width(int fd);

/* Rows of the terminal behind `fd`; 0 when it is no terminal or does not say. */
unsigned terminal_height(int fd);

/* Whether the locale's characters are UTF-8. main calls setlocale first; of a locale that this
 * system does not have the name says it. */
bool terminal_is_utf8(void);

/* Whether the locale's language (LC_ALL, LC_MESSAGES, LANG) is Chinese, and its characters are
 * UTF-8: in others our Chinese could not be read. */
bool terminal_is_chinese(void);

#endif
