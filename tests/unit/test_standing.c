/* What hits count as, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/mark.h"
#include "randoms.h"
#include "scanned.h"

/* The hits of a line in short, one word each: class and standing.
 *   class: R response, I inner, D (repeated), H held back, U unlisted, O other number
 *   standing: + confirmed, - doubtful, . plain */
struct row {
	const char *line;
	const char *normal;
	const char *strict;
	const char *all;
};

static const struct row rows[] = {
	/* confirmed by its text */
	{ "{\"code\":9011,\"content\":\"auth failed\"}", "R+", "R+", "R+" },
	{ "{\"code\":9011,\"message\":\"auth failed\"}", "R+", "R+", "R+" },
	{ "{\"code\":9011,\"errmsg\":\"auth failed\"}", "R+", "R+", "R+" },
	{ "{\"content\":\"auth failed\",\"code\":9011}", "R+", "R+", "R+" },
	{ "{code=9001, content=verify not consistent}", "R+", "R+", "R+" },
	{ "code=9011 desc=\"auth failed\"", "R+", "R+", "R+" },
	{ "{\"code\":9000,\"content\":\"verify consistent!\"}", "R+", "R+", "R+" },
	{ "{\"code\":0,\"content\":\"success of all\"}", "R+", "R+", "R+" },
	{ "{\"code\":8000,\"content\":\"get phone success\"}", "R+", "R+", "R+" },
	{ "{\"code\":6003,\"msg\":\"captcha_id not exist\"}", "R+", "R+", "R+" },
	/* plain: nothing speaks for or against it */
	{ "code=9011", "R.", "H.", "R." },
	{ "{\"code\":9011,\"content\":\"other\"}", "R.", "H.", "R." },
	{ "{\"code\":9000}", "R.", "H.", "R." },
	{ "{\"code\":9000,\"content\":null}", "R.", "H.", "R." },
	{ "{\"code\":9000,\"content\":\"\"}", "R.", "H.", "R." },
	{ "{\"code\":9000,\"success\":\"ok\"}", "R.", "H.", "R." },
	{ "{\"code\":9011,\"data\":{\"content\":\"auth failed\"}}", "R.", "H.", "R." },
	/* shared codes with another's text */
	{ "{\"code\":8000,\"message\":\"other\"}", "H-", "H-", "R-" },
	{ "{\"code\":9000,\"content\":\"verify consistently\"}", "H-", "H-", "R-" },
	{ "{\"code\":6004,\"msg\":\"alias too long\"}", "H-", "H-", "R-" },
	{ "{\"code\":6005,\"desc\":\"Beyond hour frequency limit\"}", "H-", "H-", "R-" },
	/* everybody's numbers need `content` itself */
	{ "{\"code\":0,\"content\":\"success\"}", "R+", "R+", "R+" },
	{ "{\"code\":2000,\"content\":\"internal error\"}", "R+", "R+", "R+" },
	{ "{\"code\":0,\"msg\":\"success\"}", "H-", "H-", "R-" },
	{ "{\"code\":2000,\"message\":\"internal error\"}", "H-", "H-", "R-" },
	{ "{\"errcode\":0,\"errmsg\":\"ok\"}", "H-", "H-", "R-" },
	{ "{\"code\":0}", "H-", "H-", "R-" },
	{ "code=0", "H-", "H-", "R-" },
	{ "{\"code\":0,\"data\":{\"content\":\"success\"}}", "H-", "H-", "R-" },
	{ "{\"content\":\"success\",\"data\":{\"code\":0}}", "H-", "H-", "R-" },
	{ "{\"code\":0,\"content\":\"successful\"}", "H-", "H-", "R-" },
	{ "{\"code\":0,\"msg\":\"content: success\"}", "H-", "H-", "R-" },
	/* strong marks speak against any code */
	{ "{\"mobile\":\"13800138000\",\"code\":\"9001\",\"x\":1}", "H-", "H-", "R-" },
	{ "{\"Phone\":\"13800138000\",\"code\":\"9001\"}", "H-", "H-", "R-" },
	{ "{\"mobile\":\"13800138000\",\"code\":9001}", "R.", "H.", "R." },
	{ "GET /v1?mobile=138&code=9001", "H-", "H-", "R-" },
	{ "{\"code\":9001,\"ttl\":60}", "H-", "H-", "R-" },
	{ "{\"code\":9001,\"TTL\":60}", "H-", "H-", "R-" },
	{ "GET /cb?code=9001&state=abc", "H-", "H-", "R-" },
	{ "callback code=9001&state=abc", "H-", "H-", "R-" },
	{ "callback code=9001&STATE=abc", "H-", "H-", "R-" },
	{ "GET /cb?state=abc&code=9001", "H-", "H-", "R-" },
	/* but not against a confirmed one */
	{ "{\"phone\":\"x\",\"code\":\"9001\",\"content\":\"verify not consistent\"}", "R+", "R+",
	    "R+" },
	{ "{\"code\":9001,\"content\":\"verify not consistent\",\"ttl\":60}", "R+", "R+", "R+" },
	/* weak marks speak against shared codes only */
	{ "{'code': 8000, 'codeName': 'AtlasError'}", "H-", "H-", "R-" },
	{ "{'code': 9001, 'codeName': 'x'}", "R.", "H.", "R." },
	{ "code=9000, operator=CM", "H-", "H-", "R-" },
	{ "code=9001, operator=CM", "R.", "H.", "R." },
	{ "{resultCode: 9000}", "H-", "H-", "R-" },
	{ "{resultCode: 9001}", "R.", "H.", "R." },
	{ "{code: 6003, alias: x}", "H-", "H-", "R-" },
	/* inside riskCheck */
	{ "{\"code\":9000,\"content\":\"verify "
	  "consistent\",\"riskCheck\":{\"code\":0,\"content\":\"success\"}}",
	    "R+ I+", "R+ I+", "R+ I+" },
	{ "{\"code\":9000,\"riskCheck\":{\"code\":0}}", "R. I-", "H. I-", "R. I-" },
	{ "{\"code\":9000,\"riskCheck\":{\"code\":1805,\"content\":\"insufficient balance\"}}",
	    "R. I+", "H. I+", "R. I+" },
	{ "Dto(code=9000, riskCheck=RiskCheck(code=1804))", "R. I.", "H. I.", "R. I." },
	{ "{\"code\":9000,\"x\":{\"code\":1804}}", "R. R.", "H. H.", "R. R." },
	{ "{\"riskCheck\":{\"code\":9001}}", "R.", "H.", "R." },
	/* the same reply once more */
	{ "code=9011 body={\"code\":9011,\"content\":\"auth failed\"}", "R. D+", "H. R+", "R. D+" },
	{ "code=9011 code=9011 code=9011", "R. D. D.", "H. H. H.", "R. D. D." },
	{ "code=9011 code=9012 code=9011", "R. R. D.", "H. H. H.", "R. R. D." },
	{ "{\"code\":9011,\"data\":{\"code\":9011}}", "R. D.", "H. H.", "R. D." },
	/* a batch is not a repetition */
	{ "[{\"code\":9011},{\"code\":9011},{\"code\":9011}]", "R. R. R.", "H. H. H.", "R. R. R." },
	{ "[{\"code\":9011},{\"code\":9011}] code=9011", "R. R. D.", "H. H. H.", "R. R. D." },
	/* in no catalog */
	{ "{\"id\":7,\"code\":9023,\"content\":\"sim card changed\"}", "U.", "U.", "U." },
	{ "{\"exID\":\"\",\"code\":9023,\"content\":\"x\"}", "U.", "U.", "U." },
	{ "{\"code\":9023,\"content\":\"x\"}", "O.", "O.", "O." },
	{ "{\"id\":7,\"code\":9023,\"message\":\"x\"}", "O.", "O.", "O." },
	{ "code=123456", "O.", "O.", "O." },
	{ "code=123456 code=123456", "O. O.", "O. O.", "O. O." },
};

