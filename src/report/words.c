/*
 * Owns the wording of the reports in both languages and the spelling of
 * numbers. Must not know where on the page a phrase stands.
 */
#include "report/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ARGUMENTS_MAX 9

struct phrase {
	const char *english;
	const char *chinese;
};

static const struct phrase phrases[WORD_END] = {
	[WORD_STDIN] = { "standard input", "标准输入" },
	[WORD_LINES] = { "{1} {1?line|lines}", "{1} 行" },
	[WORD_ERRORS] = { "errors", "错误" },
	[WORD_NEGATIVE] = { "negative", "否定" },
	[WORD_SUCCESS] = { "success", "成功" },
	[WORD_OTHER] = { "other", "其他" },
	[WORD_OTHER_NOTE] = { "neither success nor counted as errors", "既非成功，也不计为错误" },
	[WORD_OF_RESPONSES] = { "of {1} {1?response|responses}", "／ {1} 次响应" },
	[WORD_OF] = { "of {1}", "／ {1}" },
	[WORD_ERRORS_LIST] = { "counted as errors: {1}", "计为错误的：{1}" },
	[WORD_RATES_BELOW] = { "rates below, per catalog", "错误率按目录列于下方" },
	[WORD_DOUBT] = { "rate doubtful: {1} held back may be {1?a response|responses}; --trust, "
	                 "--where or -k decides",
	    "比率存疑：另有 {1} 个存疑的码可能也是响应，由 --trust、--where 或 -k 决定" },
	[WORD_NO_RESPONSES] = { "no response was counted, so there is no error rate",
	    "没有计入任何响应，因此没有错误率" },
	[WORD_UNLISTED] = { "unlisted", "未收录" },
	[WORD_UNLISTED_NOTE] = { "in no catalog: {1}", "目录中没有：{1}" },
	[WORD_COMMA] = { ", ", "、" },
	[WORD_TITLE_ERRORS] = { "ERRORS", "错误" },
	[WORD_TITLE_NO_ERROR] = { "NO ERROR", "非错误" },
	[WORD_TITLE_CATEGORIES] = { "CATEGORIES", "类别" },
	[WORD_TITLE_CATALOGS] = { "CATALOGS", "目录" },
	[WORD_TITLE_UNCOUNTED] = { "NOT IN THE RATE", "未计入错误率" },
	[WORD_WHO] = { "who acts", "由谁处理" },
	[WORD_SAYS] = { "what JiGuang says", "极光返回的说明" },
	[WORD_COUNT] = { "count", "次数" },
	[WORD_SHARE] = { "share", "占比" },
	[WORD_ALL] = { "all", "合计" },
	[WORD_RESPONSES] = { "responses", "响应" },
	[WORD_RATE] = { "rate", "错误率" },
	[WORD_MORE] = { "... and {1} more", "…… 另有 {1} 项" },
	[WORD_ADVICE] = { "{1}: {2} ({3})", "{1}：{2}（{3}）" },
	[WORD_NEGATIVE_NOTE] = { "{1}, a valid \"no\"", "{1}，有效的否定答复" },
	[WORD_BUILT_IN] = { "built-in", "内置目录" },
	[WORD_ROW_UNLISTED] = { "unlisted: like JiGuang's, in no catalog",
	    "未收录：形似极光的返回码，但目录中没有" },
	[WORD_ROW_UNLISTED_TEXT] = { "unlisted: like JiGuang's, in no catalog: \"{1}\"",
	    "未收录：形似极光的返回码，但目录中没有：“{1}”" },
	[WORD_ROW_INNER] = { "risk check inside a response (riskCheck): {1}",
	    "响应内的风险检查（riskCheck）：{1}" },
	[WORD_ROW_INNER_ERROR] = { "risk check inside a response (riskCheck), an error: {1}",
	    "响应内的风险检查（riskCheck），错误：{1}" },
	[WORD_ROW_REPEATED] = { "repeated: the same code again in one reply",
	    "重复：同一响应中再次出现的同一返回码" },
	[WORD_ROW_HELD] = { "held back: {1}", "存疑未计：{1}" },
	[WORD_ROW_ELSEWHERE] = { "elsewhere: on lines that --where does not match",
	    "别处：不匹配 --where 的行" },
	[WORD_ROW_NUMBERS] = { "other numbers under a key, {1} different",
	    "键后的其他数字，共 {1} 种" },
	[WORD_ROW_NUMBERS_CAPPED] = { "other numbers under a key, more than {1} different",
	    "键后的其他数字，超过 {1} 种" },
	[WORD_MOST_SEEN] = { "; most seen: {1}", "；最多的：{1}" },
	[WORD_CLOSING_STDIN] = { "{1} {1?code|codes} in {2} {2?line|lines} of standard input; ",
	    "标准输入的 {2} 行中有 {1} 个返回码；" },
	[WORD_CLOSING_WINDOW] = { "{1} {1?code|codes} in this window of the database; ",
	    "数据库的这一时段中有 {1} 个返回码；" },
	[WORD_CLOSING_REPORTS] = { "{1} {1?code|codes} in {3} {3?report|reports}; ",
	    "{3} 份报告中有 {1} 个返回码；" },
	[WORD_NEW_SINCE] = { "new since {1}: ", "自 {1} 以来新增：" },
	[WORD_CLOSING_FILES] = { "{1} {1?code|codes} in {2} {2?line|lines} of {3} {3?file|files}; ",
	    "{3} 个文件的 {2} 行中有 {1} 个返回码；" },
	[WORD_INCOMPLETE] = { "incomplete, missing: {1}", "不完整，缺少：{1}" },
	[WORD_INCOMPLETE_MORE] = { " and {1} more", "等，另有 {1} 个" },
	[WORD_MISSING] = { "{1} of what was expected missing", "缺少预期中的 {1} 项" },
	[WORD_NO_TROUBLE] = { "nothing unreadable", "全部可读" },
	[WORD_UNREADABLE] = { "{1} {1?file|files} unreadable", "{1} 个文件无法读取" },
	[WORD_GAPS] = { "{1} {1?gap|gaps} of lines lost before they were read",
	    "{1} 处日志在读取前已丢失" },
	[WORD_DAMAGED] = { "{1} {1?file|files} damaged", "{1} 个文件已损坏" },
	[WORD_LONG_LINES] = { "{1} over-long {1?line|lines} searched in part",
	    "{1} 个超长行只搜索了一部分" },
	[WORD_REGEX_LIMITS] = { "{1} regex {1?limit|limits} reached",
	    "{1} 次达到正则表达式的限制" },
	[WORD_NOT_A_CODE] = { "{1} {1?capture|captures} that {1?is|are} no code",
	    "{1} 个捕获不是返回码" },
	[WORD_SEMICOLON] = { "; ", "；" },
	[WORD_TOTALS_RATE] = { "{1} {1?error|errors} of {2} {2?response|responses} ({3})",
	    "{2} 次响应中有 {1} 次错误（{3}）" },
	[WORD_TOTALS_CATALOGS] = { "{1} {1?error|errors} of {2} responses; ",
	    "{2} 次响应中有 {1} 次错误；" },
	[WORD_TOTALS_NO_RESPONSES] = { "no responses in {1} {1?line|lines}", "{1} 行中没有响应" },
	[WORD_TOTALS_NONE] = { "no responses", "没有响应" },
	[WORD_TOTALS_NOT_COUNTED] = { "not counted: ", "未计入：" },
	[WORD_TOTALS_UNLISTED] = { "{1} unlisted ({2})", "{1} 个未收录（{2}）" },
	[WORD_TOTALS_INNER] = { "{1} inner", "{1} 个内层" },
	[WORD_TOTALS_REPEATED] = { "{1} repeated", "{1} 个重复" },
	[WORD_TOTALS_HELD] = { "{1} held back", "{1} 个存疑" },
	[WORD_TOTALS_ELSEWHERE] = { "{1} elsewhere", "{1} 个在别处" },
	[WORD_TOTALS_OUTSIDE] = { "{1} outside the time", "{1} 个在时间之外" },
	[WORD_TOTALS_TIMELESS] = { "{1} without a time", "{1} 个没有时间" },
	[WORD_TOTALS_NUMBERS] = { "{1} other {1?number|numbers}", "{1} 个其他数字" },
	[WORD_NO_CODES] = { "no codes", "没有返回码" },
	[WORD_NO_CODES_KEYS] = { "no codes in {1} {1?line|lines}; keys looked for: {2}",
	    "{1} 行中没有返回码；查找过的键：{2}" },
	[WORD_NO_CODES_PATTERNS] = { "no codes in {1} {1?line|lines}; "
	                             "{2} {2?pattern|patterns} looked for",
	    "{1} 行中没有返回码；查找过 {2} 个模式" },
	[WORD_NOTE_RISK] = { "0, 18xx", "0、18xx" },
	[WORD_NOTE_PLATFORM] = { "2000, of no one endpoint", "2000，不属于特定接口" },
	[WORD_NOTE_CAPTCHA] = { "has no success code", "没有成功码" },
	[WORD_NOTE_LOGIN] = { "80xx", "80xx" },
	[WORD_NOTE_VERIFICATION] = { "90xx, also of logins", "90xx，登录也会返回" },
	[WORD_NOTE_ADMIN] = { "92xx, 93xx", "92xx、93xx" },
	[WORD_SPAN] = { "{1} to {2}", "{1} 至 {2}" },
	[WORD_BEFORE] = { "{1} points, was {2}", "{1} 个百分点，此前 {2}" },
	[WORD_BEFORE_MEDIAN] = { "{1} points, {3}-day median {2}",
	    "{1} 个百分点，{3} 天中位数 {2}" },
	[WORD_BASELINE_DAYS] = { "the median of the same window on {2} {2?day|days} before",
	    "此前 {2} 天同一时段的中位数" },
	[WORD_BASELINE_SOME_DAYS] = { "the median of the same window on {2} {2?day|days} before, "
	                              "of which {1} {1?has|have} responses",
	    "此前 {2} 天同一时段的中位数，其中 {1} 天有响应" },
	[WORD_BASELINE_RULED_DAYS] = { "the median of the same window on {2} {2?day|days} before, "
	                               "of which {1} {1?counts|count}: {3} {3?was|were} counted by "
	                               "other rules",
	    "此前 {2} 天同一时段的中位数，其中 {1} 天可比：{3} 天按其他规则计数" },
	[WORD_BASELINE_RULED] = { "counted by other rules", "按其他规则计数" },
	[WORD_BASELINE_LEFT_OUT] = { "not compared: counted by other rules",
	    "按其他规则计数，未作比较" },
	[WORD_NOTE] = { "{1}: {2}", "{1}：{2}" },
	[WORD_TITLE_SEEN] = { "SEEN", "出现" },
	[WORD_FIRST] = { "first", "首次" },
	[WORD_LAST] = { "last", "末次" },
	[WORD_FIRST_AT] = { "first in", "首次位于" },
	[WORD_TITLE_TIME] = { "OVER TIME", "时间分布" },
	[WORD_TIME_STEP] = { "per {1}", "每 {1}" },
	[WORD_TIME_UNKNOWN] = { "no time", "无时间" },
	[WORD_TITLE_GROUPS] = { "BY {1}", "按 {1} 分组" },
	[WORD_GROUP_NONE] = { "(none)", "（无）" },
	[WORD_GROUP_OTHER] = { "(other)", "（其他）" },
	[WORD_GROUPS_KEPT] = { "(other) sums what came after the first {1} groups",
	    "（其他）是前 {1} 个分组之后的合计" },
	[WORD_TOP_CODES] = { "top errors", "主要错误" },
	[WORD_TITLE_CHANGES] = { "CHANGES", "变化" },
	[WORD_CHANGES_SINCE] = { "against {1}", "对比 {1}" },
	[WORD_WAS] = { "before", "此前" },
	[WORD_NOW] = { "now", "现在" },
	[WORD_CHANGE] = { "points", "百分点" },
	[WORD_NEW] = { "new", "新增" },
	[WORD_VANISHED] = { "vanished", "消失" },
	[WORD_CODE] = { "code", "返回码" },
	[WORD_WINDOW_OUTSIDE] = { "{1} {1?code|codes} outside the time asked for",
	    "{1} 个返回码在所选时间之外" },
	[WORD_ALL_OUTSIDE] = { "{1} {1?code|codes}, all outside the time asked for: "
	                       "{1?it is|they are} of {2}, asked for was {3} ({4})",
	    "全部 {1} 个返回码都在所选时间之外：它们在 {2}，所选为 {3}（{4}）" },
	[WORD_ZONE_FITS] = { "; --tz {1} would fit", "；--tz {1} 则相符" },
	[WORD_TIMES_IN] = { "times in {1}; ", "时间为 {1}；" },
	[WORD_WINDOW_UNKNOWN] = { "{1} {1?code|codes} without a time", "{1} 个返回码没有时间" },
	[WORD_CST] = { "CST in stamps is read as {1}", "日志中的 CST 按 {1} 解读" },
	[WORD_WINDOW_SKIPPED] = { "{1} {1?byte|bytes} before it not read",
	    "此前的 {1} 字节未读取" },
	[WORD_WINDOW_ROUNDED] = { "to the quarter of an hour: {1}", "按整刻钟：{1}" },
	[WORD_WINDOW_FIRST] = { "the first report: {1}", "首次报告：{1}" },
	[WORD_WINDOW_LAST] = { "since the last report: {1}", "自上次报告以来：{1}" },
	[WORD_SPAN_FROM] = { "from {1} on", "{1} 起" },
	[WORD_SPAN_TO] = { "up to {1}", "截至 {1}" },
	[WORD_REPORTED_LATE] = { "{1} {1?code|codes} came late, of a time that was reported before",
	    "{1} 个返回码迟到，属于此前已报告的时段" },
	[WORD_OLDER_RULES] = { "counts until {1} were made by older rules",
	    "{1} 之前的计数按旧规则得出" },
	[WORD_REPORTED_MISSED] = { "no report has covered {1}", "{1} 没有任何报告" },
	[WORD_ERROR_RATE] = { "error rate", "错误率" },
	[WORD_FEW] = { "few", "样本少" },
	[WORD_PARTIAL] = { "incomplete", "不完整" },
	[WORD_UNSURE] = { "fewer than {1} responses, or incomplete",
	    "响应少于 {1} 次，或时段不完整" },
	[WORD_RATE_OVER_TIME] = { "Error rate over time", "错误率随时间变化" },
	[WORD_REPORT_TITLE] = { "JVerification response codes", "极光认证返回码报告" },
	[WORD_NOTES] = { "notes", "备注" },
	[WORD_FROM] = { "from", "起始" },
	[WORD_GROUP] = { "group", "分组" },
	[WORD_GROUPS] = { "By {1}", "按 {1} 分组" },
	[WORD_CATALOG] = { "catalog", "目录" },
	[WORD_CATALOGS] = { "Catalogs", "目录" },
	[WORD_UNCOUNTED] = { "Not in the rate", "未计入错误率" },
	[WORD_NO_ERROR] = { "No error", "非错误" },
	[WORD_ERRORS_CODES] = { "Errors", "错误" },
	[WORD_OVER_TIME] = { "over time", "时间分布" },
	[WORD_CHANGES_AGAINST] = { "Changes against {1}", "对比 {1} 的变化" },
	[WORD_AS_TABLE] = { "as a table", "表格" },
	[WORD_ADVICE_TITLE] = { "What to do", "如何处理" },
	[WORD_CATEGORY] = { "category", "类别" },
	[WORD_CATEGORIES] = { "Categories", "类别" },
	[WORD_MOST_ERRORS] = { "Most errors: ", "主要错误：" },
	[WORD_MOST_SHARE] = { ", {1} of them ({2})", "，{1} 次（{2}）" },
	[WORD_CHANGES] = { "Changes", "变化" },
};

