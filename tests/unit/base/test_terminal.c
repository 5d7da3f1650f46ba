/* Terminals: colour only where one is looking and did not object. */
#include "base/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tap.h"

static void test_no_terminal(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	OK(!terminal_colour(fd, NULL, "xterm") && !terminal_colour(-1, NULL, "xterm"),
	   "no colour where there is no terminal");
	OK(terminal_width(fd) == 80 && terminal_width(-1) == 80, "80 columns where there is none");
	close(fd);
}

static void test_pseudo_terminal(void)
{
	int main_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), fd = -1;
	char name[64];
	struct winsize size = { .ws_col = 132, .ws_row = 24 };

	if (main_fd >= 0 && grantpt(main_fd) == 0 && unlockpt(main_fd) == 0 &&
	    ptsname_r(main_fd, name, sizeof name) == 0)
		fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		OK(!getenv("BAILIFF_MUST_RUN"), "# SKIP no pseudo-terminal here");
		close(main_fd);
		return;
	}
	OK(terminal_colour(fd, NULL, "xterm") && terminal_colour(fd, "", "linux"),
	   "colour on a terminal, with NO_COLOR unset or empty");
	OK(!terminal_colour(fd, "1", "xterm") && !terminal_colour(fd, "0", "xterm"),
	   "none where NO_COLOR says anything");
	OK(!terminal_colour(fd, NULL, "dumb") && !terminal_colour(fd, NULL, NULL) &&
	           !terminal_colour(fd, NULL, ""),
	   "none on a dumb or unknown terminal");
	ioctl(fd, TIOCSWINSZ, &size);
	OK(terminal_width(fd) == 132, "its width");
	size.ws_col = 0;
	ioctl(fd, TIOCSWINSZ, &size);
	OK(terminal_width(fd) == 80, "80 columns where it does not say");
	close(fd);
	close(main_fd);
}

static void test_styles(void)
{
	OK(strcmp(terminal_style(STYLE_RED, true), "\033[31m") == 0 &&
	           strcmp(terminal_style(STYLE_PLAIN, true), "\033[0m") == 0 &&
	           strcmp(terminal_style(STYLE_UNDERLINE, true), "\033[4m") == 0,
	   "the sequences of styles");
	OK(*terminal_style(STYLE_RED, false) == '\0' && *terminal_style(STYLE_PLAIN, false) == '\0',
	   "no sequence without colour");
}

int main(void)
{
	test_no_terminal();
	test_pseudo_terminal();
	test_styles();
	return tap_done();
}
