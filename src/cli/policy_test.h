/* bailiff policy test FILE: JSON Lines of {"expect": ..., "action": ...}, judged by the policy in force. */
#ifndef BAILIFF_CLI_POLICY_TEST_H
#define BAILIFF_CLI_POLICY_TEST_H

/* Prints each case that comes out wrong; returns 0, 20 where one did, 65 or 77. */
int cli_policy_test(const char *path);

#endif
