/*
 * Owns the verdict on a hit: its standing and its class. Must not know where
 * objects begin or what becomes of the verdict.
 */
#include "match/standing.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/mark.h"
#include "match/evidence.h"
#include "match/glance.h"
#include "match/literal.h"
#include "match/object.h"

static const char *const reasons[REASON_MARK][2] = {
	[REASON_NONE] = { "", "" },
	[REASON_OTHER_TEXT] = { "other text than JiGuang's beside it", "旁边的文字不是极光的" },
	[REASON_NO_TEXT] = { "JiGuang's content is not beside it", "旁边没有极光的 content" },
	[REASON_UNCONFIRMED] = { "its text does not confirm it", "没有文字可以确认" },
};

/* the last response of a code in the current line */
struct seen {
	uint64_t line;
	struct hit hit;
	bool is_bare; /* some response of it stands in no object */
};

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct standing {
	enum trust trust;
	bool judge_all;
	uint64_t line; /* number of the current line, for `seen` only */
	uint32_t line_start;
	bool has_line;
	enum answer has_sign;    /* what was searched for in the current line, */
	enum answer has_content; /* once: the line may be long and full of hits */
	size_t risk_category; /* id; a number no category has where there is none */
	struct seen *seen;    /* by entry id */
};

struct standing *standing_new(
    const struct catalog *catalog, enum trust trust, bool judge_all, struct error *error)
{
	struct standing *standing = calloc(1, sizeof(*standing));

	if (standing != NULL)
		standing->seen = calloc(catalog_size(catalog) + 1, sizeof(*standing->seen));
	if (standing != NULL)
		standing->risk_category = SIZE_MAX;
	if (standing == NULL || standing->seen == NULL) {
		standing_free(standing);
		error_set_memory(error);
		return NULL;
	}
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		if (strcmp(catalog_category_name(catalog, i), "risk") == 0)
			standing->risk_category = i;
	standing->trust = trust;
	standing->judge_all = judge_all;
	return standing;
}

void standing_free(struct standing *standing)
{
	if (standing == NULL)
		return;
	free(standing->seen);
	free(standing);
}

void standing_begin(struct standing *standing)
{
	standing->has_line = false;
}

/* ---- the class ---- */

static bool is_risk(const struct standing *standing, const struct hit *hit)
{
	return hit->entry->category_id == standing->risk_category;
}

/* Whether the line may hold a mark that speaks against any number. */
static bool may_hold_strong_mark(
    struct standing *standing, const char *data, const struct hit *hit)
{
	if (standing->has_sign == ANSWER_UNKNOWN) {
		size_t count;
		const char(*signs)[3] = mark_signs(MARK_STRONG, &count);

		standing->has_sign = literal_holds_any3(data + hit->line_start,
					 hit->line_end - hit->line_start, signs, count, 0x20)
		    ? ANSWER_YES
		    : ANSWER_NO;
	}
	return standing->has_sign == ANSWER_YES;
}

static bool holds_content(struct standing *standing, const char *data, const struct hit *hit)
{
	if (standing->has_content == ANSWER_UNKNOWN)
		standing->has_content = memmem(data + hit->line_start,
					    hit->line_end - hit->line_start, "content", 7) != NULL
		    ? ANSWER_YES
		    : ANSWER_NO;
	return standing->has_content == ANSWER_YES;
}

/* Whether the text around the hit can change what it counts as. */
static bool must_be_judged(struct standing *standing, const char *data, const struct hit *hit)
{
	if (standing->judge_all || standing->trust == TRUST_STRICT || is_risk(standing, hit) ||
	    hit->entry->collides == COLLIDES_ALWAYS)
		return true;
	if (hit->entry->collides == COLLIDES_YES)
		return evidence_may_stand(data, hit);
	return evidence_is_quoted(data, hit) || may_hold_strong_mark(standing, data, hit);
}

static enum hit_class class_of(
    const struct standing *standing, const struct hit *hit, bool is_inner)
{
	if (is_inner)
		return HIT_INNER;
	if ((standing->trust == TRUST_NORMAL && hit->standing == STANDING_DOUBTFUL) ||
	    (standing->trust == TRUST_STRICT && hit->standing != STANDING_CONFIRMED))
		return HIT_HELD_BACK;
	return HIT_RESPONSE;
}

