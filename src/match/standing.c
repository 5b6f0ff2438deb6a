/*
 * Owns the verdict on a hit: its standing and its class. Must not know where
 * objects begin or what becomes of the verdict.
 */
#include "match/standing.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "catalog/mark.h"
#include "match/evidence.h"
#include "match/spelling.h"

/* So far in front of a key the value of exID is looked for. */
#define CALLER_REACH 64u
/* A container's log begins with the time, the stream and whether the line is whole; other prefixes
 * may stand in front. */
#define CRI_REACH 160u

static const char *const reasons[REASON_MARK][2] = {
	[REASON_NONE] = { "", "" },
	[REASON_OTHER_TEXT] = { "other text than JiGuang's beside it", "旁边的文字不是极光的" },
	[REASON_NO_TEXT] = { "JiGuang's content is not beside it", "旁边没有极光的 content" },
	[REASON_UNCONFIRMED] = { "its text does not confirm it", "没有文字可以确认" },
	[REASON_WORD] = { "a word in front makes it another thing's code", "前面的词表明是别的码" },
};

/* Their numbers in databases. Marks have those from MARK_NUMBER on, in the order of their table;
 * further reasons that are none count down from 255. */
#define MARK_NUMBER 4u
static const uint8_t numbers[REASON_MARK] = {
	[REASON_NONE] = 0,
	[REASON_OTHER_TEXT] = 1,
	[REASON_NO_TEXT] = 2,
	[REASON_UNCONFIRMED] = 3,
	[REASON_WORD] = 255,
};

/* the last response of a code in the current line */
struct seen {
	uint64_t line;
	uint32_t start, end; /* the object that it stands in; both 0: it is not known */
	bool is_bare;        /* some response of it stands in no object */
};

struct standing {
	const struct catalog *catalog;
	enum trust trust;
	bool judge_all;
	uint64_t line; /* number of the current line, for `seen` only */
	uint32_t line_start;
	bool has_line;
	/* searched for once in the line, which may be long and full of hits: */
	bool sign_is_known, has_sign;       /* of a strong mark */
	bool content_is_known, has_content; /* a part of that name */
	size_t risk_category;         /* id; a number no category has where there is none */
	struct seen *seen;            /* by entry id */
	struct reader *reader;
	struct evidence_rules rules;
	struct signs
	    strong_signs; /* a line without them holds no mark that speaks against any number */

	/* what is being judged */
	const char *data;
	struct hit *hits;
	size_t count;
	const struct hit *previous; /* the line's hit before them, or NULL */
	uint32_t limit;
};

struct standing *standing_new(
    const struct catalog *catalog, enum trust trust, bool judge_all, struct error *error)
{
	struct standing *standing = calloc(1, sizeof(*standing));
	const char(*signs)[3];
	size_t sign_count;

	if (standing != NULL)
		standing->seen = calloc(catalog_size(catalog) + 1, sizeof(*standing->seen));
	if (standing != NULL && standing->seen != NULL)
		standing->reader = reader_new(error);
	if (standing == NULL || standing->seen == NULL || standing->reader == NULL) {
		standing_free(standing);
		error_set_memory(error);
		return NULL;
	}
	evidence_rules_init(&standing->rules);
	signs = mark_strong_signs(&sign_count);
	signs_init(&standing->strong_signs, signs, sign_count);
	standing->risk_category = SIZE_MAX;
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		if (strcmp(catalog_category_name(catalog, i), "risk") == 0)
			standing->risk_category = i;
	standing->catalog = catalog;
	standing->trust = trust;
	standing->judge_all = judge_all;
	return standing;
}

void standing_free(struct standing *standing)
{
	if (standing == NULL)
		return;
	reader_free(standing->reader);
	free(standing->seen);
	free(standing);
}

void standing_begin(struct standing *standing)
{
	standing->has_line = false;
}

struct reader *standing_reader(struct standing *standing)
{
	return standing->reader;
}

/* ---- the class ---- */

