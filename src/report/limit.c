/*
 * Owns the spelling of limits and what reaches one. Must not know what is counted.
 */
#include "report/limit.h"

#include <stdlib.h>
#include <string.h>

#define PERCENT 1000000u /* millionths in one per cent */
#define WHOLE ((uint64_t)100 * PERCENT)
#define DECIMALS_MAX 6
#define COUNT_DIGITS 18
#define SHOWN 60

static bool is_digits(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789") >= len;
}

/* "0.5" of per cent, with at most six decimals, at most 100. */
static bool read_percent(const char *text, size_t len, uint64_t *value)
{
	size_t whole = strspn(text, "0123456789");
	uint64_t unit = PERCENT;

	if (whole == 0 || whole > 3)
		return false;
	*value = strtoull(text, NULL, 10) * PERCENT;
	if (whole < len) {
		const char *decimals = text + whole + 1;
		size_t count = len - whole - 1;

		if (text[whole] != '.' || count > DECIMALS_MAX || !is_digits(decimals, count))
			return false;
		for (size_t i = 0; i < count; i++) {
			unit /= 10;
			*value += (uint64_t)(decimals[i] - '0') * unit;
		}
	}
	return *value <= WHOLE;
}

static bool read_number(const char *text, size_t len, struct limit *limit)
{
	limit->is_percent = len > 0 && text[len - 1] == '%';
	len -= limit->is_percent;
	if (len >= sizeof(limit->text))
		return false;
	memcpy(limit->text, text, len);
	limit->text[len] = '\0';
	if (limit->is_percent)
		return read_percent(limit->text, len, &limit->value);
	if (len > COUNT_DIGITS || !is_digits(limit->text, len))
		return false;
	limit->value = strtoull(limit->text, NULL, 10);
	return true;
}

/* Whether it begins like a number and goes on like a word: "5pct". */
static bool is_mixed(const char *text)
{
	return text[0] >= '0' && text[0] <= '9' && strspn(text, "0123456789,") < strlen(text);
}

/* What may have been meant by a text without a limit that can be read. */
static bool suggest(const char *option, const char *text, struct error *error)
{
	size_t len = strlen(text), digits = strspn(text, "0123456789");
	size_t list = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_,-");
	size_t number = strcspn(text, ":=>< "), behind = number + strspn(text + number, ":=>< ");

	if (len > SHOWN)
		return false;
	if (digits > 0 && digits == len - 1 && text[digits] == '%')
		return error_hint(error, "a share is at most 100%%: %s 2%%", option);
	if (list == len && len > 0 && !is_mixed(text))
		return error_hint(error, "try: %s %s:1", option, text);
	if (digits > 0 && text[digits] == '.' && is_digits(text + digits + 1, len - digits - 1))
		return error_hint(error, "try: %s %s%%", option, text);
	/* "9018=1", "account > 3", "risk 5%" */
	if (number > 0 && number <= list && behind > number && behind < len &&
	    is_digits(text + behind, len - behind - (text[len - 1] == '%')))
		return error_hint(
		    error, "try: %s %.*s:%s", option, (int)number, text, text + behind);
	/* "2 %", "2,5%", "2.5", "> 2%" */
	return error_hint(error, "a limit is like 2%%, 0.5%%, account:1 or 9018:1");
}

bool limit_read(const char *option, const char *text, struct limit *limit, size_t *list_len,
    struct error *error)
{
	const char *colon = strrchr(text, ':');
	const char *number = colon != NULL ? colon + 1 : text;

	*limit = (struct limit){ .is_set = true };
	*list_len = colon != NULL ? (size_t)(colon - text) : 0;
	if (colon == text) {
		(void)error_set(error, ERROR_USAGE, "%s: '%.*s' has no LIST before the colon",
		    option, SHOWN, text);
		return suggest(option, text, error);
	}
	if (!read_number(number, strlen(number), limit)) {
		(void)error_set(error, ERROR_USAGE,
		    "%s: '%.*s' has no limit like '2%%', '0.5%%' or 'account:1'", option, SHOWN,
		    text);
		return suggest(option, text, error);
	}
	if (limit->value == 0) {
		(void)error_set(error, ERROR_USAGE,
		    "%s: '%.*s' is always reached: a limit counts from its value on", option, SHOWN,
		    text);
		return error_hint(error, "try: %s error:1", option);
	}
	if (colon == NULL && !limit->is_percent) {
		(void)error_set(error, ERROR_USAGE,
		    "%s: '%s' needs a LIST before it or a per cent sign behind it", option,
		    limit->text);
		/* what is no share is a code */
		return limit->value > 100 ? error_hint(error, "try: %s %s:1", option, limit->text)
		                          : error_hint(error, "try: %s %s%% or %s error:%s", option,
		                                limit->text, option, limit->text);
	}
	return true;
}

bool limit_is_reached(const struct limit *limit, uint64_t value, uint64_t responses)
{
	if (!limit->is_set)
		return false;
	if (!limit->is_percent)
		return value >= limit->value;
	/* beyond 10^11 responses the last bits do not matter; the products must fit */
	while (responses > UINT64_MAX / WHOLE || value > UINT64_MAX / WHOLE) {
		responses >>= 1;
		value >>= 1;
	}
	return responses > 0 && value * WHOLE >= limit->value * responses;
}
