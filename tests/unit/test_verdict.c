/*
 * Thresholds: what is one, what crosses it, which state wins, and every byte of
 * the plugin line.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/baseline.h"
#include "report/verdict.h"
#include "summary_sample.h"

struct fixture {
	struct catalog *catalog;
	struct selection *errors;
};

static struct fixture fixture;

static int setup(void **state)
{
	struct error error = ERROR_INIT;
	static const char own[] = "77001\t短信余额不足\t我方短信\n";

	(void)state;
	(void)setlocale(LC_ALL, "de_DE.UTF-8"); /* a comma for a point, where it exists */
	fixture.catalog = catalog_new(&error);
	if (fixture.catalog == NULL || !catalog_add_builtin(fixture.catalog, &error) ||
	    !catalog_parse(fixture.catalog, "own", own, sizeof(own) - 1, &error) ||
	    !catalog_freeze(fixture.catalog, &error))
		return -1;
	fixture.errors = selection_new_errors(fixture.catalog, &error);
	return fixture.errors != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	selection_free(fixture.errors);
	catalog_free(fixture.catalog);
	return 0;
}

/* "w2%" is --warning 2%, "c2%" is --critical 2%; separated by blanks. */
static struct verdict *make(const char *thresholds, uint64_t min_responses)
{
	struct error error = ERROR_INIT;
	struct verdict *verdict =
	    verdict_new(fixture.catalog, fixture.errors, min_responses, &error);
	char copy[200], *rest = copy, *word;