static void look_beside(struct standing *standing, size_t index, struct beside *beside)
{
	beside_init(beside, &standing->rules, standing->reader, standing->data, standing->hits,
	    index, index == 0 ? standing->previous : &standing->hits[index - 1],
	    index + 1 == standing->count ? standing->limit : standing->hits[index + 1].key.start);
}

static bool is_risk(const struct standing *standing, const struct hit *hit)
{
	return hit->entry->category_id == standing->risk_category;
}

/* Whether the line may hold a mark that speaks against any number. */
static bool may_hold_strong_mark(struct standing *standing, const struct hit *hit)
{
	if (!standing->sign_is_known) {
		standing->has_sign = signs_stand_in(&standing->strong_signs,
		    standing->data + hit->line.start, hit->line.end - hit->line.start);
		standing->sign_is_known = true;
	}
	return standing->has_sign;
}

/* Whether the text around the hit can change what it counts as. */
static bool must_be_judged(struct standing *standing, const struct hit *hit)
{
	return standing->judge_all || standing->trust == TRUST_STRICT || is_risk(standing, hit) ||
	       hit->entry->collides != COLLIDES_NO || hit->word != HIT_WORD_NONE ||
	       evidence_is_quoted(standing->data, hit) || may_hold_strong_mark(standing, hit);
}

/* The commonest inner code, seen without reading the line: `"riskCheck":{"code":0`. */
static bool is_inner_at_once(const struct standing *standing, const struct hit *hit)
{
	const char *data = standing->data;
	const uint32_t length = hit->quote.end - hit->quote.start;
	const uint32_t room = hit->key.start - hit->line.start;
	const char *at = data + hit->key.start - length;

	if (!is_risk(standing, hit) || !hit->is_member || room < 3 * length + 11 ||
	    memcmp(at, data + hit->quote.start, length) != 0 || at[-1] != '{' || at[-2] != ':')
		return false;
	at -= 2 + length;
	return memcmp(at, data + hit->quote.start, length) == 0 &&
	       memcmp(at - 9, "riskCheck", 9) == 0 &&
	       memcmp(at - 9 - length, data + hit->quote.start, length) == 0;
}

/* Whether it is the code of a risk check inside another reply. */
static bool is_inner(const struct standing *standing, const struct beside *beside)
{
	static const char *const names[] = { "riskCheck", "risk_check" };
	const struct hit *hit = beside->hit;
	const char *key = standing->data + hit->key.start;

	if (!is_risk(standing, hit))
		return false;
	for (size_t i = 0; i < 2; i++) {
		const uint32_t length = (uint32_t)strlen(names[i]);

		if (reader_is_value_of(beside->reader, beside->place.box, names[i], length))
			return true;
		/* riskCheck.code=0 */
		if (hit->key.start - hit->line.start > length && key[-1] == '.' &&
		    strncasecmp(key - 1 - length, names[i], length) == 0)
			return true;
	}
	return false;
}

static enum hit_class class_of(const struct standing *standing, const struct hit *hit, bool inner)
{
	if (inner)
		return HIT_INNER;
	if ((standing->trust == TRUST_NORMAL && hit->standing == STANDING_DOUBTFUL) ||
	    (standing->trust == TRUST_STRICT && hit->standing != STANDING_CONFIRMED))
		return HIT_HELD_BACK;
	return HIT_RESPONSE;
}

/* Whether another hit of the line may be of the same code. */
static bool may_be_again(const struct standing *standing, const struct hit *hit)
{
	if (standing->previous != NULL || standing->count == READER_HITS)
		return true;
	for (size_t i = 0; i < standing->count; i++)
		if (&standing->hits[i] != hit && standing->hits[i].code == hit->code)
			return true;
	return false;
}

/* Whether two hits of one line stand in objects of which neither holds the other. */
static bool is_repeated(struct standing *standing, size_t index)
{
	const struct hit *hit = &standing->hits[index];
	struct seen *seen = &standing->seen[hit->entry->id];
	struct beside beside;
	const struct box *box;
	bool is_again;

	if (!may_be_again(standing, hit))
		return false;
	is_again = seen->line == standing->line;
	look_beside(standing, index, &beside);
	box = reader_box(standing->reader, beside.place.box);
	if (is_again && (seen->is_bare || !beside.is_enclosed ||
	                    (seen->end > box->start && box->end > seen->start))) {
		seen->is_bare = true;
		return true;
	}
	seen->line = standing->line;
	seen->start = box->start;
	seen->end = box->end;
	seen->is_bare = !beside.is_enclosed;
	return false;
}

