/*
 * Owns the judgement: thresholds against a summary, the state, and the plugin line: one line of
 * printable ASCII with performance data. A threshold is a gauge, which counts some hits, and its
 * limits; the gravest limit that a gauge reaches decides. Must not know what comes of the state.
 */
#include "report/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/baseline.h"
#include "report/dates.h"
#include "report/limit.h"
#include "report/words.h"

enum { LEVEL_WARNING, LEVEL_CRITICAL, LEVEL_COUNT };

/* What is measured, and its limits. */
struct gauge {
	char *list; /* NULL: the error rate */
	struct selection *selection;
	bool is_percent;
	struct limit limits[LEVEL_COUNT];
};

struct verdict {
	const struct catalog *catalog;
	const struct selection *errors;
	uint64_t min_responses;
	struct gauge *gauges; /* the first is the error rate */
	size_t gauge_count;
};

/* ---- thresholds ---- */

struct verdict *verdict_new(const struct catalog *catalog, const struct selection *errors,
    uint64_t min_responses, struct error *error)
{
	struct verdict *verdict = calloc(1, sizeof(*verdict));

	if (verdict != NULL)
		verdict->gauges = calloc(1, sizeof(*verdict->gauges));
	if (verdict == NULL || verdict->gauges == NULL) {
		verdict_free(verdict);
		(void)error_set_memory(error);
		return NULL;
	}
	verdict->catalog = catalog;
	verdict->errors = errors;
	verdict->min_responses = min_responses;
	verdict->gauges[0].is_percent = true;
	verdict->gauge_count = 1;
	return verdict;
}

void verdict_free(struct verdict *verdict)
{
	if (verdict == NULL)
		return;
	for (size_t i = 0; i < verdict->gauge_count; i++) {
		free(verdict->gauges[i].list);
		selection_free(verdict->gauges[i].selection);
	}
	free(verdict->gauges);
	free(verdict);
}