static void shorten(const struct scanned *scanned, char *out)
{
	static const char classes[] = { [HIT_RESPONSE] = 'R',
		[HIT_INNER] = 'I',
		[HIT_REPEATED] = 'D',
		[HIT_HELD_BACK] = 'H',
		[HIT_UNLISTED] = 'U',
		[HIT_ELSEWHERE] = 'E',
		[HIT_OTHER] = 'O' };
	static const char standings[] = {
		[STANDING_PLAIN] = '.', [STANDING_CONFIRMED] = '+', [STANDING_DOUBTFUL] = '-'
	};

	for (size_t i = 0; i < scanned->count; i++) {
		if (i > 0)
			*out++ = ' ';
		*out++ = classes[scanned->hits[i].hit_class];
		*out++ = standings[scanned->hits[i].standing];
	}
	*out = '\0';
}

static void check_rows(enum trust trust)
{
	struct scanner scanner;

	scanner_init(&scanner, trust, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *expected = trust == TRUST_NORMAL   ? rows[i].normal
		                       : trust == TRUST_STRICT ? rows[i].strict
		                                               : rows[i].all;
		char found[64];

		scanner_scan(&scanner, rows[i].line, strlen(rows[i].line));
		shorten(scanner.scanned, found);
		if (strcmp(found, expected) != 0)
			fail_msg("'%s': %s instead of %s", rows[i].line, found, expected);
	}
	scanner_release(&scanner);
}

