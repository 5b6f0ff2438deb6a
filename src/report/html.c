/*
 * Owns the elements of an HTML page and its drawings, SVG among the elements. Drawings stretch to
 * the room there is, so text stands beside them, not in them; coordinates are whole numbers.
 */
#include "report/html.h"

#include <string.h>

#include "base/escape.h"

#define CHART_HEIGHT 1000
#define TICKS 6
#define COLUMN 10 /* units from one column to the next */

/* ---- elements ---- */

void html_text(struct page *page, const char *text)
{
	escape_html(page->out, text, strlen(text));
}

void html_take(struct page *page)
{
	html_text(page, page->scratch.data);
	page_reset(page);
}

void html_open(struct page *page, const char *tag, const char *class)
{
	if (class != NULL)
		strbuf_add_format(page->out, "<%s class=\"%s\">", tag, class);
	else
		strbuf_add_format(page->out, "<%s>", tag);
}

void html_element(struct page *page, const char *tag, const char *class, const char *text)
{
	html_open(page, tag, class);
	html_text(page, text);
	strbuf_add_format(page->out, "</%s>", tag);
}

void html_element_take(struct page *page, const char *tag, const char *class)
{
	html_element(page, tag, class, page->scratch.data);
	page_reset(page);
}

void html_outcome(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);

	strbuf_add_format(page->out, "<span class=\"dot o-%s\"></span>", info->name);
	html_text(page, page->style->chinese ? info->name_zh : info->name);
}

/* ---- drawings ---- */

/* One drawing: its points, and the rate that is its top. */
struct chart {
	struct page *page;
	const struct sheet_section *section;
	const struct series *series;
	unsigned top; /* in hundredths of a per cent */
};

static void svg_begin(struct page *page, const char *class, size_t width, unsigned height)
{
	strbuf_add_format(page->out,
	    "<svg class=\"%s\" viewBox=\"0 0 %zu %u\" preserveAspectRatio=\"none\" "
	    "role=\"img\" aria-hidden=\"true\">",
	    class, width, height);
}

/* The next number that is no less, can be halved and reads well; at most 100 per cent. */
static unsigned round_up(unsigned value)
{
	static const unsigned steps[] = { 1, 2, 3, 4, 5, 6, 8 };

	for (unsigned ten = 10; ten < 10000; ten *= 10)
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (ten * steps[i] >= value)
				return ten * steps[i];
	return 10000;
}

static unsigned height_of(const struct chart *chart, double rate)
{
	return (unsigned)(rate * 10000 / chart->top * CHART_HEIGHT + 0.5);
}

/* What a column says when it is pointed at. */
static void point_title(
    const struct chart *chart, const struct series_point *point, const struct sheet_row *row)
{
	struct page *page = chart->page;
	const char *note = row->cells[chart->section->column_count - 1].text;

	strbuf_add_format(&page->scratch, "%s: ", row->cells[0].text);
	page_words(page, WORD_TOTALS_RATE, words_grouped(point->errors).text,
	    words_grouped(point->responses).text,
	    point->responses > 0 ? words_percent(point->errors, point->responses, 2).text : "-");
	if (note[0] != '\0')
		strbuf_add_format(&page->scratch, "%s%s", page_phrase(page, WORD_COMMA), note);
	html_element_take(page, "title", NULL);
}

/* A column: as high as its rate, in it the outcomes by their share of the errors. */
static void column_add(const struct chart *chart, size_t i, const struct sheet_row *row)
{
	const struct series_point *point = &chart->series->points[i];
	struct strbuf *out = chart->page->out;
	unsigned height = height_of(chart, series_rate(point)), done = 0;
	unsigned most = height_of(chart, chart->series->most_rate);
	bool is_unsure = point->is_few || point->is_partial;
	uint64_t sum = 0;

	if (height > most)
		height = most; /* a rate that says little does not stand out */
	if (height == 0 && point->errors > 0)
		height = CHART_HEIGHT / 100; /* what occurred shows */
	strbuf_add_text(out, is_unsure ? "<g class=\"column unsure\">" : "<g class=\"column\">");
	point_title(chart, point, row);
	strbuf_add_format(out, "<rect class=\"hit\" x=\"%zu\" width=\"%d\" height=\"%d\"/>",
	    i * COLUMN, COLUMN, CHART_HEIGHT);
	for (unsigned o = 0; o < OUTCOME_COUNT; o++) {
		unsigned until;

		if (point->error_outcomes[o] == 0)
			continue;
		sum += point->error_outcomes[o];
		until = (unsigned)((double)sum / (double)point->errors * height + 0.5);
		strbuf_add_format(out,
		    "<rect class=\"o-%s\" x=\"%zu\" y=\"%u\" width=\"%d\" height=\"%u\"/>",
		    outcome_info((enum outcome)o)->name, i * COLUMN + 1, CHART_HEIGHT - until,
		    COLUMN - 2, until - done);
		done = until;
	}
	strbuf_add_text(out, "</g>\n");
}

