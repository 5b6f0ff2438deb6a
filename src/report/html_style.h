#ifndef JGANNOTATE_REPORT_HTML_STYLE_H
#define JGANNOTATE_REPORT_HTML_STYLE_H

#include <stddef.h>

/*
 * The style sheet of the HTML report: report.css, byte for byte, compiled in by the
 * build (embed.cmake). A NUL that the length does not count follows the text.
 */
extern const char html_style_text[];
extern const size_t html_style_length;

#endif
