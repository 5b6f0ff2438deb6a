/*
 * Owns the opening and closing of a run's database, and whether it counts as the run does.
 * Must not know how logs are taken in or reports are made.
 */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/strbuf.h"

static char *join(const struct options_list *list)
{
	struct strbuf text = STRBUF_INIT;
	char *joined = NULL;

	for (size_t i = 0; i < list->count; i++)
		strbuf_add_format(&text, "%s%s", i == 0 ? "" : " ", list->items[i]);
	if (!text.failed)
		joined = strdup(text.data);
	strbuf_release(&text);
	return joined;
}

static const char *or_nothing(const char *text)
{
	return text == NULL ? "" : text;
}

/* What decides what is found, and when it was. */
static bool choose_epoch(struct session *session, struct error *error)
{
	static const char *const trusts[] = { [OPTION_TRUST_NORMAL] = "normal",
		[OPTION_TRUST_STRICT] = "strict", [OPTION_TRUST_ALL] = "all" };
	const struct options *asked = session->run->options;
	char *keys = join(&asked->keys);
	char *patterns = join(&asked->patterns);
	const struct store_option options[] = { { "--key", or_nothing(keys) },
		{ "--regexp", or_nothing(patterns) }, { "--where", or_nothing(asked->where) },
		{ "--trust", trusts[asked->trust] }, { "--by", or_nothing(asked->by) },
		{ "--time-format", or_nothing(asked->time_format) },
		{ "--tz", or_nothing(asked->zone) } };
	bool reads_logs = asked->operands.count > 0;
	enum store_epoch_result result;

	if (keys == NULL || patterns == NULL) {
		result = STORE_EPOCH_REFUSED;
		(void)error_set_memory(error);
	} else {
		result = store_choose_epoch(session->store, MATCHER_RULES,
		    reads_logs ? options : NULL,
		    reads_logs ? sizeof(options) / sizeof(options[0]) : 0, asked->new_epoch, error);
	}
	if (result == STORE_EPOCH_RULES)
		message_print("this release finds codes by other rules: database '%s' begins a new "
			      "epoch, counts of before are kept apart",
		    asked->db);
	free(keys);
	free(patterns);
	return result != STORE_EPOCH_REFUSED;
}

/* Groups are counted by the field that the database was begun with. */
static bool check_by(const struct session *session, struct error *error)
{
	const char *asked = session->run->options->by;
	const char *kept = store_option_value(session->store, "--by");

	if (asked == NULL || (kept != NULL && strcmp(asked, kept) == 0))
		return true;
	return error_set(error, ERROR_STORE, "database '%s' counts %s%s: it has no groups by '%s'",
	    session->run->options->db, kept == NULL || *kept == '\0' ? "no groups" : "by ",
	    or_nothing(kept), asked);
}

bool session_open(struct session *session, struct run *run, struct error *error)
{
	const struct options *options = run->options;
	unsigned flags = 0;

	session_close(session);
	session->run = run;
	if (options->operands.count > 0)
		flags = STORE_WRITE | (options->wait ? (unsigned)STORE_WAIT : 0) |
		    (options->dry_run ? (unsigned)STORE_DRY_RUN : 0);
	session->store = store_open(options->db, flags, error);
	if (session->store != NULL && store_is_updated(session->store))
		message_print("database '%s' is brought up to date for this release; as it was "
			      "before: '%s.bak'",
		    options->db, options->db);
	if (session->store != NULL && choose_epoch(session, error) && check_by(session, error))
		return true;
	session_close(session);
	return false;
}

void session_close(struct session *session)
{
	store_close(session->store);
	session->store = NULL;
}

bool session_begin(struct session *session, struct error *error)
{
	return store_begin(session->store, error) && choose_epoch(session, error);
}

bool session_deliver(struct session *session, int status, struct error *error)
{
	return session->record.id == 0 ||
	    store_deliver(session->store, session->record.id, status, error);
}