/* The gauge of a LIST (NULL: the error rate) and unit, new where there is none yet. */
static struct gauge *reach_gauge(struct verdict *verdict, const char *option, const char *list,
    bool is_percent, struct error *error)
{
	struct gauge *gauges, *gauge;

	if (list == NULL)
		return &verdict->gauges[0];
	for (size_t i = 1; i < verdict->gauge_count; i++)
		if (verdict->gauges[i].is_percent == is_percent &&
		    strcmp(verdict->gauges[i].list, list) == 0)
			return &verdict->gauges[i];
	gauges = realloc(verdict->gauges, (verdict->gauge_count + 1) * sizeof(*gauges));
	if (gauges == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	verdict->gauges = gauges;
	gauge = &gauges[verdict->gauge_count];
	*gauge = (struct gauge){ .is_percent = is_percent };
	gauge->selection = selection_new(option, list, verdict->catalog, verdict->errors, error);
	if (gauge->selection == NULL)
		return NULL;
	gauge->list = strdup(list);
	if (gauge->list == NULL) {
		selection_free(gauge->selection);
		(void)error_set_memory(error);
		return NULL;
	}
	verdict->gauge_count++;
	return gauge;
}

bool verdict_add(
    struct verdict *verdict, enum verdict_state level, const char *threshold, struct error *error)
{
	bool is_critical = level == VERDICT_CRITICAL;
	const char *option = is_critical ? "--critical" : "--warning";
	struct limit limit, *kept;
	struct gauge *gauge;
	size_t list_len;
	char *list = NULL;

	if (!limit_read(option, threshold, &limit, &list_len, error))
		return false;
	if (list_len > 0) {
		list = strndup(threshold, list_len);
		if (list == NULL)
			return error_set_memory(error);
	}
	if (list != NULL && limit.is_percent && strcmp(list, "error") == 0) {
		free(list); /* that is the error rate */
		list = NULL;
	}
	gauge = reach_gauge(verdict, option, list, limit.is_percent, error);
	free(list);
	if (gauge == NULL)
		return false;
	kept = &gauge->limits[is_critical ? LEVEL_CRITICAL : LEVEL_WARNING];
	if (!kept->is_set || limit.value < kept->value)
		*kept = limit;
	return true;
}

/* ---- measuring ---- */

static bool has_entry(
    const struct verdict *verdict, const struct gauge *gauge, const struct catalog_entry *entry)
{
	/* Merged reports have entries of their own. */
	const struct catalog_entry *known = catalog_find(verdict->catalog, entry->code);

	return known != NULL ? selection_has(gauge->selection, known)
	                     : selection_has_number(gauge->selection, entry->code, false);
}

/* Whether LIST names the code by its number; the last word on it holds. */
static bool names_code(const char *list, uint32_t code)
{
	bool is_named = false;

	for (const char *word = list; word != NULL;) {
		const char *comma = strchr(word, ',');
		const char *digits = word + strspn(word, " -");
		char *end;

		if (*digits >= '0' && *digits <= '9' && strtoul(digits, &end, 10) == code &&
		    (*end == '\0' || *end == ',' || *end == ' '))
			is_named = memchr(word, '-', (size_t)(digits - word)) == NULL;
		word = comma != NULL ? comma + 1 : NULL;
	}
	return is_named;
}

/* The gauge's value: how many hits it counts. */
static uint64_t measure(
    const struct verdict *verdict, const struct gauge *gauge, const struct summary *summary)
{
	uint64_t count = 0, unlisted = 0;

	if (gauge->list == NULL)
		return summary->errors;
	for (size_t i = 0; i < summary->code_count; i++)
		if (has_entry(verdict, gauge, summary->codes[i].entry))
			count += summary->codes[i].count;
	for (size_t i = 0; i < summary->inner_count; i++)
		if (names_code(gauge->list, summary->inner_codes[i].entry->code))
			count += summary->inner_codes[i].count;
	for (size_t i = 0; i < summary->unlisted_count; i++) {
		unlisted += summary->unlisted_codes[i].count;
		if (selection_has_number(gauge->selection, summary->unlisted_codes[i].code, true))
			count += summary->unlisted_codes[i].count;
	}
	/* Unlisted ones that were too many to keep apart have no row; no LIST names them. */
	if (selection_has_number(gauge->selection, CATALOG_CODE_MAX + 1, true))
		count += summary->hits[HIT_UNLISTED] - unlisted;
	return count;
}

static bool is_judged(
    const struct verdict *verdict, const struct gauge *gauge, const struct summary *summary)
{
	return !gauge->is_percent || summary->hits[HIT_RESPONSE] >= verdict->min_responses;
}

/* The gravest limit that the gauge's value reaches, and its level, or NULL. */
static const struct limit *reached(const struct verdict *verdict, const struct gauge *gauge,
    const struct summary *summary, int *level)
{
	uint64_t value = measure(verdict, gauge, summary);

	if (!is_judged(verdict, gauge, summary))
		return NULL;
	for (*level = LEVEL_COUNT - 1; *level >= 0; (*level)--)
		if (limit_is_reached(&gauge->limits[*level], value, summary->hits[HIT_RESPONSE]))
			return &gauge->limits[*level];
	return NULL;
}

/* ---- text: printable ASCII, and none of what separates ---- */

/* Other characters as uXXXX; `plain` says which ASCII passes besides letters and digits. */
static void add_ascii(struct strbuf *out, const char *text, const char *plain)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		unsigned char byte = (unsigned char)text[i];
		uint32_t codepoint = 0xfffd;
		size_t taken = 1;

		if (byte >= 0x80) {
			taken = utf8_decode(text + i, len - i, &codepoint);
			strbuf_add_format(out, "u%04" PRIX32, taken > 0 ? codepoint : 0xfffd);
		} else if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		           (byte >= 'a' && byte <= 'z') || strchr(plain, byte) != NULL)
			strbuf_add_char(out, (char)byte);
		else
			strbuf_add_char(out, '_');
		i += taken > 0 ? taken : 1;
	}
}

