/* The object around a hit and its members, in every language that logs print them in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "match/object.h"
#include "randoms.h"
#include "scanned.h"

/* A line, and the members of the object around its first code as
 * `name=value;`, a nested one as `name=*;`. In front: `{}` when it has brackets. */
struct row {
	const char *line;
	const char *members;
};

static const struct row rows[] = {
	/* JSON */
	{ "{\"id\":7,\"code\":9011,\"content\":\"auth failed\"}",
	    "{}id=7;code=9011;content=auth failed;" },
	{ "x { \"code\" : \"9011\" , \"content\" : \"a, b: c\" } y",
	    "{}code=9011;content=a, b: c;" },
	{ "{\"content\":\"x\",\"code\":9011}", "{}content=x;code=9011;" },
	{ "{\"code\":9011,\"content\":\"a \\\"b\\\" {c\"}", "{}code=9011;content=a \\\"b\\\" {c;" },
	{ "{\"x\":\"}{\",\"code\":9011,\"y\":\"]{\"}", "{}x=}{;code=9011;y=]{;" },
	{ "{\"code\":9011,\"n\":null,\"t\":true,\"e\":\"\"}", "{}code=9011;n=null;t=true;e=;" },
	{ "{\"code\":9011.0,\"content\":\"x\"}", "{}code=9011.0;content=x;" },
	/* nested objects keep their members */
	{ "{\"code\":9011,\"data\":{\"content\":\"no\"},\"z\":1}", "{}code=9011;data=*;z=1;" },
	{ "{\"content\":\"no\",\"data\":{\"code\":9011}}", "{}code=9011;" },
	{ "{\"a\":[{\"content\":\"no\"}],\"code\":9011}", "{}a=*;code=9011;" },
	{ "[{\"code\":9011},{\"content\":\"no\"}]", "{}code=9011;" },
	/* escaped, as often as it may be */
	{ "msg=\"{\\\"code\\\":9011,\\\"content\\\":\\\"auth failed\\\"}\" content=no",
	    "{}code=9011;content=auth failed;" },
	{ "{\\\\\\\"code\\\\\\\":9011,\\\\\\\"content\\\\\\\":\\\\\\\"x\\\\\\\"}",
	    "{}code=9011;content=x;" },
	{ "{\\x22id\\x22:1,\\x22code\\x22:9011,\\x22content\\x22:\\x22a b\\x22}",
	    "{}id=1;code=9011;content=a b;" },
	{ "{\\x5C\\x22code\\x5C\\x22:9011,\\x5C\\x22content\\x5C\\x22:\\x5C\\x22x\\x5C\\x22}",
	    "{}code=9011;content=x;" },
	{ "{\\u0022code\\u0022:9011,\\u0022content\\u0022:\\u0022x\\u0022}",
	    "{}code=9011;content=x;" },
	{ "1,\"{\"\"code\"\":9011,\"\"content\"\":\"\"x\"\"}\",2", "{}code=9011;content=x;" },
	/* text in shorter quotes ends it */
	{ "{\"content\":\"no\",\"body\":\"\\\"code\\\":9011,\\\"x\\\":1\",\"y\":2}",
	    "code=9011;x=1;" },
	/* Python */
	{ "{'code': 9011, 'content': 'auth failed'}", "{}code=9011;content=auth failed;" },
	{ "{u'content': u'auth failed', u'code': 9011}", "{}content=auth failed;code=9011;" },
	{ "Result(id=1, code=9011, content='auth failed')",
	    "{}id=1;code=9011;content=auth failed;" },
	/* PHP */
	{ "array ( 'id' => 1, 'code' => 9011, 'content' => 'auth failed', )",
	    "{}id=1;code=9011;content=auth failed;" },
	{ "Array ( [id] => 11 [code] => 9011 [content] => auth failed )",
	    "{}id=11;code=9011;content=auth failed;" },
	{ "Array ( [content] => auth failed [code] => 9011 [x] =>  )",
	    "{}content=auth failed;code=9011;x=;" },
	{ "Array ( [a] => 1 [b] => 2 3 [code] => 9011 )", "{}a=1;b=2 3;code=9011;" },
	{ "[\"id\" => \"x\", \"code\" => 9011, \"content\" => \"y\"]",
	    "{}id=x;code=9011;content=y;" },
	/* Go */
	{ "&{ID:11 Code:9011 Content:auth failed}", "{}ID=11;Code=9011;Content=auth failed;" },
	{ "{Code:9011 Content:auth failed ExID:}", "{}Code=9011;Content=auth failed;ExID=;" },
	{ "map[code:9011 content:auth failed id:1]", "{}code=9011;content=auth failed;id=1;" },
	{ "v.R{Code:9011, Content:\"auth failed\"}", "{}Code=9011;Content=auth failed;" },
	/* Java */
	{ "{code=9011, content=auth failed}", "{}code=9011;content=auth failed;" },
	{ "Dto(id=null, code=9011, exID=null, content=auth failed)",
	    "{}id=null;code=9011;exID=null;content=auth failed;" },
	{ "Dto{code='9011', content='a, b'}", "{}code=9011;content=a, b;" },
	{ "Dto[code=9011, content=x]", "{}code=9011;content=x;" },
	{ "Dto(code=9011, risk=Risk(code=0, content=no))", "{}code=9011;risk=*;" },
	{ "Array ( [code] => 9011 [risk] => Array ( [content] => no ) [x] => 1 )",
	    "{}code=9011;risk=*;x=1;" },
	{ "&{Code:9011 Risk:&{Code:0 Content:no} X:1}", "{}Code=9011;Risk=*;X=1;" },
	{ "{code=9011, content=failed (a, b)}", "{}code=9011;content=failed (a;" },
	/* Erlang, Elixir, Ruby, Rust, JavaScript */
	{ "#{<<\"code\">> => 9011,<<\"content\">> => <<\"auth failed\">>}",
	    "{}code=9011;content=auth failed;" },
	{ "%{code: 9011, content: \"auth failed\"}", "{}code=9011;content=auth failed;" },
	{ "{\"code\"=>9011, \"content\"=>\"auth failed\"}", "{}code=9011;content=auth failed;" },
	{ "{:code=>9011, :content=>\"auth failed\"}", "{}code=9011;content=auth failed;" },
	{ "Error { code: 9011, message: \"a; b\" }", "{}code=9011;message=a; b;" },
	{ "{ code: 9011, content: 'auth failed' }", "{}code=9011;content=auth failed;" },
	/* without brackets */
	{ "level=error code=9011 content=\"auth failed\" x=1",
	    "level=error;code=9011;content=auth failed;x=1;" },
	{ "login failed: code=9011, content=auth failed",
	    "failed=;code=9011;content=auth failed;" },
	{ "a=b&code=9011&state=x", "a=b;code=9011;state=x;" },
	/* cut off */
	{ "{\"id\":7,\"code\":9011,\"content\":\"auth fai", "{}id=7;code=9011;content=auth fai;" },
	{ "tent\":\"x\",\"code\":9011,\"z\":1}", "code=9011;z=1;" },
	{ "{\"code\":9011", "{}code=9011;" },
	{ "\"code\":9011}{\"content\":\"no\"}", "code=9011;" },
	/* not separators */
	{ "{code=9011, a::b, c==d, e}", "{}code=9011;" },
};

