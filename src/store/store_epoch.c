/*
 * Owns the epochs: what the counts were made with, whether this run finds the same way, and which
 * rules a range was counted by. Epochs that differ in nothing but the rules of the release are a
 * series, which reports see as one. Must not know what the options mean.
 */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "store/store_parts.h"

/* ---- options ---- */

static const char *or_nothing(const char *text)
{
	return text == NULL ? "" : text;
}

static bool keep_option(struct store_options *options, const char *name, const char *value)
{
	struct store_kept_option *grown =
	    realloc(options->items, (options->count + 1) * sizeof(*grown));
	struct store_kept_option *option;

	if (grown == NULL)
		return false;
	options->items = grown;
	option = &grown[options->count];
	option->name = strdup(name);
	option->value = strdup(value);
	options->count++;
	return option->name != NULL && option->value != NULL;
}

static void forget_options(struct store_options *options)
{
	for (size_t i = 0; i < options->count; i++) {
		free(options->items[i].name);
		free(options->items[i].value);
	}
	free(options->items);
	*options = (struct store_options){ NULL, 0 };
}

static bool read_options(
    struct store *store, int64_t epoch, struct store_options *options, struct error *error)
{
	struct store_cursor *rows = store_cursor_new(store, NULL, error);
	bool kept = true;

	while (kept && store_cursor_read(rows, "epoch_option",
	                   "SELECT epoch, name, value, checksum FROM epoch_option WHERE epoch = ?1"
	                   " ORDER BY rowid",
	                   &epoch, 1, error)) {
		const char *name;

		(void)row_get_integer(&rows->row, 1, INT64_MAX);
		name = row_get_text(&rows->row);
		kept = keep_option(options, or_nothing(name), or_nothing(row_get_text(&rows->row)));
		if (store_cursor_check(rows, error) && !kept)
			(void)error_set_memory(error);
	}
	return store_cursor_end(rows) && kept;
}

/* The value of an option; NULL: it is not there. One that an older release did not know was not
 * used, which is the same as "". */
static const char *value_of(const struct store_options *options, const char *name)
{
	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->items[i].name, name) == 0)
			return options->items[i].value;
	return NULL;
}

static bool holds_all(const struct store_options *all, const struct store_options *some)
{
	for (size_t i = 0; i < some->count; i++) {
		const char *value = value_of(all, some->items[i].name);

		if (strcmp(value == NULL ? "" : value, some->items[i].value) != 0)
			return false;
	}
	return true;
}

/* ---- the series ---- */

static bool add_to_series(struct store *store, int64_t id, const char *rules)
{
	struct store_epoch *grown =
	    realloc(store->series, (store->series_count + 1) * sizeof(*grown));

	if (grown == NULL)
		return false;
	store->series = grown;
	grown[store->series_count] = (struct store_epoch){ id, strdup(rules) };
	return grown[store->series_count++].rules != NULL;
}

/* Adds an epoch to the series; where its options are others it does not belong there, and
 * `*is_end` is set. */
static bool take_epoch(
    struct store *store, int64_t id, const char *rules, bool *is_end, struct error *error)
{
	struct store_options options = { NULL, 0 };
	bool taken = read_options(store, id, &options, error);

	if (taken && store->series_count == 0) {
		store->epoch = id;
		store->options = options;
		options = (struct store_options){ NULL, 0 };
	} else if (taken) {
		*is_end =
		    !holds_all(&store->options, &options) || !holds_all(&options, &store->options);
	}
	forget_options(&options);
	return taken && (*is_end || add_to_series(store, id, rules) || error_set_memory(error));
}

/* From the last epoch back, as far as options are the same; none when there is none. */
static bool read_series(struct store *store, struct error *error)
{
	struct store_cursor *rows = store_cursor_new(store, NULL, error);
	bool is_end = false;
	bool taken = true;

	store_forget_epochs(store);
	while (taken && !is_end &&
	       store_cursor_read(rows, "epoch",
	           "SELECT id, rules, checksum FROM epoch ORDER BY id DESC", NULL, 0, error)) {
		int64_t id = row_get_integer(&rows->row, 1, INT64_MAX);
		const char *rules = row_get_text(&rows->row);

		taken =
		    store_cursor_check(rows, error) && take_epoch(store, id, rules, &is_end, error);
	}
	return store_cursor_end(rows) && taken;
}

void store_forget_epochs(struct store *store)
{
	for (size_t i = 0; i < store->series_count; i++)
		free(store->series[i].rules);
	free(store->series);
	store->series = NULL;
	store->series_count = 0;
	store->epoch = 0;
	forget_options(&store->options);
}

const char *store_rules_of(const struct store *store, int64_t epoch)
{
	for (size_t i = 0; i < store->series_count; i++)
		if (store->series[i].id == epoch)
			return store->series[i].rules;
	return NULL;
}

/* ---- the choice ---- */

static bool write_options(
    struct store *store, const struct store_option *options, size_t count, struct error *error)
{
	struct row row;
	bool written;

