/* The grammar of key, separator and number: what matches, and its spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "match/rule.h"
#include "randoms.h"

struct rules {
	struct key_set keys;
	struct pattern *patterns[2]; /* of the usual keys: JIT and interpreter */
	struct pattern *chinese;
	struct pattern_run *run;
};

static int set_up(void **state)
{
	static struct rules rules;
	struct error error = ERROR_INIT;
	const struct pattern *all[3];

	if (!key_set_init(&rules.keys, &error))
		return -1;
	rules.patterns[0] = rule_new(rules.keys.literals, rules.keys.count, false, &error);
	rules.patterns[1] = rule_new(rules.keys.literals, rules.keys.count, true, &error);
	rules.chinese = rule_new(&rules.keys.literals[1], 1, false, &error);
	if (rules.patterns[0] == NULL || rules.patterns[1] == NULL || rules.chinese == NULL)
		return -1;
	all[0] = rules.patterns[0];
	all[1] = rules.patterns[1];
	all[2] = rules.chinese;
	rules.run = pattern_run_new(all, 3, &error);
	*state = &rules;
	return rules.run == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	struct rules *rules = *state;

	pattern_run_free(rules->run);
	pattern_free(rules->patterns[0]);
	pattern_free(rules->patterns[1]);
	pattern_free(rules->chinese);
	key_set_release(&rules->keys);
	return 0;
}

/* Matches at the start of the text and fills the hit as the matcher does. */
static bool match(struct rules *rules, const struct pattern *pattern, const char *text,
    size_t key_length, struct hit *hit)
{
	memset(hit, 0, sizeof(*hit));
	if (pattern_match(pattern, rules->run, text, strlen(text), 0) != PATTERN_MATCH)
		return false;
	hit->key.end = (uint32_t)key_length;
	hit->quote.start = hit->quote.end = hit->key.end;
	rule_read(rules->run, 0, hit);
	return true;
}

/* A text, and what is read from it. */
struct row {
	const char *text;
	const char *number;  /* with its `.0`; NULL: no code */
	const char *closing; /* quote of the key */
	const char *opening; /* quote of the value */
	bool is_member;
};

