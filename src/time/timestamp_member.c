/*
 * Owns the time of a record: which of its members tells it, wherever it stands. How a text spells a
 * time is not known here.
 *
 * The bytes that may be signs are found 64 at a time (structure.h) and taken in order, until the
 * record ends or its time is certain. A string with a separator behind it is a name; names count in
 * the record's own object, and in those that a dotted name leads into. Where no member tells the
 * time, the text may be a record itself, and is read in the same way.
 */
#include <string.h>

#include "match/spelling.h"
#include "match/structure.h"
#include "time/timestamp_parts.h"

/* The longest text that a member's time begins in. */
#define TEXT_REACH 80u
/* So many objects lie around a member that a dotted name leads to; so many records in the text of
 * each other. */
#define LEVELS_MAX 4u
/* Bytes of a name that the user gives. */
#define KEY_MAX 256u

/* What a member says. Of the times the first kind counts, and of a kind the first. */
enum kind {
	KIND_KEY,   /* the time, as the user says */
	KIND_TIME,  /* the time, as loggers name it */
	KIND_MAYBE, /* the same, but data is called so, too */
	KIND_TEXT,  /* what the program wrote */
	KIND_NONE,
};

/* In any case. A dot leads into an object. */
#define NAME(text, kind) \
	{ \
		text, sizeof(text) - 1, kind \
	}
static const struct name {
	const char *text;
	uint32_t length;
	enum kind kind;
} names[] = { NAME("time", KIND_TIME), NAME("ts", KIND_TIME), NAME("msg", KIND_TEXT),
	NAME("log", KIND_TEXT), NAME("message", KIND_TEXT), NAME("timestamp", KIND_TIME),
	NAME("@timestamp", KIND_TIME), NAME("@t", KIND_TIME), NAME("msec", KIND_TIME),
	NAME("date", KIND_MAYBE), NAME("asctime", KIND_TIME), NAME("logtime", KIND_TIME),
	NAME("t.$date", KIND_TIME), NAME("__time__", KIND_TIME), NAME("datetime", KIND_TIME),
	NAME("log_time", KIND_TIME), NAME("eventTime", KIND_TIME), NAME("timeMillis", KIND_TIME),
	NAME("time_local", KIND_TIME), NAME("time_iso8601", KIND_TIME),
	NAME("datetime.date", KIND_TIME), NAME("instant.epochSecond", KIND_TIME),
	NAME("__REALTIME_TIMESTAMP", KIND_TIME) };

struct span {
	uint32_t start, end;
};

/* A record that is being read. Offsets are from its brace. */
struct record {
	const struct timestamp_rule *rule;
	struct zone *zone;
	const char *data;
	uint32_t end;
	uint32_t at;      /* what stands before it is done */
	unsigned depth;   /* of brackets */
	unsigned tracked; /* so many of them are the record or what a name leads into */
	bool is_doubled;  /* quotes are written twice, in a field of CSV */
	bool is_in_string;
	char quote;                   /* the first byte of its opening quote, */
	uint32_t quote_length;        /* and how many it has, */
	uint32_t backslashes;         /* these among them */
	struct span string;           /* the string, or the last one, without quotes */
	uint32_t behind;              /* the end of its closing quote */
	struct span path[LEVELS_MAX]; /* the names of what is tracked, but for the record */
	uint32_t awaited;             /* where the value of a member that may count begins */
	enum kind kind_awaited;
	struct span text; /* the first one; all 0: none yet */
	enum kind kind;   /* what the time is of; KIND_NONE: there is none yet */
	bool is_inner;    /* in the text */
	bool is_lost;
	struct timestamp time;
};

/* ---- names ---- */

/* Most names are none that counts by their length and first letter alone. */
static inline uint64_t bit_of(char first, size_t length)
{
	return UINT64_C(1) << (((first & 0x1f) * 3u + length) & 63);
}

static uint64_t bits_of(const char *name)
{
	return bit_of(*name, strlen(name)) | bit_of(*name, strcspn(name, "."));
}

/* Whether this may be a member's name, with dots that lead into objects. */
static bool is_key(const char *key)
{
	unsigned dots = 0;

	for (const char *c = key; *c != '\0'; c++)
		dots += *c == '.';
	return *key != '\0' && strlen(key) <= KEY_MAX && strpbrk(key, "\"\\,\t\r\n ") == NULL &&
	       dots < LEVELS_MAX;
}

bool timestamp_rule_set_keys(
    struct timestamp_rule *rule, char *const *keys, size_t count, struct error *error)
{
	rule->keys = keys;
	rule->key_count = count;
	rule->names = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		rule->names |= bits_of(names[i].text);
	for (size_t i = 0; i < count; i++) {
		if (!is_key(keys[i]))
			return error_set(error, ERROR_USAGE,
			    "'%.40s' is no member's name, like 'ts' or 'event.time'", keys[i]);
		rule->names |= bits_of(keys[i]);
	}
	return true;
}