/* The first hit of a line. */
static struct hit first_hit(struct scanner *scanner, const char *line, size_t length)
{
	scanner_scan(scanner, line, length);
	if (scanner->scanned->count == 0)
		fail_msg("'%s': no code", line);
	return scanner->scanned->hits[0];
}

static void list_members(const struct object *object, const char *line, char *out)
{
	struct member member;

	*out = '\0';
	if (object->has_brackets)
		strcat(out, "{}");
	for (uint32_t at = object->start; object_next(object, line, &at, &member);) {
		strncat(out, line + member.name_start, member.name_end - member.name_start);
		strcat(out, "=");
		if (member.is_nested)
			strcat(out, "*");
		strncat(out, line + member.value_start, member.value_end - member.value_start);
		strcat(out, ";");
	}
}

static void members_in_every_language(void **state)
{
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *line = rows[i].line;
		struct hit hit = first_hit(&scanner, line, strlen(line));
		struct object object;
		char found[1024];

		if (rows[i].members == NULL)
			continue;
		object_find(&object, line, &hit, hit.line_start, hit.line_end);
		list_members(&object, line, found);
		if (strcmp(found, rows[i].members) != 0)
			fail_msg(
			    "'%s':\n   found    %s\n   expected %s", line, found, rows[i].members);
		assert_true(object_has(&object, line, "CODE", 4));
		assert_false(object_has(&object, line, "cod", 3));
	}
	scanner_release(&scanner);
}