/* The rate of the baseline as a line, where it is within the drawing. */
static void reference_add(const struct chart *chart)
{
	const struct summary_baseline *baseline = chart->page->summary->baseline;
	unsigned height;

	if (baseline == NULL || baseline->responses == 0)
		return;
	height = height_of(chart, baseline->error_rate);
	if (height <= CHART_HEIGHT)
		strbuf_add_format(chart->page->out,
		    "<line class=\"ref\" x1=\"0\" x2=\"%zu\" y1=\"%u\" y2=\"%u\" "
		    "vector-effect=\"non-scaling-stroke\"/>",
		    chart->series->count * COLUMN, CHART_HEIGHT - height, CHART_HEIGHT - height);
}

static void rate_label(const struct chart *chart, unsigned value)
{
	strbuf_add_format(&chart->page->scratch, value % 100 != 0 ? "%u.%02u%%" : "%u%%",
	    value / 100, value % 100);
	html_element_take(chart->page, "span", NULL);
}

static void rates_add(const struct chart *chart)
{
	const struct sheet_row *row = chart->section->rows;
	struct page *page = chart->page;

	strbuf_add_text(page->out, "<div class=\"scale\">");
	rate_label(chart, chart->top);
	rate_label(chart, chart->top / 2);
	rate_label(chart, 0);
	strbuf_add_text(page->out, "</div>");
	svg_begin(page, "plot", chart->series->count * COLUMN, CHART_HEIGHT);
	for (unsigned y = 0; y < CHART_HEIGHT; y += CHART_HEIGHT / 2)
		strbuf_add_format(page->out,
		    "<line class=\"grid\" x1=\"0\" x2=\"%zu\" y1=\"%u\" y2=\"%u\" "
		    "vector-effect=\"non-scaling-stroke\"/>",
		    chart->series->count * COLUMN, y, y);
	for (size_t i = 0; i < chart->series->count && row != NULL; i++, row = row->next)
		column_add(chart, i, row);
	reference_add(chart);
	strbuf_add_text(page->out, "</svg>\n");
}

/* How many responses there were: a rate of few of them says little. */
static void volume_add(const struct chart *chart)
{
	const struct series *series = chart->series;
	struct page *page = chart->page;
	uint64_t most = 0;

	for (size_t i = 0; i < series->count; i++)
		if (most < series->points[i].responses)
			most = series->points[i].responses;
	strbuf_add_text(page->out, "<div class=\"scale volume-label\">");
	html_element(page, "span", NULL, words_grouped(most).text);
	html_element(page, "span", NULL, page_phrase(page, WORD_RESPONSES));
	strbuf_add_text(page->out, "</div>");
	svg_begin(page, "volume", series->count * COLUMN, 100);
	for (size_t i = 0; i < series->count; i++) {
		unsigned height =
		    most == 0
		        ? 0
		        : (unsigned)((double)series->points[i].responses / (double)most * 100 +
		                     0.5);

		strbuf_add_format(page->out,
		    "<rect class=\"idle\" x=\"%zu\" y=\"%u\" width=\"%d\" height=\"%u\"/>",
		    i * COLUMN + 1, 100 - height, COLUMN - 2, height);
	}
	strbuf_add_text(page->out, "</svg>\n");
}

/* What stands below a tick: the clock, but the day where a day begins. */
static void tick_label_add(struct page *page, const char *start, bool is_one_day)
{
	const char *clock = strchr(start, ' ');

	if (clock == NULL || (!is_one_day && strncmp(clock, " 00:00", 6) == 0))
		strbuf_add(page->out, start + strlen("2026-"), strlen("11-22"));
	else
		strbuf_add_text(page->out, clock + 1);
}

/* Ticks in the middle of their columns. The drawing above stretches, text does not: here
 * per cent take the place of coordinates. */