	assert_non_null(verdict);
	assert_true(strlen(thresholds) < sizeof(copy));
	strcpy(copy, thresholds);
	while ((word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0' &&
		    !verdict_add(verdict, word[0] == 'c' ? VERDICT_CRITICAL : VERDICT_WARNING,
		        word + 1, &error))
			fail_msg("%s: %s", word, error.text);
	return verdict;
}

static void judge(const struct summary *summary, const char *thresholds, uint64_t min_responses,
    const char *trouble, enum verdict_state state, const char *expected)
{
	struct verdict *verdict = make(thresholds, min_responses);
	struct strbuf line = STRBUF_INIT;
	enum verdict_state found = verdict_judge(verdict, summary, trouble, &line);

	if (found != state || strstr(line.data, expected) == NULL)
		fail_msg("%s gave state %d: %s instead of %s", thresholds, (int)found, line.data,
		    expected);
	for (size_t i = 0; i + 1 < line.len; i++)
		assert_true(line.data[i] >= ' ' && line.data[i] <= '~');
	assert_int_equal(line.data[line.len - 1], '\n');
	assert_ptr_equal(strchr(line.data, '|'), strrchr(line.data, '|'));
	strbuf_release(&line);
	verdict_free(verdict);
}

static const struct {
	const char *thresholds;
	enum verdict_state state;
	const char *line;
} cases[] = {
	/* the sample: 1,117 errors of 48,213 responses, 2.3168 % */
	{ "", VERDICT_OK,
	    "JGANNOTATE OK - errors 2.32% of 48,213 responses | errors=1117;;;0 "
	    "error_rate=2.32%;;;0;100\n" },
	{ "w2% c5%", VERDICT_WARNING,
	    "JGANNOTATE WARNING - errors 2.32% of 48,213 responses (>= 2%), 9018 appKey no money "
	    "641 | errors=1117;;;0 error_rate=2.32%;2;5;0;100\n" },
	{ "w1% c2.3%", VERDICT_CRITICAL,
	    "JGANNOTATE CRITICAL - errors 2.32% of 48,213 responses "
	    "(>= 2.3%), 9018" },
	{ "w5% w2% w3%", VERDICT_WARNING, "(>= 2%)" }, /* the lowest */
	{ "w2.4%", VERDICT_OK, "errors 2.32% of 48,213 responses |" },
	{ "w2.316802%", VERDICT_WARNING, "" },
	{ "w2.316803%", VERDICT_OK, "" },
	{ "caccount:1", VERDICT_CRITICAL,
	    "JGANNOTATE CRITICAL - errors 2.32% of 48,213 responses, account 641 (>= 1) | "
	    "errors=1117;;;0 error_rate=2.32%;;;0;100 account=641;;1;0\n" },
	{ "waccount:641", VERDICT_WARNING, "account=641;641;;0\n" },
	{ "waccount:642", VERDICT_OK, "account=641;642;;0\n" },
	{ "waccount:1.3%", VERDICT_WARNING, ", account 1.33% (>= 1.3%) |" },
	{ "waccount:1.3% caccount:9", VERDICT_CRITICAL,
	    ", account 641 (>= 9), account 1.33% (>= 1.3%) | errors=1117;;;0 "
	    "error_rate=2.32%;;;0;100 account_rate=1.33%;1.3;;0 account=641;;9;0\n" },
	{ "w9018:1", VERDICT_WARNING, ", 9018 appKey no money 641 (>= 1) |" },
	{ "wunlisted:414", VERDICT_WARNING, ", unlisted 414 (>= 414) |" },
	{ "wunlisted:415", VERDICT_OK, "unlisted=414;415;;0" },
	{ "w9023:412", VERDICT_WARNING, ", 9023 412 (>= 412) |" },
	{ "werror:1117", VERDICT_WARNING, ", error 1,117 (>= 1117) |" },
	{ "werror:1118", VERDICT_OK, "" },
	{ "werror,-9018:476", VERDICT_WARNING, "error,-9018 476 (>= 476)" },
	{ "wlogin:14270", VERDICT_WARNING, "login 14,270 (>= 14270)" },
	{ "w1804:6", VERDICT_WARNING, ", 1804 qps limit 6 (>= 6) |" }, /* inside riskCheck */
	{ "w1804:7", VERDICT_OK, "" },
	{ "wlimit:121", VERDICT_WARNING, "limit 121 (>= 121)" }, /* not those inside */
	{ "wlimit:122", VERDICT_OK, "" },
	{ "wlimit,1804:127", VERDICT_WARNING, "limit,1804 127 (>= 127)" },
	{ "w1804,-1804:1", VERDICT_OK, "" },
	{ "w77001:1", VERDICT_WARNING, ", 77001 23 (>= 1) |" }, /* its text is no ASCII */
	{ "w我方短信:1", VERDICT_WARNING, " u6211u65B9u77EDu4FE1=23;1;;0\n" },
	{ "w8001:1 caccount:1", VERDICT_CRITICAL,
	    ", account 641 (>= 1), 8001 get phone fail 90 (>= 1) |" },
};

static void test_thresholds(void **state)
{
	struct summary *summary = sample_summary();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		judge(summary, cases[i].thresholds, VERDICT_MIN_RESPONSES, NULL, cases[i].state,
		    cases[i].line);
	summary_free(summary);
}

static void test_exactly_at_the_limit(void **state)
{
	struct summary *summary = sample_empty();

	(void)state;
	summary->hits[HIT_RESPONSE] = 50;
	summary->errors = 1;
	judge(summary, "c2%", 30, NULL, VERDICT_CRITICAL, "errors 2.00% of 50 responses (>= 2%)");
	summary->hits[HIT_RESPONSE] = 51;
	judge(summary, "c2%", 30, NULL, VERDICT_OK, "");
	summary->hits[HIT_RESPONSE] = summary->errors = UINT64_MAX / 2;
	judge(summary, "c100%", 30, NULL, VERDICT_CRITICAL, "errors 100.00% of");
	summary_free(summary);
}

static void test_too_few(void **state)
{
	struct summary *summary = sample_empty();

	(void)state;
	summary->hits[HIT_RESPONSE] = 29;
	summary->errors = 29;
	judge(summary, "w2% c5%", 30, NULL, VERDICT_OK,
	    "JGANNOTATE OK - errors 100.00% of 29 responses (too few: a rate is judged from 30 "
	    "on) | errors=29;;;0 error_rate=100.00%;2;5;0;100\n");
	judge(summary, "waccount:2%", 30, NULL, VERDICT_OK, "(too few");
	judge(summary, "wunlisted:1", 30, NULL, VERDICT_OK, "of 29 responses |");
	judge(summary, "w2%", 29, NULL, VERDICT_WARNING, "(>= 2%)");
	judge(summary, "w2%", 0, NULL, VERDICT_WARNING, "(>= 2%)");
	summary->hits[HIT_UNLISTED] = 3; /* counts are judged all the same; these have no rows */
	judge(summary, "wunlisted:3 c2%", 30, NULL, VERDICT_WARNING, ", unlisted 3 (>= 3)");
	judge(summary, "w9023:1", 30, NULL, VERDICT_OK, "9023=0;1;;0");
	summary_free(summary);
}

static void test_no_response(void **state)
{
	struct summary *summary = sample_empty();

	(void)state;
	summary->lines = 1234;
	judge(summary, "w2%", 30, NULL, VERDICT_UNKNOWN,
	    "JGANNOTATE UNKNOWN - no responses in 1,234 lines | errors=0;;;0 "
	    "error_rate=U;2;;0;100\n");
	judge(summary, "w2%", 1, NULL, VERDICT_UNKNOWN, "");
	judge(summary, "w2% waccount:1 waccount:1%", 0, NULL, VERDICT_OK,
	    "JGANNOTATE OK - no responses in 1,234 lines | errors=0;;;0 error_rate=U;2;;0;100 "
	    "account=0;1;;0 account_rate=U;1;;0\n");
	summary->hits[HIT_UNLISTED] = 1;
	judge(summary, "cunlisted:1", 30, NULL, VERDICT_CRITICAL, "no responses");
	judge(summary, "wunlisted:1", 30, NULL, VERDICT_UNKNOWN, "unlisted 1 (>= 1)");
	summary_free(summary);
}

static void test_trouble(void **state)
{
	struct summary *summary = sample_summary();
	struct strbuf line = STRBUF_INIT;

	(void)state;
	judge(summary, "w2% c5%", 30, "cannot write 'x|\xe7\n'", VERDICT_UNKNOWN,
	    "JGANNOTATE UNKNOWN - cannot write 'x_uFFFD_', errors 2.32% of");
	judge(summary, "w1% c2%", 30, "cannot write 'x'", VERDICT_CRITICAL,
	    "JGANNOTATE CRITICAL - cannot write 'x', errors");
	summary->trouble.unreadable_files = 1;
	summary->trouble.damaged_files = 2;
	summary->trouble.long_lines = 1234;
	summary->trouble.regex_limits = 1;
	judge(summary, "w9%", 30, NULL, VERDICT_UNKNOWN,
	    "UNKNOWN - 1 file unreadable, 2 files damaged, 1 line past a regex limit, 1,234 lines "
	    "too long, errors 2.32%");
	summary->trouble.unreadable_files = summary->trouble.damaged_files = 0;
	summary->trouble.long_lines = summary->trouble.regex_limits = 0;
	summary->trouble.not_a_code = 7; /* is only said */
	judge(summary, "w9%", 30, NULL, VERDICT_OK, "");
	verdict_failed("unknown option '--x'", &line);
	assert_string_equal(line.data, "JGANNOTATE UNKNOWN - unknown option '--x'\n");
	strbuf_release(&line);
	summary_free(summary);
}

/* A merged report's code that this catalog does not know. */
static void test_unknown_entry(void **state)
{
	static const struct catalog_entry entry = {
		.code = 55555, .outcome = OUTCOME_ACCOUNT, .description = "a|b", .category = "x"
	};
	struct summary *summary = sample_summary();

	(void)state;
	summary->codes[3].entry = &entry;
	judge(summary, "w55555:641", 30, NULL, VERDICT_WARNING, ", 55555 641 (>= 641)");
	judge(summary, "w2%", 30, NULL, VERDICT_WARNING, ", 55555 a_b 641 |");
	summary_free(summary);
}

static const struct {
	const char *threshold, *reason;
} faults[] = {
	{ "", "has no limit like" },
	{ "%", "has no limit" },
	{ "2", "needs a LIST before it or a per cent sign behind it" },
	{ "x", "has no limit" },
	{ "account", "has no limit" },
	{ "account:", "has no limit" },
	{ ":1", "has no LIST before the colon" },
	{ "account:x", "has no limit" },
	{ "account:-1", "has no limit" },
	{ "account:+1", "has no limit" },
	{ "account: 1", "has no limit" },
	{ "account:1.5", "has no limit" },
	{ "account:1234567890123456789", "has no limit" },
	{ "account:99999999999999999999999999", "has no limit" },
	{ "account:0", "is always reached" },
	{ "0%", "is always reached" },
	{ "0.000000%", "is always reached" },
	{ "0.0000001%", "has no limit" },
	{ "100.000001%", "has no limit" },
	{ "101%", "has no limit" },
	{ "1000%", "has no limit" },
	{ "2,5%", "has no limit" },
	{ ".5%", "has no limit" },
	{ "2.%", "has no limit" },
	{ "2%%", "has no limit" },
	{ "2 %", "has no limit" },
	{ "acount:1", "unknown word 'acount': did you mean 'account'?" },
	{ "account,:1", "an empty word" },
	{ "a:b:1", "unknown word 'a:b'" },
};

static void test_suggestions(void **state)
{
	static const char *const rows[][2] = {
		{ "9018", "try: --warning 9018:1\n" },
		{ "5", "try: --warning 5% or --warning error:5\n" },
		{ "account", "try: --warning account:1\n" },
		{ "9018,9011", "try: --warning 9018,9011:1\n" },
		{ "9018 >= 3", "try: --warning 9018:3\n" },
		{ "risk=5%", "try: --warning risk:5%\n" },
		{ "2.5", "try: --warning 2.5%\n" },
		{ "200%", "a share is at most 100%: --warning 2%\n" },
		{ "0%", "try: --warning error:1\n" },
		{ "2 %", "a limit is like 2%, 0.5%, account:1 or 9018:1\n" },
		{ "5pct", "a limit is like 2%, 0.5%, account:1 or 9018:1\n" },
		{ "", "a limit is like 2%, 0.5%, account:1 or 9018:1\n" },
		{ ":", "a limit is like 2%, 0.5%, account:1 or 9018:1\n" },
		{ "\x1b", "a limit is like 2%, 0.5%, account:1 or 9018:1\n" },
	};
	struct verdict *verdict = make("", 30);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;

		assert_false(verdict_add(verdict, VERDICT_WARNING, rows[i][0], &error));
		assert_string_equal(error.hint, rows[i][1]);
	}
	verdict_free(verdict);
}