static const struct row rows[] = {
	/* members */
	{ "code\":9011,", "9011", "\"", "", true },
	{ "code\" : 9011}", "9011", "\"", "", true },
	{ "code\"\t:\t9011}", "9011", "\"", "", true },
	{ "code\":\"9011\"", "9011", "\"", "\"", true },
	{ "code': '9011'", "9011", "'", "'", true },
	{ "code\\\":9011", "9011", "\\\"", "", true },
	{ "code\\\\\\\":\\\\\\\"9011", "9011", "\\\\\\\"", "\\\\\\\"", true },
	{ "code\\x22:9011", "9011", "\\x22", "", true },
	{ "code\\X22:9011", NULL, "", "", false },
	{ "code\\x5C\\x22:\\x5C\\x229011", "9011", "\\x5C\\x22", "\\x5C\\x22", true },
	{ "code\\u0022:\\u00229011", "9011", "\\u0022", "\\u0022", true },
	{ "code\"\":9011", "9011", "\"\"", "", true },
	{ "code\"\":\"\"9011\"\"", "9011", "\"\"", "\"\"", true },
	/* text */
	{ "code:9011", "9011", "", "", false },
	{ "code=9011", "9011", "", "", false },
	{ "code = \"9011\"", "9011", "", "\"", false },
	{ "code=>9011", "9011", "", "", false },
	{ "code\"=>9011", "9011", "\"", "", false },
	{ "code\" => '9011'", "9011", "\"", "'", false },
	{ "code'=9011", "9011", "'", "", false },
	{ "code] => 9011", "9011", "", "", false },
	{ "code\"] = 9011", "9011", "\"", "", false },
	{ "code\">> => 9011", "9011", "\"", "", false },
	{ "code\">>=><<\"9011\">>", "9011", "\"", "\"", false },
	{ "code>9011<", "9011", "", "", false },
	{ "code> \"9011", "9011", "", "\"", false },
	{ "code：9011", "9011", "", "", false },
	{ "code\xa3\xba"
	  "9011",
	    "9011", "", "", false },
	{ "code\x1b[0m=\x1b[31m9011", "9011", "", "", false },
	{ "code\\u001b[0m \\x1b[1m:\\033[31m 9011", "9011", "", "", false },
	{ "code\x1b[0m\":9011", "9011", "\"", "", true },
	{ "code\x1b[0M\":9011", NULL, "", "", false },
	{ "code\":\x1b[31m9011", "9011", "\"", "", false },
	{ "code=\"\x1b[31m9011", "9011", "", "\"\x1b[31m", false },
	/* more separators and wrappings */
	{ "code==9011", "9011", "", "", false },
	{ "code->9011", "9011", "", "", false },
	{ "code\" -> 9011", "9011", "\"", "", false },
	{ "code%22%3A9011", "9011", "%22", "", true },
	{ "code%22%3a%229011%22", "9011", "%22", "%22", true },
	{ "code&quot;:9011", "9011", "&quot;", "", true },
	{ "code\\\"\":9011", "9011", "\\\"\"", "", true },
	{ "code\\\"\\\":9011", "9011", "\\\"\\\"", "", true },
	{ "code=[9011]", "9011", "", "", false },
	{ "code: Some(9011)", "9011", "", "", false },
	{ "code\"): 9011", "9011", "\"", "", false },
	{ "code\">>,9011", "9011", "\"", "", false },
	{ "code=9,01", "9", "", "", false },
	{ "code=9,018", NULL, "", "", false },
	{ "code=9011,018", "9011", "", "", false },
	{ "code\":[9011]", NULL, "", "", false },
	/* the number's end */
	{ "code=0", "0", "", "", false },
	{ "code=123456789", "123456789", "", "", false },
	{ "code=9011.", "9011", "", "", false },
	{ "code=9011.x", "9011", "", "", false },
	{ "code=9011-x", "9011", "", "", false },
	{ "code=9011-", "9011", "", "", false },
	{ "code=9011\xe5\xa4\xb1", "9011", "", "", false },
	{ "code=9011message=x", "9011", "", "", false },
	{ "code=9011Msg : x", "9011", "", "", false },
	{ "code=9011content:x", "9011", "", "", false },
	{ "code=9011desc=x", "9011", "", "", false },
	{ "code=9011.0", "9011.0", "", "", false },
	{ "code=9011.0, x", "9011.0", "", "", false },
	{ "code=9011.0.", "9011.0", "", "", false },
	{ "code=9011.0msg=x", "9011.0", "", "", false },
	{ "code\":\"9011.0\"", "9011.0", "\"", "\"", true },
	/* no code */
	{ "code", NULL, "", "", false },
	{ "code 9011", NULL, "", "", false },
	{ "code\"9011", NULL, "", "", false },
	{ "codes:9011", NULL, "", "", false },
	{ "code:=9011", NULL, "", "", false },
	{ "code::9011", NULL, "", "", false },
	{ "code >9011", NULL, "", "", false },
	{ "code:-9011", NULL, "", "", false },
	{ "code:+9011", NULL, "", "", false },
	{ "code:09011", NULL, "", "", false },
	{ "code:00", NULL, "", "", false },
	{ "code:1234567890", NULL, "", "", false },
	{ "code:9011a", NULL, "", "", false },
	{ "code:9011_", NULL, "", "", false },
	{ "code:9011.5", NULL, "", "", false },
	{ "code:9011.00", NULL, "", "", false },
	{ "code:9011.0a", NULL, "", "", false },
	{ "code:9011.0.1", NULL, "", "", false },
	{ "code:9011-12", NULL, "", "", false },
	{ "code:9011messages", NULL, "", "", false },
	{ "code:9011message", NULL, "", "", false },
	{ "code:0x10", NULL, "", "", false },
	{ "code:\n9011", NULL, "", "", false },
	{ "code\n:9011", NULL, "", "", false },
	{ "code\"\n:9011", NULL, "", "", false },
	{ "code:\r9011", NULL, "", "", false },
	{ "code：\n9011", NULL, "", "", false },
};