/* ---- numbers of no catalog ---- */

/* Behind the line ends, colours and blanks at `at`, however they are spelled. */
static uint32_t skip_ends(const char *data, uint32_t at, uint32_t end)
{
	while (at < end) {
		struct sign sign;

		spelling_read(data, at, end, &sign);
		if (data[at] != '\r' && data[at] != ' ' && sign.kind != SIGN_BREAK &&
		    sign.kind != SIGN_COLOUR && sign.kind != SIGN_BLANK)
			return at;
		at = sign.end;
	}
	return at;
}

/* Whether the number may have gone on where its text, a line or a string, was cut off. */
static bool is_cut_off(const struct standing *standing, const struct beside *beside)
{
	const struct hit *hit = beside->hit;
	const char *data = standing->data;
	const struct box *box = reader_box(standing->reader, beside->place.box);
	bool is_open = hit->open_start < hit->number.start;
	uint32_t head;

	while (box->parent != READER_NONE && box->kind != BOX_STRING) {
		is_open = is_open || (box->kind != BOX_TEXT && !box->is_closed);
		box = reader_box(standing->reader, box->parent);
	}
	if (skip_ends(data, hit->value_end, box->end) < box->end)
		return false;
	if (is_open || (box->kind == BOX_STRING && !box->is_closed))
		return true;
	/* in front of all hits, since annotations move what is behind them */
	head = standing->previous != NULL ? box->start : standing->hits[0].key.start;
	head = head <= box->start                ? 0
	       : head - box->start < CRI_REACH ? head - box->start
	                                       : CRI_REACH;
	return memmem(data + box->start, head, " stdout P ", 10) != NULL ||
	       memmem(data + box->start, head, " stderr P ", 10) != NULL;
}

static bool is_known_text(const struct standing *standing, const struct member *content)
{
	for (size_t i = 0; i < catalog_size(standing->catalog); i++)
		if (evidence_is_text_of(standing->data, content->value_start, content->value_end,
		        catalog_at(standing->catalog, i)))
			return true;
	return false;
}

static bool holds_content(struct standing *standing, const struct hit *hit)
{
	if (!standing->content_is_known) {
		standing->has_content = memmem(standing->data + hit->line.start,
		                            hit->line.end - hit->line.start, "ontent", 6) != NULL;
		standing->content_is_known = true;
	}
	return standing->has_content;
}

static void judge_number(struct standing *standing, size_t index)
{
	struct hit *hit = &standing->hits[index];
	const struct member *content;
	struct beside beside;

	hit->hit_class = HIT_OTHER;
	if (!holds_content(standing, hit))
		return;
	look_beside(standing, index, &beside);
	content = evidence_find(&beside, "content", 7);
	if (content == NULL ||
	    (evidence_find(&beside, "id", 2) == NULL &&
	        evidence_find(&beside, "exID", 4) == NULL) ||
	    is_cut_off(standing, &beside) || is_known_text(standing, content))
		return;
	hit->hit_class = HIT_UNLISTED;
	hit->text.start = content->value_start;
	hit->text.end = content->value_end;
}

/* The first `exID` of [text, end), or NULL. Its last letter is rare. */
static const char *find_exid(const char *text, const char *end)
{
	const char *last = text;

	while ((last = memchr(last, 'D', (size_t)(end - last))) != NULL) {
		if (last - text >= 3 && memcmp(last - 3, "exI", 3) == 0)
			return last - 3;
		last++;
	}
	return NULL;
}

