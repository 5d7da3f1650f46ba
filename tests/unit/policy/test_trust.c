/* Which files are trusted: real files in a folder of our own, moved by struct policy_places. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/policy.h"
#include "tap.h"

static char root[64] = "/tmp/bailiff-trust-XXXXXX";

static const char *at(const char *name)
{
	static char path[8][256];
	static unsigned next;
	char *buffer = path[next++ % 8];

	(void)snprintf(buffer, sizeof path[0], "%s/%s", root, name);
	return buffer;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    fchmod(fd, mode) != 0)
		printf("Bail out! %s: %s\n", at(name), strerror(errno));
	close(fd);
}

static void make_folder(const char *name, mode_t mode)
{
	if ((mkdir(at(name), 0700) != 0 && errno != EEXIST) || chmod(at(name), mode) != 0)
		printf("Bail out! %s: %s\n", at(name), strerror(errno));
}

/* Reads the layers; the answer is "" or the fault with the folder's name cut off. */
static const char *load(uid_t owner, size_t *count)
{
	static char answer[512];
	struct policy_places places = { .system = span_of(at("etc")),
		                        .user_managed = span_of(at("home")),
		                        .user_state = span_of(at("home")),
		                        .project = span_of(at("proj")),
		                        .system_owner = owner,
		                        .user_owner = owner };
	struct policy_file *files = NULL;
	struct policy_fault fault;
	struct arena arena;
	struct span text = SPAN("out of memory");
	bool good;

	arena_init(&arena, 1 << 24);
	good = policy_read(&places, &arena, &files, &fault);
	*count = 0;
	for (const struct policy_file *file = good ? files : NULL; file; file = file->next)
		(*count)++;
	answer[0] = '\0';
	if (!good) {
		if (!policy_fault_text(&fault, &arena, &text))
			text = SPAN("out of memory");
		text = span_from(text, strlen(root) + 1);
		(void)snprintf(answer, sizeof answer, "%.*s", (int)text.len, text.ptr);
	}
	arena_release(&arena);
	return answer;
}

static void expect(const char *title, const char *answer)
{
	size_t count;
	const char *got = load(geteuid(), &count);

	OK(strcmp(got, answer) == 0, "%s: %s", title, answer[0] ? answer : "is read");
	if (strcmp(got, answer) != 0)
		printf("# got: %s\n", got);
}

