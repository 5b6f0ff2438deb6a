#ifndef JGANNOTATE_BASE_STRBUF_H
#define JGANNOTATE_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A growing byte string. `data` is always followed by a NUL that `len` does
 * not count (and is "" before anything was added), so it can be read as a C
 * string when no NUL was added.
 *
 * Failure is sticky, like ferror(3): when memory runs out, `failed` becomes
 * true, the content stays what it was, and every later addition does nothing.
 * Add what there is to add, then look at `failed` once.
 *
 * A value: strbuf_init (or STRBUF_INIT) and strbuf_release. Not thread safe.
 */
struct strbuf {
	char *data;
	size_t len;
	size_t capacity;
	bool failed;
};

extern const char strbuf_empty[1]; /* what `data` points at before the first addition */

#define STRBUF_INIT { (char *)strbuf_empty, 0, 0, false }

void strbuf_init(struct strbuf *buf);

/* Frees the content; the struct is as after strbuf_init. */
void strbuf_release(struct strbuf *buf);

/* The same of a part that went into `whole`: that it failed becomes that `whole` did. */
void strbuf_release_into(struct strbuf *part, struct strbuf *whole);

/* Empties it and clears `failed`, keeping the memory for reuse. */
void strbuf_reset(struct strbuf *buf);

/* Keeps the first `len` bytes, which must not be more than there are. */
void strbuf_cut(struct strbuf *buf, size_t len);

/* Makes room for `extra` more bytes. Returns false when there is no memory. */
bool strbuf_grow(struct strbuf *buf, size_t extra);

void strbuf_add(struct strbuf *buf, const void *bytes, size_t len);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_add_repeat(struct strbuf *buf, const char *text, size_t times);
void strbuf_add_format(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