static void test_faults(void **state)
{
	struct error error;
	struct verdict *verdict = make("", 30);

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		error = (struct error)ERROR_INIT;
		if (verdict_add(verdict, VERDICT_WARNING, faults[i].threshold, &error) ||
		    strstr(error.text, faults[i].reason) == NULL)
			fail_msg("'%s': %s", faults[i].threshold, error.text);
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_int_equal(strncmp(error.text, "--warning: ", 11), 0);
	}
	assert_false(verdict_add(verdict, VERDICT_CRITICAL, "2", &error));
	assert_int_equal(strncmp(error.text, "--critical: ", 12), 0);
	assert_true(verdict_add(verdict, VERDICT_CRITICAL, "100%", &error));
	assert_true(verdict_add(verdict, VERDICT_CRITICAL, "0.000001%", &error));
	assert_true(verdict_add(verdict, VERDICT_CRITICAL, "all:999999999999999999", &error));
	verdict_free(verdict);
	verdict_free(NULL);
}

static void test_quiet(void **state)
{
	struct summary *summary = sample_summary(), *before = sample_summary();
	struct error error = ERROR_INIT;
	uint64_t *const lost[] = { &summary->trouble.long_lines, &summary->trouble.regex_limits,
		&summary->trouble.unreadable_files, &summary->trouble.damaged_files,
		&summary->hits[HIT_UNLISTED] };

	(void)state;
	assert_false(verdict_is_quiet(summary, VERDICT_OK, NULL)); /* unlisted ones */
	summary->hits[HIT_UNLISTED] = 0;
	assert_true(verdict_is_quiet(summary, VERDICT_OK, NULL));
	assert_false(verdict_is_quiet(summary, VERDICT_WARNING, NULL));
	assert_false(verdict_is_quiet(summary, VERDICT_CRITICAL, NULL));
	assert_false(verdict_is_quiet(summary, VERDICT_UNKNOWN, NULL));
	assert_false(verdict_is_quiet(summary, VERDICT_OK, "cannot write"));
	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		*lost[i] = 1;
		assert_false(verdict_is_quiet(summary, VERDICT_OK, NULL));
		*lost[i] = 0;
	}
	summary->baseline = baseline_new("a", before, summary, &error);
	assert_true(verdict_is_quiet(summary, VERDICT_OK, NULL));
	before->codes[3] = before->codes[9];
	before->code_count = 9; /* without 9018: it is new */
	summary->baseline = baseline_new("a", before, summary, &error);
	assert_false(verdict_is_quiet(summary, VERDICT_OK, NULL));
	summary_free(summary);
	summary_free(before);
	summary = sample_empty();
	assert_false(verdict_is_quiet(summary, VERDICT_OK, NULL));
	summary_free(summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_exactly_at_the_limit),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_no_response),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_unknown_entry),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_suggestions),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
