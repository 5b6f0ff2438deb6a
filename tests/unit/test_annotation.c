/* Annotations, written and recognised, in both forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "match/annotation.h"
#include "match/annotation_cache.h"
#include "randoms.h"
#include "scanned.h"

#define USUAL (ANNOTATION_OUTCOME | ANNOTATION_DESCRIPTION)

struct row {
	const char *line;
	unsigned columns;
	const char *expected;
};

static const struct row rows[] = {
	/* text form */
	{ "code=9011", USUAL, "code=9011 [auth: auth failed]" },
	{ "code=9011", ANNOTATION_OUTCOME, "code=9011 [auth]" },
	{ "code=9011", ANNOTATION_DESCRIPTION, "code=9011 [auth failed]" },
	{ "code=9011", ANNOTATION_CATEGORY, "code=9011 [verification]" },
	{ "code=9011", ANNOTATION_NOTES, "code=9011 [Authentication failed]" },
	{ "code=9011", ANNOTATION_ALL,
	    "code=9011 [auth, verification: auth failed; Authentication failed]" },
	{ "code=9001.0, x", USUAL, "code=9001.0 [negative: verify not consistent], x" },
	{ "code=\"9011\" x", USUAL, "code=\"9011\" [auth: auth failed] x" },
	{ "code='9011'", USUAL, "code='9011' [auth: auth failed]" },
	{ "code=\"9011 x\"", USUAL, "code=\"9011 [auth: auth failed] x\"" },
	{ "code=9001msg=x", USUAL, "code=9001 [negative: verify not consistent]msg=x" },
	{ "\"code\"=>9011}", USUAL, "\"code\"=>9011 [auth: auth failed]}" },
	{ "错误码：9011。", USUAL, "错误码：9011 [auth: auth failed]。" },
	/* cut off in a quoted value */
	{ "code=\"9011", USUAL, "code=\"9011" },
	{ "code=\"9011\r", USUAL, "code=\"9011\r" },
	{ "{\"code\":\"9011", USUAL, "{\"code\":\"9011" },
	{ "{\"code\":\"9011 ", USUAL, "{\"code\":\"9011 [auth: auth failed] " },
	/* member form */
	{ "{\"errCode\":9011}", USUAL,
	    "{\"errCode\":9011,\"errCode_outcome\":\"auth\",\"errCode_description\":\"auth "
	    "failed\"}" },
	{ "{\"code\" : \"9011\" , \"x\":1}", ANNOTATION_OUTCOME,
	    "{\"code\" : \"9011\",\"code_outcome\":\"auth\" , \"x\":1}" },
	{ "GET /cb?u=x%26code%3D9011%26content%3Dx", ANNOTATION_OUTCOME,
	    "GET /cb?u=x%26code%3D9011%20%5Bauth%5D%26content%3Dx" },
	{ "code%3d9011", ANNOTATION_OUTCOME | ANNOTATION_DESCRIPTION,
	    "code%3d9011%20%5Bauth%3A%20auth%20failed%5D" },
	{ "%7B%22code%22%3A9011%7D", ANNOTATION_OUTCOME,
	    "%7B%22code%22%3A9011%2C%22code_outcome%22%3A%22auth%22%7D" },
	{ "{'code': 9011}", ANNOTATION_OUTCOME, "{'code': 9011,'code_outcome':'auth'}" },
	{ "{\\\"code\\\":9011}", ANNOTATION_OUTCOME,
	    "{\\\"code\\\":9011,\\\"code_outcome\\\":\\\"auth\\\"}" },
	{ "{\\\\\\\"code\\\\\\\":9011}", ANNOTATION_OUTCOME,
	    "{\\\\\\\"code\\\\\\\":9011,\\\\\\\"code_outcome\\\\\\\":\\\\\\\"auth\\\\\\\"}" },
	{ "{\\x22code\\x22:9011}", ANNOTATION_OUTCOME,
	    "{\\x22code\\x22:9011,\\x22code_outcome\\x22:\\x22auth\\x22}" },
	{ "\"{\"\"code\"\":9011}\"", ANNOTATION_OUTCOME,
	    "\"{\"\"code\"\":9011,\"\"code_outcome\"\":\"\"auth\"\"}\"" },
	{ "{\"code\":9011}", ANNOTATION_ALL,
	    "{\"code\":9011,\"code_outcome\":\"auth\",\"code_category\":\"verification\","
	    "\"code_description\":\"auth failed\",\"code_notes\":\"Authentication failed\"}" },
	/* a name that is taken is not added */
	{ "{\"code\":9011,\"x\":1,\"code_outcome\":\"mine\"}", USUAL,
	    "{\"code\":9011,\"code_description\":\"auth "
	    "failed\",\"x\":1,\"code_outcome\":\"mine\"}" },
	{ "{\"code_outcome\":\"mine\",\"code\":9011}", USUAL,
	    "{\"code_outcome\":\"mine\",\"code\":9011,\"code_description\":\"auth failed\"}" },
	{ "{\"code\":9011,\"x\":{\"code_outcome\":\"y\"}}", ANNOTATION_OUTCOME,
	    "{\"code\":9011,\"code_outcome\":\"auth\",\"x\":{\"code_outcome\":\"y\"}}" },
	/* unlisted */
	{ "{\"id\":1,\"code\":9023,\"content\":\"x\"}", USUAL,
	    "{\"id\":1,\"code\":9023,\"code_outcome\":\"unlisted\",\"content\":\"x\"}" },
	{ "{id=1, code=9023, content=x}", ANNOTATION_ALL,
	    "{id=1, code=9023 [unlisted], content=x}" },
	{ "{id=1, code=9023, content=x}", ANNOTATION_DESCRIPTION, "{id=1, code=9023, content=x}" },
	/* two in a line */
	{ "code=9011 code=9012", ANNOTATION_OUTCOME, "code=9011 [auth] code=9012 [request]" },
};