const char *words_phrase(bool chinese, enum word word)
{
	return chinese ? phrases[word].chinese : phrases[word].english;
}

/* Appends what stands between the braces: "1" or "1?one|many". */
static void placeholder_add(
    struct strbuf *out, const char *inside, size_t length, const char *const *arguments)
{
	const char *argument = arguments[inside[0] - '1'];
	const char *bar;

	if (length == 1) {
		strbuf_add_text(out, argument);
		return;
	}
	bar = memchr(inside, '|', length);
	if (strcmp(argument, "1") == 0)
		strbuf_add(out, inside + 2, (size_t)(bar - inside) - 2);
	else
		strbuf_add(out, bar + 1, length - (size_t)(bar - inside) - 1);
}

void words_add(struct strbuf *out, bool chinese, enum word word, ...)
{
	const char *arguments[ARGUMENTS_MAX] = { "", "", "", "", "", "", "", "", "" };
	const char *phrase = words_phrase(chinese, word);
	const char *argument;
	va_list list;

	va_start(list, word);
	for (size_t i = 0; i < ARGUMENTS_MAX; i++) {
		argument = va_arg(list, const char *);
		if (argument == NULL)
			break;
		arguments[i] = argument;
	}
	va_end(list);
	while (*phrase != '\0') {
		size_t plain = strcspn(phrase, "{");
		const char *open = phrase + plain;

		strbuf_add(out, phrase, plain);
		if (*open == '\0')
			return;
		plain = strcspn(open, "}");
		placeholder_add(out, open + 1, plain - 1, arguments);
		phrase = open + plain + 1;
	}
}