/* Whether two hits of one line stand in objects of which neither holds the other. */
static bool are_separate(const char *data, const struct hit *one, const struct hit *other)
{
	struct object a;
	struct object b;

	object_find(&a, data, one, one->line_start, one->line_end);
	object_find(&b, data, other, other->line_start, other->line_end);
	return a.has_brackets && b.has_brackets && (a.end <= b.start || b.end <= a.start);
}

static bool is_repeated(struct standing *standing, const char *data, const struct hit *hit)
{
	struct seen *seen = &standing->seen[hit->entry->id];
	bool again = seen->line == standing->line;

	if (again && (seen->is_bare || !are_separate(data, &seen->hit, hit))) {
		seen->is_bare = true;
		return true;
	}
	seen->line = standing->line;
	/* only where it stands: its class is just being written, and to wait for that is slow */
	memcpy(&seen->hit, hit, offsetof(struct hit, is_member));
	seen->is_bare = false;
	return false;
}

static void judge_number(struct standing *standing, const char *data, struct hit *hit,
    uint32_t start, uint32_t end)
{
	struct object object;

	hit->hit_class = HIT_OTHER;
	if (!holds_content(standing, data, hit))
		return;
	object_find(&object, data, hit, start, end);
	if (object_has(&object, data, "content", 7) &&
	    (object_has(&object, data, "id", 2) || object_has(&object, data, "exID", 4)))
		hit->hit_class = HIT_UNLISTED;
}

static void enter_line(struct standing *standing, const struct hit *hit)
{
	if (standing->has_line && standing->line_start == hit->line_start)
		return;
	standing->has_line = true;
	standing->line_start = hit->line_start;
	standing->line++;
	standing->has_sign = ANSWER_UNKNOWN;
	standing->has_content = ANSWER_UNKNOWN;
}

/* Whether no look at the object is needed. */
static bool is_seen_through(
    const struct standing *standing, const char *data, const struct hit *hit, bool *is_inner)
{
	if (standing->judge_all)
		return false;
	*is_inner = is_risk(standing, hit);
	if (*is_inner)
		return (*is_inner = glance_is_inner(data, hit));
	return hit->is_confirmed;
}

void standing_judge(struct standing *standing, const char *data, struct hit *hit,
    uint32_t stretch_start, uint32_t stretch_end)
{
	enum hit_class hit_class;
	bool is_inner = false;

	enter_line(standing, hit);
	if (hit->hit_class == HIT_ELSEWHERE)
		return;
	if (hit->entry == NULL) {
		judge_number(standing, data, hit, stretch_start, stretch_end);
		return;
	}
	if (is_seen_through(standing, data, hit, &is_inner)) {
		hit->standing = is_inner ? STANDING_PLAIN : STANDING_CONFIRMED;
	} else if (must_be_judged(standing, data, hit)) {
		struct object object;

		object_find(&object, data, hit, stretch_start, stretch_end);
		evidence_weigh(hit, &object, data);
		is_inner = is_risk(standing, hit) &&
		    object_is_value_of(&object, data, hit->line_start, "riskCheck");
	}
	hit_class = class_of(standing, hit, is_inner);
	if (hit_class == HIT_HELD_BACK && hit->reason == REASON_NONE)
		hit->reason = REASON_UNCONFIRMED;
	if (hit_class == HIT_RESPONSE && is_repeated(standing, data, hit))
		hit_class = HIT_REPEATED;
	hit->hit_class = (uint8_t)hit_class;
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

bool standing_reason_is_mark(unsigned reason)
{
	return reason >= REASON_MARK;
}

bool standing_content(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end)
{
	struct object object;
	struct member member;

	object_find(&object, data, hit, hit->line_start, hit->line_end);
	for (uint32_t at = object.start; object_next(&object, data, &at, &member);)
		if (evidence_is_named(data, &member, "content")) {
			*start = member.value_start;
			*end = member.value_end;
			return true;
		}
	return false;
}
