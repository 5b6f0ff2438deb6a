#ifndef JGANNOTATE_TESTS_SUMMARY_SAMPLE_H
#define JGANNOTATE_TESTS_SUMMARY_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "tally/summary.h"

/*
 * A summary as a log of some size gives it; its sums hold. Free it with
 * summary_free. The tests change copies of it.
 */
/* A description and its length. */
#define DESCRIBED(text) (text), sizeof(text) - 1

static const struct catalog_entry sample_entries[] = {
	{ 9000, 0, 0, 0, OUTCOME_SUCCESS, COLLIDES_YES, DESCRIBED("verify consistent"),
	    "verification", "", "" },
	{ 9001, 1, 0, 0, OUTCOME_NEGATIVE, COLLIDES_NO, DESCRIBED("verify not consistent"),
	    "verification", "", "" },
	{ 8000, 2, 1, 0, OUTCOME_SUCCESS, COLLIDES_YES, DESCRIBED("get phone success"), "login", "",
	    "" },
	{ 9018, 3, 0, 0, OUTCOME_ACCOUNT, COLLIDES_NO, DESCRIBED("appKey no money"), "verification",
	    "Insufficient account balance", "账户余额不足" },
	{ 9003, 4, 0, 0, OUTCOME_REQUEST, COLLIDES_NO, DESCRIBED("token expired or not exist"),
	    "verification", "", "" },
	{ 9006, 5, 0, 0, OUTCOME_LIMIT, COLLIDES_NO,
	    DESCRIBED("frequency of verifying single number is beyond the maximum limit"),
	    "verification", "", "" },
	{ 7110, 6, 2, 0, OUTCOME_REQUEST, COLLIDES_NO, DESCRIBED("not proof"), "captcha", "", "" },
	{ 8001, 7, 1, 0, OUTCOME_FAILED, COLLIDES_NO, DESCRIBED("get phone fail"), "login", "",
	    "" },
	{ 9099, 8, 0, 0, OUTCOME_SERVER, COLLIDES_NO, DESCRIBED("bad server"), "verification", "",
	    "" },
	{ 0, 9, 3, 0, OUTCOME_SUCCESS, COLLIDES_ALWAYS, DESCRIBED("success"), "risk", "", "" },
	{ 1804, 10, 3, 0, OUTCOME_LIMIT, COLLIDES_NO, DESCRIBED("qps limit"), "risk", "", "" },
	{ 77001, 11, 4, 1, OUTCOME_FAILED, COLLIDES_NO, DESCRIBED("短信余额不足，请充值后重试"),
	    "我方短信", "", "" },
};

static const char *const sample_files[] = { "api.log.1", "api.log" };
static const char *const sample_keys[] = { "code", "errcode", "err_code", "error_code", "retCode",
	"ret_code", "resCode", "resultCode", "result_code", "respCode", "resp_code", "rspCode",
	"returnCode", "return_code", "bizCode", "biz_code", "consistencyCode", "返回码", "错误码",
	"响应码", "结果码", "\xb7\xb5\xbb\xd8\xc2\xeb" };

/* Zeros that live as long as the summary. */
static inline void *sample_zeros(struct summary *summary, size_t count, size_t size)
{
	void *zeros = arena_alloc(&summary->arena, count, size);

	if (zeros == NULL)
		abort();
	return zeros;
}

static inline void *sample_copy(struct summary *summary, const void *rows, size_t size)
{
	return memcpy(sample_zeros(summary, 1, size), rows, size);
}

/* Nothing was read yet. */
static inline struct summary *sample_empty(void)
{
	static const struct summary_catalog catalogs[] = { { "built-in", 0, 0 } };
	struct summary *summary = summary_new();

	if (summary == NULL)
		abort();
	summary->version = "0.1.0";
	summary->rules = "3";
	summary->time.zone = "Asia/Shanghai";
	summary->keys = sample_keys;
	summary->key_count = sizeof(sample_keys) / sizeof(sample_keys[0]);
	summary->catalogs = sample_copy(summary, catalogs, sizeof(catalogs));
	summary->catalog_count = 1;
	return summary;
}