static void clean(void)
{
	static const char *const names[] = { "etc/policy.json",
		                             "etc/policy.d/a.json",
		                             "etc/policy.d/b.json",
		                             "etc/policy.d/c.txt",
		                             "home/settings.json",
		                             "home/managed-settings.json",
		                             "proj/.bailiff/settings.json",
		                             "other.json" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(at(names[i]));
	make_folder("etc", 0755);
	make_folder("etc/policy.d", 0755);
	make_folder("home", 0700);
	make_folder("proj", 0755);
	make_folder("proj/.bailiff", 0755);
}

static void test_layers(void)
{
	size_t count;

	clean();
	OK(load(geteuid(), &count)[0] == '\0' && count == 0, "no file is no layer");
	write_file("etc/policy.json", "{}", 0644);
	write_file("etc/policy.d/b.json", "{}", 0644);
	write_file("etc/policy.d/a.json", "{}", 0600);
	write_file("etc/policy.d/c.txt", "no pack", 0644);
	write_file("home/settings.json", "{}", 0600);
	write_file("home/managed-settings.json", "{}", 0644);
	write_file("proj/.bailiff/settings.json", "{}", 0644);
	OK(load(geteuid(), &count)[0] == '\0' && count == 6,
	   "KC-006 KC-007: every layer is read (%zu)", count);
}

static void test_modes(void)
{
	clean();
	write_file("etc/policy.json", "{}", 0664);
	expect("writable for the group", "etc/policy.json: is writable for group or others");
	write_file("etc/policy.json", "{}", 0646);
	expect("world-writable", "etc/policy.json: is writable for group or others");
	write_file("etc/policy.json", "{}", 0644);
	make_folder("etc", 0777);
	expect("in a world-writable folder",
	       "etc/policy.json: a folder above it is writable for group or others");
	make_folder("etc", 01777);
	expect("in a sticky folder, where only its owner can replace it", "");
	clean();
	write_file("home/settings.json", "{}", 0622);
	expect("the user's, world-writable", "home/settings.json: is writable for group or others");
	clean();
	write_file("etc/policy.d/a.json", "{}", 0666);
	expect("a pack, world-writable", "etc/policy.d/a.json: is writable for group or others");
	clean();
	write_file("proj/.bailiff/settings.json", "{}", 0666);
	expect("a project's can only tighten: its mode does not matter", "");
}

static void test_kinds(void)
{
	clean();
	write_file("other.json", "{}", 0644);
	(void)!symlink(at("other.json"), at("etc/policy.json"));
	expect("a link", "etc/policy.json: is a symbolic link");
	clean();
	(void)!symlink("nowhere", at("home/settings.json"));
	expect("a link that leads nowhere", "home/settings.json: is a symbolic link");
	clean();
	(void)!symlink(at("other.json"), at("proj/.bailiff/settings.json"));
	expect("a project's link", "proj/.bailiff/settings.json: is a symbolic link");
	clean();
	(void)!mkfifo(at("etc/policy.json"), 0600);
	expect("a pipe, without waiting for it", "etc/policy.json: is not a regular file");
	clean();
	(void)!mkdir(at("etc/policy.json"), 0700);
	expect("a folder", "etc/policy.json: is not a regular file");
	(void)!rmdir(at("etc/policy.json"));
	(void)!rmdir(at("etc/policy.d"));
	(void)!symlink(at("home"), at("etc/policy.d"));
	expect("a link for the folder of packs",
	       "etc/policy.d: is a symbolic link, or no folder, or lies below one that is none");
	(void)!unlink(at("etc/policy.d"));
}

static void test_size(void)
{
	char *large = malloc((1 << 20) + 2);

	memset(large, ' ', (1 << 20) + 1);
	large[(1 << 20) + 1] = '\0';
	clean();
	write_file("etc/policy.json", large, 0644);
	expect("oversized", "etc/policy.json: is larger than 1 MiB");
	large[1 << 20] = '\0';
	clean();
	write_file("etc/policy.json", large, 0644);
	expect("as large as it may be", "");
	free(large);
}

static void test_owner(void)
{
	size_t count;
	const char *answer;

	clean();
	write_file("etc/policy.json", "{}", 0644);
	if (geteuid() == 0) {
		(void)!chown(at("etc/policy.json"), 12345, 12345);
		answer = load(0, &count);
	} else {
		answer = load(54321, &count);
	}
	OK(strcmp(answer, "etc/policy.json: belongs to another user") == 0, "wrong owner: %s",
	   answer);
	clean();
	if (geteuid() != 0) {
		printf("ok %d - a folder of another user # SKIP only root can give folders away\n",
		       ++tap_checks);
		return;
	}
	write_file("etc/policy.json", "{}", 0644);
	(void)!chown(at("etc"), 12345, 12345);
	answer = load(0, &count);
	OK(strcmp(answer, "etc/policy.json: a folder above it belongs to another user") == 0,
	   "a folder of another user: %s", answer);
	(void)!chown(at("etc"), 0, 0);
	/* The user's own files may be root's, or the user's, and nobody else's. */
	clean();
	write_file("home/settings.json", "{}", 0644);
	(void)!chown(at("home/settings.json"), 12345, 12345);
	(void)!chown(at("home"), 12345, 12345);
	answer = load(12345, &count);
	OK(answer[0] == '\0' && count == 1, "the user's own file is read");
	answer = load(12346, &count);
	OK(strcmp(answer, "home/settings.json: belongs to another user") == 0,
	   "another user's is not: %s", answer);
	(void)!chown(at("home"), 0, 0);
}

/* KC-005, moved home: BAILIFF_HOME moves the state, never the managed files. */
static void test_places(void)
{
	struct policy_places places;
	struct problem problem;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	OK(policy_places_of(geteuid(), SPAN("/elsewhere"), SPAN("/p"), &arena, &places, &problem) &&
	           span_equal(places.user_state, SPAN("/elsewhere")) &&
	           span_equal(places.system, SPAN("/etc/bailiff")) &&
	           !span_starts(places.user_managed, SPAN("/elsewhere")),
	   "a moved home moves the user's state alone");
	setenv("HOME", "/tmp/evil", 1);
	OK(policy_places_of(geteuid(), SPAN(""), SPAN(""), &arena, &places, &problem) &&
	           !span_equal(places.home, SPAN("/tmp/evil")) && places.system_owner == 0,
	   "the home is the passwd entry's, not HOME's");
	OK(policy_places_of(3999999, SPAN(""), SPAN(""), &arena, &places, &problem) &&
	           places.user_managed.len == 0 && places.home.len == 0,
	   "a user without an entry has no home that counts");
	arena_release(&arena);
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	(void)chmod(root, 0755);
	test_layers();
	test_modes();
	test_kinds();
	test_size();
	test_owner();
	test_places();
	clean();
	for (const char *const *name =
	             (const char *const[]){ "etc/policy.d", "etc", "home", "proj/.bailiff", "proj",
	                                    "other.json", NULL };
	     *name; name++)
		(void)remove(at(*name));
	(void)rmdir(root);
	return tap_done();
}