static bool is_span(const char *text, uint32_t start, uint32_t end, const char *expected)
{
	return end - start == strlen(expected) && memcmp(text + start, expected, end - start) == 0;
}

static void matches_as_the_table_says(void **state)
{
	struct rules *rules = *state;

	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i / 2];
		struct hit hit;
		bool found = match(rules, rules->patterns[i % 2], row->text, 4, &hit);

		if (found != (row->number != NULL))
			fail_msg("'%s' is %s code", row->text, found ? "a" : "no");
		if (!found)
			continue;
		if (!is_span(row->text, hit.number.start, hit.value_end, row->number) ||
		    !is_span(row->text, hit.quote.start, hit.quote.end, row->closing) ||
		    !is_span(row->text, hit.open_start, hit.number.start, row->opening) ||
		    hit.is_member != row->is_member || hit.key.start != 0 || hit.key.end != 4)
			fail_msg("'%s': quote %u to %u, opens %u, value %u to %u, %s", row->text,
			    hit.quote.start, hit.quote.end, hit.open_start, hit.number.start,
			    hit.value_end, hit.is_member ? "member" : "text");
		if (!is_span(row->text, hit.number.start, hit.number.end,
		        strstr(row->number, ".0") == NULL ? row->number : "9011"))
			fail_msg("'%s': number ends at %u", row->text, hit.number.end);
	}
}

/* ---- the shortcut, held to the pattern ---- */

/* Returns whether the shortcut saw the code. */
static bool hold_shortcut(
    struct rules *rules, const struct pattern *pattern, const char *text, size_t key_length)
{
	struct hit seen = { .key.end = (uint32_t)key_length };
	struct hit hit;

	if (!rule_shortcut(text, strlen(text), 0, &seen))
		return false;
	if (!match(rules, pattern, text, key_length, &hit))
		fail_msg("'%s' is no code, but was seen as one", text);
	if (!rule_read_code(
	        text + hit.number.start, hit.number.end - hit.number.start, &hit.code) ||
	    memcmp(&seen, &hit, sizeof(hit)) != 0)
		fail_msg(
		    "'%s': code %u from %u to %u (%u), quote %u to %u, opens %u, %s; seen: code "
		    "%u from %u to %u (%u), quote %u to %u, opens %u, %s",
		    text, hit.code, hit.number.start, hit.number.end, hit.value_end,
		    hit.quote.start, hit.quote.end, hit.open_start,
		    hit.is_member ? "member" : "text", seen.code, seen.number.start,
		    seen.number.end, seen.value_end, seen.quote.start, seen.quote.end,
		    seen.open_start, seen.is_member ? "member" : "text");
	return true;
}

static void a_shortcut_sees_what_the_pattern_matches(void **state)
{
	static const char *const words[] = { "\"", "'", "\\", "\\x22", "\\x27", "\\x5C", "\\u0022",
		":", "=", "=>", "->", "：", "\xa3\xba", " ", "\t", ">", "]", ")", "<<", "\x1b[31m",
		"\\x1b[0m", "\n", "\r", ",", "}", ".", "-", "0", ".0", "9", "9011", "9011",
		"123456789", "message=", "a", "_", "\xff", "=9011", "\":9011", "\": ", ": 9" };
	struct rules *rules = *state;
	struct randoms randoms = { 3 };
	size_t seen = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)hold_shortcut(rules, rules->patterns[0], rows[i].text, 4);
	for (size_t round = 0; round < 60000; round++) {
		char text[64];
		size_t parts = 1 + randoms_below(&randoms, 6);

		(void)snprintf(text, sizeof(text), "%s", round % 4 == 0 ? "码" : "code");
		while (parts-- > 0)
			strcat(text, words[randoms_below(&randoms, sizeof(words) / sizeof(words[0]))]);
		seen += hold_shortcut(rules, rules->patterns[0], text, round % 4 == 0 ? 3 : 4);
	}
	assert_in_range(seen, 2000, 60000);
}

