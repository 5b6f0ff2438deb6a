#ifndef JGANNOTATE_CLI_SETUP_PARTS_H
#define JGANNOTATE_CLI_SETUP_PARTS_H

#include "cli/setup.h"

/*
 * Parts of setup_init. Nobody else includes this.
 */

/* setup_times.c: zone, window, stamps, groups. */
bool setup_times(struct setup *setup, const struct options *options, struct error *error);

/* setup_goals.c: thresholds, baseline, label. */
bool setup_goals(struct setup *setup, const struct options *options, struct error *error);

#endif
