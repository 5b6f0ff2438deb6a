/*
 * Owns the rows of counts. Must not know where they come from, or what is made of them.
 */
#include <string.h>

#include "base/strbuf.h"
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

/* The place of a text in a table of names; -1: it is none. */
static int find_name(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; text != NULL && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -1;
}

static void put_name(struct row *row, const char *name)
{
	row_put_text(row, name, strlen(name));
}

/* ---- in ---- */

bool store_write_count(
    struct store *store, int64_t run, const struct count *count, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "tally", "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		error))
		return false;
	row_put_integer(&row, run);
	row_put_time(&row,
	    count->time == COUNT_NO_TIME ? COUNT_NO_TIME : count->time / MILLISECONDS);
	row_put_integer(&row, count->code);
	put_name(&row, class_names[count->counts_as]);
	row_put_integer(&row, count->reason);
	put_name(&row, kind_names[count->group_kind]);
	row_put_text(&row, count->group_kind == GROUP_VALUE ? count->group : NULL,
	    count->group_length);
	row_put_count(&row, count->count);
	written = row_write(&row, error);
	row_release(&row);
	return written;
}

/* ---- out ---- */

/* Reads a row; false where it is damaged. The group lives until the next row. */
static bool get_count(struct row *row, struct count *count, struct error *error)
{
	size_t length;
	int counts_as;
	int kind;

	(void)row_get_integer(row, 1, INT64_MAX);
	count->time = row_get_time(row);
	if (count->time != COUNT_NO_TIME) {
		if (count->time > INT64_MAX / MILLISECONDS ||
		    count->time < INT64_MIN / MILLISECONDS)
			row->is_wrong = true;
		else
			count->time *= MILLISECONDS;
	}
	count->code = (uint32_t)row_get_integer(row, 0, 999999999);
	counts_as = find_name(row_get_text(row, &length), class_names, HIT_CLASS_COUNT);
	count->reason = (unsigned)row_get_integer(row, 0, 255);
	kind = find_name(row_get_text(row, &length), kind_names, KIND_COUNT);
	count->group = row_get_text(row, &count->group_length);
	count->count = row_get_count(row);
	if (counts_as < 0 || kind < 0 || (kind == GROUP_VALUE) != (count->group != NULL))
		row->is_wrong = true;
	else {
		count->counts_as = (enum hit_class)counts_as;
		count->group_kind = (enum summary_group_kind)kind;
	}
	return row_check(row, error);
}

static bool is_same(const struct count *a, const struct count *b)
{
	return a->time == b->time && a->code == b->code && a->counts_as == b->counts_as &&
	    a->reason == b->reason && a->group_kind == b->group_kind &&
	    a->group_length == b->group_length &&
	    (a->group_length == 0 || memcmp(a->group, b->group, a->group_length) == 0);
}

/* Neighbours that differ in their run alone are one count. */
struct summing {
	struct count count; /* count.count 0: none yet */
	struct strbuf group;
	bool (*take)(void *context, const struct count *count, struct error *error);
	void *context;
};

static bool give(struct summing *sum, struct error *error)
{
	return sum->count.count == 0 || sum->take(sum->context, &sum->count, error);
}

static bool add(struct summing *sum, const struct count *count, struct error *error)
{
	if (sum->count.count != 0 && is_same(&sum->count, count)) {
		sum->count.count = sum->count.count > INT64_MAX - count->count
		    ? INT64_MAX
		    : sum->count.count + count->count;
		return true;
	}
	if (!give(sum, error))
		return false;
	sum->count = *count;
	strbuf_reset(&sum->group);
	if (count->group != NULL) {
		strbuf_add(&sum->group, count->group, count->group_length);
		if (sum->group.failed)
			return error_set_memory(error);
		sum->count.group = sum->group.data;
	}
	return true;
}

static bool take_no_run(void *context, const struct store_run *run, struct error *error)
{
	(void)context;
	(void)run;
	(void)error;
	return true;
}

bool store_read_counts(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct summing sum = { .take = take, .context = context, .group = STRBUF_INIT };
	struct store_range all = { .undelivered = false };
	struct row row;
	enum row_result result;

	/* which counts are chosen hangs on the runs: none of them may be damaged */
	if (!store_read_runs(store, &all, take_no_run, NULL, error) ||
	    !row_init(&row, store, "tally",
		"SELECT tally.run, quarter, code, counts_as, reason, kind, \"group\", count,"
		" tally.checksum FROM tally JOIN run ON run.id = tally.run"
		" WHERE run.epoch = ?1 AND run.delivered <= ?2 AND (quarter IS NULL OR"
		" (quarter >= ?3 AND quarter < ?4))"
		" ORDER BY quarter, kind, \"group\", counts_as, code, reason, tally.run",
		error))
		return false;
	row_bind(&row, 1, store->epoch);
	row_bind(&row, 2, range->undelivered ? 0 : 1);
	row_bind(&row, 3,
	    range->since == COUNT_NO_TIME ? INT64_MIN : range->since / MILLISECONDS);
	row_bind(&row, 4,
	    range->until == COUNT_NO_TIME ? INT64_MAX : range->until / MILLISECONDS);
	while ((result = row_read(&row, error)) == ROW_READ) {
		struct count count;

		if (!get_count(&row, &count, error) || !add(&sum, &count, error)) {
			result = ROW_ERROR;
			break;
		}
	}
	if (result == ROW_END && !give(&sum, error))
		result = ROW_ERROR;
	strbuf_release(&sum.group);
	row_release(&row);
	return result == ROW_END;
}

bool store_read_span(struct store *store, int64_t *first, int64_t *last, struct error *error)
{
	struct row row;
	bool read;

	if (!row_init(&row, store, "tally",
		"SELECT min(quarter), max(quarter) FROM tally JOIN run ON run.id = tally.run"
		" WHERE run.epoch = ?1",
		error))
		return false;
	row_bind(&row, 1, store->epoch);
	read = row_read(&row, error) == ROW_READ;
	*first = read ? row_get_time(&row) : COUNT_NO_TIME;
	*last = read ? row_get_time(&row) : COUNT_NO_TIME;
	if (*first != COUNT_NO_TIME)
		*first *= MILLISECONDS;
	if (*last != COUNT_NO_TIME)
		*last *= MILLISECONDS;
	row_release(&row);
	return read;
}

bool store_drop_old(struct store *store, int64_t oldest, struct error *error)
{
	static const char *const steps[] = {
		"DELETE FROM tally WHERE quarter < ?1",
		"DELETE FROM tally WHERE quarter IS NULL AND run IN"
		" (SELECT id FROM run WHERE started < ?1 * 1000 AND delivered = 1)",
		"DELETE FROM gap WHERE run IN"
		" (SELECT id FROM run WHERE started < ?1 * 1000 AND delivered = 1)",
		"DELETE FROM run WHERE started < ?1 * 1000 AND delivered = 1 AND id NOT IN"
		" (SELECT run FROM tally) AND id <> (SELECT max(id) FROM run)",
	};
	bool dropped = true;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && dropped; i++) {
		struct row row;

		if (!row_init(&row, store, "tally", steps[i], error))
			return false;
		row_bind(&row, 1, oldest / MILLISECONDS);
		dropped = row_read(&row, error) == ROW_END;
		row_release(&row);
	}
	return dropped;
}