/* All that the commonest programs print is seen without the pattern. */
static void the_usual_is_seen_at_once(void **state)
{
	static const char gbk_colon[] = "码\xa3\xba"
	                                "9011";
	static const char *const usual[] = { "code=9011,", "code: 9011}", "code = 9011",
		"code=>9011 ", "code\":9011,", "code\": \"9011\"", "code': 9011}", "code\\\":9011,",
		"code\\x22:9011,", "code:9011", "code=0 ", "code='9011'", "code' => 9011",
		"code] => 9011", "code\"\":9011,", "code>9011<", "code -> 9011", "code==9011",
		"code=9011.0}", "code=9011.", "码9011", "码 9011", "码：9011",
		gbk_colon };
	struct rules *rules = *state;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!hold_shortcut(rules, rules->patterns[0], usual[i], usual[i][0] == 'c' ? 4 : 3))
			fail_msg("'%s' is not seen", usual[i]);
}

static void chinese_keys_need_no_separator(void **state)
{
	static const struct {
		const char *text;
		bool matches;
	} chinese[] = { { "码9011", true }, { "码 9011", true }, { "码：9011", true },
		{ "码=>9011", true }, { "码\":\"9011\"", true }, { "码\x1b[31m9011", true },
		{ "码]9011", true }, { "码] 9011", true }, { "码\"9011\"", true },
		{ "码 '9011'", true }, { "码\\\"9011\\\"", true }, { "码]]9011", false },
		{ "码x9011", false }, { "码\n9011", false }, { "码是9011", true },
		{ "码90x", false } };
	struct rules *rules = *state;
	struct hit hit;

	for (size_t i = 0; i < sizeof(chinese) / sizeof(chinese[0]); i++)
		for (int shared = 0; shared < 2; shared++)
			if (match(rules, shared ? rules->patterns[0] : rules->chinese,
			        chinese[i].text, strlen("码"), &hit) != chinese[i].matches)
				fail_msg("'%s'", chinese[i].text);
}

/* Any bytes of a -k name are only themselves. */
static void names_are_quoted(void **state)
{
	static const char name[] = "a.*[x(?#\\E{1}|$^ z";
	static const struct {
		const char *text;
		enum pattern_result result;
	} texts[] = { { "A.*[x(?#\\E{1}|$^ Z=9011", PATTERN_MATCH },
		{ "a.*[x(?#\\E{1}|$^ =9011", PATTERN_NO_MATCH },
		{ "abb[x(?#\\E{1}|$^ z=9011", PATTERN_NO_MATCH } };
	struct key_literal key = { .literal = { name, sizeof(name) - 1 } };
	struct error error = ERROR_INIT;
	struct pattern *pattern = rule_new(&key, 1, false, &error);
	const struct pattern *const all[] = { pattern };
	struct pattern_run *run;

	(void)state;
	assert_non_null(pattern);
	run = pattern_run_new(all, 1, &error);
	assert_non_null(run);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(
		    pattern_match(pattern, run, texts[i].text, strlen(texts[i].text), 0),
		    texts[i].result);
	pattern_run_free(run);
	pattern_free(pattern);
}

/* A user's pattern captured the number at `number`; what stands to its left? */
struct look {
	const char *text;
	const char *number;
	const char *key;
	const char *closing;
	const char *opening;
	bool is_member;
};

