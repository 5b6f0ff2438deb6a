#ifndef JGANNOTATE_MATCH_GLANCE_H
#define JGANNOTATE_MATCH_GLANCE_H

#include <stdbool.h>

#include "match/hit.h"

/*
 * A glance at what stands right beside a hit, which settles most of them. False is never a
 * verdict. Thread safe.
 */

/* Whether the next member is the message with the code's own text: the hit is confirmed. */
bool glance_confirms(const char *data, const struct hit *hit);

/* Whether it is the first code in riskCheck: `"riskCheck":{"code":0`. */
bool glance_is_inner(const char *data, const struct hit *hit);

#endif
