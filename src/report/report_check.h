#ifndef JGANNOTATE_REPORT_REPORT_CHECK_H
#define JGANNOTATE_REPORT_REPORT_CHECK_H

#include "report/member.h"

/*
 * What the members of a report have to do with each other. Each is given a row, or where a member
 * has the check the summary; the table in members.c says which.
 */
member_check_fn report_check_hits;    /* the sums of `hits` */
member_check_fn report_check_outcome; /* rows: no more than their totals */
member_check_fn report_check_category;
member_check_fn report_check_code;
member_check_fn report_check_codes; /* no code twice */
member_check_fn report_check_inner;
member_check_fn report_check_held;
member_check_fn report_check_unlisted;
member_check_fn report_check_number;
member_check_fn report_check_numbers;
member_check_fn report_check_catalog;
member_check_fn report_check_bucket;  /* in its place, of the report's codes, sums */
member_check_fn report_check_buckets; /* all hits are in one */
member_check_fn report_check_group;
member_check_fn report_check_groups;
member_check_fn report_check_missed;

/* The entry of a code that stands in a row at `place`; NULL: the error is set. They need `codes`
 * and `inner` to be read. */
const struct catalog_entry *report_entry(
    struct report_reader *reader, const struct json_place *place, uint32_t code);
/* The same of one that need not be in the report. */
const struct catalog_entry *report_any_entry(struct report_reader *reader, uint32_t code);

/* Takes a count from what the list that is checked has left of a total of it: the `which`th, from
 * 0. False when that is less. So no sum overflows. */
bool report_take(struct report_reader *reader, size_t which, uint64_t count, uint64_t total);
#define REPORT_MORE_THAN_TOTAL "the counts are more than their total"

/* What was read and is no member of its own, before and after all others are checked. */
bool report_check_begin(struct report_reader *reader);
bool report_check_end(struct report_reader *reader);

#endif