static void the_look_has_bounds(void **state)
{
	static char line[3 * OBJECT_REACH];
	struct scanner scanner;
	struct object object;
	struct hit hit;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (int near = 0; near < 2; near++) {
		size_t distance = near ? OBJECT_REACH - 20 : OBJECT_REACH + 20;

		memset(line, ' ', sizeof(line));
		memcpy(line + 10, "{\"x\":1,", 7);
		memcpy(line + 10 + distance, "\"code\":9011,", 12);
		memcpy(line + sizeof(line) - 8, "\"y\":2}\n", 7);
		hit = first_hit(&scanner, line, sizeof(line) - 1);
		object_find(&object, line, &hit, hit.line_start, hit.line_end);
		assert_int_equal(object.has_brackets, near);
		assert_int_equal(object_has(&object, line, "x", 1), near);
		assert_true(object.start + OBJECT_REACH + 10 >= hit.key_start);
		assert_true(object.end <= hit.annotation_end + OBJECT_REACH);
	}
	scanner_release(&scanner);
}

/* Neither brackets nor fields of other lines count. */
static void the_look_ends_with_the_line(void **state)
{
	static const char text[] = "{\"x\":1\n\"code\":9011,\n\"content\":\"no\"}\n";
	struct scanner scanner;
	struct object object;
	struct hit hit;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	hit = first_hit(&scanner, text, sizeof(text) - 1);
	object_find(&object, text, &hit, hit.line_start, hit.line_end);
	assert_false(object.has_brackets);
	assert_true(object.start >= hit.line_start && object.end <= hit.line_end);
	assert_false(object_has(&object, text, "content", 7));
	assert_false(object_has(&object, text, "x", 1));
	scanner_release(&scanner);
}

static void without_brackets_the_stretch_bounds_it(void **state)
{
	static const char line[] = "a=1 code=9011 b=2 c=3";
	struct scanner scanner;
	struct object object;
	struct hit hit;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	hit = first_hit(&scanner, line, sizeof(line) - 1);
	object_find(&object, line, &hit, 4, 17);
	assert_false(object_has(&object, line, "a", 1));
	assert_true(object_has(&object, line, "b", 1));
	assert_false(object_has(&object, line, "c", 1));
	scanner_release(&scanner);
}

