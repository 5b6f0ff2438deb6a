#ifndef JGANNOTATE_TESTS_SUMMARY_SAMPLE_H
#define JGANNOTATE_TESTS_SUMMARY_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "tally/summary.h"

/*
 * A summary as a log of some size gives it; its sums hold. Free it with
 * summary_free. The tests change copies of it.
 */
static const struct catalog_entry sample_entries[] = {
	{ 9000, 0, 0, 0, OUTCOME_SUCCESS, COLLIDES_YES, "verify consistent", "verification", "",
	    "" },
	{ 9001, 1, 0, 0, OUTCOME_NEGATIVE, COLLIDES_NO, "verify not consistent", "verification", "",
	    "" },
	{ 8000, 2, 1, 0, OUTCOME_SUCCESS, COLLIDES_YES, "get phone success", "login", "", "" },
	{ 9018, 3, 0, 0, OUTCOME_ACCOUNT, COLLIDES_NO, "appKey no money", "verification",
	    "Insufficient account balance", "账户余额不足" },
	{ 9003, 4, 0, 0, OUTCOME_REQUEST, COLLIDES_NO, "token expired or not exist", "verification",
	    "", "" },
	{ 9006, 5, 0, 0, OUTCOME_LIMIT, COLLIDES_NO,
	    "frequency of verifying single number is beyond the maximum limit", "verification", "",
	    "" },
	{ 7110, 6, 2, 0, OUTCOME_REQUEST, COLLIDES_NO, "not proof", "captcha", "", "" },
	{ 8001, 7, 1, 0, OUTCOME_FAILED, COLLIDES_NO, "get phone fail", "login", "", "" },
	{ 9099, 8, 0, 0, OUTCOME_SERVER, COLLIDES_NO, "bad server", "verification", "", "" },
	{ 0, 9, 3, 0, OUTCOME_SUCCESS, COLLIDES_ALWAYS, "success", "risk", "", "" },
	{ 1804, 10, 3, 0, OUTCOME_LIMIT, COLLIDES_NO, "qps limit", "risk", "", "" },
	{ 77001, 11, 4, 1, OUTCOME_FAILED, COLLIDES_NO, "短信余额不足，请充值后重试", "我方短信",
	    "", "" },
};

static const char *const sample_files[] = { "api.log.1", "api.log" };
static const char *const sample_keys[] = { "code", "errcode", "err_code", "error_code", "retCode",
	"ret_code", "resCode", "resultCode", "result_code", "respCode", "resp_code", "rspCode",
	"returnCode", "return_code", "bizCode", "biz_code", "consistencyCode", "返回码", "错误码",
	"响应码", "结果码", "\xb7\xb5\xbb\xd8\xc2\xeb" };

static inline void *sample_copy(const void *rows, size_t size)
{
	void *copy = malloc(size);

	if (copy == NULL)
		abort();
	memcpy(copy, rows, size);
	return copy;
}

/* Nothing was read yet. */
static inline struct summary *sample_empty(void)
{
	static const struct summary_catalog catalogs[] = { { "built-in", 0, 0 } };
	const struct summary empty = { .version = "0.1.0",
		.files = NULL,
		.keys = sample_keys,
		.key_count = sizeof(sample_keys) / sizeof(sample_keys[0]),
		.catalogs = sample_copy(catalogs, sizeof(catalogs)),
		.catalog_count = 1 };

	return sample_copy(&empty, sizeof(empty));
}

static inline struct summary *sample_summary(void)
{
	static const struct summary_code codes[] = {
		{ &sample_entries[0], 30913, false, "api.log.1", 2 },
		{ &sample_entries[2], 14180, false, "api.log.1", 9 },
		{ &sample_entries[1], 2003, false, "api.log", 12 },
		{ &sample_entries[3], 641, true, "api.log", 4 },
		{ &sample_entries[4], 143, true, NULL, 12 },
		{ &sample_entries[5], 121, true, "api.log", 77 },
		{ &sample_entries[6], 98, true, "api.log", 78 },
		{ &sample_entries[7], 90, true, "api.log", 79 },
		{ &sample_entries[11], 23, true, "api.log", 81 },
		{ &sample_entries[8], 1, true, "api.log", 80 },
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
		    38190 },
	};
	const struct summary_unlisted unlisted[] = {
		{ 9023, 412, strdup("sim card changed"), "api.log", 33 },
		{ 9024, 2, strdup(""), NULL, 34 },
	};
	static const struct summary_number numbers[] = { { 200, 1503 }, { 404, 17 } };
	static const struct summary_catalog catalogs[] = { { "built-in", 48190, 1094 },
		{ "own/sms.tsv", 23, 23 } };
	struct summary *summary = sample_empty();

	free(summary->catalogs);
	summary->files = sample_files;
	summary->file_count = 2;
	summary->lines = 1204331;
	summary->bytes = 234567890;
	summary->lines_with_hits = 98000;
	summary->responses = 48213;
	summary->inner = 12006;
	summary->repeated = 7;
	summary->held_back = 38190;
	summary->unlisted = 414;
	summary->elsewhere = 5;
	summary->other_numbers = 1530;
	summary->hits = 48213 + 12006 + 7 + 38190 + 414 + 5 + 1530;
	summary->errors = 1117;
	summary->other_numbers_distinct = 9;
	summary->outcomes[OUTCOME_SUCCESS] = 45093;
	summary->outcomes[OUTCOME_NEGATIVE] = 2003;
	summary->outcomes[OUTCOME_REQUEST] = 241;
	summary->outcomes[OUTCOME_ACCOUNT] = 641;
	summary->outcomes[OUTCOME_LIMIT] = 121;
	summary->outcomes[OUTCOME_SERVER] = 1;
	summary->outcomes[OUTCOME_FAILED] = 113;
	summary->codes = sample_copy(codes, sizeof(codes));
	summary->code_count = sizeof(codes) / sizeof(codes[0]);
	summary->categories = sample_copy(categories, sizeof(categories));
	summary->category_count = sizeof(categories) / sizeof(categories[0]);
	summary->inner_codes = sample_copy(inner, sizeof(inner));
	summary->inner_count = 2;
	summary->held = sample_copy(held, sizeof(held));
	summary->held_count = 1;
	summary->unlisted_codes = sample_copy(unlisted, sizeof(unlisted));
	summary->unlisted_count = 2;
	summary->numbers = sample_copy(numbers, sizeof(numbers));
	summary->number_count = 2;
	summary->catalogs = sample_copy(catalogs, sizeof(catalogs));
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
	summary->responses -= 23;
	summary->errors -= 23;
	summary->hits -= 23;
	summary->outcomes[OUTCOME_FAILED] -= 23;
	return summary;
}

#endif
