#ifndef JGANNOTATE_REPORT_MEMBER_SCHEMA_H
#define JGANNOTATE_REPORT_MEMBER_SCHEMA_H

#include "base/strbuf.h"

/*
 * Appends the JSON Schema of the JSON report, which is installed: report.schema.json. Failure of
 * memory is sticky in `out`.
 */
void member_schema(struct strbuf *out);

#endif
