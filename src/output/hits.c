/*
 * Owns the JSON form of a hit. Each object goes to the writer as it is found; of pieces whose first
 * line is not known yet the text is kept with a blank for each line number, and filled in when it
 * moves on. Must not know how hits are found or counted.
 */
#include "output/hits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "output/annotate.h"

/* Where in the kept text a line number belongs, and which. */
struct blank {
	size_t at;
	uint64_t line;
};

struct hits {
	struct sink sink;
	const struct selection *only;
	struct writer *writer;
	struct strbuf text;
	const struct window *window;
	const struct field_rule *by;
	struct zone zone;
	bool keeps; /* text and blanks grow until hits_move */
	struct blank *blanks;
	size_t blank_count, blank_capacity;
};

static const char *const standing_names[] = {
	[STANDING_PLAIN] = "plain",
	[STANDING_CONFIRMED] = "confirmed",
	[STANDING_DOUBTFUL] = "doubtful",
};

/* ,"name":"value" or ,"name":null */
static void add_text(struct strbuf *out, const char *name, const char *value)
{
	strbuf_add_format(out, ",\"%s\":", name);
	escape_json_string(out, value);
}

static bool add_blank(struct hits *hits, uint64_t line)
{
	if (hits->blank_count == hits->blank_capacity) {
		size_t capacity = hits->blank_capacity == 0 ? 256 : 2 * hits->blank_capacity;
		struct blank *grown = realloc(hits->blanks, capacity * sizeof(*grown));

		if (grown == NULL)
			return false;
		hits->blanks = grown;
		hits->blank_capacity = capacity;
	}
	hits->blanks[hits->blank_count++] = (struct blank){ hits->text.len, line };
	return true;
}

/* Only the line's own time: that of a line before it is a guess. */
static void write_time(struct hits *hits, const struct piece *piece, const struct hit *hit)
{
	int64_t time =
	    piece->clock == NULL ? CLOCK_UNKNOWN : clock_own(piece->clock, hit->line.start);
	char text[ZONE_TEXT_MAX];

	if (time == CLOCK_UNKNOWN) {
		strbuf_add_text(&hits->text, ",\"time\":null");
		return;
	}
	(void)zone_format(&hits->zone, time, time % 1000 != 0, text);
	strbuf_add_format(&hits->text, ",\"time\":\"%s\"", text);
}

static void write_group(struct hits *hits, const struct piece *piece, const struct hit *hit)
{
	struct strbuf *out = &hits->text;

	if (hits->by == NULL)
		return;
	if (hits->by->kind == FIELD_FILE) {
		add_text(out, "group", piece->file);
		return;
	}
	if (hit->group.start == hit->group.end) {
		add_text(out, "group", NULL);
		return;
	}
	strbuf_add_text(out, ",\"group\":\"");
	escape_json(out, piece->data + hit->group.start, hit->group.end - hit->group.start);
	strbuf_add_char(out, '"');
}

static void write_hit(struct hits *hits, const struct piece *piece, const struct hit *hit)
{
	const struct catalog_entry *entry = hit->entry;
	struct strbuf *out = &hits->text;
	uint64_t line = piece->first_line + hit->line_index;

	strbuf_add_text(out, "{\"file\":");
	escape_json_string(out, piece->file);
	strbuf_add_text(out, ",\"line\":");
	if (!hits->keeps)
		strbuf_add_format(out, "%llu", (unsigned long long)line);
	else if (!add_blank(hits, line))
		out->failed = true;
	strbuf_add_format(
	    out, ",\"column\":%u", (unsigned)(hit->number.start - hit->line.start + 1));
	write_time(hits, piece, hit);
	strbuf_add_format(out, ",\"code\":%u", (unsigned)hit->code);
	add_text(out, "description", entry == NULL ? NULL : entry->description);
	add_text(out, "category", entry == NULL ? NULL : entry->category);
	add_text(out, "outcome", entry == NULL ? NULL : outcome_info(entry->outcome)->name);
	add_text(out, "standing", entry == NULL ? NULL : standing_names[hit->standing]);
	add_text(out, "counts_as", hit_class_name((enum hit_class)hit->hit_class));
	write_group(hits, piece, hit);
	strbuf_add_text(out, "}\n");
}

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *found,
    size_t count, struct error *error)
{
	struct hits *hits = (struct hits *)sink;

	for (size_t i = 0; i < count; i++) {
		if (hits->only != NULL && !annotate_selects(hits->only, &found[i]))
			continue;
		if (hits->window != NULL && !window_holds(hits->window, found[i].time))
			continue;
		write_hit(hits, piece, &found[i]);
		if (hits->text.failed)
			return error_set_memory(error);
		if (hits->keeps)
			continue;
		if (!writer_add(hits->writer, hits->text.data, hits->text.len, error))
			return false;
		strbuf_reset(&hits->text);
	}
	return true;
}

void hits_set_window(struct hits *hits, const struct window *window, const struct field_rule *by)
{
	hits->window = window;
	hits->by = by;
}

void hits_keep(struct hits *hits)
{
	hits->keeps = true;
}

bool hits_move(struct hits *hits, struct writer *to, uint64_t line_offset, struct error *error)
{
	size_t written = 0;

	for (size_t i = 0; i < hits->blank_count; i++) {
		const struct blank *blank = &hits->blanks[i];
		char number[24];
		int length = snprintf(
		    number, sizeof(number), "%llu", (unsigned long long)blank->line + line_offset);

		if (!writer_add(to, hits->text.data + written, blank->at - written, error) ||
		    !writer_add(to, number, (size_t)length, error))
			return false;
		written = blank->at;
	}
	if (!writer_add(to, hits->text.data + written, hits->text.len - written, error))
		return false;
	strbuf_reset(&hits->text);
	hits->blank_count = 0;
	return true;
}

static bool take_piece_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	(void)sink;
	(void)piece;
	(void)error;
	return true;
}

static bool flush(struct sink *sink, struct error *error)
{
	return writer_flush(((struct hits *)sink)->writer, error);
}

static const struct sink_operations hits_operations = { take_hits, take_piece_end, flush };

struct hits *hits_new(const struct selection *only, struct writer *writer, struct error *error)
{
	struct hits *hits = calloc(1, sizeof(*hits));

	if (hits == NULL) {
		error_set_memory(error);
		return NULL;
	}
	hits->sink.operations = &hits_operations;
	hits->only = only;
	hits->writer = writer;
	strbuf_init(&hits->text);
	return hits;
}

void hits_free(struct hits *hits)
{
	if (hits == NULL)
		return;
	strbuf_release(&hits->text);
	free(hits->blanks);
	free(hits);
}

struct sink *hits_sink(struct hits *hits)
{
	return &hits->sink;
}
