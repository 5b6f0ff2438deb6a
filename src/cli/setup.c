/*
 * Owns the building of objects from options. Must not know inputs, outputs or
 * what the objects are used for.
 */
#include "cli/setup.h"

#include "cli/option_hints.h"
#include "cli/setup_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Loads the colon-separated files of JGANNOTATE_CATALOG. */
static bool load_from_environment(struct catalog *catalog, struct error *error)
{
	const char *list = getenv("JGANNOTATE_CATALOG");

	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, ":");
		char *path;
		bool loaded;

		if (length > 0) {
			path = strndup(list, length);
			if (path == NULL)
				return error_set_memory(error);
			loaded = catalog_load(catalog, path, error);
			free(path);
			if (!loaded)
				return false;
		}
		list += length;
		list += *list == ':';
	}
	return true;
}

static bool fill_catalog(struct setup *setup, const struct options *options, struct error *error)
{
	memset(setup, 0, sizeof(*setup));
	setup->catalog = catalog_new(error);
	if (setup->catalog == NULL || !catalog_add_builtin(setup->catalog, error) ||
	    !load_from_environment(setup->catalog, error))
		return false;
	for (size_t i = 0; i < options->catalogs.count; i++)
		if (!catalog_load(setup->catalog, options->catalogs.items[i], error)) {
			const char *hint = option_hint("-c", options->catalogs.items[i]);

			if (error->kind == ERROR_USAGE && hint != NULL)
				(void)snprintf(error->hint, sizeof(error->hint), "%s\n", hint);
			return false;
		}
	return true;
}

bool setup_init_catalog(struct setup *setup, const struct options *options, struct error *error)
{
	return fill_catalog(setup, options, error) && catalog_freeze(setup->catalog, error);
}

/* What is wrong with an option's value gets the second line of all usage errors. */
static bool complain(struct error *error)
{
	if (error->kind == ERROR_USAGE && error->hint[0] == '\0')
		(void)snprintf(error->hint, sizeof(error->hint), "try: jgannotate --help\n");
	return false;
}

static bool make_selections(
    struct setup *setup, const struct options *options, struct error *error)
{
	setup->errors = options->errors == NULL
	    ? selection_new_errors(setup->catalog, error)
	    : selection_new("--errors", options->errors, setup->catalog, NULL, error);
	if (setup->errors == NULL)
		return false;
	if (options->only == NULL)
		return true;
	setup->only =
	    selection_new("--only", options->only, setup->catalog, setup->errors, error);
	return setup->only != NULL;
}

static bool make_matcher(struct setup *setup, const struct options *options, struct error *error)
{
	struct matcher_options wanted = { .keys = &setup->keys,
		.patterns = options->patterns.items,
		.pattern_count = options->patterns.count,
		.where = options->where,
		.group = options->by };
	bool made = options->keys.count == 0
	    ? key_set_init(&setup->keys, error)
	    : key_set_init_from(&setup->keys, options->keys.items, options->keys.count, error);

	if (!made)
		return false;
	/* patterns stand in place of the usual keys, but beside keys that were asked for */
	if (options->patterns.count > 0 && options->keys.count == 0)
		wanted.keys = NULL;
	setup->matcher = matcher_new(&wanted, setup->catalog, error);
	return setup->matcher != NULL;
}

bool setup_init(struct setup *setup, const struct options *options, struct error *error)
{
	if (!setup_init_catalog(setup, options, error))
		return false;
	return (make_selections(setup, options, error) && make_matcher(setup, options, error) &&
		   setup_times(setup, options, error) && setup_goals(setup, options, error)) ||
	    complain(error);
}

bool setup_init_merged(struct setup *setup, const struct options *options,
    const struct merge *merge, struct error *error)
{
	struct options merged = *options;

	/* what counted as an error in the reports still does */
	if (merged.errors == NULL)
		merged.errors = merge_summary(merge)->errors_list;
	if (!fill_catalog(setup, options, error) ||
	    !merge_fill_catalog(merge, setup->catalog, error) ||
	    !catalog_freeze(setup->catalog, error))
		return false;
	return (make_selections(setup, &merged, error) && setup_goals(setup, &merged, error)) ||
	    complain(error);
}

void setup_release(struct setup *setup)
{
	report_file_free(setup->before);
	verdict_free(setup->verdict);
	matcher_free(setup->matcher);
	timestamp_notes_free(setup->notes);
	key_set_release(&setup->keys);
	selection_free(setup->only);
	selection_free(setup->errors);
	catalog_free(setup->catalog);
	memset(setup, 0, sizeof(*setup));
}
