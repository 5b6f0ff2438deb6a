#ifndef JGANNOTATE_REPORT_BAR_H
#define JGANNOTATE_REPORT_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Appends a bar for `count`, where `most` fills `width` columns: in eighths of a character,
 * or in whole '#'. What occurred shows. */
void bar_add(struct strbuf *out, double count, double most, unsigned width, bool utf8);

/* Appends a line of columns, one per number up to the last that is not 0; `none` stands for
 * a 0. What occurred shows. */
void bar_series_add(
    struct strbuf *out, const uint64_t *numbers, size_t count, const char *none, bool utf8);

#endif
