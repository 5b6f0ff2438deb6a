#ifndef JGANNOTATE_REPORT_VERDICT_H
#define JGANNOTATE_REPORT_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "catalog/selection.h"
#include "tally/summary.h"

/*
 * Thresholds: is this night one to wake somebody for? In the way of monitoring
 * plugins: a state, which is the exit status, and one line of ASCII with performance data.
 *
 * A threshold is [LIST:]LIMIT. LIMIT is a share of the responses (`2%`, `0.5%`) or a count
 * (`account:1`), and is crossed by a value that reaches it: from LIMIT on. LIST takes
 * the words of catalog/selection.h; without it the value is the error rate. A LIST counts
 * responses and unlisted codes, and of the codes inside riskCheck those whose number it names.
 *
 * States, the first that holds:
 *   CRITICAL  a critical threshold is crossed
 *   UNKNOWN   input was lost or unreadable, or something else went wrong, or there was
 *             no response (unless min_responses is 0, or all was reported before)
 *   WARNING   a warning threshold is crossed
 *   OK        none is. A share is not judged below min_responses: "too few"
 */
enum verdict_state { /* the exit status */
	VERDICT_OK = 0,
	VERDICT_WARNING = 1,
	VERDICT_CRITICAL = 2,
	VERDICT_UNKNOWN = 3,
};

#define VERDICT_MIN_RESPONSES 30 /* the default of --min-responses */

/* Thresholds. Filled first; then immutable, and threads may share them. */
struct verdict;

/* `errors`: what `error` means in a LIST. Both must outlive the verdict. Summaries are looked
 * up in the catalog by number, so it should hold the codes of merged reports, too. NULL when
 * there is no memory. */
struct verdict *verdict_new(const struct catalog *catalog, const struct selection *errors,
    uint64_t min_responses, struct error *error);
void verdict_free(struct verdict *verdict); /* NULL is allowed */

/* Adds a threshold for VERDICT_WARNING or VERDICT_CRITICAL. What is no threshold is
 * ERROR_USAGE, naming the option. Of several with one LIST and unit the lowest holds. */
bool verdict_add(
    struct verdict *verdict, enum verdict_state level, const char *threshold, struct error *error);

/* Judges a summary and appends the plugin line, ended by a newline:
 *
 *     JGANNOTATE WARNING - errors 2.32% of 48,213 responses (>= 2%), 9018 appKey no money 641 |
 *     errors=1117;;;0 error_rate=2.32%;2;5;0;100
 *
 * `trouble` is what went wrong beside what the summary knows ("cannot write 'x'"); NULL:
 * nothing. Failure of memory is sticky in `line`; the state is right all the same. */
enum verdict_state verdict_judge(const struct verdict *verdict, const struct summary *summary,
    const char *trouble, struct strbuf *line);

/* The line for a run that failed before there was a summary (usage, no memory): state UNKNOWN. */
void verdict_failed(const char *reason, struct strbuf *line);

/* Whether some input was not counted as it should be: the line names it. */
bool verdict_lost_something(const struct summary *summary);

/* Whether --quiet-if-ok holds its tongue: `state` is VERDICT_OK (also where there are no
 * thresholds), there was a response or nothing to report, no code is new or unlisted, nothing was
 * unreadable or lost, came late or was never reported. */
bool verdict_is_quiet(const struct summary *summary, enum verdict_state state, const char *trouble);

#endif