static void ticks_add(const struct chart *chart)
{
	const struct series *series = chart->series;
	struct page *page = chart->page;
	uint32_t tick_seconds = series_tick_seconds(series, TICKS);
	bool is_one_day =
	    (uint64_t)series->seconds * series->count <= 90000 && series->seconds < 86400;
	const struct sheet_row *row = chart->section->rows;
	bool any = false;

	strbuf_add_text(page->out, "<svg class=\"ticks\" role=\"img\" aria-hidden=\"true\">");
	for (size_t i = 0; i < series->count; i++)
		any = any || series_is_tick(series, i, tick_seconds);
	for (size_t i = 0; i < series->count && row != NULL; i++, row = row->next) {
		size_t thousandths = (2 * i + 1) * 500 / series->count;

		if (any ? !series_is_tick(series, i, tick_seconds) : i > 0)
			continue;
		strbuf_add_format(page->out, "<text x=\"%zu.%zu%%\" y=\"1em\">", thousandths / 10,
		    thousandths % 10);
		tick_label_add(page, row->cells[0].text, any && is_one_day);
		strbuf_add_text(page->out, "</text>");
	}
	strbuf_add_text(page->out, "</svg>\n");
}

static void legend_add(const struct chart *chart)
{
	struct page *page = chart->page;
	const struct summary_baseline *baseline = page->summary->baseline;
	uint64_t counts[OUTCOME_COUNT] = { 0 };

	for (size_t i = 0; i < chart->series->count + (chart->series->has_unknown ? 1 : 0); i++)
		for (unsigned o = 0; o < OUTCOME_COUNT; o++)
			counts[o] += chart->series->points[i].error_outcomes[o];
	strbuf_add_text(page->out, "<ul class=\"legend\">");
	for (unsigned o = 0; o < OUTCOME_COUNT; o++) {
		if (counts[o] == 0)
			continue;
		strbuf_add_text(page->out, "<li>");
		html_outcome(page, (enum outcome)o);
		strbuf_add_format(page->out, " <b>%s</b></li>", words_grouped(counts[o]).text);
	}
	if (chart->section->foot[0] != '\0') {
		strbuf_add_text(page->out, "<li><span class=\"dot unsure\"></span>");
		html_text(page, chart->section->foot);
		strbuf_add_text(page->out, "</li>");
	}
	if (baseline != NULL && baseline->responses > 0) {
		strbuf_add_text(page->out, "<li><span class=\"dot dash\"></span>");
		html_text(page, page_phrase(page, WORD_WAS));
		strbuf_add_format(
		    page->out, " <b>%s</b></li>", words_rate(baseline->error_rate).text);
	}
	strbuf_add_text(page->out, "</ul>\n");
}

void html_chart(struct page *page, const struct sheet_section *section)
{
	const struct chart chart = { .page = page,
		.section = section,
		.series = &section->series,
		.top = round_up((unsigned)(section->series.most_rate * 10000 + 0.5)) };

	strbuf_add_text(page->out, "<div class=\"chart\">");
	rates_add(&chart);
	volume_add(&chart);
	ticks_add(&chart);
	strbuf_add_text(page->out, "</div>\n");
	legend_add(&chart);
}

void html_bar(struct page *page, double part, double whole, enum outcome outcome)
{
	unsigned width = whole > 0 ? (unsigned)(part / whole * 1000 + 0.5) : 0;

	svg_begin(page, "bar", 1000, 10);
	strbuf_add_format(page->out,
	    "<rect class=\"track\" width=\"1000\" height=\"10\"/>"
	    "<rect class=\"o-%s\" width=\"%u\" height=\"10\"/></svg>",
	    outcome_info(outcome)->name, width == 0 && part > 0 ? 4 : width);
}

void html_series(struct page *page, const uint64_t *numbers, size_t count, enum outcome outcome)
{
	uint64_t most = 0;

	for (size_t i = 0; i < count; i++)
		most = numbers[i] > most ? numbers[i] : most;
	if (most == 0)
		return; /* it has no time */
	svg_begin(page, "spark", count * COLUMN, 100);
	strbuf_add_format(page->out, "<rect class=\"idle\" y=\"97\" width=\"%zu\" height=\"3\"/>",
	    count * COLUMN);
	for (size_t i = 0; i < count; i++) {
		unsigned height = (unsigned)((double)numbers[i] / (double)most * 100 + 0.5);

		if (numbers[i] == 0)
			continue;
		height = height < 6 ? 6 : height;
		strbuf_add_format(page->out,
		    "<rect class=\"o-%s\" x=\"%zu\" y=\"%u\" width=\"%d\" height=\"%u\"/>",
		    outcome_info(outcome)->name, i * COLUMN + 1, 100 - height, COLUMN - 2, height);
	}
	strbuf_add_text(page->out, "</svg>");
}
