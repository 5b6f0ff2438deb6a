/*
 * Owns the compiling of keys and patterns. Must not know how blocks are searched
 * with them.
 */
#include "match/matcher.h"

#include <stdlib.h>
#include <string.h>

#include "match/blockwise.h"
#include "match/matcher_parts.h"
#include "match/rule.h"

/* The usual keys stand before all others. */
static size_t count_usual(const struct key_set *keys)
{
	size_t count = 0;

	while (count < keys->count && keys->literals[count].is_usual)
		count++;
	return count;
}

static bool add_literals(struct matcher *matcher, const struct matcher_options *options,
    struct error *error)
{
	size_t count = options->keys == NULL ? 0 : options->keys->count;

	matcher->set_count = count == 0 ? 1 : (count + LITERAL_MAX - 1) / LITERAL_MAX;
	matcher->sets = calloc(matcher->set_count, sizeof(*matcher->sets));
	matcher->rules = calloc(count + 1, sizeof(struct pattern *));
	if (matcher->sets == NULL || matcher->rules == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++) {
		const struct key_literal *key = &options->keys->literals[i];

		if (!literal_set_add(&matcher->sets[i / LITERAL_MAX], key->literal.text,
			key->literal.length, rule_follow(key)))
			return error_set(error, ERROR_USAGE, "--key: '%s' cannot be searched for",
			    key->literal.text);
		if (key->is_usual && i > 0) {
			matcher->rules[i] = matcher->rules[0];
			continue;
		}
		matcher->rules[i] = rule_new(
		    key, key->is_usual ? count_usual(options->keys) : 1, options->no_jit, error);
		if (matcher->rules[i] == NULL)
			return false;
	}
	if (count > 0)
		matcher->keys = *options->keys;
	return true;
}

static bool add_literal(
    struct user_pattern *user, const char *text, unsigned flags, struct error *error)
{
	size_t length = blockwise_literal(text, strlen(text));

	length = length > LITERAL_LENGTH ? LITERAL_LENGTH : length;
	if (length == 0 || !literal_set_add(&user->literal, text, length, NULL))
		return true;
	user->anchored =
	    pattern_new("--regexp", text, strlen(text), flags | PATTERN_ANCHORED, error);
	return user->anchored != NULL;
}

static bool add_user_pattern(struct matcher *matcher, const char *text,
    const struct matcher_options *options, struct error *error)
{
	struct user_pattern *user = &matcher->users[matcher->user_count];
	unsigned flags = PATTERN_USER | (options->no_jit ? PATTERN_NO_JIT : 0);

	if (matcher->user_count == PATTERNS_MAX)
		return error_set(
		    error, ERROR_USAGE, "--regexp: more than %d patterns", PATTERNS_MAX);
	user->pattern = pattern_new("--regexp", text, strlen(text), flags, error);
	if (user->pattern == NULL)
		return false;
	matcher->user_count++;
	user->group_count = pattern_groups(user->pattern, "code", user->groups, CODE_GROUPS_MAX);
	if (user->group_count == 0)
		return error_set(error, ERROR_USAGE,
		    "--regexp: '%s' has no group named code; write (?<code>\\d+) for the number",
		    text);
	if (options->group != NULL)
		user->carried_count = pattern_groups(
		    user->pattern, options->group, user->carried, CODE_GROUPS_MAX);
	user->is_blockwise = !options->no_blocks && blockwise_is_safe(text, strlen(text));
	return !user->is_blockwise || add_literal(user, text, flags, error);
}

static bool add_all(
    struct matcher *matcher, const struct matcher_options *options, struct error *error)
{
	if (!add_literals(matcher, options, error))
		return false;
	for (size_t i = 0; i < options->pattern_count; i++)
		if (!add_user_pattern(matcher, options->patterns[i], options, error))
			return false;
	if (options->where == NULL)
		return true;
	matcher->where = pattern_new("--where", options->where, strlen(options->where),
	    PATTERN_USER | (options->no_jit ? PATTERN_NO_JIT : 0), error);
	return matcher->where != NULL;
}

struct matcher *matcher_new(
    const struct matcher_options *options, const struct catalog *catalog, struct error *error)
{
	struct matcher *matcher = calloc(1, sizeof(*matcher));

	if (matcher == NULL) {
		error_set_memory(error);
		return NULL;
	}
	matcher->catalog = catalog;
	if (!add_all(matcher, options, error)) {
		matcher_free(matcher);
		return NULL;
	}
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	if (matcher == NULL)
		return;
	for (size_t i = 0; matcher->rules != NULL && matcher->rules[i] != NULL; i++)
		if (i == 0 || matcher->rules[i] != matcher->rules[0])
			pattern_free(matcher->rules[i]);
	for (size_t i = 0; i < matcher->user_count; i++) {
		pattern_free(matcher->users[i].pattern);
		pattern_free(matcher->users[i].anchored);
	}
	pattern_free(matcher->where);
	free(matcher->rules);
	free(matcher->sets);
	free(matcher);
}

void matcher_prepare(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->keys.count; i++)
		pattern_prepare(matcher->rules[i]);
}

bool matcher_has_group(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->user_count; i++)
		if (matcher->users[i].carried_count > 0)
			return true;
	return false;
}

bool matcher_is_jit(const struct matcher *matcher)
{
	bool jit = matcher->where == NULL || pattern_is_jit(matcher->where);

	for (size_t i = 0; i < matcher->keys.count; i++)
		jit = jit && pattern_is_jit(matcher->rules[i]);
	for (size_t i = 0; i < matcher->user_count; i++)
		jit = jit && pattern_is_jit(matcher->users[i].pattern);
	return jit;
}
