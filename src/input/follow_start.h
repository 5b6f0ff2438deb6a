#ifndef JGANNOTATE_INPUT_FOLLOW_START_H
#define JGANNOTATE_INPUT_FOLLOW_START_H

#include <stdint.h>

/*
 * Where in a file its last lines begin. Only whole lines are counted; an unfinished one behind
 * them is still to come. Where the file cannot be read all of
 * these return FOLLOW_START_UNKNOWN, with errno.
 */
#define FOLLOW_START_UNKNOWN UINT64_MAX

/* The start of the last `lines` whole lines among the first `size` bytes; 0: there are fewer. */
uint64_t follow_start_of_last(int fd, uint64_t size, uint64_t lines);

/* The start of line number `line`, from 1; where there are fewer lines, the end of the last. */
uint64_t follow_start_of_line(int fd, uint64_t size, uint64_t line);

/* How many LFs there are in the first `end` bytes. */
uint64_t follow_count_lines(int fd, uint64_t end);

#endif
