#ifndef JGANNOTATE_REPORT_SECTIONS_H
#define JGANNOTATE_REPORT_SECTIONS_H

#include "report/sheet.h"

/*
 * What the reports for people say: fills a sheet with the sections in which there is something to
 * say, in the order of its format.
 */
void sections_add(struct sheet *sheet);

/* Those about codes, in sections_codes.c; the others, and the orders, are in sections.c. */
void section_headline(struct sheet *sheet);
void section_errors(struct sheet *sheet);
void section_others(struct sheet *sheet);
void section_advice(struct sheet *sheet);
void section_seen(struct sheet *sheet);

#endif