static inline struct summary *sample_summary(void)
{
	static const struct summary_code codes[] = {
		{ &sample_entries[0], 30913, false, "api.log.1", 2, SUMMARY_NO_TIME,
		    SUMMARY_NO_TIME },
		{ &sample_entries[2], 14180, false, "api.log.1", 9, SUMMARY_NO_TIME,
		    SUMMARY_NO_TIME },
		{ &sample_entries[1], 2003, false, "api.log", 12, SUMMARY_NO_TIME,
		    SUMMARY_NO_TIME },
		{ &sample_entries[3], 641, true, "api.log", 4, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[4], 143, true, NULL, 12, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[5], 121, true, "api.log", 77, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[6], 98, true, "api.log", 78, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[7], 90, true, "api.log", 79, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[11], 23, true, "api.log", 81, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
		{ &sample_entries[8], 1, true, "api.log", 80, SUMMARY_NO_TIME, SUMMARY_NO_TIME },
	};
	static const struct summary_category categories[] = {
		{ "verification", 0, 33822, 30913, 2003, 906 },
		{ "login", 0, 14270, 14180, 0, 90 },
		{ "captcha", 0, 98, 0, 0, 98 },
		{ "我方短信", 1, 23, 0, 0, 23 },
	};
	static const struct summary_inner inner[] = {
		{ &sample_entries[9], 12000, false },
		{ &sample_entries[10], 6, true },
	};
	static const struct summary_held held[] = {
		{ &sample_entries[9], "another system's text beside it", "旁边是其他系统的文字",
		    38190, false },
	};
	static const struct summary_unlisted unlisted[] = {
		{ 9023, 412, "sim card changed", "api.log", 33, INT64_C(1795288455000) },
		{ 9024, 2, "", NULL, 34, SUMMARY_NO_TIME },
	};
	static const struct summary_number numbers[] = { { 200, 1503 }, { 404, 17 } };
	static const struct summary_catalog catalogs[] = { { "built-in", 48190, 1094 },
		{ "own/sms.tsv", 23, 23 } };
	struct summary *summary = sample_empty();

	summary->files = sample_files;
	summary->file_count = 2;
	summary->lines = 1204331;
	summary->bytes = 234567890;
	summary->lines_with_hits = 98000;
	summary->hits[HIT_RESPONSE] = 48213;
	summary->hits[HIT_INNER] = 12006;
	summary->hits[HIT_REPEATED] = 7;
	summary->hits[HIT_HELD_BACK] = 38190;
	summary->hits[HIT_UNLISTED] = 414;
	summary->hits[HIT_ELSEWHERE] = 5;
	summary->hits[HIT_OTHER] = 1530;
	summary->hit_count = 48213 + 12006 + 7 + 38190 + 414 + 5 + 1530;
	summary->errors = 1117;
	summary->other_numbers_distinct = 9;
	summary->outcomes[OUTCOME_SUCCESS] = 45093;
	summary->outcomes[OUTCOME_NEGATIVE] = 2003;
	summary->outcomes[OUTCOME_REQUEST] = 241;
	summary->outcomes[OUTCOME_ACCOUNT] = 641;
	summary->outcomes[OUTCOME_LIMIT] = 121;
	summary->outcomes[OUTCOME_SERVER] = 1;
	summary->outcomes[OUTCOME_FAILED] = 113;
	summary->codes = sample_copy(summary, codes, sizeof(codes));
	summary->code_count = sizeof(codes) / sizeof(codes[0]);
	summary->categories = sample_copy(summary, categories, sizeof(categories));
	summary->category_count = sizeof(categories) / sizeof(categories[0]);
	summary->inner_codes = sample_copy(summary, inner, sizeof(inner));
	summary->inner_count = 2;
	summary->held = sample_copy(summary, held, sizeof(held));
	summary->held_count = 1;
	summary->unlisted_codes = sample_copy(summary, unlisted, sizeof(unlisted));
	summary->unlisted_count = 2;
	summary->numbers = sample_copy(summary, numbers, sizeof(numbers));
	summary->number_count = 2;
	summary->catalogs = sample_copy(summary, catalogs, sizeof(catalogs));
	summary->catalog_count = 2;
	return summary;
}

/* The same with the built-in catalog alone. */
static inline struct summary *sample_one_catalog(void)
{
	struct summary *summary = sample_summary();

	summary->catalog_count = 1;
	summary->category_count = 3;
	summary->codes[8] = summary->codes[9];
	summary->code_count = 9;
	summary->hits[HIT_RESPONSE] -= 23;
	summary->errors -= 23;
	summary->hit_count -= 23;
	summary->outcomes[OUTCOME_FAILED] -= 23;
	return summary;
}

/* More than a tenth of the responses may have been held back wrongly. */
static inline struct summary *sample_doubt(void)
{
	struct summary *summary = sample_one_catalog();

	summary->held[0].in_doubt = true;
	return summary;
}

/* 2026-11-22 00:00 in Shanghai. */
#define SAMPLE_MIDNIGHT INT64_C(1795276800000)
#define SAMPLE_HOUR INT64_C(3600000)
#define SAMPLE_BUCKETS 25 /* the hours of a day, and what has no time */

/* How many of `count` fall on part `i`, by weight; over all parts they add up. */
static inline uint64_t sample_share(
    uint64_t count, const unsigned *weights, size_t weight_count, size_t i)
{
	uint64_t whole = 0, before = 0;

	for (size_t k = 0; k < weight_count; k++) {
		whole += weights[k];
		before += k < i ? weights[k] : 0;
	}
	return count * (before + weights[i]) / whole - count * before / whole;
}

static inline void sample_part_add(
    struct summary_part *part, const struct summary_row *row, bool is_error)
{
	size_t at = 0;

	if (row->counts_as == HIT_HELD_BACK)
		part->held_back += row->count;
	if (row->counts_as == HIT_UNLISTED)
		part->unlisted += row->count;
	if (row->counts_as != HIT_RESPONSE)
		return;
	part->responses += row->count;
	part->errors += is_error ? row->count : 0;
	part->outcomes[row->entry->outcome] += row->count;
	while (at < part->code_count && part->codes[at].entry != row->entry)
		at++;
	if (at == part->code_count)
		part->codes[part->code_count++] = (struct summary_share){ row->entry, 0 };
	part->codes[at].count += row->count;
	for (; at > 0 && part->codes[at].count > part->codes[at - 1].count; at--) {
		struct summary_share other = part->codes[at - 1];

		part->codes[at - 1] = part->codes[at];
		part->codes[at] = other;
	}
}

/* Spreads one line of the totals over the buckets and groups of the night. */
static inline void sample_spread(
    struct summary *summary, const struct summary_row *total, bool is_error)
{
	static const unsigned day[SAMPLE_BUCKETS] = { 20, 9, 5, 0, 3, 5, 14, 40, 70, 95, 100, 96,
		88, 84, 90, 97, 99, 104, 118, 130, 124, 96, 60, 34, 4 };
	static const unsigned outage[SAMPLE_BUCKETS] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		6, 90, 140, 150, 155, 98, 2, 0, 0, 0, 0 };
	static const unsigned groups[] = { 62, 23, 9, 3, 2, 1 };

	for (size_t b = 0; b < SAMPLE_BUCKETS; b++) {
		uint64_t count = sample_share(
		    total->count, total->code == 9018 ? outage : day, SAMPLE_BUCKETS, b);

		for (size_t g = 0; g < summary->group_count; g++) {
			struct summary_row row = *total;

			row.bucket = b;
			row.group = g;
			row.count = sample_share(count, groups, summary->group_count, g);
			if (row.count == 0)
				continue;
			summary->rows[summary->row_count++] = row;
			sample_part_add(&summary->buckets[b].part, &row, is_error);
			sample_part_add(&summary->groups[g].part, &row, is_error);
		}
	}
}

