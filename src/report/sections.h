#ifndef JGANNOTATE_REPORT_SECTIONS_H
#define JGANNOTATE_REPORT_SECTIONS_H

#include "report/sheet.h"

/* The sections of a sheet, each added where it has something to say. */
typedef void section_fn(struct sheet *sheet);

section_fn section_headline;
section_fn section_errors;
section_fn section_advice;
section_fn section_others;
section_fn section_seen;
section_fn section_time;
section_fn section_changes;
section_fn section_groups;
section_fn section_categories;
section_fn section_catalogs;
section_fn section_uncounted;

#endif