/* What goes before all other times of members. */
static enum kind first_kind(const struct timestamp_rule *rule)
{
	return rule->key_count > 0 ? KIND_KEY : KIND_TIME;
}

/* Whether `*name` goes on with this, in any case; then `*name` is what follows. */
static bool take(const struct record *record, const char **name, const struct span *text)
{
	const char *at = *name;

	for (uint32_t i = text->start; i < text->end; i++, at++)
		if (*at == '\0' || ((*at ^ record->data[i]) & ~0x20) != 0)
			return false;
	*name = at;
	return true;
}

/* Whether the member of this name is the one that is called `text`; of an object, whether that may
 * be in it. */
static bool leads(
    const struct record *record, const char *text, const struct span *name, bool is_object)
{
	for (unsigned i = 0; i + 1 < record->tracked; i++)
		if (!take(record, &text, &record->path[i]) || *text++ != '.')
			return false;
	return take(record, &text, name) && *text == (is_object ? '.' : '\0');
}

/* Whether the last string may be the name of a member that counts. */
static inline bool is_likely(const struct record *record)
{
	const struct span *name = &record->string;

	return record->depth == record->tracked && name->start < name->end &&
	       (record->tracked > 1 || (record->rule->names & bit_of(record->data[name->start],
	                                                          name->end - name->start)) != 0);
}

/* What the member of this name says; of an object KIND_NONE or anything else, where it is on the
 * way to one. */
static enum kind kind_of(const struct record *record, const struct span *name, bool is_object)
{
	const uint32_t length = name->end - name->start;
	const bool is_whole = record->tracked == 1 && !is_object;

	for (size_t i = 0; i < record->rule->key_count; i++)
		if (leads(record, record->rule->keys[i], name, is_object))
			return KIND_KEY;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((!is_whole || names[i].length == length) &&
		    leads(record, names[i].text, name, is_object))
			return names[i].kind;
	return KIND_NONE;
}

/* ---- values ---- */

/* Seconds, or their thousandths, millionths, billionths since 1970, told apart by size. */
static bool read_epoch(const char *at, const char *end, int64_t *milliseconds)
{
	const char *limit = end - at > 19 ? at + 19 : end;
	uint64_t number = 0;
	int fraction = 0;

	for (; at < limit; at++) {
		const unsigned digit = (unsigned char)*at - (unsigned)'0';

		if (digit > 9)
			break;
		number = number * 10 + digit;
	}
	if (number < STAMP_EPOCH_FIRST)
		return false;
	if (at < end && *at == '.')
		at = stamp_read_fraction(at, end, &fraction);
	if (at < end && (stamp_is_alnum(*at) || stamp_is_in(*at, "_-+.")))
		return false;
	for (uint64_t unit = 1; unit <= 1000000000; unit *= 1000) {
		if (number < STAMP_EPOCH_FIRST * unit || number >= STAMP_EPOCH_END * unit)
			continue;
		*milliseconds = unit == 1 ? (int64_t)number * 1000 + fraction
		                          : (int64_t)(number / (unit / 1000));
		return true;
	}
	return false;
}

/* Whether the name of a text ends with the g at `at`, and what may be a stamp is its value. */
static bool may_be_text(const char *start, const char *at, const char *end)
{
	const char *name = at - 2;
	int letters;

	if (name < start)
		return false;
	letters = ((unsigned char)name[0] | 0x20) << 8 | ((unsigned char)name[1] | 0x20);
	if (letters != ('l' << 8 | 'o') && letters != ('m' << 8 | 's') &&
	    letters != ('s' << 8 | 'a'))
		return false;
	at++;
	at += at < end && (*at | 0x20) == 'e';
	if (end - at < 5 || at[0] != '"' || at[1] != ':')
		return at < end && !spelling_is_name(*at);
	for (at += 2; at < end && spelling_is_blank(*at); at++)
		;
	if (end - at < 2 || *at != '"')
		return at < end && !spelling_is_name(*at);
	return stamp_may_begin(at[1]);
}

bool timestamp_may_follow(const char *at, const char *end)
{
	const char *g;

	for (const char *next = at; (g = memchr(next, 'g', (size_t)(end - next))) != NULL;
	     next = g + 1)
		if (may_be_text(at, g, end))
			return true;
	for (const char *next = at; (g = memchr(next, 'G', (size_t)(end - next))) != NULL;
	     next = g + 1)
		if (may_be_text(at, g, end))
			return true;
	return false;
}

