/*
 * Owns the epochs: what the counts were made with, and whether this run finds the same way.
 * Must not know what the options mean.
 */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "store/store_parts.h"

/* Reads the rules of the last epoch; an empty text when there is none. */
static bool read_epoch(struct store *store, struct strbuf *rules, struct error *error)
{
	struct row row;
	enum row_result result;
	size_t length;
	bool read;

	if (!row_init(&row, store, "epoch",
		"SELECT id, rules, checksum FROM epoch ORDER BY id DESC LIMIT 1", error))
		return false;
	result = row_read(&row, error);
	read = result != ROW_ERROR;
	if (result == ROW_READ) {
		store->epoch = row_get_integer(&row, 1, INT64_MAX);
		strbuf_add_text(rules, row_get_text(&row, &length));
		read = row_check(&row, error);
	}
	row_release(&row);
	return read && (!rules->failed || error_set_memory(error));
}

static bool keep_option(struct store *store, const char *name, const char *value)
{
	struct store_kept_option *grown =
	    realloc(store->options, (store->option_count + 1) * sizeof(*grown));
	struct store_kept_option *option;

	if (grown == NULL)
		return false;
	store->options = grown;
	option = &grown[store->option_count];
	option->name = strdup(name);
	option->value = strdup(value);
	store->option_count++;
	return option->name != NULL && option->value != NULL;
}

static void forget_options(struct store *store)
{
	for (size_t i = 0; i < store->option_count; i++) {
		free(store->options[i].name);
		free(store->options[i].value);
	}
	store->option_count = 0;
}

static bool read_options(struct store *store, struct error *error)
{
	struct row row;
	enum row_result result;

	forget_options(store);
	if (!row_init(&row, store, "epoch_option",
		"SELECT epoch, name, value, checksum FROM epoch_option WHERE epoch = ?1"
		" ORDER BY rowid",
		error))
		return false;
	row_bind(&row, 1, store->epoch);
	while ((result = row_read(&row, error)) == ROW_READ) {
		size_t length;
		const char *name;
		bool kept;

		(void)row_get_integer(&row, 1, INT64_MAX);
		name = row_get_text(&row, &length);
		kept = keep_option(store, name == NULL ? "" : name, row_get_text(&row, &length));
		if (!row_check(&row, error) || (!kept && !error_set_memory(error))) {
			result = ROW_ERROR;
			break;
		}
	}
	row_release(&row);
	return result == ROW_END;
}

static bool write_options(struct store *store, const struct store_option *options, size_t count,
    struct error *error)
{
	struct row row;
	bool written;

	written = row_init(
	    &row, store, "epoch_option", "INSERT INTO epoch_option VALUES (?, ?, ?, ?)", error);
	for (size_t i = 0; i < count && written; i++) {
		row_put_integer(&row, store->epoch);
		row_put_text(&row, options[i].name, strlen(options[i].name));
		row_put_text(&row, options[i].value, strlen(options[i].value));
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
	row_put_text(&row, rules, strlen(rules));
	begun = row_write(&row, error) && write_options(store, options, count, error);
	row_release(&row);
	return begun && read_options(store, error);
}

static void name_difference(
    struct strbuf *text, const char *name, const char *before, const char *now)
{
	strbuf_add_format(text, "%s%s was '%s', is now '%s'", text->len == 0 ? "" : "; ", name,
	    before, now);
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
	struct strbuf before = STRBUF_INIT;
	struct strbuf difference = STRBUF_INIT;
	enum store_epoch_result result = STORE_EPOCH_SAME;
	bool writes = (store->flags & STORE_WRITE) != 0;

	if (!read_epoch(store, &before, error) || !read_options(store, error)) {
		strbuf_release(&before);
		return STORE_EPOCH_REFUSED;
	}
	compare(store, options, store->epoch == 0 ? 0 : count, &difference);
	if (!writes && store->epoch != 0)
		result = difference.len > 0 ? STORE_EPOCH_REFUSED : STORE_EPOCH_SAME;
	else if (store->epoch == 0 || (difference.len > 0 && begin_new))
		result = STORE_EPOCH_BEGUN;
	else if (difference.len > 0)
		result = STORE_EPOCH_REFUSED;
	else if (strcmp(before.data, rules) != 0)
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
	strbuf_release(&before);
	strbuf_release(&difference);
	return result;
}

const char *store_option_value(const struct store *store, const char *name)
{
	for (size_t i = 0; i < store->option_count; i++)
		if (strcmp(store->options[i].name, name) == 0)
			return store->options[i].value;
	return NULL;
}
