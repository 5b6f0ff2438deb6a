/*
 * Owns how a count becomes a row, and the order of a run's rows. Must not know which rows are
 * read or written.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

#define MILLISECONDS 1000

static const char *const class_names[HIT_CLASS_COUNT] = {
	[HIT_RESPONSE] = "response",
	[HIT_INNER] = "inner",
	[HIT_REPEATED] = "repeated",
	[HIT_HELD_BACK] = "held_back",
	[HIT_UNLISTED] = "unlisted",
	[HIT_ELSEWHERE] = "elsewhere",
	[HIT_OTHER] = "other_number",
};

static const char *const kind_names[] = {
	[GROUP_VALUE] = "value",
	[GROUP_NONE] = "none",
	[GROUP_OTHER] = "other",
};

#define KIND_COUNT (sizeof(kind_names) / sizeof(kind_names[0]))

const char *store_class_name(enum hit_class hit_class)
{
	return class_names[hit_class];
}

/* The place of a text in a table of names; -1: it is none. */
static int find_name(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; text != NULL && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -1;
}

int store_find_class(const char *name)
{
	return find_name(name, class_names, HIT_CLASS_COUNT);
}

static void put_name(struct row *row, const char *name)
{
	row_put_text(row, name, strlen(name));
}

/* ---- rows ---- */

void store_put_count(struct row *row, int64_t run, int64_t number, const struct count *count)
{
	row_put_integer(row, run);
	row_put_integer(row, number);
	row_put_time(
	    row, count->time == COUNT_NO_TIME ? COUNT_NO_TIME : count->time / MILLISECONDS);
	row_put_integer(row, count->code);
	put_name(row, class_names[count->counts_as]);
	row_put_integer(row, count->reason);
	put_name(row, kind_names[count->group_kind]);
	row_put_text(
	    row, count->group_kind == GROUP_VALUE ? count->group : NULL, count->group_length);
	row_put_count(row, count->count);
}

static int64_t get_time(struct row *row)
{
	int64_t seconds = row_get_time(row);

	if (seconds == COUNT_NO_TIME)
		return seconds;
	if (seconds > INT64_MAX / MILLISECONDS || seconds < INT64_MIN / MILLISECONDS) {
		row->is_wrong = true;
		return 0;
	}
	return seconds * MILLISECONDS;
}

bool store_get_count(
    struct row *row, int64_t run, int64_t number, struct count *count, struct error *error)
{
	size_t length;
	int counts_as;
	int kind;

	(void)row_get_integer(row, run, run);
	(void)row_get_integer(row, number, number);
	count->time = get_time(row);
	count->code = (uint32_t)row_get_integer(row, 0, 999999999);
	counts_as = store_find_class(row_get_text(row, &length));
	count->reason = (unsigned)row_get_integer(row, 0, 255);
	kind = find_name(row_get_text(row, &length), kind_names, KIND_COUNT);
	count->group = row_get_text(row, &count->group_length);
	count->count = row_get_count(row);
	if (counts_as < 0 || kind < 0 || (kind == GROUP_VALUE) != (count->group != NULL)) {
		row->is_wrong = true;
	} else {
		count->counts_as = (enum hit_class)counts_as;
		count->group_kind = (enum summary_group_kind)kind;
	}
	return row_check(row, error);
}

/* ---- order ---- */

static int compare_integers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_groups(const struct count *a, const struct count *b)
{
	size_t length = a->group_length < b->group_length ? a->group_length : b->group_length;
	int order = compare_integers(a->group_kind, b->group_kind);

	if (order == 0 && length > 0)
		order = memcmp(a->group, b->group, length);
	return order != 0 || a->group_kind != GROUP_VALUE
	           ? order
	           : compare_integers((int64_t)a->group_length, (int64_t)b->group_length);
}

static int compare(const void *left, const void *right)
{
	const struct count *a = left;
	const struct count *b = right;
	int order = compare_integers(store_count_place(a), store_count_place(b));

	if (order == 0)
		order = compare_groups(a, b);
	if (order == 0)
		order = compare_integers(a->counts_as, b->counts_as);
	if (order == 0)
		order = compare_integers(a->code, b->code);
	return order != 0 ? order : compare_integers(a->reason, b->reason);
}

int64_t store_count_place(const struct count *count)
{
	return count->time == COUNT_NO_TIME ? INT64_MAX : count->time;
}

uint64_t store_add(uint64_t a, uint64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

size_t store_sort_counts(struct count *counts, size_t count)
{
	size_t last = 0;

	if (count == 0)
		return 0;
	qsort(counts, count, sizeof(*counts), compare);
	for (size_t i = 1; i < count; i++) {
		if (compare(&counts[last], &counts[i]) == 0)
			counts[last].count = store_add(counts[last].count, counts[i].count);
		else
			counts[++last] = counts[i];
	}
	return last + 1;
}
