#ifndef JGANNOTATE_REPORT_EXPECT_H
#define JGANNOTATE_REPORT_EXPECT_H

#include <stdbool.h>

#include "base/error.h"
#include "tally/summary.h"

/*
 * What merged reports have to be of, and what of it the summary is `missing`. `expected` is a
 * number of slices; or a file of labels and names of files, one in a line, of each of which a slice
 * must be there. Empty lines, and those that begin with a #, name nothing. NULL: nothing is
 * expected, but what was missing in the reports may be there now.
 *
 * False (and `error`): the file cannot be read or names nothing; there are more slices than the
 * number; or a report did not say what it is of.
 */
bool expect_check(const char *expected, struct summary *summary, struct error *error);

#endif
