/* What a terminal can do.  Reads no environment: the caller passes the values. */
#ifndef BAILIFF_BASE_TERMINAL_H
#define BAILIFF_BASE_TERMINAL_H

#include <stdbool.h>

/* Select graphic rendition (ECMA-48, 8.3.117). */
enum terminal_style {
	STYLE_PLAIN = 0,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_RED,
	STYLE_GREEN,
	STYLE_YELLOW,
	STYLE_UNDERLINE
};

/* The sequence for a style, "" where colour is off. */
const char *terminal_style(enum terminal_style style, bool colour);
/* Whether `fd` is a terminal that shows colour and nobody asked for none (no-color.org). */
bool terminal_colour(int fd, const char *no_color, const char *term);
/* Columns; 80 where `fd` is no terminal or does not say. */
unsigned terminal_width(int fd);

#endif