static inline void sample_night_parts(struct summary *summary)
{
	static const struct summary_group groups[] = {
		{ GROUP_VALUE, "/v1/web/loginTokenVerify", { 0 } },
		{ GROUP_VALUE, "/v1/web/verify", { 0 } },
		{ GROUP_VALUE, "=cmd|'/c calc'!A1", { 0 } },
		{ GROUP_NONE, "", { 0 } },
		{ GROUP_VALUE, "<script>alert(\"1\")</script>|`@all` \xff\x1b[31m号码", { 0 } },
		{ GROUP_OTHER, "", { 0 } },
	};

	summary->time.is_asked = true;
	summary->time.bucket_seconds = 3600;
	summary->bucket_count = SAMPLE_BUCKETS;
	summary->buckets = sample_zeros(summary, SAMPLE_BUCKETS, sizeof(*summary->buckets));
	summary->group_field = "path";
	summary->groups = sample_copy(summary, groups, sizeof(groups));
	summary->group_count = sizeof(groups) / sizeof(groups[0]);
	summary->rows = sample_zeros(
	    summary, 20 * SAMPLE_BUCKETS * summary->group_count, sizeof(*summary->rows));
	for (size_t i = 0; i < SAMPLE_BUCKETS; i++) {
		summary->buckets[i].start = i + 1 < SAMPLE_BUCKETS
		                                ? SAMPLE_MIDNIGHT + (int64_t)i * SAMPLE_HOUR
		                                : SUMMARY_NO_TIME;
		summary->buckets[i].part.codes =
		    sample_zeros(summary, 20, sizeof(struct summary_share));
	}
	for (size_t i = 0; i < summary->group_count; i++) {
		summary->groups[i].part.codes =
		    sample_zeros(summary, 20, sizeof(struct summary_share));
	}
}

