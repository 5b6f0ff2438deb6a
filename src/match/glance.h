#ifndef JGANNOTATE_MATCH_GLANCE_H
#define JGANNOTATE_MATCH_GLANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "match/hit.h"

/*
 * A glance at what stands right beside a hit, which settles most of them. No is never a
 * verdict. Thread safe.
 */

/* Whether the next member is the message with the code's own text: the hit is confirmed. Returns
 * the end of the bytes that this depends on, which begin at the key; 0: it is not. */
uint32_t glance_confirms(const char *data, const struct hit *hit);

/* Whether it is the first code in riskCheck: `"riskCheck":{"code":0`. */
bool glance_is_inner(const char *data, const struct hit *hit);

#endif
