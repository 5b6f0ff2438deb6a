/*
 * Owns the table from code to entry, and the categories and catalogs that the
 * entries belong to. Must not know the text format, nor who looks codes up.
 */
#include "catalog/catalog.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/seed.h"
#include "catalog/builtin.h"
#include "catalog/catalog_file.h"
#include "catalog/catalog_reader.h"

/* All of them powers of two. */
enum { CHUNK_ROWS = 512, QUICK_ENTRIES = 1024, SLOTS_FIRST = 128 };

struct row {
	struct catalog_entry entry;
	uint32_t line; /* where it stands in its file, for messages */
	unsigned file; /* index into the sources */
};

struct category {
	const char *name;
	unsigned id, source;
	UT_hash_handle hh;
};

/* A catalog that was read. Its text holds the strings of its entries. */
struct source {
	char *name;
	char *stem; /* its file name up to the first dot */
	char *text;
};

struct catalog {
	uint64_t seed;
	struct row **chunks; /* CHUNK_ROWS rows each, which never move */
	size_t row_count;
	/* Where the row of a code is, plus 1; 0: nowhere. In the slot that the code hashes to, or
	 * the next free one behind it: with a million rows the links of a table of lists would
	 * take as much room as the rows. */
	uint32_t *slots;
	size_t slot_count; /* 0, or a power of two that is at least twice the rows */
	uint32_t largest;  /* of the codes: most files are sorted, and what is above is new */
	struct category *categories; /* hashed by name */
	struct category **category_list;
	struct source *sources;
	size_t source_count;
	struct catalog_entry **entries; /* in the order of codes; NULL until frozen */
	/* By the code's low bits: one entry, which saves most look-ups the hash. */
	const struct catalog_entry *quick[QUICK_ENTRIES];
};

/* Keys may come from hostile hands, so where they go must not be foreseeable. */
static unsigned hash(const struct catalog *catalog, const void *key, size_t len)
{
	return (unsigned)XXH3_64bits_withSeed(key, len, catalog->seed);
}

/* Makes room for one more in a list whose capacity is the next power of two. */
static bool grow(void **list, size_t count, size_t size, struct error *error)
{
	void *larger;

	if (count > 0 && (count & (count - 1)) != 0)
		return true;
	larger = realloc(*list, (count > 0 ? 2 * count : 1) * size);
	if (larger == NULL) {
		(void)error_set_memory(error);
		return false;
	}
	*list = larger;
	return true;
}

/* Takes `text` over, also on failure. */
static bool add_source(struct catalog *catalog, const char *name, char *text, struct error *error)
{
	const char *slash = strrchr(name, '/'), *base = slash != NULL ? slash + 1 : name;
	struct source source = { strdup(name), strndup(base, strcspn(base, ".")), text };
	void *list = catalog->sources;

	if (source.name == NULL || source.stem == NULL ||
	    !grow(&list, catalog->source_count, sizeof(source), error)) {
		free(source.name);
		free(source.stem);
		free(source.text);
		return error_set_memory(error);
	}
	catalog->sources = list;
	catalog->sources[catalog->source_count++] = source;
	return true;
}

struct catalog *catalog_new(struct error *error)
{
	struct catalog *catalog = calloc(1, sizeof(*catalog));

	if (catalog == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	catalog->seed = seed_make();
	if (!add_source(catalog, "built-in", NULL, error)) {
		free(catalog);
		return NULL;
	}
	return catalog;
}

void catalog_free(struct catalog *catalog)
{
	size_t categories;

	if (catalog == NULL)
		return;
	categories = HASH_COUNT(catalog->categories);
	HASH_CLEAR(hh, catalog->categories);
	for (size_t i = 0; i * CHUNK_ROWS < catalog->row_count; i++)
		free(catalog->chunks[i]);
	free(catalog->chunks);
	free(catalog->slots);
	for (size_t i = 0; i < categories; i++)
		free(catalog->category_list[i]);
	free(catalog->category_list);
	for (size_t i = 0; i < catalog->source_count; i++) {
		free(catalog->sources[i].name);
		free(catalog->sources[i].stem);
		free(catalog->sources[i].text);
	}
	free(catalog->sources);
	free(catalog->entries);
	free(catalog);
}

static struct category *find_category(const struct catalog *catalog, const char *name)
{
	size_t len = strlen(name);
	struct category *category;

