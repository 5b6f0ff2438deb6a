/*
 * Owns made annotations. Must not know how one is made, only when two hits get
 * the same.
 */
#include "match/annotation_cache.h"

#include <stdlib.h>
#include <string.h>

#include "match/annotation.h"
#include "match/signs.h"

#define NAME_MAX_LENGTH 48 /* of key and quote together */
#define WAYS 4             /* keys and quotes remembered for a code */
#define MAX_SLOTS 1024     /* codes remembered: a power of two */

/* The member form depends on the code, the key and the quote. */
struct members {
	struct strbuf text;
	char name[NAME_MAX_LENGTH];
	uint32_t key_length, quote_length;
};

/* What was made for one code. */
struct slot {
	const struct catalog_entry *entry; /* NULL: nothing yet */
	struct strbuf text;                /* text form; empty: not made yet */
	struct members members[WAYS];      /* member form of the last keys */
};

struct annotation_cache {
	unsigned columns;
	bool color;
	struct signs signs;  /* of the columns' members */
	size_t size;         /* of the slots: a power of two */
	struct slot *slots;  /* by the low bits of the entry's id */
	struct strbuf other; /* all that is not worth keeping */
	struct reader *reader;
};

struct annotation_cache *annotation_cache_new(
    const struct catalog *catalog, unsigned columns, bool color, struct error *error)
{
	struct annotation_cache *cache = calloc(1, sizeof(*cache));
	size_t size = 1;

	while (size < catalog_size(catalog) && size < MAX_SLOTS)
		size *= 2;
	if (cache != NULL)
		cache->slots = calloc(size, sizeof(*cache->slots));
	if (cache != NULL)
		cache->reader = reader_new(error);
	if (cache == NULL || cache->slots == NULL || cache->reader == NULL) {
		if (cache != NULL) {
			free(cache->slots);
			reader_free(cache->reader);
		}
		free(cache);
		(void)error_set_memory(error);
		return NULL;
	}
	cache->size = size;
	cache->columns = columns;
	cache->color = color;
	annotation_signs(columns, &cache->signs);
	strbuf_init(&cache->other);
	for (size_t i = 0; i < size; i++) {
		strbuf_init(&cache->slots[i].text);
		for (size_t way = 0; way < WAYS; way++)
			strbuf_init(&cache->slots[i].members[way].text);
	}
	return cache;
}

void annotation_cache_free(struct annotation_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < cache->size; i++) {
		strbuf_release(&cache->slots[i].text);
		for (size_t way = 0; way < WAYS; way++)
			strbuf_release(&cache->slots[i].members[way].text);
	}
	strbuf_release(&cache->other);
	reader_free(cache->reader);
	free(cache->slots);
	free(cache);
}

/* The slot of an entry, which takes it from another. */
static struct slot *get_slot(struct annotation_cache *cache, const struct catalog_entry *entry)
{
	struct slot *slot = &cache->slots[entry->id & (cache->size - 1)];

	if (slot->entry != entry) {
		slot->entry = entry;
		strbuf_reset(&slot->text);
		for (size_t way = 0; way < WAYS; way++)
			strbuf_reset(&slot->members[way].text);
	}
	return slot;
}

/* Whether no member that an annotation could have is near: then all are added. */
static bool is_fresh(const struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	uint32_t floor = reader_floor(hit);

	return !signs_stand_in(&cache->signs, data + floor, reader_ceiling(hit) - floor);
}

static bool has_name(const struct members *members, const char *data, const struct hit *hit)
{
	uint32_t key_length = hit->key.end - hit->key.start;
	uint32_t quote_length = hit->quote.end - hit->quote.start;

	return members->key_length == key_length && members->quote_length == quote_length &&
	       memcmp(members->name, data + hit->key.start, key_length) == 0 &&
	       memcmp(members->name + key_length, data + hit->quote.start, quote_length) == 0;
}

/* Spellings that one log has side by side should not take each other's place: "code", 'code',
 * \"code\", "errCode". */
static size_t way_of(const char *data, const struct hit *hit)
{
	uint32_t key_length = hit->key.end - hit->key.start;
	uint32_t quote_length = hit->quote.end - hit->quote.start;

	return (key_length + 2 * quote_length + (data[hit->quote.end - 1] == '\'')) % WAYS;
}

static const struct strbuf *get_members(
    struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	size_t way = way_of(data, hit);
	struct members *members = &get_slot(cache, hit->entry)->members[way];
	uint32_t ignored;

	if (members->text.len > 0 && has_name(members, data, hit))
		return &members->text;
	members->key_length = hit->key.end - hit->key.start;
	members->quote_length = hit->quote.end - hit->quote.start;
	memcpy(members->name, data + hit->key.start, members->key_length);
	memcpy(members->name + members->key_length, data + hit->quote.start, members->quote_length);
	strbuf_reset(&members->text);
	annotation_write(&members->text, cache->reader, data, hit, cache->columns, cache->color, &ignored);
	return &members->text;
}

static const struct strbuf *get_text(
    struct annotation_cache *cache, const char *data, const struct hit *hit)
{
	struct strbuf *text = &get_slot(cache, hit->entry)->text;
	uint32_t ignored;

	if (text->len == 0)
		annotation_write(text, cache->reader, data, hit, cache->columns, cache->color, &ignored);
	return text;
}

const struct strbuf *annotation_cache_get(
    struct annotation_cache *cache, const char *data, const struct hit *hit, uint32_t *at)
{
	if (hit->entry != NULL && hit->annotation_end == hit->value_end) {
		switch (annotation_form_of(data, hit, at)) {
		case ANNOTATION_TEXT:
			if (annotation_is_encoded(data, hit))
				break; /* rare */
			return get_text(cache, data, hit);
		case ANNOTATION_MEMBER:
			if (hit->key.end - hit->key.start + hit->quote.end - hit->quote.start <=
			        NAME_MAX_LENGTH &&
			    is_fresh(cache, data, hit))
				return get_members(cache, data, hit);
			break;
		default:
			break;
		}
	}
	strbuf_reset(&cache->other);
	annotation_write(&cache->other, cache->reader, data, hit, cache->columns, cache->color, at);
	return &cache->other;
}
