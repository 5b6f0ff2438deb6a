/*
 * Owns the wording of the plugin line: one line of printable ASCII with performance
 * data. Must not know how a state comes about.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/dates.h"
#include "report/verdict_parts.h"
#include "report/words.h"

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
	limit = verdict_reached(verdict, rate, summary, &level);
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
	uint64_t value = verdict_measure(verdict, gauge, summary);

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
static bool is_named(
    const struct verdict *verdict, const struct summary *summary, uint32_t code)
{
	char digits[16];
	int level;

	(void)snprintf(digits, sizeof(digits), "%" PRIu32, code);
	for (size_t i = 1; i < verdict->gauge_count; i++)
		if (strcmp(verdict->gauges[i].list, digits) == 0 &&
		    verdict_reached(verdict, &verdict->gauges[i], summary, &level) != NULL)
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
	uint64_t value = verdict_measure(verdict, gauge, summary);

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

void verdict_line(struct strbuf *line, const struct verdict *verdict, const struct summary *summary,
    enum verdict_state state, const char *trouble)
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
			limit = verdict_reached(verdict, &verdict->gauges[i], summary, &level);
			if (limit != NULL && level == wanted)
				add_trip(line, verdict, &verdict->gauges[i], summary, limit);
		}
	if (verdict_reached(verdict, &verdict->gauges[0], summary, &level) != NULL)
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
