/*
 * Prints the JSON Schema of the JSON report to a file. Run when the program is built; not a part of
 * it.
 */
#include <stdio.h>

#include "report/member.h"

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "w") : NULL;
	struct strbuf out = STRBUF_INIT;
	bool printed;

	if (file == NULL)
		return 1;
	member_schema(&out);
	printed = !out.failed && fwrite(out.data, 1, out.len, file) == out.len;
	strbuf_release(&out);
	return fclose(file) != 0 || !printed;
}
