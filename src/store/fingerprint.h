#ifndef JGANNOTATE_STORE_FINGERPRINT_H
#define JGANNOTATE_STORE_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct timestamp_rule;

/*
 * By what a file can be known again: fingerprints of its first and last bytes up to some
 * offset. Files are given as descriptors of regular files, which stay the caller's (their
 * position may change), and a name for messages. The memory needed does not depend on the file.
 * A function that returns false has filled `error`: the file could not be read.
 */
#define FINGERPRINT_WINDOW 4096u

/* XXH3-128 of some bytes. */
struct fingerprint {
	uint64_t high, low;
};

/* The two windows by which the first `offset` bytes of a file are known again: its first and last
 * FINGERPRINT_WINDOW bytes, or all where there are fewer. */
struct prefix {
	uint64_t offset;
	struct fingerprint head, tail;
};

bool fingerprint_equals(const struct fingerprint *a, const struct fingerprint *b);
bool prefix_equals(const struct prefix *a, const struct prefix *b);

/* Whether the file is compressed, by its first bytes: which of the functions below is for it. */
bool fingerprint_is_packed(int fd, const char *name, bool *is_packed, struct error *error);

/* Whether one of the lines among the first `size` bytes (decompressed) has a time; a damaged file
 * may end before. `size` bytes of memory are taken. */
bool fingerprint_has_time(int fd, const char *name, size_t size,
    const struct timestamp_rule *stamps, bool *has, struct error *error);

/* ---- plain files: only what is needed is read ---- */

/* The prefix of the first `offset` bytes. `*is_there`: whether the file has as many; `prefix` is
 * set only then. */
bool fingerprint_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix,
    bool *is_there, struct error *error);

/* The first FINGERPRINT_WINDOW bytes, or all where there are fewer; and the prefix of so many of
 * them. */
bool fingerprint_front(int fd, const char *name, char *bytes, size_t *length, struct error *error);
void fingerprint_prefix_of(const char *bytes, size_t length, struct prefix *prefix);

/* The prefix of the whole lines among the first `size` bytes (of all, where there are fewer): it
 * ends just behind an LF, or is of 0 bytes. */
bool fingerprint_lines(
    int fd, const char *name, uint64_t size, struct prefix *whole, struct error *error);

/* ---- compressed files: read from the start ---- */

/* As fingerprint_prefix, of decompressed bytes; what lies behind them is not read. A damaged file
 * has what comes before the damage. */
bool fingerprint_packed_prefix(int fd, const char *name, uint64_t offset, struct prefix *prefix,
    bool *is_there, struct error *error);

struct packed_file {
	uint64_t size;       /* in decompressed bytes, as all offsets */
	struct prefix whole; /* as of fingerprint_lines */
	size_t reached;      /* how many of the wanted prefixes are not longer than the file */
};

/* Reads the file to its end. `wanted` are prefixes whose offsets are set and ascend: the first
 * `file->reached` of them get their fingerprints. For a file that ends early or is wrong inside it
 * returns false with ERROR_DAMAGED, and `file` and `wanted` tell of all that comes before that.
 * After other errors they are not set. */
bool fingerprint_packed(struct packed_file *file, int fd, const char *name, struct prefix *wanted,
    size_t count, struct error *error);

#endif
