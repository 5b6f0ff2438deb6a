#ifndef JGANNOTATE_BASE_MESSAGE_H
#define JGANNOTATE_BASE_MESSAGE_H

#include "base/error.h"

/*
 * Messages to the user on standard error: "jgannotate: TEXT\n", in one write,
 * control characters in TEXT shown as \x1b, so that a file name or a log cannot
 * drive a terminal. Never fails: when standard error is gone, nobody listens.
 * Thread safe.
 */
void message_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Lines that say what to do, below a message: each ends in a newline, nothing stands in front.
 * Line ends and TABs pass, other control characters are shown. */
void message_hint(const char *lines);

/* The error, and its hint if it has one. */
void message_error(const struct error *error);

#endif
