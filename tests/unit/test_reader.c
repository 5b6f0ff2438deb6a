/* What stands around a hit, and its members, in every language that logs print them in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "match/evidence.h"
#include "match/reader.h"
#include "match/spelling.h"
#include "match/structure.h"
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
	{ "{code=9011, content=failed (a, b)}", "{}code=9011;content=failed (a, b);" },
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
	{ "{code=9011, a::b, c!=d, e}", "{}code=9011;" },
	/* separators in other spellings */
	{ "{code=9011, a==b, c->d, e => f}", "{}code=9011;a=b;c=d;e=f;" },
	{ "%7B%22code%22%3A9011%2C%22content%22%3A%22x%22%7D", "{}code=9011;content=x;" },
	{ "{&quot;code&quot;:9011,&quot;content&quot;:&quot;x&quot;}", "{}code=9011;content=x;" },
	{ "[{<<\"code\">>,9011},{<<\"content\">>,<<\"x\">>}]", "{}code=9011;content=x;" },
	{ "<r><code>9011</code><content>x</content></r>", "{}code=9011;content=x;" },
	{ "[AnyHashable(\"code\"): 9011, AnyHashable(\"content\"): x]", "{}code=9011;content=x;" },
	{ "1,\"{\\\"\"code\\\"\":9011,\\\"\"content\\\"\":\\\"\"x\\\"\"}\"",
	    "{}code=9011;content=x;" },
};

/* A line that was scanned, and what is beside its first hit. */
struct around {
	struct scanner scanner;
	struct reader *reader;
	struct evidence_rules rules;
	struct beside beside;
};

static void around_init(struct around *around)
{
	struct error error = ERROR_INIT;

	scanner_init(&around->scanner, TRUST_NORMAL, false);
	around->reader = reader_new(&error);
	assert_non_null(around->reader);
	evidence_rules_init(&around->rules);
}

static void around_release(struct around *around)
{
	reader_free(around->reader);
	scanner_release(&around->scanner);
}

static const struct hit *look(struct around *around, const char *line, size_t length)
{
	const struct hit *hits = around->scanner.scanned->hits;
	size_t count = 1;
	uint32_t next;

	scanner_scan(&around->scanner, line, length);
	if (around->scanner.scanned->count == 0)
		fail_msg("'%s': no code", line);
	while (count < around->scanner.scanned->count && count < READER_HITS &&
	       hits[count].line.start == hits[0].line.start)
		count++;
	next = count > 1 ? hits[1].key.start : hits[0].line.end;
	reader_turn(around->reader, line, hits[0].line.start, hits[0].line.end, hits, count,
	    hits[0].line.end);
	beside_init(&around->beside, &around->rules, around->reader, line, hits, 0, NULL, next);
	return &hits[0];
}

static void list_members(const struct beside *beside, const char *line, char *out)
{
	const struct reader *reader = beside->reader;
	uint32_t index = reader_box(reader, beside->place.box)->first;

	*out = '\0';
	if (beside->is_enclosed)
		strcat(out, "{}");
	for (; index != READER_NONE; index = reader_member(reader, index)->next) {
		const struct member *member = reader_member(reader, index);

		if (member->name_start < beside->start || member->name_start >= beside->end)
			continue;
		strncat(out, line + member->name_start, member->name_end - member->name_start);
		strcat(out, "=");
		if (member->child != READER_NONE &&
		    reader_box(reader, member->child)->kind == BOX_BRACKETS)
			strcat(out, "*");
		else
			strncat(out, line + member->value_start,
			    member->value_end - member->value_start);
		strcat(out, ";");
	}
}

static void members_in_every_language(void **state)
{
	struct around around;

	(void)state;
	around_init(&around);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *line = rows[i].line;
		char found[1024];

		(void)look(&around, line, strlen(line));
		list_members(&around.beside, line, found);
		if (strcmp(found, rows[i].members) != 0)
			fail_msg(
			    "'%s':\n   found    %s\n   expected %s", line, found, rows[i].members);
	}
	around_release(&around);
}

static void the_look_has_bounds(void **state)
{
	static char line[3 * READER_REACH];
	struct around around;

	(void)state;
	around_init(&around);
	for (int near = 0; near < 2; near++) {
		size_t distance = near ? READER_REACH - 20 : READER_REACH + 20;
		const struct hit *hit;

		memset(line, ' ', sizeof(line));
		memcpy(line + 10, "{\"x\":1,", 7);
		memcpy(line + 10 + distance, "\"code\":9011,", 12);
		memcpy(line + sizeof(line) - 8, "\"y\":2}\n", 7);
		hit = look(&around, line, sizeof(line) - 1);
		assert_int_equal(evidence_find(&around.beside, "x", 1) != NULL, near);
		assert_null(evidence_find(&around.beside, "y", 1));
		assert_true(around.beside.start + READER_REACH >= hit->key.start);
		assert_true(around.beside.end <= hit->annotation_end + READER_REACH);
	}
	around_release(&around);
}