	written = row_init(
	    &row, store, "epoch_option", "INSERT INTO epoch_option VALUES (?, ?, ?, ?)", error);
	for (size_t i = 0; i < count && written; i++) {
		row_put_integer(&row, store->epoch);
		row_put_text(&row, options[i].name);
		row_put_text(&row, options[i].value);
		written = row_write(&row, error);
	}
	row_release(&row);
	return written;
}

static bool begin_epoch(struct store *store, const char *rules, const struct store_option *options,
    size_t count, struct error *error)
{
	struct row row;
	bool begun;

	if ((store->flags & STORE_WRITE) == 0)
		return true;
	if (!row_init(&row, store, "epoch", "INSERT INTO epoch VALUES (?, ?, ?)", error))
		return false;
	row_put_integer(&row, ++store->epoch);
	row_put_text(&row, rules);
	begun = row_write(&row, error) && write_options(store, options, count, error);
	row_release(&row);
	return begun && read_series(store, error);
}

static void name_difference(
    struct strbuf *text, const char *name, const char *before, const char *now)
{
	strbuf_add_format(
	    text, "%s%s was '%s', is now '%s'", text->len == 0 ? "" : "; ", name, before, now);
}

/* What differs, in words; nothing when it is the same. */
static void compare(const struct store *store, const struct store_option *options, size_t count,
    struct strbuf *text)
{
	for (size_t i = 0; i < count; i++) {
		const char *before = store_option_value(store, options[i].name);

		if (before == NULL)
			before = "";
		if (strcmp(before, options[i].value) != 0)
			name_difference(text, options[i].name, before, options[i].value);
	}
}

enum store_epoch_result store_choose_epoch(struct store *store, const char *rules,
    const struct store_option *options, size_t count, bool begin_new, struct error *error)
{
	struct strbuf difference = STRBUF_INIT;
	enum store_epoch_result result = STORE_EPOCH_SAME;
	bool writes = (store->flags & STORE_WRITE) != 0;

	store->rules = rules;
	if (!read_series(store, error))
		return STORE_EPOCH_REFUSED;
	compare(store, options, store->epoch == 0 ? 0 : count, &difference);
	if (!writes && store->epoch != 0)
		result = difference.len > 0 ? STORE_EPOCH_REFUSED : STORE_EPOCH_SAME;
	else if (store->epoch == 0 || (difference.len > 0 && begin_new))
		result = STORE_EPOCH_BEGUN;
	else if (difference.len > 0)
		result = STORE_EPOCH_REFUSED;
	else if (strcmp(store->series[0].rules, rules) != 0)
		result = STORE_EPOCH_RULES;
	if (result == STORE_EPOCH_REFUSED) {
		(void)error_set(error, ERROR_STORE,
		    writes ? "database '%s' was begun with other options: %s; counts of both "
		             "cannot be added: use the same, another file, or --new-epoch"
		           : "database '%s' was counted with other options: %s; leave them out",
		    store->path, difference.failed ? "" : difference.data);
	} else if (result != STORE_EPOCH_SAME &&
	           !begin_epoch(store, rules, options, count, error)) {
		result = STORE_EPOCH_REFUSED;
	}
	strbuf_release(&difference);
	return result;
}

const char *store_option_value(const struct store *store, const char *name)
{
	return value_of(&store->options, name);
}

/* ---- rules ---- */

/* Whether the run has to do with the range; `before`: when the run before it ended. */
static bool concerns(struct row *row, const struct store_range *range, const struct store_run *run,
    int64_t before, bool *does, struct error *error)
{
	*does = run->lines > 0 && (range->since == COUNT_NO_TIME || run->ended >= range->since) &&
	        (range->until == COUNT_NO_TIME || before < range->until);
	return *does || store_has_counts(row, run, range, does, error);
}

static void add_rules(
    const struct store *store, struct store_rules *rules, const struct store_run *run)
{
	const char *name = store_rules_of(store, run->epoch);

	if (rules->name == NULL && !rules->is_mixed)
		rules->name = name;
	rules->is_mixed = rules->is_mixed || strcmp(rules->name, name) != 0;
	if (rules->is_mixed)
		rules->name = NULL;
	if (strcmp(name, store->rules) != 0 && run->ended > rules->until)
		rules->until = run->ended;
}

bool store_read_rules(struct store *store, const struct store_range *range,
    struct store_rules *rules, struct error *error)
{
	struct store_cursor *runs = store_cursor_new(store, range, error);
	int64_t before = INT64_MIN;
	struct store_run run;
	struct row row;
	bool read = store_begin_counts(&row, store, error);

	*rules = (struct store_rules){ .until = COUNT_NO_TIME };
	while (read && store_next_run(runs, &run, error)) {
		bool does = false;

		read = concerns(&row, range, &run, before, &does, error);
		before = run.ended;
		if (read && does)
			add_rules(store, rules, &run);
	}
	row_release(&row);
	return store_cursor_end(runs) && read;
}
