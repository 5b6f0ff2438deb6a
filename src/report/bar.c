/*
 * Owns drawings made of characters. Must not know what they show.
 */
#include "report/bar.h"

void bar_add(struct strbuf *out, double count, double most, unsigned width, bool utf8)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned steps = utf8 ? width * 8 : width;
	unsigned filled;

	if (count <= 0)
		return;
	filled = (unsigned)(count / most * steps + 0.5);
	if (filled == 0)
		filled = 1;
	if (!utf8) {
		strbuf_add_repeat(out, "#", filled);
		return;
	}
	strbuf_add_repeat(out, "█", filled / 8);
	strbuf_add_text(out, eighths[filled % 8]);
}

void bar_series_add(
    struct strbuf *out, const uint64_t *numbers, size_t count, const char *none, bool utf8)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[] = { ".", ":", "-", "=", "+", "*", "%", "#" };
	uint64_t most = 1;
	size_t used = count;

	for (size_t i = 0; i < count; i++)
		most = numbers[i] > most ? numbers[i] : most;
	while (used > 0 && numbers[used - 1] == 0)
		used--;
	for (size_t i = 0; i < used; i++) {
		unsigned level = (unsigned)((double)numbers[i] / (double)most * 7 + 0.5);

		strbuf_add_text(out, numbers[i] == 0 ? none : utf8 ? blocks[level] : ascii[level]);
	}
}