static const struct look looks[] = {
	{ "{\"ticket\":9011}", "9011", "ticket", "\"", "", true },
	{ "{\"ticket\" : \"9011\"}", "9011", "ticket", "\"", "\"", true },
	{ "{'ticket':9011}", "9011", "ticket", "'", "", true },
	{ "{\\\"ticket\\\":\\\"9011\\\"}", "9011", "ticket", "\\\"", "\\\"", true },
	{ "\\x22ticket\\x22:9011", "9011", "ticket", "\\x22", "", true },
	{ "\\x5c\\x22a1\\x5c\\x22:9011", "9011", "a1", "\\x5c\\x22", "", true },
	{ "\\x5C\\x22a1\\x5C\\x22: \\x5C\\x229011", "9011", "a1", "\\x5C\\x22", "\\x5C\\x22",
	    true },
	{ "\\u005c\\u0022a1\\u005c\\u0022:9011", "9011", "a1", "\\u005c\\u0022", "", true },
	{ "\\u0022ticket\\u0022:9011", "9011", "ticket", "\\u0022", "", true },
	{ "ticket=9011", "9011", "ticket", "", "", false },
	{ "ticket: 9011", "9011", "ticket", "", "", false },
	{ "\"ticket\"=9011", "9011", "ticket", "\"", "", false },
	{ "E9011", "9011", "", "", "", false },
	{ "9011", "9011", "", "", "", false },
	{ "rc \"9011\"", "9011", "", "", "\"", false },
	{ "\":9011", "9011", "", "\"", "", false },
	{ "x\n:9011", "9011", "", "", "", false },
};

static void looks_back_for_what_a_pattern_did_not_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		const struct look *look = &looks[i];
		const char *number = strstr(look->text, look->number);
		const char *newline = strchr(look->text, '\n');
		struct hit hit = { .line.end = (uint32_t)strlen(look->text) };

		if (newline != NULL)
			hit.line.start = (uint32_t)(newline - look->text) + 1;
		hit.number.start = (uint32_t)(number - look->text);
		hit.number.end = hit.number.start + (uint32_t)strlen(look->number);
		rule_look_back(look->text, &hit);
		if (!is_span(look->text, hit.key.start, hit.key.end, look->key) ||
		    !is_span(look->text, hit.quote.start, hit.quote.end, look->closing) ||
		    !is_span(look->text, hit.open_start, hit.number.start, look->opening) ||
		    hit.is_member != look->is_member || hit.value_end != hit.number.end)
			fail_msg("'%s': key %u to %u, quote to %u, opens %u, %s", look->text,
			    hit.key.start, hit.key.end, hit.quote.end, hit.open_start,
			    hit.is_member ? "member" : "text");
	}
}

static void codes_are_read_strictly(void **state)
{
	static const struct {
		const char *digits;
		long code; /* -1: none */
	} codes[] = { { "0", 0 }, { "1", 1 }, { "9011", 9011 }, { "999999999", 999999999 },
		{ "1000000000", -1 }, { "00", -1 }, { "01", -1 }, { "", -1 }, { "-1", -1 },
		{ "+1", -1 }, { "1a", -1 }, { "a", -1 }, { " 1", -1 }, { "1.0", -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		uint32_t code = 77;
		bool read = rule_read_code(codes[i].digits, strlen(codes[i].digits), &code);

		if (read != (codes[i].code >= 0) || (read && code != (uint32_t)codes[i].code))
			fail_msg("'%s': %u", codes[i].digits, code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_as_the_table_says),
		cmocka_unit_test(a_shortcut_sees_what_the_pattern_matches),
		cmocka_unit_test(the_usual_is_seen_at_once),
		cmocka_unit_test(chinese_keys_need_no_separator),
		cmocka_unit_test(names_are_quoted),
		cmocka_unit_test(looks_back_for_what_a_pattern_did_not_say),
		cmocka_unit_test(codes_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