static inline void sample_night_baseline(struct summary *summary)
{
	static const struct summary_change changes[] = {
		{ 9018, "appKey no money", OUTCOME_ACCOUNT, true, 641, 0, 0.013301, 0, true,
		    false },
		{ 8001, "get phone fail", OUTCOME_FAILED, true, 90, 61, 0.001868, 0.001259, false,
		    false },
		{ 2000, "internal error", OUTCOME_SERVER, true, 0, 17, 0, 0.000351, false, true },
		{ 9000, "verify consistent", OUTCOME_SUCCESS, false, 30913, 31800, 0.641482,
		    0.656473, false, false },
	};
	const struct summary_baseline baseline = { .file = "yesterday.json",
		.label = "web-1",
		.first = SAMPLE_MIDNIGHT - 24 * SAMPLE_HOUR,
		.last = SAMPLE_MIDNIGHT - 1,
		.responses = 48441,
		.errors = 198,
		.error_rate = 198.0 / 48441,
		.changes = sample_copy(summary, changes, sizeof(changes)),
		.change_count = sizeof(changes) / sizeof(changes[0]) };

	summary->baseline = sample_copy(summary, &baseline, sizeof(baseline));
}

/* A day of one host with everything asked for: hours, paths and the day before. In the
 * afternoon the account ran dry. */
static inline struct summary *sample_night(void)
{
	struct summary *summary = sample_one_catalog();
	const struct {
		enum hit_class counts_as;
		uint64_t count;
	} rest[] = {
		{ HIT_REPEATED, summary->hits[HIT_REPEATED] },
		{ HIT_ELSEWHERE, summary->hits[HIT_ELSEWHERE] },
		{ HIT_OTHER, summary->hits[HIT_OTHER] },
	};

	summary->label = "web-1";
	summary->first = SAMPLE_MIDNIGHT + 1042;
	summary->last = SAMPLE_MIDNIGHT + 24 * SAMPLE_HOUR - 2000;
	sample_night_parts(summary);
	for (size_t i = 0; i < summary->code_count; i++) {
		struct summary_code *code = &summary->codes[i];
		const struct summary_row row = { 0, 0, HIT_RESPONSE, code->entry->code, code->entry,
			code->count };

		sample_spread(summary, &row, code->is_error);
		code->first = code->entry->code == 9018
		                  ? SAMPLE_MIDNIGHT + 14 * SAMPLE_HOUR + 3420123
		                  : SAMPLE_MIDNIGHT + (int64_t)i * 61000;
		code->last = code->entry->code == 9018
		                 ? SAMPLE_MIDNIGHT + 20 * SAMPLE_HOUR + 180000
		                 : SAMPLE_MIDNIGHT + 24 * SAMPLE_HOUR - (int64_t)i * 7000 - 5000;
	}
	for (size_t i = 0; i < summary->inner_count; i++)
		sample_spread(summary,
		    &(struct summary_row){ 0, 0, HIT_INNER, summary->inner_codes[i].entry->code,
		        summary->inner_codes[i].entry, summary->inner_codes[i].count },
		    false);
	for (size_t i = 0; i < summary->held_count; i++)
		sample_spread(summary,
		    &(struct summary_row){ 0, 0, HIT_HELD_BACK, summary->held[i].entry->code,
		        summary->held[i].entry, summary->held[i].count },
		    false);
	for (size_t i = 0; i < summary->unlisted_count; i++)
		sample_spread(summary,
		    &(struct summary_row){ 0, 0, HIT_UNLISTED, summary->unlisted_codes[i].code,
		        NULL, summary->unlisted_codes[i].count },
		    false);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		sample_spread(summary,
		    &(struct summary_row){ 0, 0, rest[i].counts_as, 0, NULL, rest[i].count },
		    false);
	summary->time.unknown = summary->buckets[SAMPLE_BUCKETS - 1].part.responses;
	sample_night_baseline(summary);
	return summary;
}

#endif
