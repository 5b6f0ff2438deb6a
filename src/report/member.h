#ifndef JGANNOTATE_REPORT_MEMBER_H
#define JGANNOTATE_REPORT_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "tally/summary.h"

/*
 * The members of the JSON report, schema jgannotate.report/1: each is one row of a table, which
 * says what kind of value it has, and where in the summary that stands. members.c has the rows;
 * report_json.c writes a report by them, report_reader.c reads one, and member_schema.c prints the
 * JSON schema. A new member is a row there; a new kind of value is one in each of the others.
 */
#define REPORT_SCHEMA "jgannotate.report/1"

enum member_kind {
	/* values that stand in the summary as they are */
	MEMBER_TEXT,     /* const char * */
	MEMBER_WORD,     /* the same, never empty */
	MEMBER_COUNT,    /* uint64_t */
	MEMBER_SMALL,    /* uint32_t, at most 999,999,999 */
	MEMBER_CODE,     /* the same, a code's number */
	MEMBER_NUMBER,   /* int64_t; never read */
	MEMBER_TRUTH,    /* bool */
	MEMBER_FRACTION, /* double from -1 to 1; never read */
	MEMBER_OUTCOME,  /* enum outcome */
	MEMBER_TIME,     /* int64_t; null where it is not known */
	MEMBER_OFFSETS,  /* struct stamp_zones, as an array of at most one; null: unlike */
	/* values that are made of two: the one `at`, and the one `of` */
	MEMBER_PLACE,      /* a file and the line in it; null where that is not known */
	MEMBER_LINES,      /* a count, and whether that is not known: null */
	MEMBER_DIFFERENCE, /* of two doubles; never read */
	/* values that follow from others: a reader checks that they do */
	MEMBER_SHARE,   /* of a count `at` in another `of`; null where that is 0 */
	MEMBER_PORTION, /* of a count `at` in all responses */
	MEMBER_AGAIN,   /* a count that stands in the report already */
	MEMBER_ORDINAL, /* the outcome whose number is that of the row */
	/* others */
	MEMBER_SEAL,         /* see seal.h */
	MEMBER_SCHEMA,       /* its name */
	MEMBER_CATALOG_DATE, /* of the built-in catalog */
	MEMBER_DOUBT,        /* summary_doubt */
	MEMBER_RATE_CHANGE,  /* of the error rate, since that of the baseline `at`; never read */
	MEMBER_IS_OTHER,     /* whether an enum summary_group_kind is GROUP_OTHER */
	MEMBER_ENTRY,        /* the code of a const struct catalog_entry *, which `codes` has */
	MEMBER_ANY_ENTRY,    /* the same of one that the report need not describe */
	/* values that hold others, by their shape */
	MEMBER_OBJECT,  /* a struct in place; `of`, if not 0, is a bool: whether it is there */
	MEMBER_POINTER, /* a pointer to a struct, or NULL; never read */
	MEMBER_SPAN,    /* a struct of two times, in one line; null where neither is known */
	MEMBER_ROWS,    /* a pointer to an array whose length stands `of` */
	MEMBER_FIXED,   /* an array in place, of `of` rows */
	/* not values: the shape's members, without a name of their own, stand among the others */
	MEMBER_AMONG,   /* of a struct in place */
	MEMBER_THROUGH, /* of a struct that a pointer leads to; where that is NULL they are null */
	MEMBER_KIND_COUNT
};

enum {
	MEMBER_NULLABLE = 1, /* the value may be null: NULL, 0 or no rows */
	MEMBER_NEWER = 2,    /* reports of before lack it */
	MEMBER_UNREAD = 4,   /* a reader passes over what is in it */
};

struct member_value;

/* Checks what was read of a value; sets the error for it. See report_check.h. */
typedef bool member_check_fn(const struct member_value *value);

struct shape;

struct member {
	const char *name; /* NULL: MEMBER_AMONG and MEMBER_THROUGH */
	enum member_kind kind;
	unsigned flags;
	size_t at, of;             /* where values stand in the struct of the shape */
	size_t total;              /* of a row's count: where that stands in struct summary of which
	                            * it is a part; 0: of none */
	const struct shape *shape; /* of what it holds */
	/* Whether the struct has the value, where that is not plain: else it is null. */
	bool (*is_there)(const void *object);
	member_check_fn *check; /* of the struct, when it and what it holds were read */
	const char *schema;     /* for the JSON schema, in place of what the kind has */
	const char *about;      /* its description there */
};

/* A struct, and the members that are read into it and written from it. */
struct shape {
	const struct member *members;
	size_t count;
	size_t size;            /* of the struct */
	member_check_fn *check; /* of a row, before its values that follow from others */
};

extern const struct shape report_shape; /* struct summary */

/* Appends the JSON Schema of the JSON report, which is installed: report.schema.json. Failure of
 * memory is sticky in `out`. */
void member_schema(struct strbuf *out);

/* What members stand at, in the struct. */
static inline void *member_at(const struct member *member, const void *object)
{
	return (char *)object + member->at;
}

static inline void *member_of(const struct member *member, const void *object)
{
	return (char *)object + member->of;
}

/* What the shape of MEMBER_AMONG and MEMBER_THROUGH is of; NULL: it is not there. */
static inline void *member_inside(const struct member *member, const void *object)
{
	if (object == NULL)
		return NULL;
	return member->kind == MEMBER_THROUGH ? *(void **)member_at(member, object)
	                                      : member_at(member, object);
}

#endif
