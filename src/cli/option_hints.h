#ifndef JGANNOTATE_CLI_OPTION_HINTS_H
#define JGANNOTATE_CLI_OPTION_HINTS_H

/*
 * What to say, in a line of its own, to hands used to grep, tail, jq and their like about an option
 * that is not ours, or not with this argument. `spelled` is the option as typed ("-m", "--count",
 * without a value); `value` what it got or what stands behind it, or NULL.
 * Returns NULL when there is nothing to say.
 */
const char *option_hint(const char *spelled, const char *value);

/* The same about an operand that names no file. */
const char *option_operand_hint(const char *word);

#endif
