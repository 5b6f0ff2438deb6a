/*
 * Owns what the JSON report says of time, buckets, groups and the baseline. Must
 * not know what stands around it.
 */
#include "report/json_parts.h"

#include <inttypes.h>

#include "report/json.h"

void json_window(struct strbuf *out, const struct summary *summary)
{
	if (!summary->time.is_asked) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_text(out, "{\n    ");
	json_member_time(out, "since", summary->time.since);
	strbuf_add_text(out, ",\n    ");
	json_member_time(out, "until", summary->time.until);
	strbuf_add_text(out, ",\n    ");
	json_member_text(out, "tz", summary->time.zone);
	strbuf_add_text(out, ",\n    \"bucket_seconds\": ");
	if (summary->time.bucket_seconds == 0)
		strbuf_add_text(out, "null");
	else
		strbuf_add_format(out, "%" PRIu32, summary->time.bucket_seconds);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "unknown", summary->time.unknown);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "outside", summary->time.outside);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "skipped_bytes", summary->time.skipped_bytes);
	strbuf_add_text(out, "\n  }");
}

static void part_add(struct strbuf *out, const struct summary_part *part)
{
	json_member_count(out, "responses", part->responses);
	json_comma(out);
	json_member_count(out, "errors", part->errors);
	json_comma(out);
	json_member_share(out, "error_rate", part->errors, part->responses);
	json_comma(out);
	json_member_count(out, "held_back", part->held_back);
	json_comma(out);
	json_member_count(out, "unlisted", part->unlisted);
	strbuf_add_text(out, ", \"codes\": [");
	for (size_t i = 0; i < part->code_count; i++) {
		strbuf_add_format(out, "%s{\"code\": %" PRIu32 ", ", i > 0 ? ", " : "",
		    part->codes[i].entry->code);
		json_member_count(out, "count", part->codes[i].count);
		strbuf_add_char(out, '}');
	}
	strbuf_add_char(out, ']');
}

static void bucket_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_bucket *bucket = (const struct summary_bucket *)rows + i;

	json_member_time(out, "start", bucket->start);
	json_comma(out);
	part_add(out, &bucket->part);
}

void json_buckets(struct strbuf *out, const struct summary *summary)
{
	if (summary->time.bucket_seconds == 0)
		strbuf_add_text(out, "null");
	else
		json_rows(out, summary->buckets, summary->bucket_count, bucket_row, 2);
}

static void group_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_group *group = (const struct summary_group *)rows + i;

	json_member_text(out, "group", group->kind == GROUP_VALUE ? group->name : NULL);
	json_comma(out);
	json_member_bool(out, "other", group->kind == GROUP_OTHER);
	json_comma(out);
	part_add(out, &group->part);
}

void json_groups(struct strbuf *out, const struct summary *summary)
{
	if (summary->group_field == NULL) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_text(out, "{\n    ");
	json_member_text(out, "field", summary->group_field);
	strbuf_add_text(out, ",\n    \"values\": ");
	json_rows(out, summary->groups, summary->group_count, group_row, 4);
	strbuf_add_text(out, "\n  }");
}

static void change_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_change *change = (const struct summary_change *)rows + i;

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", change->code);
	json_member_text(out, "description", change->description);
	json_comma(out);
	json_member_text(out, "outcome", outcome_info(change->outcome)->name);
	json_comma(out);
	json_member_bool(out, "error", change->is_error);
	json_comma(out);
	json_member_count(out, "count", change->count);
	json_comma(out);
	json_member_count(out, "count_before", change->count_before);
	json_comma(out);
	json_member_fraction(out, "share", change->share);
	json_comma(out);
	json_member_fraction(out, "share_before", change->share_before);
	json_comma(out);
	json_member_fraction(out, "change", change->share - change->share_before);
	json_comma(out);
	json_member_bool(out, "new", change->is_new);
	json_comma(out);
	json_member_bool(out, "vanished", change->is_vanished);
}

void json_baseline(struct strbuf *out, const struct summary *summary)
{
	const struct summary_baseline *baseline = summary->baseline;

	if (baseline == NULL) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_text(out, "{\n    ");
	json_member_text(out, "file", baseline->file);
	strbuf_add_text(out, ",\n    ");
	json_member_text(out, "label",
	    baseline->label != NULL && baseline->label[0] != '\0' ? baseline->label : NULL);
	strbuf_add_text(out, ",\n    \"span\": ");
	json_span(out, baseline->first, baseline->last);
	if (baseline->days_asked > 0)
		strbuf_add_format(out, ",\n    \"days\": %u,\n    \"days_with_responses\": %u,\n    ",
		    baseline->days_asked, baseline->days);
	else
		strbuf_add_text(out,
		    ",\n    \"days\": null,\n    \"days_with_responses\": null,\n    ");
	if (baseline->days_asked > 0)
		strbuf_add_format(
		    out, "\"days_by_other_rules\": %u,\n    ", baseline->days_other_rules);
	else
		strbuf_add_text(out, "\"days_by_other_rules\": null,\n    ");
	json_member_bool(out, "by_other_rules", baseline->is_of_other_rules);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "responses", baseline->responses);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "errors", baseline->errors);
	strbuf_add_text(out, ",\n    ");
	strbuf_add_text(out, "\"error_rate\": ");
	if (baseline->responses == 0)
		strbuf_add_text(out, "null");
	else
		json_fraction(out, baseline->error_rate);
	strbuf_add_text(out, ",\n    \"error_rate_change\": ");
	if (baseline->responses == 0 || summary->hits[HIT_RESPONSE] == 0)
		strbuf_add_text(out, "null");
	else
		json_fraction(out, summary_error_rate(summary) - baseline->error_rate);
	strbuf_add_text(out, ",\n    \"codes\": ");
	json_rows(out, baseline->changes, baseline->change_count, change_row, 4);
	strbuf_add_text(out, "\n  }");
}

/* ---- what a database knows ---- */

static void run_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_run *run = (const struct summary_run *)rows + i;

	strbuf_add_format(out, "\"run\": %" PRId64 ", ", run->id);
	json_member_time(out, "started", run->started);
	strbuf_add_format(out, ", \"delivered\": %s, ", run->is_delivered ? "true" : "false");
	json_member_count(out, "lines", run->lines);
}

void json_runs(struct strbuf *out, const struct summary *summary)
{
	if (summary->history == NULL || summary->history->is_merged)
		strbuf_add_text(out, "null");
	else
		json_rows(out, summary->history->runs, summary->history->run_count, run_row, 2);
}

static void gap_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_gap *gap = (const struct summary_gap *)rows + i;

	json_member_text(out, "file", gap->file);
	json_comma(out);
	json_member_count(out, "bytes", gap->bytes);
	json_comma(out);
	json_member_text(out, "reason", gap->reason);
}

void json_gaps(struct strbuf *out, const struct summary *summary)
{
	if (summary->history == NULL)
		strbuf_add_text(out, "null");
	else
		json_rows(out, summary->history->gaps, summary->history->gap_count, gap_row, 2);
}

static void missed_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary_stretch *missed = (const struct summary_stretch *)rows + i;

	json_member_time(out, "since", missed->since);
	json_comma(out);
	json_member_time(out, "until", missed->until);
}

void json_missed(struct strbuf *out, const struct summary *summary)
{
	if (summary->history == NULL)
		strbuf_add_text(out, "null");
	else
		json_rows(
		    out, summary->history->missed, summary->history->missed_count, missed_row, 2);
}