/* The line with its shown hits annotated; by the cache where there is one. */
static void annotate(struct scanner *scanner, const char *line, size_t length, unsigned columns,
    bool color, struct annotation_cache *cache, struct strbuf *out)
{
	struct error error = ERROR_INIT;
	struct reader *reader = reader_new(&error);
	size_t passed = 0;

	assert_non_null(reader);
	strbuf_reset(out);
	scanner_scan(scanner, line, length);
	for (size_t i = 0; i < scanner->scanned->count; i++) {
		const struct hit *hit = &scanner->scanned->hits[i];
		struct strbuf text = STRBUF_INIT;
		uint32_t at = 0;

		if (!hit_is_shown(hit))
			continue;
		if (cache == NULL) {
			annotation_write(&text, reader, line, hit, columns, color, &at);
		} else {
			const struct strbuf *found = annotation_cache_get(cache, line, hit, &at);

			assert_false(found->failed);
			strbuf_add(&text, found->data, found->len);
		}
		assert_true(at >= passed && at <= length && at >= hit->value_end);
		strbuf_add(out, line + passed, at - passed);
		strbuf_add(out, text.data, text.len);
		passed = at;
		strbuf_release(&text);
	}
	strbuf_add(out, line + passed, length - passed);
	reader_free(reader);
}

static void writes_as_the_table_says(void **state)
{
	struct strbuf out = STRBUF_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_ALL, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		annotate(&scanner, rows[i].line, strlen(rows[i].line), rows[i].columns, false, NULL,
		    &out);
		if (strcmp(out.data, rows[i].expected) != 0)
			fail_msg("'%s':\n   %s\n   instead of\n   %s", rows[i].line, out.data,
			    rows[i].expected);
	}
	strbuf_release(&out);
	scanner_release(&scanner);
}

static void colours_the_annotation_only(void **state)
{
	static const char line[] = "code=9011 {\"code\":9012}";
	struct strbuf out = STRBUF_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_ALL, false);
	annotate(&scanner, line, sizeof(line) - 1, ANNOTATION_OUTCOME, true, NULL, &out);
	{
		char expected[200];

		(void)snprintf(expected, sizeof(expected),
		    "code=9011 \x1b[%sm[auth]\x1b[0m {\"code\":9012\x1b[%sm,\"code_outcome\":"
		    "\"request\"\x1b[0m}",
		    outcome_info(OUTCOME_AUTH)->sgr, outcome_info(OUTCOME_REQUEST)->sgr);
		assert_string_equal(out.data, expected);
	}
	strbuf_release(&out);
	scanner_release(&scanner);
}

/* Every line, with every set of columns, with and without colour: what was written
 * is recognised, and nothing is written again. */
static void what_stands_there_is_recognised(void **state)
{
	struct strbuf once = STRBUF_INIT;
	struct strbuf twice = STRBUF_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_ALL, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned columns = 1; columns <= ANNOTATION_ALL; columns++)
			for (int color = 0; color < 2; color++) {
				annotate(&scanner, rows[i].line, strlen(rows[i].line), columns,
				    color != 0, NULL, &once);
				annotate(&scanner, once.data, once.len, columns, color != 0, NULL,
				    &twice);
				if (strcmp(once.data, twice.data) != 0)
					fail_msg("'%s':\n   %s\n   then\n   %s", rows[i].line,
					    once.data, twice.data);
			}
	strbuf_release(&once);
	strbuf_release(&twice);
	scanner_release(&scanner);
}

