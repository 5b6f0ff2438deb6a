#ifndef JGANNOTATE_REPORT_REPORT_CHECK_H
#define JGANNOTATE_REPORT_REPORT_CHECK_H

#include "catalog/catalog.h"
#include "report/json.h"
#include "report/member.h"

/*
 * What the members of a JSON report have to do with each other. First all members are read, by
 * report_reader.c, then checked, both in the order of the table.
 */
struct report_reader {
	struct json_document json;
	struct summary *summary;
	const struct catalog *catalog;                /* of this program; may be NULL */
	const char *(*reason_zh)(const char *reason); /* may be NULL */
	/* of the list that is checked: what its rows have used up of their totals */
	uint64_t used[4];
	/* Where report_check.c finds what codes mean. */
	const struct catalog_entry **entries; /* NULL: not gathered yet */
	size_t entry_count;
	const struct summary_code **codes; /* by number */
};

/* A value of the report, and where it belongs in the summary. */
struct member_value {
	struct report_reader *reader;
	struct json_node node;
	const struct member *member; /* NULL: a row of an array */
	void *at;                    /* of a row its struct */
	void *of;                    /* of a member, in its struct */
};

/* Each is given a row, or the member that has the check; the table in members.c says which. */
member_check_fn report_check_hits; /* the sums of `hits` */
member_check_fn report_check_slice;
member_check_fn report_check_category;
member_check_fn report_check_codes; /* no code twice */
member_check_fn report_check_held;
member_check_fn report_check_unlisted;
member_check_fn report_check_numbers;
member_check_fn report_check_catalog;
member_check_fn report_check_bucket;  /* in its place, of the report's codes, sums */
member_check_fn report_check_buckets; /* all hits are in one */
member_check_fn report_check_group;
member_check_fn report_check_groups;
member_check_fn report_check_missed;

/* The entry of a code that a bucket or group has in a row, whose member the value is; NULL: the
 * error is set. They need `codes` and `inner` to be read. */
const struct catalog_entry *report_entry(const struct member_value *value, uint32_t code);
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
