/*
 * Owns the judgement: thresholds against a summary, and the state. Must not know how
 * the plugin line is worded.
 */
#include "report/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "report/baseline.h"
#include "report/verdict_parts.h"

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

uint64_t verdict_measure(
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

const struct limit *verdict_reached(const struct verdict *verdict, const struct gauge *gauge,
    const struct summary *summary, int *level)
{
	uint64_t value = verdict_measure(verdict, gauge, summary);

	if (!is_judged(verdict, gauge, summary))
		return NULL;
	for (*level = LEVEL_COUNT - 1; *level >= 0; (*level)--)
		if (limit_is_reached(&gauge->limits[*level], value, summary->hits[HIT_RESPONSE]))
			return &gauge->limits[*level];
	return NULL;
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
	       summary->trouble.unreadable_files > 0 || summary->trouble.damaged_files > 0 ||
	       summary->trouble.regex_limits > 0 || summary->trouble.long_lines > 0;
}

enum verdict_state verdict_judge(const struct verdict *verdict, const struct summary *summary,
    const char *trouble, struct strbuf *line)
{
	bool is_crossed[LEVEL_COUNT] = { false, false };
	enum verdict_state state = VERDICT_OK;
	int level;

	for (size_t i = 0; i < verdict->gauge_count; i++)
		if (verdict_reached(verdict, &verdict->gauges[i], summary, &level) != NULL)
			is_crossed[level] = true;
	if (is_crossed[LEVEL_CRITICAL])
		state = VERDICT_CRITICAL;
	else if (trouble != NULL || verdict_lost_something(summary) ||
	         (summary->hits[HIT_RESPONSE] == 0 && verdict->min_responses > 0 &&
	             !is_covered(summary)))
		state = VERDICT_UNKNOWN;
	else if (is_crossed[LEVEL_WARNING])
		state = VERDICT_WARNING;
	verdict_line(line, verdict, summary, state, trouble);
	return state;
}

bool verdict_is_quiet(const struct summary *summary, enum verdict_state state, const char *trouble)
{
	return state == VERDICT_OK && trouble == NULL &&
	       (summary->hits[HIT_RESPONSE] > 0 || is_covered(summary)) &&
	       summary->hits[HIT_UNLISTED] == 0 && !verdict_lost_something(summary) &&
	       !has_unreported(summary) && !baseline_has_new(summary->baseline);
}
