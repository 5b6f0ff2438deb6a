#ifndef JGANNOTATE_INPUT_ROTATED_NAME_H
#define JGANNOTATE_INPUT_ROTATED_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The names that logrotate, logback, log4j, lumberjack, kubelet, pm2 and others give to a log when
 * they put it aside. Of a log `api.log`, STEM `api` and SUF `.log` (a log without suffix is all
 * STEM), each also with .gz, .zst or .xz behind it:
 *
 *   STEM SUF .N                 api.log.1
 *   STEM .N SUF                 api.1.log; N to 999: api.8080.log is rather the log of a port
 *   STEM SUF [-._]STAMP         api.log-20261124, api.log.2026-11-24.1, api.log_2026.11.24
 *   STEM [-._ or __]STAMP SUF   api-2026-11-24T12-05-00.000.log, api.20261124-2.log
 *   STEM SUF DATE, STEM DATE SUF   api.log20261124, api20261124.log; of 8 digits
 *
 * STAMP is a DATE, then perhaps a time of the day, then perhaps a number; or ten digits that count
 * seconds. DATE is YYYY-MM-DD or YYYYMMDD, with dots or underlines for dashes, MM-DD-YYYY or
 * DD-MM-YYYY, YYYY-MM or YYYYMM. No other word is taken for a rotated name: api-error.log and
 * api-2.log are other logs, api.log.1.tmp is not finished.
 *
 * Pure functions of their arguments.
 */
enum rotated_form {
	ROTATED_FORM_NONE,
	ROTATED_FORM_NUMBER_BEHIND, /* the suffix */
	ROTATED_FORM_NUMBER_INSIDE,
	ROTATED_FORM_STAMP_BEHIND,
	ROTATED_FORM_STAMP_INSIDE,
};

#define ROTATED_NUMBERS 4

struct rotated_name {
	enum rotated_form form;
	/* Not one of the names that were known first: a number behind it all; days, hours and
	 * numbers, in few ways. Who has counted a log by these must not find it doubled. */
	bool is_late;
	uint32_t day; /* YYYYMMDD as a number; YYYY0000 where it is not known which is the month;
	               * 0: the name has none */
	uint32_t numbers[ROTATED_NUMBERS]; /* the numbers behind the day, each + 1; 0: no more */
};

/* Whether `name` is a rotated name of `log`; both are names without folders. `parsed` holds
 * nothing of use where it is not. */
bool rotated_name_parse(struct rotated_name *parsed, const char *log, const char *name);

/* Below 0 when `a` is older than `b`, as far as names tell: an earlier date is older; of
 * names without date the higher number, of names with the same date the lower. */
int rotated_name_compare(const struct rotated_name *a, const struct rotated_name *b);

/* Length of the ending .gz, .zst or .xz; 0: there is none. */
size_t rotated_name_packing(const char *name);

/* The folders below the log's own where rotated files are looked for. */
enum rotated_folder {
	ROTATED_FOLDER_OTHER = 0,
	ROTATED_FOLDER_ARCHIVE = 1, /* archive* */
	ROTATED_FOLDER_DATED = 2,   /* YYYY-MM-DD, YYYYMMDD, YYYY-MM, YYYYMM */
	ROTATED_FOLDER_YEAR = 4,    /* YYYY: holds months, but no logs */
	ROTATED_FOLDER_MONTH = 8,   /* MM: holds days, too */
	ROTATED_FOLDER_OLD = 16,    /* old, backup; as archive* is, but known since later */
	ROTATED_FOLDER_DAY = 32,    /* DD */
};
/* All that the name may be, as bits: 07 is a month and a day. */
unsigned rotated_folder_parse(const char *name);

#endif