/* Takes the text, which begins at `at`. Returns false when the record's time is certain now. */
static bool take_text(struct record *record, uint32_t at)
{
	const enum kind first = first_kind(record->rule);
	const char *end =
	    record->data + (record->end - at > TEXT_REACH ? at + TEXT_REACH : record->end);
	const char *start = record->data + spelling_skip_gap(record->data, at, record->end);
	const char *cut;
	struct timestamp time;

	record->text = (struct span){ at, at }; /* its end is seen when it is closed */
	/* no stamp goes on behind these */
	if (start < end && (cut = memchr(start, record->quote, (size_t)(end - start))) != NULL)
		end = cut;
	if (start < end && (cut = memchr(start, '\\', (size_t)(end - start))) != NULL)
		end = cut;
	if (start < end && stamp_find_first(record->rule, record->zone, start, end, &time)) {
		record->kind = KIND_TEXT;
		record->time = time;
		return false;
	}
	record->is_lost = record->is_lost || (start < end && time.is_lost);
	return record->kind > first;
}

/* Takes the value of a member. Returns false when the record's time is certain now. */
static bool take_value(
    struct record *record, enum kind kind, const struct span *value, bool is_quoted)
{
	const enum kind first = first_kind(record->rule);
	const char *start = record->data + value->start;
	const char *end = record->data + value->end;
	struct timestamp time = { .zone = TIMESTAMP_ZONE_UTC }; /* of a number */

	if (kind == KIND_TEXT && value->start == record->text.start)
		record->text = *value;
	if (kind >= record->kind || kind == KIND_TEXT)
		return true;
	if (!read_epoch(start, end, &time.time) &&
	    !(is_quoted && stamp_find(record->rule, record->zone, start, end, TEXT_REACH, &time))) {
		record->is_lost = record->is_lost || time.is_lost;
		return true;
	}
	record->kind = kind;
	record->time = time;
	return kind > first ||
	       (record->text.end == 0 && timestamp_may_follow(start, record->data + record->end));
}

/* ---- signs ---- */

static bool closes(const struct record *record, const struct sign *sign)
{
	return sign->kind == SIGN_QUOTE &&
	       spelling_closes(record->data, record->string.start - record->quote_length,
	           record->quote_length, record->backslashes, sign);
}

static inline bool open_string(
    struct record *record, uint32_t start, uint32_t end, uint32_t backslashes)
{
	record->is_in_string = true;
	record->quote = record->data[start];
	record->quote_length = end - start;
	record->backslashes = backslashes;
	record->string.start = end;
	return start != record->awaited || record->kind_awaited != KIND_TEXT ||
	       record->text.end > 0 || take_text(record, end);
}

static inline bool close_string(struct record *record, uint32_t behind)
{
	record->is_in_string = false;
	record->string.end = behind - record->quote_length;
	record->behind = behind;
	return record->string.start != record->awaited + record->quote_length ||
	       take_value(record, record->kind_awaited, &record->string, true);
}

/* Takes the separator that ends before `at` and stands behind a string. */
static bool take_separator(struct record *record, uint32_t at)
{
	struct span value = { at, record->end };
	bool is_object;
	enum kind kind;

	if (at < record->end && record->data[at] != '"' && !stamp_is_digit(record->data[at]))
		value.start = spelling_skip_gap(record->data, at, record->end);
	if (value.start == value.end)
		return true;
	is_object = record->data[value.start] == '{';
	kind = kind_of(record, &record->string, is_object);
	if (kind == KIND_NONE)
		return true;
	if (!is_object) {
		record->awaited = value.start;
		record->kind_awaited = kind;
		return !stamp_is_digit(record->data[value.start]) ||
		       take_value(record, kind, &value, false);
	}
	if (record->tracked < LEVELS_MAX)
		record->path[record->tracked++ - 1] = record->string;
	return true;
}

/* Returns false when nothing more is to be read. */
static bool take_sign(struct record *record, uint32_t at)
{
	const char *data = record->data;
	struct sign sign;

	spelling_read(data, at, record->end, &sign);
	if (record->is_doubled && sign.kind == SIGN_QUOTE && sign.end < record->end &&
	    data[sign.end] == '"')
		sign.end++;
	record->at = sign.end;
	if (record->is_in_string)
		return !closes(record, &sign) || close_string(record, sign.end);
	switch (sign.kind) {
	case SIGN_QUOTE:
		return (sign.byte == '\'' && spelling_is_name(data[at - 1])) ||
		       open_string(record, at, sign.end, sign.backslashes);
	case SIGN_SEPARATOR:
		return record->behind == 0 || !is_likely(record) ||
		       spelling_skip_gap(data, record->behind, at) != at ||
		       take_separator(record, sign.end);
	case SIGN_OPEN:
		record->depth++;
		return true;
	case SIGN_CLOSE:
		record->depth--;
		if (record->tracked > record->depth)
			record->tracked = record->depth;
		return record->depth > 0;
	default:
		return true;
	}
}