static void normal_trust(void **state)
{
	(void)state;
	check_rows(TRUST_NORMAL);
}

static void strict_trust(void **state)
{
	(void)state;
	check_rows(TRUST_STRICT);
}

static void full_trust(void **state)
{
	(void)state;
	check_rows(TRUST_ALL);
}

/* A reason stands exactly where a hit is doubtful or held back. */
static void reasons_are_given(void **state)
{
	static const struct {
		const char *line;
		const char *reason;
	} reasons[] = { { "{\"code\":8000,\"msg\":\"x\"}", "other text than JiGuang's beside it" },
		{ "code=0", "JiGuang's content is not beside it" },
		{ "{\"code\":9001,\"ttl\":60}", "a one-time password with a time to live" },
		{ "{'code': 8000, 'codeName': 'x'}", "MongoDB's codeName beside it" } };
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		scanner_scan(&scanner, reasons[i].line, strlen(reasons[i].line));
		assert_int_equal(scanner.scanned->count, 1);
		assert_string_equal(
		    standing_reason(scanner.scanned->hits[0].reason, false), reasons[i].reason);
		assert_string_not_equal(
		    standing_reason(scanner.scanned->hits[0].reason, true), reasons[i].reason);
	}
	scanner_scan(&scanner, "code=9011", 9);
	assert_int_equal(scanner.scanned->hits[0].reason, 0);
	assert_string_equal(standing_reason(0, false), "");
	for (unsigned reason = 1; reason < standing_reason_count(); reason++) {
		assert_true(*standing_reason(reason, false) != '\0');
		assert_true(*standing_reason(reason, true) != '\0');
	}
	scanner_release(&scanner);
	scanner_init(&scanner, TRUST_STRICT, false);
	scanner_scan(&scanner, "code=9011", 9);
	assert_int_equal(scanner.scanned->hits[0].hit_class, HIT_HELD_BACK);
	assert_string_equal(standing_reason(scanner.scanned->hits[0].reason, false),
	    "its text does not confirm it");
	scanner_release(&scanner);
}

static void content_of_unlisted_codes(void **state)
{
	static const char line[] = "{\"id\":7,\"code\":9023,\"content\":\"sim card changed\"}";
	struct scanner scanner;
	const struct hit *hit = NULL;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	scanner_scan(&scanner, line, sizeof(line) - 1);
	hit = &scanner.scanned->hits[0];
	assert_int_equal(hit->hit_class, HIT_UNLISTED);
	assert_int_equal(hit->text.end - hit->text.start, 16);
	assert_memory_equal(line + hit->text.start, "sim card changed", 16);
	scanner_scan(&scanner, "code=9023", 9);
	assert_int_equal(hit->hit_class, HIT_OTHER);
	assert_int_equal(hit->text.start, hit->text.end);
	scanner_release(&scanner);
}

