/* The C library, as a program that links it sees it: design.md, "An agent author". */
#include <string.h>

#include "bailiff/bailiff.h"
#include "tap.h"

static enum bailiff_decision judge(struct bailiff *bailiff, const char *action, const char *part)
{
	char *verdict = NULL;
	enum bailiff_decision decision = bailiff_judge(bailiff, action, strlen(action), &verdict);

	OK(verdict && strstr(verdict, part), "%.60s: the verdict says %s", action, part);
	bailiff_free(verdict);
	return decision;
}

int main(void)
{
	struct bailiff_options options = { .size = sizeof options,
		                           .state = "/nonexistent",
		                           .hypothetical = 1 };
	char *error;
	struct bailiff *bailiff = bailiff_open(&options, &error);

	if (!OK(bailiff != NULL, "a judge opens: %s", bailiff ? "" : error))
		return tap_done();
	OK(judge(bailiff,
	         "{\"tool\":\"Bash\",\"input\":{\"command\":\"ls\"},\"cwd\":\"/home/u/"
	         "p\",\"home\":\"/home/u\"}",
	         "\"decision\":\"allow\"") == BAILIFF_ALLOW,
	   "allow");
	OK(judge(bailiff,
	         "{\"tool\":\"Bash\",\"input\":{\"command\":\"make\"},\"cwd\":\"/home/u/"
	         "p\",\"home\":\"/home/u\"}",
	         "\"decision\":\"ask\"") == BAILIFF_ASK,
	   "ask");
	OK(judge(bailiff, "{\"tool\":\"Bash\",\"input\":{\"command\":\"rm -rf /\"},\"cwd\":\"/\"}",
	         "fs.delete-root") == BAILIFF_DENY,
	   "deny");
	OK(judge(bailiff, "{\"tool\":", "action.unreadable") == BAILIFF_DENY,
	   "what cannot be read is denied");
	OK(judge(bailiff, "", "action.unreadable") == BAILIFF_DENY, "nothing is denied");
	OK(bailiff_judge(bailiff, "{}", 2, NULL) == BAILIFF_DENY,
	   "a caller may want the decision alone");
	OK(strcmp(bailiff_version(), "") != 0, "it has a version");
	bailiff_close(bailiff);
	bailiff_close(NULL);
	bailiff_free(NULL);
	return tap_done();
}