	HASH_FIND_BYHASHVALUE(
	    hh, catalog->categories, name, len, hash(catalog, name, len), category);
	return category;
}

/* The category of this name, made for `source` if nobody named it before. */
static struct category *get_category(
    struct catalog *catalog, const char *name, unsigned source, struct error *error)
{
	size_t len = strlen(name), count = HASH_COUNT(catalog->categories);
	struct category *category = find_category(catalog, name);
	void *list = catalog->category_list;

	if (category != NULL)
		return category;
	if (!grow(&list, count, sizeof(category), error))
		return NULL;
	catalog->category_list = list;
	category = calloc(1, sizeof(*category));
	if (category == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	category->name = name;
	category->id = (unsigned)count;
	category->source = source;
	HASH_ADD_KEYPTR_BYHASHVALUE(
	    hh, catalog->categories, name, len, hash(catalog, name, len), category);
	if (category->hh.tbl == NULL) {
		free(category);
		(void)error_set_memory(error);
		return NULL;
	}
	catalog->category_list[count] = category;
	return category;
}

static struct row *row_at(const struct catalog *catalog, size_t at)
{
	return &catalog->chunks[at / CHUNK_ROWS][at % CHUNK_ROWS];
}

/* The slot of this code, or the free one where it would be. There are slots. */
static uint32_t *find_slot(const struct catalog *catalog, uint32_t code)
{
	size_t at = hash(catalog, &code, sizeof(code));

	for (;; at++) {
		uint32_t *slot = &catalog->slots[at & (catalog->slot_count - 1)];

		if (*slot == 0 || row_at(catalog, *slot - 1)->entry.code == code)
			return slot;
	}
}

static struct row *find_row(const struct catalog *catalog, uint32_t code)
{
	uint32_t place = catalog->slot_count > 0 ? *find_slot(catalog, code) : 0;

	return place > 0 ? row_at(catalog, place - 1) : NULL;
}

/* Makes room for one more row in a table of slots that stays half empty. */
static bool grow_slots(struct catalog *catalog, struct error *error)
{
	size_t count = catalog->slot_count > 0 ? 2 * catalog->slot_count : SLOTS_FIRST;

	if (2 * (catalog->row_count + 1) <= catalog->slot_count)
		return true;
	free(catalog->slots);
	catalog->slots = calloc(count, sizeof(*catalog->slots));
	catalog->slot_count = catalog->slots != NULL ? count : 0;
	if (catalog->slots == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < catalog->row_count; i++)
		*find_slot(catalog, row_at(catalog, i)->entry.code) = (uint32_t)i + 1;
	return true;
}

static bool grow_rows(struct catalog *catalog, struct error *error)
{
	size_t chunk = catalog->row_count / CHUNK_ROWS;
	void *list = catalog->chunks;

	if (catalog->row_count % CHUNK_ROWS != 0)
		return true;
	if (!grow(&list, chunk, sizeof(*catalog->chunks), error))
		return false;
	catalog->chunks = list;
	catalog->chunks[chunk] = malloc(CHUNK_ROWS * sizeof(struct row));
	return catalog->chunks[chunk] != NULL || error_set_memory(error);
}

/* A row for a code that has none yet. */
static struct row *add_row(struct catalog *catalog, uint32_t code, struct error *error)
{
	struct row *row;