/* Most signs are single bytes, and most of these say by themselves what they are. */
static inline bool take_byte(struct record *record, uint32_t at)
{
	const char c = record->data[at];

	if (c == ',' || at < record->at)
		return true;
	if (record->is_in_string) {
		if (c == '"' && record->quote_length == 1)
			return c != record->quote || close_string(record, at + 1);
		if (c != record->quote && c != '\\')
			return true;
	} else if (c == '"' && !record->is_doubled) {
		return open_string(record, at, at + 1, 0);
	} else if (c == ':' && at == record->behind) {
		return !is_likely(record) || take_separator(record, at + 1);
	}
	return take_sign(record, at);
}

/* ---- records ---- */

/* Takes the signs, 64 bytes at a time, until the record is over or its time certain. */
static void read_signs(struct record *record)
{
	uint64_t signs[2]; /* where they may be, a bit for each byte; the second is of no use */

	for (uint32_t from = 0; from < record->end; from += 64) {
		const uint32_t left = record->end - from;

		structure_mark(record->data + from, left < 64 ? left : 64, signs);
		for (; signs[0] != 0; signs[0] &= signs[0] - 1)
			if (!take_byte(record, from + (uint32_t)__builtin_ctzll(signs[0])))
				return;
	}
	record->at = record->end;
	if (record->is_in_string) /* the line was cut */
		(void)close_string(record, record->end + record->quote_length);
}

/* Whether a record begins at the brace: a name in quotes stands behind it. */
static bool begins_record(const char *brace, const char *end, bool *is_doubled)
{
	const uint32_t length = end - brace < 64 ? (uint32_t)(end - brace) : 64;
	struct sign sign;
	uint32_t name;

	*is_doubled = false;
	if (length > 2 && brace[1] == '"' && spelling_is_name(brace[2]))
		return true;
	name = spelling_skip_gap(brace, 1, length);
	if (name == length)
		return false;
	spelling_read(brace, name, length, &sign);
	*is_doubled =
	    sign.kind == SIGN_QUOTE && length - sign.end >= 2 && brace[sign.end] == '"' &&
	    (spelling_is_name(brace[sign.end + 1]) || stamp_is_in(brace[sign.end + 1], "@$"));
	return sign.kind == SIGN_QUOTE;
}

/* Returns false when no record begins at the brace. */
static bool read_record(struct record *record, const struct timestamp_rule *rule, struct zone *zone,
    const char *brace, const char *end, unsigned level)
{
	struct record inner;
	const char *text;

	*record = (struct record){ .rule = rule,
		.zone = zone,
		.data = brace,
		.at = 1,
		.depth = 1,
		.tracked = 1,
		.kind = KIND_NONE };
	if (!begins_record(brace, end, &record->is_doubled))
		return false;
	record->end = (size_t)(end - brace) < UINT32_MAX ? (uint32_t)(end - brace) : UINT32_MAX;
	read_signs(record);
	/* the text may be a record itself; what the user asks for may be in that */
	text = brace + record->text.start;
	if (record->kind == KIND_KEY || record->kind == KIND_TEXT || record->is_lost ||
	    (record->kind != KIND_NONE && rule->key_count == 0) || level == LEVELS_MAX ||
	    record->text.end == record->text.start || *text != '{' ||
	    !read_record(&inner, rule, zone, text, brace + record->text.end, level + 1) ||
	    inner.kind >= record->kind)
		return true;
	record->kind = inner.kind == KIND_TEXT ? KIND_TIME : inner.kind;
	record->time = inner.time;
	record->is_inner = true;
	return true;
}

bool stamp_in_record(const struct timestamp_rule *rule, struct zone *zone, const char *brace,
    const char *end, const char **behind, struct timestamp *found)
{
	struct record record;

	*behind = brace;
	if (!read_record(&record, rule, zone, brace, end, 0))
		return false;
	if (record.kind == KIND_KEY)
		timestamp_note(rule->notes, TIMESTAMP_NOTE_MATCHED);
	*behind = brace + record.at;
	*found = record.time;
	found->is_lost = record.kind == KIND_NONE && record.is_lost;
	found->hold = record.kind == KIND_TEXT ? TIMESTAMP_HOLDS
	              : record.kind == first_kind(rule) && !record.is_inner
	                  ? TIMESTAMP_HOLDS_BUT_FOR_TEXT
	                  : TIMESTAMP_MAY_CHANGE;
	return record.kind != KIND_NONE;
}
