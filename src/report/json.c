/*
 * Owns how values stand in a JSON text. Must not know what they mean.
 */
#include "report/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/zone.h"
#include "tally/summary.h"

void json_text(struct strbuf *out, const char *text)
{
	if (text == NULL) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '"');
	escape_json(out, text, strlen(text));
	strbuf_add_char(out, '"');
}

void json_time(struct strbuf *out, int64_t time)
{
	struct zone zone = { 0 };
	char text[ZONE_TEXT_MAX];

	if (time == SUMMARY_NO_TIME) {
		strbuf_add_text(out, "null");
		return;
	}
	(void)zone_format(&zone, time, time % 1000 != 0, text);
	json_text(out, text);
}

void json_offsets(struct strbuf *out, const struct stamp_zones *zones)
{
	char text[ZONE_TEXT_MAX];

	if (zones->state == STAMP_ZONES_UNLIKE) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '[');
	if (zones->state == STAMP_ZONES_ONE) {
		(void)zone_format_offset(zones->offset, text);
		json_text(out, text);
	}
	strbuf_add_char(out, ']');
}

void json_span(struct strbuf *out, int64_t first, int64_t last)
{
	if (first == SUMMARY_NO_TIME && last == SUMMARY_NO_TIME) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '{');
	json_member_time(out, "first", first);
	json_comma(out);
	json_member_time(out, "last", last);
	strbuf_add_char(out, '}');
}

void json_share(struct strbuf *out, uint64_t part, uint64_t whole)
{
	unsigned millionths;

	if (whole == 0) {
		strbuf_add_text(out, "null");
		return;
	}
	millionths = (unsigned)((long double)part / (long double)whole * 1000000 + 0.5L);
	strbuf_add_format(out, "%u.%06u", millionths / 1000000, millionths % 1000000);
}

void json_fraction(struct strbuf *out, double fraction)
{
	bool negative = fraction < 0;
	unsigned millionths = (unsigned)((negative ? -fraction : fraction) * 1000000 + 0.5);

	strbuf_add_format(out, "%s%u.%06u", negative && millionths > 0 ? "-" : "",
	    millionths / 1000000, millionths % 1000000);
}

static void name_add(struct strbuf *out, const char *name)
{
	strbuf_add_format(out, "\"%s\": ", name);
}

void json_member_text(struct strbuf *out, const char *name, const char *text)
{
	name_add(out, name);
	json_text(out, text);
}

void json_member_count(struct strbuf *out, const char *name, uint64_t count)
{
	strbuf_add_format(out, "\"%s\": %" PRIu64, name, count);
}

void json_member_share(struct strbuf *out, const char *name, uint64_t part, uint64_t whole)
{
	name_add(out, name);
	json_share(out, part, whole);
}

void json_member_fraction(struct strbuf *out, const char *name, double fraction)
{
	name_add(out, name);
	json_fraction(out, fraction);
}

void json_member_bool(struct strbuf *out, const char *name, bool value)
{
	name_add(out, name);
	strbuf_add_text(out, value ? "true" : "false");
}

void json_member_time(struct strbuf *out, const char *name, int64_t time)
{
	name_add(out, name);
	json_time(out, time);
}

void json_member_place(struct strbuf *out, const char *name, const char *file, uint64_t line)
{
	const char *place = file == NULL ? "-" : file;

	name_add(out, name);
	if (line == 0) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '"');
	escape_json(out, place, strlen(place));
	strbuf_add_format(out, ":%" PRIu64 "\"", line);
}

void json_comma(struct strbuf *out)
{
	strbuf_add_text(out, ", ");
}

void json_rows(struct strbuf *out, const void *rows, size_t count, json_row_fn *row, size_t indent)
{
	strbuf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		strbuf_add_text(out, i > 0 ? ",\n" : "\n");
		strbuf_add_repeat(out, " ", indent + 2);
		strbuf_add_char(out, '{');
		row(out, rows, i);
		strbuf_add_char(out, '}');
	}
	if (count > 0) {
		strbuf_add_char(out, '\n');
		strbuf_add_repeat(out, " ", indent);
	}
	strbuf_add_char(out, ']');
}