	if (!grow_rows(catalog, error))
		return NULL;
	if (!grow_slots(catalog, error)) {
		if (catalog->row_count % CHUNK_ROWS == 0)
			free(catalog->chunks[catalog->row_count / CHUNK_ROWS]);
		return NULL;
	}
	row = row_at(catalog, catalog->row_count);
	row->entry.code = code;
	*find_slot(catalog, code) = (uint32_t)++catalog->row_count;
	if (code > catalog->largest)
		catalog->largest = code;
	return row;
}

/* Puts what the reader read into the table; `file` is the index of its source. */
static bool store_row(struct catalog *catalog, const struct catalog_reader *reader,
    const struct catalog_row *read, unsigned file, struct error *error)
{
	struct row *row = read->code > catalog->largest ? NULL : find_row(catalog, read->code);
	struct category *category;

	if (row != NULL && row->file == file)
		return catalog_reader_fault(reader, 1, error,
		    "code %u stands here twice: first in line %u, again in line %zu",
		    (unsigned)read->code, (unsigned)row->line, reader->line);
	category = get_category(catalog, read->category, file, error);
	if (category == NULL)
		return false;
	if (row == NULL)
		row = add_row(catalog, read->code, error);
	if (row == NULL)
		return false;
	row->file = file;
	row->line = (uint32_t)reader->line;
	row->entry = (struct catalog_entry){
		.code = read->code,
		.category_id = category->id,
		.source = category->source,
		.outcome = read->outcome,
		.collides = read->collides,
		.description = read->description,
		.description_length = strlen(read->description),
		.category = category->name,
		.notes = read->notes,
		.notes_zh = read->notes_zh,
	};
	return true;
}

/* Reads the text of the source `file`. */
static bool read_rows(struct catalog *catalog, unsigned file, size_t len, struct error *error)
{
	const struct source *source = &catalog->sources[file];
	struct catalog_reader reader;
	struct catalog_row row;
	enum catalog_read read;

	catalog_reader_init(&reader, source->name, source->stem, source->text, len);
	while ((read = catalog_reader_next(&reader, &row, error)) == CATALOG_READ_ROW)
		if (!store_row(catalog, &reader, &row, file, error))
			return false;
	return read == CATALOG_READ_END;
}

/* A copy with room for a NUL; NULL when there is no memory. */
static char *copy_text(const char *text, size_t len, struct error *error)
{
	char *copy = malloc(len + 1);

	if (copy == NULL)
		(void)error_set_memory(error);
	else
		memcpy(copy, text, len);
	return copy;
}

bool catalog_add_builtin(struct catalog *catalog, struct error *error)
{
	char *text = copy_text(catalog_builtin_text, catalog_builtin_length, error);

	if (text == NULL)
		return false;
	free(catalog->sources[0].text);
	catalog->sources[0].text = text;
	return read_rows(catalog, 0, catalog_builtin_length, error);
}

/* Takes `text` over, which has room for a NUL. */
static bool parse_owned(
    struct catalog *catalog, const char *name, char *text, size_t len, struct error *error)
{
	unsigned file = (unsigned)catalog->source_count;

	return add_source(catalog, name, text, error) && read_rows(catalog, file, len, error);
}

bool catalog_parse(
    struct catalog *catalog, const char *name, const char *text, size_t len, struct error *error)
{
	char *copy = copy_text(text, len, error);

	return copy != NULL && parse_owned(catalog, name, copy, len, error);
}

bool catalog_load(struct catalog *catalog, const char *path, struct error *error)
{
	size_t len;
	char *text = catalog_file_read(path, &len, error);

	return text != NULL && parse_owned(catalog, path, text, len, error);
}

/* Beside its code, so that sorting need not go to the entry. */
struct sorted {
	uint32_t code;
	struct catalog_entry *entry;
};

static int by_code(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	return (left->code > right->code) - (left->code < right->code);
}

bool catalog_freeze(struct catalog *catalog, struct error *error)
{
	size_t size = catalog_size(catalog), i;
	struct sorted *sorted = calloc(size + 1, sizeof(*sorted));

	catalog->entries = calloc(size + 1, sizeof(struct catalog_entry *));
	if (sorted == NULL || catalog->entries == NULL) {
		free(sorted);
		return error_set_memory(error);
	}
	for (i = 0; i < size; i++)
		sorted[i] =
		    (struct sorted){ row_at(catalog, i)->entry.code, &row_at(catalog, i)->entry };
	qsort(sorted, size, sizeof(*sorted), by_code);
	for (i = 0; i < size; i++) {
		catalog->entries[i] = sorted[i].entry;
		catalog->entries[i]->id = (unsigned)i;
		catalog->quick[sorted[i].code % QUICK_ENTRIES] = sorted[i].entry;
	}
	free(sorted);
	return true;
}

const struct catalog_entry *catalog_find(const struct catalog *catalog, uint32_t code)
{
	const struct catalog_entry *quick = catalog->quick[code % QUICK_ENTRIES];
	const struct row *row;

	if (quick != NULL && quick->code == code)
		return quick;
	row = find_row(catalog, code);
	return row != NULL ? &row->entry : NULL;
}

size_t catalog_size(const struct catalog *catalog)
{
	return catalog->row_count;
}

const struct catalog_entry *catalog_at(const struct catalog *catalog, size_t id)
{
	return catalog->entries[id];
}

size_t catalog_category_count(const struct catalog *catalog)
{
	return HASH_COUNT(catalog->categories);
}

const char *catalog_category_name(const struct catalog *catalog, size_t category_id)
{
	return catalog->category_list[category_id]->name;
}

bool catalog_has_category(const struct catalog *catalog, const char *name)
{
	return find_category(catalog, name) != NULL;
}

size_t catalog_source_count(const struct catalog *catalog)
{
	return catalog->source_count;
}

const char *catalog_source_name(const struct catalog *catalog, size_t source)
{
	return catalog->sources[source].name;
}

const char *catalog_date(void)
{
	return "2022-10-27";
}
