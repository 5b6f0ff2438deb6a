/*
 * Owns the printed lines. Must not know how hits are found or counted.
 *
 * Usually all lines pass as they are: the stretches between insertions go out
 * in whole, however many lines they hold. Only where lines are chosen or made
 * safe for a terminal are they put together one by one.
 */
#include "output/annotate.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "match/annotation_cache.h"

struct annotate {
	struct sink sink;
	struct annotate_options options;
	struct writer *writer;
	size_t passed; /* bytes of the piece that are out, or in `line` */
	struct annotation_cache *cache;
	struct strbuf line; /* line by line: the line so far */
	bool is_line_chosen;
	bool is_line_timely;   /* its time is in the window */
	size_t line_end;       /* of the line in `line`; only where it has hits */
	struct strbuf heading; /* waits for a line */
	bool has_headings;     /* there was one before */
};

bool annotate_selects(const struct selection *only, const struct hit *hit)
{
	if (!hit_is_shown(hit))
		return hit->hit_class == HIT_OTHER && selection_has_number(only, hit->code, false);
	if (hit->entry == NULL)
		return selection_has_number(only, hit->code, hit->hit_class == HIT_UNLISTED);
	return selection_has(only, hit->entry);
}

static bool check_memory(const struct strbuf *buf, struct error *error)
{
	return buf->failed ? error_set_memory(error) : true;
}

/* ---- stretches ---- */

static bool annotate_stretch(struct annotate *annotate, const struct piece *piece,
    const struct hit *hit, struct error *error)
{
	uint32_t at;

	const struct strbuf *text = annotation_cache_get(annotate->cache, piece->data, hit, &at);

	if (!check_memory(text, error) ||
	    !writer_add(
	        annotate->writer, piece->data + annotate->passed, at - annotate->passed, error) ||
	    !writer_add(annotate->writer, text->data, text->len, error))
		return false;
	annotate->passed = at;
	return true;
}

/* ---- line by line ---- */

static bool write_heading(struct annotate *annotate, struct error *error)
{
	bool written =
	    (!annotate->has_headings || writer_add(annotate->writer, "\n", 1, error)) &&
	    writer_add(annotate->writer, annotate->heading.data, annotate->heading.len, error);

	annotate->has_headings = true;
	strbuf_reset(&annotate->heading);
	return written;
}

/* Writes one whole line, its LF included if it has one. */
static bool write_line(
    struct annotate *annotate, const char *line, size_t length, struct error *error)
{
	struct strbuf shown = STRBUF_INIT;
	size_t end = length;
	bool written;

	if (!annotate->options.is_terminal)
		return writer_add(annotate->writer, line, length, error);
	if (annotate->heading.len > 0 && !write_heading(annotate, error))
		return false;
	if (end > 0 && line[end - 1] == '\n')
		end--;
	if (end > 0 && end < length && line[end - 1] == '\r')
		end--;
	if (escape_terminal_line(&shown, line, end))
		strbuf_add_text(&shown, "\x1b[0m");
	strbuf_add(&shown, line + end, length - end);
	written = check_memory(&shown, error) &&
	          writer_add(annotate->writer, shown.data, shown.len, error);
	strbuf_release(&shown);
	return written;
}

/* Whether the line that begins at `start` has a time that is wanted. */
static bool is_in_window(const struct annotate *annotate, const struct piece *piece, size_t start)
{
	return annotate->options.window == NULL ||
	       (piece->clock != NULL &&
	           window_holds(annotate->options.window, clock_at(piece->clock, start)));
}

/* Lines without hits, [passed, to): they pass where all do. */
static bool write_plain_lines(
    struct annotate *annotate, const struct piece *piece, size_t to, struct error *error)
{
	while (annotate->passed < to) {
		const char *line = piece->data + annotate->passed;
		const char *newline = memchr(line, '\n', to - annotate->passed);
		size_t length =
		    newline == NULL ? to - annotate->passed : (size_t)(newline - line) + 1;

		annotate->is_line_chosen = annotate->options.only == NULL &&
		                           is_in_window(annotate, piece, annotate->passed);
		if (annotate->is_line_chosen && !write_line(annotate, line, length, error))
			return false;
		annotate->passed += length;
	}
	return true;
}

