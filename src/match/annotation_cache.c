/*
 * Owns made annotations. Must not know how one is made, only when two hits get
 * the same.
 */
#include "match/annotation_cache.h"

#include <stdlib.h>
#include <string.h>

#include "match/annotation.h"
#include "match/literal.h"
#include "match/object.h"

#define NAME_MAX_LENGTH 48 /* of key and quote together */

/* The member form depends on the code, the key and the quote. */
struct members {
	struct strbuf text;
	char name[NAME_MAX_LENGTH];
	uint32_t key_length, quote_length;
};

struct annotation_cache {
	unsigned columns;
	bool color;
	size_t size;
	struct strbuf *texts;    /* text form, by entry id; empty: not made yet */
	struct members *members; /* member form of the last key, by entry id */
	struct strbuf other;     /* all that is not worth keeping */
};

struct annotation_cache *annotation_cache_new(
    const struct catalog *catalog, unsigned columns, bool color, struct error *error)
{
	struct annotation_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL) {
		cache->size = catalog_size(catalog);
		cache->texts = calloc(cache->size + 1, sizeof(*cache->texts));
		cache->members = calloc(cache->size + 1, sizeof(*cache->members));
	}
	if (cache == NULL || cache->texts == NULL || cache->members == NULL) {
		if (cache != NULL)
			cache->size = 0;
		annotation_cache_free(cache);
		error_set_memory(error);
		return NULL;
	}
	cache->columns = columns;
	cache->color = color;
	strbuf_init(&cache->other);
	for (size_t i = 0; i < cache->size; i++) {
		strbuf_init(&cache->texts[i]);
		strbuf_init(&cache->members[i].text);
	}
	return cache;
}

void annotation_cache_free(struct annotation_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < cache->size; i++) {
		strbuf_release(&cache->texts[i]);
		strbuf_release(&cache->members[i].text);
	}
	strbuf_release(&cache->other);
	free(cache->texts);
	free(cache->members);
	free(cache);
}

/* Whether no member that an annotation could have is near: then all are added. */
static bool is_fresh(const struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	static const struct {
		unsigned column;
		char start[4];
	} suffixes[] = { { ANNOTATION_OUTCOME, "_ou" }, { ANNOTATION_CATEGORY, "_ca" },
		{ ANNOTATION_DESCRIPTION, "_de" }, { ANNOTATION_NOTES, "_no" } };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if ((cache->columns & suffixes[i].column) != 0 &&
		    literal_holds3(data + object_floor(hit),
			object_ceiling(hit) - object_floor(hit), suffixes[i].start))
			return false;
	return true;
}

static bool has_name(const struct members *members, const char *data, const struct hit *hit)
{
	uint32_t key_length = hit->key_end - hit->key_start;
	uint32_t quote_length = hit->quote_end - hit->quote_start;

	return members->key_length == key_length && members->quote_length == quote_length &&
	    memcmp(members->name, data + hit->key_start, key_length) == 0 &&
	    memcmp(members->name + key_length, data + hit->quote_start, quote_length) == 0;
}

static const struct strbuf *get_members(
    struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	struct members *members = &cache->members[hit->entry->id];
	uint32_t ignored;

	if (members->text.len > 0 && has_name(members, data, hit))
		return &members->text;
	members->key_length = hit->key_end - hit->key_start;
	members->quote_length = hit->quote_end - hit->quote_start;
	memcpy(members->name, data + hit->key_start, members->key_length);
	memcpy(members->name + members->key_length, data + hit->quote_start,
	    members->quote_length);
	strbuf_reset(&members->text);
	annotation_write(
	    &members->text, data, hit, cache->columns, cache->color, &ignored);
	return &members->text;
}

static const struct strbuf *get_text(
    struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	struct strbuf *text = &cache->texts[hit->entry->id];
	uint32_t ignored;

	if (text->len == 0)
		annotation_write(text, data, hit, cache->columns, cache->color, &ignored);
	return text;
}

const struct strbuf *annotation_cache_get(
    struct annotation_cache *cache, const char *data, const struct hit *hit, uint32_t *at)
{
	if (hit->entry != NULL && hit->annotation_end == hit->value_end) {
		switch (annotation_form_of(data, hit, at)) {
		case ANNOTATION_TEXT:
			return get_text(cache, data, hit);
		case ANNOTATION_MEMBER:
			if (hit->key_end - hit->key_start + hit->quote_end - hit->quote_start <=
				NAME_MAX_LENGTH &&
			    is_fresh(cache, data, hit))
				return get_members(cache, data, hit);
			break;
		default:
			break;
		}
	}
	strbuf_reset(&cache->other);
	annotation_write(&cache->other, data, hit, cache->columns, cache->color, at);
	return &cache->other;
}