static void add_text(struct strbuf *out, const char *text)
{
	add_ascii(out, text, " !\"#$%&'()*+,-./:;<=>?@[]^_`{}~\\");
}

static void add_label(struct strbuf *out, const struct gauge *gauge)
{
	add_ascii(out, gauge->list, "_-.,");
	if (gauge->is_percent)
		strbuf_add_text(out, "_rate");
}

/* "2.32%" */
static void add_percent(struct strbuf *out, uint64_t part, uint64_t whole)
{
	uint64_t hundredths = (uint64_t)((long double)part / (long double)whole * 10000 + 0.5L);

	strbuf_add_format(
	    out, "%" PRIu64 ".%02u%%", hundredths / 100, (unsigned)(hundredths % 100));
}

static void add_limit(struct strbuf *out, const struct limit *limit)
{
	strbuf_add_format(out, " (>= %s%s)", limit->text, limit->is_percent ? "%" : "");
}

/* "9018 appKey no money" */
static void add_code(struct strbuf *out, uint32_t code, const char *description)
{
	strbuf_add_format(out, "%" PRIu32, code);
	if (description == NULL)
		return;
	for (const char *at = description; *at != '\0'; at++)
		if ((unsigned char)*at >= 0x80)
			return; /* spelled out as uXXXX it would tell nobody anything */
	strbuf_add_char(out, ' ');
	add_text(out, description);
}

/* ---- the line ---- */

/* ", rate doubtful: 98 held back may be responses (--trust, --where, -k)" */
static void add_doubt(struct strbuf *out, const struct summary *summary)
{
	uint64_t doubt = summary_doubt(summary);

	if (doubt > 0)
		strbuf_add_format(out,
		    ", rate doubtful: %s held back may be %s (--trust, --where, -k)",
		    words_grouped(doubt).text, doubt == 1 ? "a response" : "responses");
}

/* ", counts until 2026-11-21 00:05:00 were made by older rules" */
static void add_rules(struct strbuf *out, const struct summary *summary)
{
	if (summary->history == NULL || summary->history->older_until == SUMMARY_NO_TIME)
		return;
	strbuf_add_text(out, ", counts until ");
	dates_add(out, summary, summary->history->older_until);
	strbuf_add_text(out, " were made by older rules");
}

static void add_head(
    struct strbuf *out, const struct verdict *verdict, const struct summary *summary)
{
	const struct gauge *rate = &verdict->gauges[0];
	bool has_shares = rate->limits[LEVEL_WARNING].is_set || rate->limits[LEVEL_CRITICAL].is_set;
	const struct limit *limit;
	int level;

	if (summary->time.window == SUMMARY_WINDOW_COVERED) {
		strbuf_add_text(out, "nothing to report since the last time");
		return;
	}
	if (summary->hits[HIT_RESPONSE] == 0) {
		strbuf_add_text(out, "no responses");
		if (!summary->lines_unknown)
			strbuf_add_format(out, " in %s line%s", words_grouped(summary->lines).text,
			    summary->lines == 1 ? "" : "s");
		if (summary->time.outside > 0)
			strbuf_add_format(out, ", %s code%s outside the time asked for",
			    words_grouped(summary->time.outside).text,
			    summary->time.outside == 1 ? "" : "s");
		return;
	}
	strbuf_add_text(out, "errors ");
	add_percent(out, summary->errors, summary->hits[HIT_RESPONSE]);
	strbuf_add_format(out, " of %s %s", words_grouped(summary->hits[HIT_RESPONSE]).text,
	    summary->hits[HIT_RESPONSE] == 1 ? "response" : "responses");
	for (size_t i = 1; i < verdict->gauge_count; i++)
		has_shares = has_shares || verdict->gauges[i].is_percent;
	limit = reached(verdict, rate, summary, &level);
	if (limit != NULL)
		add_limit(out, limit);
	else if (has_shares && summary->hits[HIT_RESPONSE] < verdict->min_responses)
		strbuf_add_format(out, " (too few: a rate is judged from %s on)",
		    words_grouped(verdict->min_responses).text);
}