/* ---- looking at all hits changes no class ---- */

struct pair {
	struct scanner all;
	struct scanner needed;
};

static void compare(struct pair *pair, const char *line, size_t length)
{
	const struct scanned *all = pair->all.scanned;
	const struct scanned *needed = pair->needed.scanned;

	scanner_scan(&pair->all, line, length);
	scanner_scan(&pair->needed, line, length);
	assert_int_equal(all->count, needed->count);
	for (size_t i = 0; i < all->count; i++)
		if (all->hits[i].hit_class != needed->hits[i].hit_class)
			fail_msg("'%.*s': hit %zu (%u) is %d where all are judged, else %d",
			    (int)length, line, i, all->hits[i].code, all->hits[i].hit_class,
			    needed->hits[i].hit_class);
}

/* Undoes \\, \t and \xHH in place. Returns the length. */
static size_t unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at != '\\') {
			*to++ = *at;
		} else if (*++at == 't') {
			*to++ = '\t';
		} else if (*at == 'x') {
			char digits[3] = { at[1], at[2], '\0' };

			*to++ = (char)strtol(digits, NULL, 16);
			at += 2;
		} else {
			*to++ = *at;
		}
	}
	return (size_t)(to - text);
}

static size_t compare_file(struct pair *pair, const char *name)
{
	const char *tests = getenv("TESTS");
	char path[1024];
	char *row = NULL;
	size_t size = 0;
	size_t lines = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/data/%s", tests == NULL ? "tests" : tests, name);
	file = fopen(path, "r");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	while (getline(&row, &size, file) > 0) {
		char *line = row;

		if (row[0] == '#' || row[0] == '\n')
			continue;
		row[strcspn(row, "\n")] = '\0';
		for (int tabs = 0; tabs < 2 && line != NULL; tabs++)
			line = strchr(line, '\t') == NULL ? NULL : strchr(line, '\t') + 1;
		if (line == NULL)
			fail_msg("%s: '%s'", path, row);
		line[strcspn(line, "\t")] = '\0';
		compare(pair, line, unescape(line));
		lines++;
	}
	free(row);
	(void)fclose(file);
	return lines;
}

static void judging_all_changes_no_class(void **state)
{
	static const char *const words[] = { "{\"code\":9011,", "\"content\":\"auth failed\"", "}",
		"{", ",", " ", "code=9001 ", "\"code\":\"9001\",", "\"ttl\":60", "TTL=1 ",
		"&state=x", "?state=", "mobile=1", "\"phone\":\"1\",",
		"content=verify not consistent", "riskCheck=", "\"riskCheck\":", "{\"code\":0,",
		"\"content\":\"success\"", "code=1804", "\"id\":7,", "\"code\":9023,", "&code=9002",
		"?code=9003", "codeName", "\"message\":\"x\",", "[", "]", "(", ")",
		"{\\\"code\\\":9011,", "\\\"content\\\":\\\"auth failed\\\"", "'", "\"",
		"code=9000 ", "错误码：8000，", "操作 ", "Failed", "resultCode: 9000 ", "errmsg=x ",
		"tag=1 ", "code=6004 ", "ERROR ", "error", "error = x ", "\"error\":\"x\"",
		"错误码：9000，verify consistent", "code: 8000 get phone success", "，content=x" };
	struct randoms randoms = { 10 };

	(void)state;
	for (int trust = TRUST_NORMAL; trust <= TRUST_ALL; trust++) {
		struct pair pair;

		scanner_init(&pair.all, (enum trust)trust, true);
		scanner_init(&pair.needed, (enum trust)trust, false);
		assert_true(compare_file(&pair, "shapes.tsv") > 100);
		assert_true(compare_file(&pair, "hazards.tsv") > 100);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			compare(&pair, rows[i].line, strlen(rows[i].line));
		for (size_t round = 0; round < 1200; round++) {
			char line[250];
			size_t length =
			    randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]),
			        40 + randoms_below(&randoms, 200), line, sizeof(line));

			compare(&pair, line, length);
		}
		scanner_release(&pair.all);
		scanner_release(&pair.needed);
	}
}

