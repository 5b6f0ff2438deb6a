/*
 * Sheets: what a format shows of a form, and that what sections say fits into them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"
#include "report/sections.h"
#include "summary_sample.h"

static const struct report_style style = {
	.width = 80, .utf8 = true, .top = 2, .min_responses = 30
};

static const struct sheet_column columns[] = {
	{ SHEET_CODE, WORD_CODE, IN_ALL, .text = { .least = 6 } },
	{ SHEET_WORDS, WORD_SAYS, IN_MARKDOWN | IN_HTML, .text = { 0 } },
	{ SHEET_NUMBER, WORD_COUNT, IN_ALL, .text = { .right = true } },
	{ SHEET_REMARK, WORD_NOTES, IN_TEXT | IN_MARKDOWN, .text = { 0 } },
};

static const struct sheet_form form = {
	.title = { WORD_TITLE_GROUPS, WORD_GROUPS, WORD_END },
	.note = WORD_TIME_STEP,
	.noted = IN_HTML,
	SHEET_COLUMNS(columns),
};

static void only_what_a_format_shows_is_there(void **state)
{
	static const struct {
		const char *title, *note;
		const char *headings[4], *cells[4];
	} expected[SHEET_FORMATS] = {
		[SHEET_TEXT] = { "BY path", "", { "BY path", "count", "" },
		    { "9018", "1,234", "!" } },
		[SHEET_MARKDOWN] = { "By path", "",
		    { "code", "what JiGuang says", "count", "notes" },
		    { "9018", "no money", "1,234", "!" } },
		[SHEET_HTML] = { "", "per path", { "code", "what JiGuang says", "count" },
		    { "9018", "no money", "1,234" } },
	};

	(void)state;
	for (unsigned format = 0; format < SHEET_FORMATS; format++) {
		struct summary *summary = sample_empty();
		struct strbuf out = STRBUF_INIT;
		struct sheet_section *section;
		struct sheet sheet;

		sheet_init(&sheet, (enum sheet_format)format, &out, summary, &style);
		section = sheet_begin(&sheet, &form, "path");
		assert_string_equal(section->title, expected[format].title);
		assert_string_equal(section->note, expected[format].note);
		sheet_row(&sheet);
		sheet_code(&sheet, 9018);
		sheet_text(&sheet, "no money");
		sheet_count(&sheet, 1234);
		sheet_text(&sheet, "!");
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(
			    i < section->column_count, expected[format].cells[i] != NULL);
			if (i == section->column_count)
				break;
			assert_string_equal(section->headings[i], expected[format].headings[i]);
			assert_string_equal(
			    section->rows->cells[i].text, expected[format].cells[i]);
		}
		sheet_more(&sheet, 2);
		assert_string_equal(section->more, "");
		sheet_more(&sheet, 5);
		assert_string_equal(section->more, "... and 3 more");
		assert_false(out.failed);
		sheet_release(&sheet);
		strbuf_release(&out);
		summary_free(summary);
	}
}

/* Every section of a night with everything asked for has room in its sheet, and rows. */
static void sections_fit(void **state)
{
	static const size_t counts[SHEET_FORMATS] = { 10, 8, 9 };

	(void)state;
	for (unsigned format = 0; format < SHEET_FORMATS; format++) {
		struct summary *summary = sample_night();
		struct strbuf out = STRBUF_INIT;
		struct sheet sheet;

		sheet_init(&sheet, (enum sheet_format)format, &out, summary, &style);
		sections_add(&sheet);
		assert_int_equal(sheet.section_count, counts[format]);
		for (size_t i = 0; i < sheet.section_count; i++) {
			const struct sheet_section *section = &sheet.sections[i];

			assert_in_range(section->form->column_count, 1, SHEET_COLUMNS_MAX);
			assert_in_range(section->column_count, 1,
			    format == SHEET_TEXT ? TABLE_COLUMNS_MAX : SHEET_COLUMNS_MAX);
			assert_non_null(section->rows);
		}
		sheet_release(&sheet);
		strbuf_release(&out);
		summary_free(summary);
	}
}

int main(void)
{
	struct error error;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_a_format_shows_is_there),
		cmocka_unit_test(sections_fit),
	};

	if (!zone_choose("Asia/Shanghai", &error))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