struct words_number words_grouped(uint64_t value)
{
	struct words_number number;
	char digits[24];
	size_t used = 0;
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, value);

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			number.text[used++] = ',';
		number.text[used++] = digits[i];
	}
	number.text[used] = '\0';
	return number;
}

struct words_number words_percent(uint64_t part, uint64_t whole, int decimals)
{
	struct words_number number;
	unsigned scale = decimals == 1 ? 10 : 100;
	long double exact = (long double)part / (long double)whole * 100 * scale;
	unsigned value = (unsigned)(exact + 0.5L);
	const char *mark = "";

	if (value == 0 && part > 0) {
		mark = "<";
		value = 1;
	} else if (value >= 100 * scale && part < whole) {
		mark = ">";
		value = 100 * scale - 1;
	}
	(void)snprintf(number.text, sizeof(number.text), "%s%u.%0*u%%", mark, value / scale,
	    decimals, value % scale);
	return number;
}

struct words_number words_rate(double fraction)
{
	const uint64_t whole = 1000000000000;

	return words_percent((uint64_t)(fraction * (double)whole + 0.5), whole, 2);
}

struct words_number words_points(double fraction, double before)
{
	struct words_number number;
	double change = (fraction - before) * 10000;
	unsigned value = (unsigned)((change < 0 ? -change : change) + 0.5);

	(void)snprintf(number.text, sizeof(number.text), "%c%u.%02u",
	    change < 0 && value > 0 ? '-' : '+', value / 100, value % 100);
	return number;
}