/* Whether it stands in what the caller chose as its id. */
static bool is_callers(struct standing *standing, size_t index)
{
	const struct hit *hit = &standing->hits[index];
	const uint32_t room = hit->key.start - hit->line.start;
	const char *key = standing->data + hit->key.start;
	const char *name;
	const struct box *box;
	unsigned quotes = 0;

	name = find_exid(key - (room < CALLER_REACH ? room : CALLER_REACH), key);
	if (name == NULL)
		return false;
	/* a value that ends before the key has more quotes (of CSV, two are one) than its name's
	 * last and its own first one, and that of a name in it */
	for (; name < key; name++)
		quotes += (*name == '"' || *name == '\'') && name[1] != *name;
	if (quotes > 3)
		return false;
	box = reader_box(standing->reader, reader_place(standing->reader, index).box);
	return box->kind == BOX_STRING && box->owner != READER_NONE &&
	       reader_is_named(
	           standing->reader, reader_member(standing->reader, box->owner), "exID", 4);
}

static void enter_line(struct standing *standing, const struct hit *hit)
{
	if (standing->has_line && standing->line_start == hit->line.start)
		return;
	standing->has_line = true;
	standing->line_start = hit->line.start;
	standing->line++;
	standing->sign_is_known = false;
	standing->content_is_known = false;
}

static void judge(struct standing *standing, size_t index)
{
	struct hit *hit = &standing->hits[index];
	enum hit_class hit_class;
	bool inner = false;

	if (is_callers(standing, index)) {
		hit->hit_class = HIT_NONE;
		return;
	}
	if (hit->hit_class == HIT_ELSEWHERE)
		return;
	if (hit->entry == NULL) {
		judge_number(standing, index);
		return;
	}
	inner = is_inner_at_once(standing, hit);
	if (!inner && evidence_confirms_at_once(standing->data, hit)) {
		hit->standing = STANDING_CONFIRMED;
		if (is_risk(standing, hit)) {
			struct beside beside;

			look_beside(standing, index, &beside);
			inner = is_inner(standing, &beside);
		}
	} else if (must_be_judged(standing, hit) && !(inner && !standing->judge_all)) {
		struct beside beside;

		look_beside(standing, index, &beside);
		evidence_weigh(hit, &beside);
		inner = inner || is_inner(standing, &beside);
	}
	hit_class = class_of(standing, hit, inner);
	if (hit_class == HIT_HELD_BACK && hit->reason == REASON_NONE)
		hit->reason = REASON_UNCONFIRMED;
	if (hit_class == HIT_RESPONSE && is_repeated(standing, index))
		hit_class = HIT_REPEATED;
	hit->hit_class = (uint8_t)hit_class;
}

void standing_judge(struct standing *standing, const char *data, struct hit *hits, size_t count,
    const struct hit *previous, uint32_t limit)
{
	enter_line(standing, &hits[0]);
	standing->data = data;
	standing->hits = hits;
	standing->count = count;
	standing->previous = previous;
	standing->limit = limit;
	reader_turn(
	    standing->reader, data, hits[0].line.start, hits[0].line.end, hits, count, limit);
	for (size_t i = 0; i < count; i++)
		judge(standing, i);
}

const char *standing_reason(unsigned reason, bool chinese)
{
	if (reason < REASON_MARK)
		return reasons[reason][chinese];
	return chinese ? mark_at(reason - REASON_MARK)->reason_zh
	               : mark_at(reason - REASON_MARK)->reason;
}

const char *standing_reason_zh(const char *reason)
{
	for (unsigned i = 1; i < standing_reason_count(); i++)
		if (strcmp(standing_reason(i, false), reason) == 0)
			return standing_reason(i, true);
	return NULL;
}

unsigned standing_reason_count(void)
{
	return REASON_MARK + (unsigned)mark_count();
}

unsigned standing_reason_number(unsigned reason)
{
	return reason < REASON_MARK ? numbers[reason] : MARK_NUMBER + reason - REASON_MARK;
}

unsigned standing_reason_of(unsigned number)
{
	for (unsigned reason = 0; reason < standing_reason_count(); reason++)
		if (standing_reason_number(reason) == number)
			return reason;
	return REASON_UNCONFIRMED;
}

/* A word in front is a mark, too. */
bool standing_reason_is_mark(unsigned reason)
{
	return reason >= REASON_WORD;
}
