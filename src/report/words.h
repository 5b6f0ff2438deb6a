#ifndef JGANNOTATE_REPORT_WORDS_H
#define JGANNOTATE_REPORT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/*
 * The phrases of the reports for people in English and Chinese, and the numbers in
 * them. In a phrase `{1}` to `{9}` stand for the arguments; `{1?line|lines}` is
 * `line` when argument 1 is "1", else `lines`. Thread safe.
 */
enum word {
	WORD_STDIN,
	WORD_LINES,
	WORD_ERRORS,
	WORD_NEGATIVE,
	WORD_SUCCESS,
	WORD_OTHER,
	WORD_OTHER_NOTE,
	WORD_OF_RESPONSES,
	WORD_OF,
	WORD_ERRORS_LIST,
	WORD_RATES_BELOW,
	WORD_NO_RESPONSES,
	WORD_DOUBT,
	WORD_UNLISTED,
	WORD_UNLISTED_NOTE,
	WORD_COMMA,
	WORD_TITLE_ERRORS,
	WORD_TITLE_NO_ERROR,
	WORD_TITLE_CATEGORIES,
	WORD_TITLE_CATALOGS,
	WORD_TITLE_UNCOUNTED,
	WORD_WHO,
	WORD_SAYS,
	WORD_COUNT,
	WORD_SHARE,
	WORD_ALL,
	WORD_RESPONSES,
	WORD_RATE,
	WORD_MORE,
	WORD_ADVICE,
	WORD_NEGATIVE_NOTE,
	WORD_BUILT_IN,
	WORD_ROW_UNLISTED,
	WORD_ROW_UNLISTED_TEXT,
	WORD_ROW_INNER,
	WORD_ROW_INNER_ERROR,
	WORD_ROW_REPEATED,
	WORD_ROW_HELD,
	WORD_ROW_ELSEWHERE,
	WORD_ROW_NUMBERS,
	WORD_ROW_NUMBERS_CAPPED,
	WORD_MOST_SEEN,
	WORD_CLOSING_STDIN,
	WORD_CLOSING_FILES,
	WORD_CLOSING_WINDOW,
	WORD_CLOSING_REPORTS,
	WORD_NEW_SINCE,
	WORD_NO_TROUBLE,
	WORD_UNREADABLE,
	WORD_DAMAGED,
	WORD_GAPS,
	WORD_LONG_LINES,
	WORD_REGEX_LIMITS,
	WORD_NOT_A_CODE,
	WORD_SEMICOLON,
	WORD_TOTALS_RATE,
	WORD_TOTALS_CATALOGS,
	WORD_TOTALS_NO_RESPONSES,
	WORD_TOTALS_NONE,
	WORD_TOTALS_NOT_COUNTED,
	WORD_TOTALS_UNLISTED,
	WORD_TOTALS_INNER,
	WORD_TOTALS_REPEATED,
	WORD_TOTALS_HELD,
	WORD_TOTALS_ELSEWHERE,
	WORD_TOTALS_NUMBERS,
	WORD_NO_CODES,
	WORD_TOTALS_OUTSIDE,
	WORD_TOTALS_TIMELESS,
	WORD_NO_CODES_KEYS,
	WORD_NO_CODES_PATTERNS,
	WORD_NOTE_RISK,
	WORD_NOTE_PLATFORM,
	WORD_NOTE_CAPTCHA,
	WORD_NOTE_LOGIN,
	WORD_NOTE_VERIFICATION,
	WORD_NOTE_ADMIN,
	WORD_SPAN,
	WORD_BEFORE,
	WORD_BEFORE_MEDIAN,
	WORD_BASELINE_DAYS,
	WORD_BASELINE_SOME_DAYS,
	WORD_NOTE,
	WORD_TITLE_SEEN,
	WORD_FIRST,
	WORD_LAST,
	WORD_FIRST_AT,
	WORD_TITLE_TIME,
	WORD_TIME_STEP,
	WORD_TIME_UNKNOWN,
	WORD_TITLE_GROUPS,
	WORD_GROUP_NONE,
	WORD_GROUP_OTHER,
	WORD_GROUPS_KEPT,
	WORD_TOP_CODES,
	WORD_TITLE_CHANGES,
	WORD_CHANGES_SINCE,
	WORD_WAS,
	WORD_NOW,
	WORD_CHANGE,
	WORD_NEW,
	WORD_VANISHED,
	WORD_CODE,
	WORD_WINDOW_OUTSIDE,
	WORD_WINDOW_UNKNOWN,
	WORD_CST,
	WORD_WINDOW_SKIPPED,
	WORD_WINDOW_ROUNDED,
	WORD_WINDOW_FIRST,
	WORD_WINDOW_LAST,
	WORD_SPAN_FROM,
	WORD_SPAN_TO,
	WORD_REPORTED_LATE,
	WORD_REPORTED_MISSED,
	WORD_SUCCESS_RATE,
	WORD_RATE_OVER_TIME,
	WORD_REPORT_TITLE,
	WORD_NOTES,
	WORD_FROM,
	WORD_GROUP,
	WORD_GROUPS,
	WORD_CATALOG,
	WORD_CATALOGS,
	WORD_UNCOUNTED,
	WORD_NO_ERROR,
	WORD_ERRORS_CODES,
	WORD_OVER_TIME,
	WORD_CHANGES_AGAINST,
	WORD_AS_TABLE,
	WORD_ADVICE_TITLE,
	WORD_CATEGORY,
	WORD_CATEGORIES,
	WORD_MOST_ERRORS,
	WORD_MOST_SHARE,
	WORD_CHANGES,
	WORD_END
};

/* The phrase as it stands in the table; never NULL. */
const char *words_phrase(bool chinese, enum word word);

/* Appends the phrase with its arguments: C strings, after the last one NULL. */
void words_add(struct strbuf *out, bool chinese, enum word word, ...) __attribute__((sentinel));

/* A number as text, by value: pass `.text` on within the same expression. */
struct words_number {
	char text[40];
};

/* "48,213" whatever the locale. */
struct words_number words_grouped(uint64_t value);

/* `part` of `whole` (not 0) in per cent with 1 or 2 decimals; never 0 or 100
 * per cent that is only rounded: "<0.01%", ">99.99%". */
struct words_number words_percent(uint64_t part, uint64_t whole, int decimals);

/* The same of a fraction, with 2 decimals. */
struct words_number words_rate(double fraction);

/* The difference of two fractions in percentage points with its sign: "+1.86". */
struct words_number words_points(double fraction, double before);

#endif