static void objects_know_whose_value_they_are(void **state)
{
	static const struct {
		const char *line;
		bool is_value;
	} owned[] = { { "{\"riskCheck\":{\"code\":0}}", true },
		{ "{\"riskCheck\" : { \"code\":0}}", true },
		{ "{\\\"riskCheck\\\":{\\\"code\\\":0}}", true },
		{ "\\x22riskCheck\\x22:{\\x22code\\x22:0}", true },
		{ "\\x5C\\x22riskCheck\\x5C\\x22:{\\x5C\\x22code\\x5C\\x22:0}", true },
		{ "\\x22xriskCheck\\x22:{\\x22code\\x22:0}", false },
		{ "\\u0022riskCheck\\u0022:{\\u0022code\\u0022:0}", true },
		{ "{'riskCheck': {'code': 0}}", true }, { "riskCheck={code=0}", true },
		{ "riskCheck=RiskCheck(code=0)", true }, { "riskCheck:{Code:0}", true },
		{ "RiskCheck:{Code:0}", true }, { "riskCheck: %{code: 0}", true },
		{ "\"riskCheck\"=>{\"code\"=>0}", true },
		{ "[riskCheck] => Array ( [code] => 0 )", true },
		{ "<<\"riskCheck\">> => #{<<\"code\">> => 0}", true },
		{ "RiskCheck:&{Code:0}", true }, { "{\"x\":{\"code\":0}}", false },
		{ "{\"xriskCheck\":{\"code\":0}}", false },
		{ "{\"riskCheckx\":{\"code\":0}}", false },
		{ "{\"riskCheck\":1,\"x\":{\"code\":0}}", false }, { "riskCheck {code=0}", false },
		{ "{\"code\":0}", false }, { "code=0", false }, { "riskCheck=code=0", false } };
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		const char *line = owned[i].line;
		struct hit hit = first_hit(&scanner, line, strlen(line));
		struct object object;

		object_find(&object, line, &hit, hit.line_start, hit.line_end);
		if (object_is_value_of(&object, line, hit.line_start, "riskCheck") !=
		    owned[i].is_value)
			fail_msg("'%s' is %s of riskCheck", line,
			    owned[i].is_value ? "the value" : "no value");
	}
	scanner_release(&scanner);
}

/* Whatever stands there: it ends, and within its bounds. */
static void any_bytes_can_be_read(void **state)
{
	static const char *const words[] = { "\"", "\\\"", "\\\\\\\"", "'", "\\x22", "\\x5C",
		"\\u0022", "{", "}", "(", ")", "[", "]", ":", "=", "=>", ">>", "<<", ",", " ",
		"code", "content", "9011", "\"code\":9011", "code=9011", "riskCheck", "\xff", "\\",
		";", "&", "\"\"", "[code] => 0", "<<\"" };
	struct randoms randoms = { 9 };
	struct scanner scanner;
	size_t seen = 0;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, true);
	for (size_t round = 0; round < 3000; round++) {
		char text[200];
		size_t length = randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]),
		    20 + randoms_below(&randoms, 150), text, sizeof(text));
		char *line = malloc(length);

		assert_non_null(line);
		memcpy(line, text, length);
		scanner_scan(&scanner, line, length);
		for (size_t i = 0; i < scanner.scanned->count; i++) {
			const struct hit *hit = &scanner.scanned->hits[i];
			struct object object;
			struct member member;
			size_t members = 0;

			object_find(&object, line, hit, hit->line_start, hit->line_end);
			assert_true(object.start <= hit->quote_end);
			assert_true(object.end <= length && object.end >= hit->value_end);
			/* a neighbour's key or value may reach over the hit's own */
			object_find(&object, line, hit,
			    hit->line_start + (uint32_t)randoms_below(
						  &randoms, hit->number_start - hit->line_start + 1),
			    hit->line_start + (uint32_t)randoms_below(
						  &randoms, hit->line_end - hit->line_start + 1));
			assert_true(object.start <= hit->quote_end);
			assert_true(object.end <= length && object.end >= hit->value_end);
			for (uint32_t at = object.start; object_next(&object, line, &at, &member);
			     members++) {
				assert_true(at <= object.end && members < length);
				assert_true(member.name_start <= member.name_end);
				assert_true(member.value_start <= member.value_end);
				assert_true(member.value_end <= object.end);
			}
			(void)object_is_value_of(&object, line, hit->line_start, "riskCheck");
			seen++;
		}
		free(line);
	}
	assert_true(seen > 1000);
	scanner_release(&scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_in_every_language),
		cmocka_unit_test(the_look_has_bounds),
		cmocka_unit_test(the_look_ends_with_the_line),
		cmocka_unit_test(without_brackets_the_stretch_bounds_it),
		cmocka_unit_test(objects_know_whose_value_they_are),
		cmocka_unit_test(any_bytes_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