/* Neither brackets nor fields of other lines count. */
static void the_look_ends_with_the_line(void **state)
{
	static const char text[] = "{\"x\":1\n\"code\":9011,\n\"content\":\"no\"}\n";
	struct around around;
	const struct hit *hit;

	(void)state;
	around_init(&around);
	hit = look(&around, text, sizeof(text) - 1);
	assert_false(around.beside.is_enclosed);
	assert_true(around.beside.start >= hit->line.start && around.beside.end <= hit->line.end);
	assert_null(evidence_find(&around.beside, "content", 7));
	assert_null(evidence_find(&around.beside, "x", 1));
	around_release(&around);
}

static void without_brackets_the_neighbours_bound_it(void **state)
{
	static const char line[] = "a=1 code=9011 b=2 code=9012 c=3";
	struct around around;

	(void)state;
	around_init(&around);
	(void)look(&around, line, sizeof(line) - 1);
	assert_non_null(evidence_find(&around.beside, "a", 1));
	assert_non_null(evidence_find(&around.beside, "b", 1));
	assert_null(evidence_find(&around.beside, "c", 1));
	around_release(&around);
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
	struct around around;

	(void)state;
	around_init(&around);
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		const char *line = owned[i].line;

		(void)look(&around, line, strlen(line));
		if (reader_is_value_of(around.reader, around.beside.place.box, "riskCheck", 9) !=
		    owned[i].is_value)
			fail_msg("'%s' is %s of riskCheck", line,
			    owned[i].is_value ? "the value" : "no value");
	}
	around_release(&around);
}

/* Whatever stands there: it ends, and within its bounds, and boxes hold their members. */
static void check_line(const struct reader *reader, const struct hit *hit, uint32_t box)
{
	for (uint32_t i = 0; i < reader_member_count(reader); i++) {
		const struct member *member = reader_member(reader, i);
		const struct box *around = reader_box(reader, member->box);

		assert_true(member->outer_start >= hit->line.start);
		assert_true(member->outer_start <= member->name_start);
		assert_true(member->name_start < member->name_end);
		assert_true(member->name_end <= member->value_start);
		assert_true(member->value_start <= member->value_end);
		assert_true(member->value_end <= hit->line.end);
		assert_true(around->start <= around->end && around->end <= hit->line.end);
		assert_true(member->next == READER_NONE || member->next > i);
	}
	assert_true(reader_box(reader, box)->start <= hit->line.end);
}

static void any_bytes_can_be_read(void **state)
{
	static const char *const words[] = { "\"", "\\\"", "\\\\\\\"", "'", "\\x22", "\\x5C",
		"\\u0022", "{", "}", "(", ")", "[", "]", ":", "=", "=>", ">>", "<<", ",", " ",
		"code", "content", "9011", "\"code\":9011", "code=9011", "riskCheck", "\xff", "\\",
		";", "&", "\"\"", "[code] => 0", "<<\"", "%22", "%", "&quot;", "<code>", "</code>",
		"\x1b[1m", "\x1b", "#012", "\xef\xbc\x9a", "\xe3\x80\x90", "\xef", "->", "\\n" };
	struct randoms randoms = { 9 };
	struct around around;
	size_t seen = 0;

	(void)state;
	around_init(&around);
	for (size_t round = 0; round < 5000; round++) {
		char text[200];
		size_t length = randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]),
		    20 + randoms_below(&randoms, 150), text, sizeof(text));
		char *line = malloc(length + 1);

		assert_non_null(line);
		memcpy(line, text, length);
		scanner_scan(&around.scanner, line, length);
		if (around.scanner.scanned->count > 0) {
			const struct hit *hit = look(&around, line, length);

			check_line(around.reader, hit, around.beside.place.box);
			seen++;
		}
		free(line);
	}
	assert_true(seen > 1000);
	around_release(&around);
}

/* All versions mark the same bytes, at every length. */
static void all_versions_mark_alike(void **state)
{
	structure_mark_fn *versions[3];
	struct randoms randoms = { 4 };
	unsigned char bytes[200];

	(void)state;
	structure_mark_versions(versions);
	for (size_t round = 0; round < 2000; round++) {
		uint32_t length = (uint32_t)randoms_below(&randoms, sizeof(bytes) + 1);

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = round < 256 ? (unsigned char)(round + i)
			                       : (unsigned char)randoms_below(&randoms, 256);
		for (size_t v = 0; versions[v] != NULL; v++) {
			uint64_t marks[sizeof(bytes) / 64 + 1] = { 0 };

			versions[v]((const char *)bytes, length, marks);
			for (uint32_t i = 0; i < (length / 64 + 1) * 64; i++)
				assert_int_equal(marks[i / 64] >> (i % 64) & 1,
				    i < length && spelling_may_begin((char)bytes[i]));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_in_every_language),
		cmocka_unit_test(the_look_has_bounds),
		cmocka_unit_test(the_look_ends_with_the_line),
		cmocka_unit_test(without_brackets_the_neighbours_bound_it),
		cmocka_unit_test(objects_know_whose_value_they_are),
		cmocka_unit_test(any_bytes_can_be_read),
		cmocka_unit_test(all_versions_mark_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
