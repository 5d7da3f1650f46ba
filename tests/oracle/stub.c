/*
 * A program for oracle.py to run under ten names, p0 to p9: appends its name and arguments to the
 * file `log` beside it, NUL after each and a \001 and NUL at the end, and exits with 1 under an
 * odd name.  One write, so that two at once do not mix.  What it is fed is read, and left.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char record[1 << 16];
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path - 8);
	size_t used = 0, name = argc > 0 ? strlen(argv[0]) : 0;
	int log;

	if (len <= 0 || name == 0)
		return 125;
	while (len > 0 && path[len - 1] != '/')
		len--;
	memcpy(path + len, "log", 4);
	for (int i = 0; i < argc; i++) {
		size_t size = strlen(argv[i]) + 1;

		if (size > sizeof record - used - 2)
			return 125;
		memcpy(record + used, argv[i], size);
		used += size;
	}
	memcpy(record + used, "\001", 2);
	used += 2;
	log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (log < 0 || write(log, record, used) != (ssize_t)used)
		return 125;
	return (argv[0][name - 1] - '0') & 1;
}