/* Ways to write a field beside a code: @F is its name, @N the code, @T the code's text. */
static const char *const fields_beside[] = { "@F=x, code=@N", "@F = x, code=@N", "@F\t: x, code=@N",
	"{\"@F\":\"x\",\"code\":@N}", "{'@F': 'x', 'code': @N}",
	"{\\\"@F\\\":\\\"x\\\",\\\"code\\\":@N}", "#{<<\"@F\">> => <<\"x\">>,<<\"code\">> => @N}",
	"Array ( [@F] => x [code] => @N )", "{\\x22@F\\x22:\\x22x\\x22,\\x22code\\x22:@N}",
	"{\"\"@F\"\":\"\"x\"\",\"\"code\"\":@N}", "ERROR code=@N, @F=x", "错误码：@N，@T，@F=x",
	"错误码：@N，@F=x，@T", "code=@N, @T@F=x", "code=@N, @T, @F: x", "error @F code=@N, @T" };

static void write_beside(
    char *line, size_t size, const char *form, const char *field, const struct catalog_entry *entry)
{
	size_t length = 0;

	for (; *form != '\0' && length < size; form++) {
		int written = 1;

		if (*form != '@')
			line[length] = *form;
		else if (*++form == 'N')
			written = snprintf(line + length, size - length, "%u", entry->code);
		else
			written = snprintf(line + length, size - length, "%s",
			    *form == 'F' ? field : entry->description);
		length += (size_t)written;
	}
	assert_true(length < size);
	line[length] = '\0';
}

/* Whatever can speak for or against a code that others use too is not overlooked, and be it alone
 * in a line that has no other sign. */
static void all_evidence_is_looked_at(void **state)
{
	static const char *const fields[] = { "content", "message", "msg", "errmsg", "err_msg",
		"error_msg", "errorMsg", "error_message", "errorMessage", "desc", "description",
		"error", "retMsg", "ret_msg", "resultMsg", "respMsg", "rspMsg", "returnMsg",
		"bizMsg", "reason" };
	static const unsigned codes[] = { 6003, 6004, 6005, 8000, 9000 };
	struct pair pair;
	char line[250];

	(void)state;
	scanner_init(&pair.all, TRUST_NORMAL, true);
	scanner_init(&pair.needed, TRUST_NORMAL, false);
	for (size_t c = 0; c < sizeof(codes) / sizeof(codes[0]); c++) {
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
			(void)snprintf(line, sizeof(line), "%s=x, code=%u", fields[i], codes[c]);
			compare(&pair, line, strlen(line));
			assert_int_equal(pair.needed.scanned->hits[0].hit_class, HIT_HELD_BACK);
			for (size_t w = 0; w < sizeof(fields_beside) / sizeof(fields_beside[0]);
			     w++) {
				write_beside(line, sizeof(line), fields_beside[w], fields[i],
				    pair.needed.scanned->hits[0].entry);
				compare(&pair, line, strlen(line));
				assert_true(pair.needed.scanned->count > 0);
			}
		}
		for (size_t i = 0; i < mark_count(); i++) {
			const struct mark *mark = mark_at(i);

			(void)snprintf(line, sizeof(line), "%s=%u, %s=%s",
			    mark->key == NULL ? "code" : mark->key, codes[c],
			    mark->field == NULL ? "x" : mark->field,
			    mark->text == NULL ? "x" : mark->text);
			compare(&pair, line, strlen(line));
		}
	}
	scanner_release(&pair.all);
	scanner_release(&pair.needed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_evidence_is_looked_at),
		cmocka_unit_test(normal_trust),
		cmocka_unit_test(strict_trust),
		cmocka_unit_test(full_trust),
		cmocka_unit_test(reasons_are_given),
		cmocka_unit_test(content_of_unlisted_codes),
		cmocka_unit_test(judging_all_changes_no_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
