#ifndef JGANNOTATE_STORE_SURVEY_H
#define JGANNOTATE_STORE_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "match/timestamp.h"
#include "store/generation.h"

/*
 * By what a file can be known again: fingerprints of its first and last bytes up to some
 * offset. Files are given as descriptors of regular files, which stay the caller's (their
 * position may change), and a name for messages. The memory needed does not depend on the file.
 */

/* Whether the file is compressed, by its first bytes: which of the functions below is for it. */
bool survey_is_packed(int fd, const char *name, bool *is_packed, struct error *error);

/* Whether one of the lines among the first `size` bytes (decompressed) has a time; a damaged file
 * may end before. For what is short: as much memory is used. */
bool survey_has_time(int fd, const char *name, size_t size, const struct timestamp_rule *stamps,
    bool *has, struct error *error);

/* ---- plain files: only what is needed is read ---- */

/* The prefix of the first `offset` bytes. `*is_there`: whether the file has as many; `prefix` is
 * set only then. Returns false when it cannot be read. */
bool survey_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix, bool *is_there,
    struct error *error);

/* The first FINGERPRINT_WINDOW bytes, or all where there are fewer; and the prefix of so many of
 * them. */
bool survey_front(int fd, const char *name, char *bytes, size_t *length, struct error *error);
void survey_prefix_of(const char *bytes, size_t length, struct prefix *prefix);

/* The prefix of the whole lines among the first `size` bytes (of all, where there are fewer): it
 * ends just behind an LF, or is of 0 bytes. */
bool survey_lines(
    int fd, const char *name, uint64_t size, struct prefix *whole, struct error *error);

/* ---- compressed files: read from the start ---- */

/* As survey_prefix, of decompressed bytes; what lies behind them is not read. A damaged file has
 * what comes before the damage. */
bool survey_packed_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix,
    bool *is_there, struct error *error);

struct survey {
	uint64_t size;       /* in decompressed bytes, as all offsets */
	struct prefix whole; /* as of survey_lines */
	size_t reached;      /* how many of the wanted prefixes are not longer than the file */
};

/* Surveys from end to end, and fills in the fingerprints of `wanted`, whose offsets are set and
 * ascending; of the first `survey->reached`. False, with ERROR_DAMAGED, for a file that ends early
 * or is wrong inside: the survey is of all that comes before that. False with another error: of
 * nothing.
 */
bool survey_packed(struct survey *survey, int fd, const char *name, struct prefix *wanted,
    size_t count, struct error *error);

#endif
