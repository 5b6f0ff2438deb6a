#ifndef JGANNOTATE_REPORT_SECTIONS_H
#define JGANNOTATE_REPORT_SECTIONS_H

#include "report/sheet.h"

/*
 * The sections of a sheet that are about codes, each added where it has something to say; the
 * others, and their order, are in sections.c.
 */
void section_headline(struct sheet *sheet);
void section_errors(struct sheet *sheet);
void section_others(struct sheet *sheet);
void section_advice(struct sheet *sheet);
void section_seen(struct sheet *sheet);

#endif
