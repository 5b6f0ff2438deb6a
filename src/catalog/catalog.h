#ifndef JGANNOTATE_CATALOG_CATALOG_H
#define JGANNOTATE_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/entry.h"

/*
 * The catalog: code -> description, category, outcome, notes. Built-in rows
 * (codes.tsv, compiled in) and user files in the same format go through the
 * same strict reader. Fill it first, then catalog_freeze it; from then on it
 * never changes and any number of threads may read it.
 */

struct catalog;

/* An empty catalog; NULL (and `error`) when there is no memory. */
struct catalog *catalog_new(struct error *error);
void catalog_free(struct catalog *catalog); /* NULL is allowed */

/* Adds the built-in rows. They override nothing: call it before catalog_load. */
bool catalog_add_builtin(struct catalog *catalog, struct error *error);

/* Reads a user's file (design: tab-separated; code, description, then optional
 * category, outcome, collides, notes, notes_zh). A later file's row replaces an
 * earlier one of the same code. On a fault returns false with ERROR_USAGE and
 * "catalog 'FILE', line N, column M: reason" (column in bytes, from 1) and the
 * catalog must not be used any more, only freed. Only a regular file of at
 * most 256 MiB is read. */
bool catalog_load(struct catalog *catalog, const char *path, struct error *error);

/* As catalog_load from memory; `name` stands in messages and gives the default
 * category (its last path component up to the first dot). `text` may hold any
 * bytes. */
bool catalog_parse(
    struct catalog *catalog, const char *name, const char *text, size_t len, struct error *error);

/* Sorts, numbers and indexes the entries. Call once, after the last row. */
bool catalog_freeze(struct catalog *catalog, struct error *error);

/* The entry of a code, or NULL. Cost does not depend on the catalog's size. */
const struct catalog_entry *catalog_find(const struct catalog *catalog, uint32_t code);

size_t catalog_size(const struct catalog *catalog);
/* The entry with this id; ids run in the order of codes. */
const struct catalog_entry *catalog_at(const struct catalog *catalog, size_t id);

/* Categories in the order in which they were first named. */
size_t catalog_category_count(const struct catalog *catalog);
const char *catalog_category_name(const struct catalog *catalog, size_t category_id);
/* Whether the catalog has this category; exact spelling. */
bool catalog_has_category(const struct catalog *catalog, const char *name);

/* Names of the catalogs read, "built-in" first, then paths as given. */
size_t catalog_source_count(const struct catalog *catalog);
const char *catalog_source_name(const struct catalog *catalog, size_t source);

/* Day of the built-in list, "2022-10-27" (from its first comment line). */
const char *catalog_date(void);

#endif
