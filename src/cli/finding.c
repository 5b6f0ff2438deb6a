/*
 * Owns the spelling of finding options as texts that are the same for options that find the same.
 */
#include "cli/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/option_table.h"

const char *const finding_names[FINDING_COUNT] = { "--key", "--regexp", "--where", "--trust",
	"--time-format", "--time-key" };

/* The items, with `between` between them; NULL: there is no memory. */
static char *join(char *const *items, size_t count, char between)
{
	struct strbuf text = STRBUF_INIT;
	char *joined = NULL;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			strbuf_add_char(&text, between);
		strbuf_add_text(&text, items[i]);
	}
	if (!text.failed)
		joined = strdup(text.data);
	strbuf_release(&text);
	return joined;
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The keys of all -k, sorted: their order makes no difference. */
static char *join_keys(const struct options_list *list)
{
	char *all = join((char *const *)list->items, list->count, ',');
	char **keys = all == NULL ? NULL : calloc(strlen(all) + 1, sizeof(*keys));
	char *joined = NULL;
	char *rest = NULL;
	size_t count = 0;

	if (keys != NULL) {
		for (char *key = strtok_r(all, ",", &rest); key != NULL;
		     key = strtok_r(NULL, ",", &rest))
			keys[count++] = key;
		qsort(keys, count, sizeof(*keys), compare_texts);
		joined = join(keys, count, ',');
	}
	free(keys);
	free(all);
	return joined;
}

static const char *or_nothing(const char *text)
{
	return text == NULL ? "" : text;
}

bool finding_init(struct finding *finding, const struct options *options, struct error *error)
{
	*finding = (struct finding){ .keys = join_keys(&options->keys),
		.patterns =
		    join((char *const *)options->patterns.items, options->patterns.count, ' '),
		.time_keys = join_keys(&options->time_keys) };
	if (finding->keys == NULL || finding->patterns == NULL || finding->time_keys == NULL)
		return error_set_memory(error);
	finding->values[FINDING_KEYS] = finding->keys;
	finding->values[FINDING_PATTERNS] = finding->patterns;
	finding->values[FINDING_WHERE] = or_nothing(options->where);
	finding->values[FINDING_TRUST] = option_trust_word(options->trust);
	finding->values[FINDING_TIME_FORMAT] = or_nothing(options->time_format);
	finding->values[FINDING_TIME_KEYS] = finding->time_keys;
	for (size_t i = 0; i < FINDING_COUNT; i++)
		if (finding->values[i][0] != '\0' &&
		    (i != FINDING_TRUST || options->trust != TRUST_NORMAL))
			finding->given[finding->given_count++] =
			    (struct summary_option){ finding_names[i], finding->values[i] };
	return true;
}

void finding_release(struct finding *finding)
{
	free(finding->keys);
	free(finding->patterns);
	free(finding->time_keys);
}
