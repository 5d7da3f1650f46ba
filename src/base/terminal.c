/* Terminals, as far as the doors need them. */
#include "base/terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *terminal_style(enum terminal_style style, bool colour)
{
	static const char *const sequences[] = { "\033[0m",  "\033[1m",  "\033[2m", "\033[31m",
		                                 "\033[32m", "\033[33m", "\033[4m" };

	return colour ? sequences[style] : "";
}

bool terminal_colour(int fd, const char *no_color, const char *term)
{
	return !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
}

unsigned terminal_width(int fd)
{
	struct winsize size = { 0 };

	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
