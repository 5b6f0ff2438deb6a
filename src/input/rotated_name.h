#ifndef JGANNOTATE_INPUT_ROTATED_NAME_H
#define JGANNOTATE_INPUT_ROTATED_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The names that logrotate, logback, log4j and others give to a log when they put it aside.
 * Of a log `api.log`, STEM `api` and SUF `.log` (a log without suffix is all STEM):
 *
 *   STEM SUF .N                      api.log.1
 *   STEM SUF [-.]DATE [.N]           api.log-20261124, api.log.2026-11-24.1
 *   STEM [-._]DATE [[-._]N] SUF      api-2026-11-24.log, api.20261124-2.log
 *
 * each with or without .gz, .zst or .xz. DATE is YYYY-MM-DD or YYYYMMDD, then, where the log is
 * rotated by the hour, -HH, _HH, THH or HH; N has 1 to 9 digits. No other word is taken for a
 * rotated name: api-error.log is another log, and api.log.1.tmp is not finished.
 *
 * Pure functions of their arguments.
 */
struct rotated_name {
	uint64_t date;   /* YYYYMMDDHH as a number, the hour from 1; 0: the name has none */
	uint32_t number; /* N + 1; 0: the name has none */
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
	ROTATED_FOLDER_MONTH = 8,   /* MM */
};
enum rotated_folder rotated_folder_parse(const char *name);

#endif
