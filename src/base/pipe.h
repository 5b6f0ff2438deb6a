#ifndef JGANNOTATE_BASE_PIPE_H
#define JGANNOTATE_BASE_PIPE_H

/* Lets a pipe of the usual size hold as much as one of our reads, where the system can: its two
 * ends then wait for each other less often. For pipes that much goes through; whatever else `fd`
 * is stays as it is. Thread safe. */
void pipe_widen(int fd);

#endif