/* "account 641 (>= 1)", "9018 appKey no money 641 (>= 1)", "limit 1.33% (>= 1%)" */
static void add_trip(struct strbuf *out, const struct verdict *verdict, const struct gauge *gauge,
    const struct summary *summary, const struct limit *limit)
{
	uint64_t value = measure(verdict, gauge, summary);

	strbuf_add_text(out, ", ");
	if (strspn(gauge->list, "0123456789") == strlen(gauge->list)) {
		uint32_t code = (uint32_t)strtoul(gauge->list, NULL, 10);
		const struct catalog_entry *entry = catalog_find(verdict->catalog, code);

		add_code(out, code, entry != NULL ? entry->description : NULL);
	} else {
		add_text(out, gauge->list);
	}
	strbuf_add_char(out, ' ');
	if (gauge->is_percent)
		add_percent(out, value, summary->hits[HIT_RESPONSE]);
	else
		strbuf_add_text(out, words_grouped(value).text);
	add_limit(out, limit);
}

/* Whether a crossed threshold of this code's own has named it already. */
static bool is_named(const struct verdict *verdict, const struct summary *summary, uint32_t code)
{
	char digits[16];
	int level;

	(void)snprintf(digits, sizeof(digits), "%" PRIu32, code);
	for (size_t i = 1; i < verdict->gauge_count; i++)
		if (strcmp(verdict->gauges[i].list, digits) == 0 &&
		    reached(verdict, &verdict->gauges[i], summary, &level) != NULL)
			return true;
	return false;
}

/* Where the rate is too high: which code weighs most. */
static void add_top_error(
    struct strbuf *out, const struct verdict *verdict, const struct summary *summary)
{
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		if (!row->is_error)
			continue;
		if (is_named(verdict, summary, row->entry->code))
			return;
		strbuf_add_text(out, ", ");
		add_code(out, row->entry->code, row->entry->description);
		strbuf_add_format(out, " %s", words_grouped(row->count).text);
		return;
	}
}

/* What was unreadable or lost, each with a comma behind it. */
static void add_trouble(struct strbuf *out, const struct summary *summary, const char *trouble)
{
	const struct {
		uint64_t count;
		const char *one, *many;
	} kinds[] = {
		{ summary->missing_count, "slice missing", "slices missing" },
		{ summary->trouble.unreadable_files, "file unreadable", "files unreadable" },
		{ summary->trouble.damaged_files, "file damaged", "files damaged" },
		{ summary->history == NULL ? 0 : summary->history->gap_count, "gap of lost lines",
		    "gaps of lost lines" },
		{ summary->history == NULL ? 0 : summary->history->late, "code came late",
		    "codes came late" },
		{ summary->trouble.regex_limits, "line past a regex limit",
		    "lines past a regex limit" },
		{ summary->trouble.long_lines, "line too long", "lines too long" },
	};

	if (trouble != NULL) {
		add_text(out, trouble);
		strbuf_add_text(out, ", ");
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].count == 0)
			continue;
		strbuf_add_format(out, "%s %s, ", words_grouped(kinds[i].count).text,
		    kinds[i].count == 1 ? kinds[i].one : kinds[i].many);
	}
}

/* "account=641;;1;0" */
static void add_performance(struct strbuf *out, const struct verdict *verdict,
    const struct gauge *gauge, const struct summary *summary)
{
	uint64_t value = measure(verdict, gauge, summary);

	strbuf_add_char(out, ' ');
	if (gauge->list == NULL)
		strbuf_add_text(out, "error_rate");
	else
		add_label(out, gauge);
	strbuf_add_char(out, '=');
	if (!gauge->is_percent)
		strbuf_add_format(out, "%" PRIu64, value);
	else if (summary->hits[HIT_RESPONSE] == 0)
		strbuf_add_char(out, 'U');
	else
		add_percent(out, value, summary->hits[HIT_RESPONSE]);
	strbuf_add_format(out, ";%s;%s;0%s", gauge->limits[LEVEL_WARNING].text,
	    gauge->limits[LEVEL_CRITICAL].text, gauge->list == NULL ? ";100" : "");
}