/* Ends the line that is being put together, if there is one. */
static bool finish_line(struct annotate *annotate, const struct piece *piece, struct error *error)
{
	size_t end = annotate->line_end;
	bool written = true;

	if (end == 0)
		return true;
	if (end < piece->length)
		end++; /* its LF */
	strbuf_add(&annotate->line, piece->data + annotate->passed, end - annotate->passed);
	annotate->passed = end;
	annotate->line_end = 0;
	if (annotate->is_line_chosen)
		written = check_memory(&annotate->line, error) &&
		          write_line(annotate, annotate->line.data, annotate->line.len, error);
	strbuf_reset(&annotate->line);
	return written;
}

static bool annotate_line(struct annotate *annotate, const struct piece *piece,
    const struct hit *hit, struct error *error)
{
	struct strbuf *line = &annotate->line;
	const struct strbuf *text;
	uint32_t at;

	if (annotate->line_end != hit->line.end) {
		if (!finish_line(annotate, piece, error) ||
		    !write_plain_lines(annotate, piece, hit->line.start, error))
			return false;
		strbuf_reset(line);
		annotate->line_end = hit->line.end;
		annotate->is_line_timely = is_in_window(annotate, piece, hit->line.start);
		annotate->is_line_chosen =
		    annotate->options.only == NULL && annotate->is_line_timely;
	}
	if (!annotate->is_line_chosen && annotate->is_line_timely)
		annotate->is_line_chosen = annotate_selects(annotate->options.only, hit);
	if (!hit_is_shown(hit))
		return true;
	text = annotation_cache_get(annotate->cache, piece->data, hit, &at);
	strbuf_add(line, piece->data + annotate->passed, at - annotate->passed);
	strbuf_add(line, text->data, text->len);
	annotate->passed = at;
	if (!check_memory(text, error))
		return false;
	return check_memory(line, error);
}

/* ---- the sink ---- */

static bool is_line_by_line(const struct annotate *annotate)
{
	return annotate->options.only != NULL || annotate->options.window != NULL ||
	       annotate->options.is_terminal;
}

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	struct annotate *annotate = (struct annotate *)sink;
	bool by_line = is_line_by_line(annotate);

	for (size_t i = 0; i < count; i++) {
		if (by_line ? !annotate_line(annotate, piece, &hits[i], error)
		            : hit_is_shown(&hits[i]) &&
		                  !annotate_stretch(annotate, piece, &hits[i], error))
			return false;
	}
	return true;
}

static bool end_piece(struct annotate *annotate, const struct piece *piece, struct error *error)
{
	if (!is_line_by_line(annotate))
		return writer_add(annotate->writer, piece->data + annotate->passed,
		    piece->length - annotate->passed, error);
	if (!finish_line(annotate, piece, error))
		return false;
	/* the rest of a long line shares the fate of its front */
	if (piece->is_rest)
		return !annotate->is_line_chosen ||
		       write_line(annotate, piece->data, piece->length, error);
	return write_plain_lines(annotate, piece, piece->length, error);
}

static bool take_piece_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	struct annotate *annotate = (struct annotate *)sink;

	if (!end_piece(annotate, piece, error))
		return false;
	annotate->passed = 0;
	return true;
}

static bool flush(struct sink *sink, struct error *error)
{
	return writer_flush(((struct annotate *)sink)->writer, error);
}

static const struct sink_operations annotate_operations = { take_hits, take_piece_end, flush };

struct annotate *annotate_new(
    const struct annotate_options *options, struct writer *writer, struct error *error)
{
	struct annotate *annotate = calloc(1, sizeof(*annotate));

	if (annotate == NULL) {
		error_set_memory(error);
		return NULL;
	}
	annotate->sink.operations = &annotate_operations;
	annotate->options = *options;
	annotate->writer = writer;
	strbuf_init(&annotate->line);
	strbuf_init(&annotate->heading);
	annotate->cache =
	    annotation_cache_new(options->catalog, options->columns, options->color, error);
	if (annotate->cache == NULL) {
		annotate_free(annotate);
		return NULL;
	}
	return annotate;
}

void annotate_free(struct annotate *annotate)
{
	if (annotate == NULL)
		return;
	annotation_cache_free(annotate->cache);
	strbuf_release(&annotate->line);
	strbuf_release(&annotate->heading);
	free(annotate);
}

bool annotate_set_heading(struct annotate *annotate, const char *name, struct error *error)
{
	strbuf_reset(&annotate->heading);
	strbuf_add_text(&annotate->heading, "==> ");
	escape_visible(&annotate->heading, name, strlen(name));
	strbuf_add_text(&annotate->heading, " <==\n");
	return check_memory(&annotate->heading, error);
}

struct sink *annotate_sink(struct annotate *annotate)
{
	return &annotate->sink;
}
