#ifndef JGANNOTATE_REPORT_VERDICT_PARTS_H
#define JGANNOTATE_REPORT_VERDICT_PARTS_H

#include "report/limit.h"
#include "report/verdict.h"

/*
 * Thresholds, shared by the part that judges (verdict.c) and the part that puts
 * it into words (plugin_line.c). Nobody else includes this.
 */
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

/* The gauge's value: how many hits it counts. */
uint64_t verdict_measure(
    const struct verdict *verdict, const struct gauge *gauge, const struct summary *summary);

/* The gravest limit that the gauge's value reaches, and its level, or NULL. */
const struct limit *verdict_reached(const struct verdict *verdict, const struct gauge *gauge,
    const struct summary *summary, int *level);

/* Appends the plugin line. */
void verdict_line(struct strbuf *line, const struct verdict *verdict, const struct summary *summary,
    enum verdict_state state, const char *trouble);

#endif