static void line_add(struct strbuf *line, const struct verdict *verdict,
    const struct summary *summary, enum verdict_state state, const char *trouble)
{
	static const char *const names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	const struct limit *limit;
	int level;

	strbuf_add_format(line, "JGANNOTATE %s - ", names[state]);
	add_trouble(line, summary, trouble);
	add_head(line, verdict, summary);
	add_doubt(line, summary);
	add_rules(line, summary);
	/* the gravest first */
	for (int wanted = LEVEL_COUNT - 1; wanted >= 0; wanted--)
		for (size_t i = 1; i < verdict->gauge_count; i++) {
			limit = reached(verdict, &verdict->gauges[i], summary, &level);
			if (limit != NULL && level == wanted)
				add_trip(line, verdict, &verdict->gauges[i], summary, limit);
		}
	if (reached(verdict, &verdict->gauges[0], summary, &level) != NULL)
		add_top_error(line, verdict, summary);
	strbuf_add_format(line, " | errors=%" PRIu64 ";;;0", summary->errors);
	for (size_t i = 0; i < verdict->gauge_count; i++)
		add_performance(line, verdict, &verdict->gauges[i], summary);
	strbuf_add_char(line, '\n');
}

void verdict_failed(const char *reason, struct strbuf *line)
{
	strbuf_add_text(line, "JGANNOTATE UNKNOWN - ");
	add_text(line, reason);
	strbuf_add_char(line, '\n');
}

/* ---- judging ---- */

/* Whether all was reported before, and no response is missed. */
static bool is_covered(const struct summary *summary)
{
	return summary->time.window == SUMMARY_WINDOW_COVERED;
}

/* Whether there is more than any report has told. */
static bool has_unreported(const struct summary *summary)
{
	return summary->history != NULL &&
	       (summary->history->late > 0 || summary->history->missed_count > 0);
}

bool verdict_lost_something(const struct summary *summary)
{
	return (summary->history != NULL && summary->history->gap_count > 0) ||
	       summary->missing_count > 0 || summary->trouble.unreadable_files > 0 ||
	       summary->trouble.damaged_files > 0 || summary->trouble.regex_limits > 0 ||
	       summary->trouble.long_lines > 0;
}

enum verdict_state verdict_judge(const struct verdict *verdict, const struct summary *summary,
    const char *trouble, struct strbuf *line)
{
	bool is_crossed[LEVEL_COUNT] = { false, false };
	enum verdict_state state = VERDICT_OK;
	int level;

	for (size_t i = 0; i < verdict->gauge_count; i++)
		if (reached(verdict, &verdict->gauges[i], summary, &level) != NULL)
			is_crossed[level] = true;
	if (is_crossed[LEVEL_CRITICAL])
		state = VERDICT_CRITICAL;
	else if (trouble != NULL || verdict_lost_something(summary) ||
	         (summary->hits[HIT_RESPONSE] == 0 && verdict->min_responses > 0 &&
	             !is_covered(summary)))
		state = VERDICT_UNKNOWN;
	else if (is_crossed[LEVEL_WARNING])
		state = VERDICT_WARNING;
	line_add(line, verdict, summary, state, trouble);
	return state;
}

bool verdict_is_quiet(const struct summary *summary, enum verdict_state state, const char *trouble)
{
	return state == VERDICT_OK && trouble == NULL &&
	       (summary->hits[HIT_RESPONSE] > 0 || is_covered(summary)) &&
	       summary->hits[HIT_UNLISTED] == 0 && !verdict_lost_something(summary) &&
	       !has_unreported(summary) && !baseline_has_new(summary->baseline);
}
