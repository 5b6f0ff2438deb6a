#ifndef JGANNOTATE_REPORT_LIMIT_H
#define JGANNOTATE_REPORT_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The LIMIT of a threshold: "2%", "0.5%", "641".
 */
struct limit {
	bool is_set;
	bool is_percent;
	uint64_t value; /* a count, or millionths of a per cent */
	char text[24];  /* as given, without the % */
};

/* Reads a threshold's text: [LIST:]LIMIT. `*list_len` is LIST's length in `text`; 0: there
 * is none. A limit that is always reached (0) is refused, as is a count without LIST:
 * ERROR_USAGE, naming `option`. */
bool limit_read(const char *option, const char *text, struct limit *limit, size_t *list_len,
    struct error *error);

/* Whether a value reaches it. A share of nothing reaches nothing. */
bool limit_is_reached(const struct limit *limit, uint64_t value, uint64_t responses);

#endif