static void only_annotations_are_recognised(void **state)
{
	static const struct {
		const char *line;
		const char *recognised; /* behind the value */
	} others[] = { { "code=9011 [auth: auth failed] x", " [auth: auth failed]" },
		{ "code=9011 [auth] x", " [auth]" },
		{ "code=9011 [auth failed]", " [auth failed]" },
		{ "code=9011 \x1b[33m[auth]\x1b[0m x", " \x1b[33m[auth]\x1b[0m" },
		{ "code=9011 [other]", "" }, { "code=9011 [request: auth failed]", "" },
		{ "code=9011 [auth", "" }, { "code=9011  [auth]", "" }, { "code=9011[auth]", "" },
		{ "code=9011 [unlisted]", "" }, { "code=9023 [unlisted]", " [unlisted]" },
		{ "{\"code\":9011,\"code_outcome\":\"auth\",\"x\":1}",
		    ",\"code_outcome\":\"auth\"" },
		{ "{\"code\":9011,\"code_outcome\":\"auth\",\"code_notes\":\"n\"}",
		    ",\"code_outcome\":\"auth\"" },
		{ "{\"code\":9011,\"code_notes\":\"Authentication failed\"}",
		    ",\"code_notes\":\"Authentication failed\"" },
		{ "{\"code\":9011,\"code_other\":\"auth\"}", "" },
		{ "{\"code\":9011,\"errCode_outcome\":\"auth\"}", "" },
		{ "{\"code\":9011, \"code_outcome\":\"auth\"}", "" },
		{ "{\"code\":9011,\"code_outcome\":1}", "" },
		{ "{\"code\":9011,\"code_outcome\":\"auth", "" },
		{ "{\"code\":9011,\\\"code_outcome\\\":\\\"auth\\\"}", "" } };
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_ALL, false);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const char *line = others[i].line;
		const struct hit *hit = scanner.scanned->hits;
		size_t length;

		scanner_scan(&scanner, line, strlen(line));
		length = hit->annotation_end - hit->value_end;
		if (length != strlen(others[i].recognised) ||
		    memcmp(line + hit->value_end, others[i].recognised, length) != 0)
			fail_msg(
			    "'%s': '%.*s' is recognised", line, (int)length, line + hit->value_end);
		assert_int_equal(annotation_end(line, hit), hit->annotation_end);
	}
	scanner_release(&scanner);
}

static void the_cache_gives_the_same(void **state)
{
	static const char *const words[] = { "code=9011", "code=9012 ", "{\"code\":9011", "}", ",",
		"\"errCode\" : \"9003\"", " ", "\n", "\"code_outcome\":\"x\"",
		",\"code_outcome\":\"auth\"", " [auth: auth failed]", "{\\\"code\\\":9011",
		"'code': 9001", "id=1,content=x,code=9023 ", "CODE=9011 ", "{\\x22code\\x22:9011",
		"_outcome", "\"code\":\"9011", "_description", "code=\"9011", "riskCheck={",
		"错误码9018", "\"code\":9018" };
	struct randoms randoms = { 11 };
	struct strbuf plain = STRBUF_INIT;
	struct strbuf cached = STRBUF_INIT;
	struct scanner scanner;

	(void)state;
	scanner_init(&scanner, TRUST_NORMAL, false);
	for (unsigned columns = 1; columns <= ANNOTATION_ALL; columns++)
		for (int color = 0; color < 2; color++) {
			struct error error = ERROR_INIT;
			struct annotation_cache *cache =
			    annotation_cache_new(scanner.catalog, columns, color != 0, &error);

			assert_non_null(cache);
			for (size_t round = 0; round < 100; round++) {
				char text[300];
				size_t length = randoms_text(&randoms, words,
				    sizeof(words) / sizeof(words[0]), 60, text, sizeof(text));

				annotate(&scanner, text, length, columns, color != 0, NULL, &plain);
				annotate(
				    &scanner, text, length, columns, color != 0, cache, &cached);
				if (strcmp(plain.data, cached.data) != 0)
					fail_msg("'%s':\n   %s\n   but cached\n   %s", text,
					    plain.data, cached.data);
			}
			annotation_cache_free(cache);
		}
	annotation_cache_free(NULL);
	strbuf_release(&plain);
	strbuf_release(&cached);
	scanner_release(&scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_as_the_table_says),
		cmocka_unit_test(colours_the_annotation_only),
		cmocka_unit_test(what_stands_there_is_recognised),
		cmocka_unit_test(only_annotations_are_recognised),
		cmocka_unit_test(the_cache_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
