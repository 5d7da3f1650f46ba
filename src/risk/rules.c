/*
 * The table of findings.  Within a kind the strictest row stands first.
 *
 * Sources: T… are MITRE ATT&CK techniques; KC-, KO-, KM-, KD- are ids of the
 * promises in docs/claims.md.
 */
#include "risk/risk.h"

#define IN(place) (UINT64_C(1) << PLACE_##place)

#define BLOCK    APPROVAL_BLOCKED
#define TYPED    APPROVAL_DESTRUCTIVE
#define ELEVATED APPROVAL_ELEVATED
#define CONFIRM  APPROVAL_STANDARD
#define PASS     APPROVAL_NONE

/* What only the system, or somebody else, may change. */
#define SYSTEM_PLACES \
	(IN(TOOLCHAIN) | IN(SYSTEM_CONFIG) | IN(SYSTEM_SECRET) | IN(PROC) | IN(KERNEL) | IN(ROOT))
#define CREDENTIALS    (IN(SECRET) | IN(SYSTEM_SECRET))
#define GUARDED_PLACES (SYSTEM_PLACES | IN(SECRET))
#define OWN_PLACES     (IN(WORKSPACE) | IN(WORKSPACE_ROOT) | IN(BUILD_OUTPUT) | IN(TEMP))

/* clang-format off */
const struct risk_rule risk_rules[] = {
	/* ---- reading ---- */
	{ "fs.list-secret", EFFECT_LIST, CREDENTIALS, 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "lists names in a place that holds credentials",
	  "name the one file that is needed, or ask for its name", "T1083" },
	{ "fs.list", EFFECT_LIST, 0, 0, 0, RISK_LOW, PASS, RISK_QUIET,
	  "lists names", "", "KO-016" },

	{ "fs.read-secret", EFFECT_READ, CREDENTIALS, 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "reads credentials",
	  "credentials are used by the programs that need them, outside the agent; ask for the result instead",
	  "T1552.001 KC-085 KC-086 KC-087 KC-088 KC-089 KC-094" },
	{ "fs.read-other-home", EFFECT_READ, IN(OTHER_HOME), 0, 0, RISK_HIGH, BLOCK, 0,
	  "reads another user's files", "ask that user", "T1083" },
	{ "fs.read-device", EFFECT_READ, IN(DEVICE), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "reads a disk or the machine's memory past every permission", "read the file instead", "T1006 KC-084" },
	{ "fs.read-socket", EFFECT_READ, IN(SOCKET), 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE,
	  "talks to a socket that gives control over the machine", "use the program made for it", "T1559" },
	{ "fs.read-project-secret", EFFECT_READ, IN(PROJECT_SECRET), 0, 0, RISK_MEDIUM, CONFIRM, RISK_PROTECTED,
	  "reads a file of the project that usually holds secrets",
	  "ask for the names of the variables only", "KC-090 KC-091 KC-092 KO-040" },
	{ "fs.read-bailiff", EFFECT_READ, IN(BAILIFF), 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "reads Bailiff's own state", "bailiff policy show and bailiff audit list print what may be seen", "" },
	{ "fs.read-elsewhere", EFFECT_READ,
	  IN(HOME) | IN(HOME_ROOT) | IN(STARTUP) | IN(SYSTEM_STATE) | IN(ROOT), 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "reads outside the workspace", "copy what is needed into the workspace, or add the folder to it", "KD-16 KO-039" },
	{ "fs.read-unknown", EFFECT_READ, IN(UNKNOWN), 0, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED,
	  "reads a file whose name cannot be known beforehand", "write the path out", "" },
	{ "fs.read", EFFECT_READ, 0, 0, 0, RISK_LOW, PASS, RISK_QUIET,
	  "reads a file of the workspace or of the world-readable system", "", "KO-038" },

	/* ---- writing ---- */
	{ "fs.write-sink", EFFECT_WRITE, IN(SINK), 0, 0, RISK_LOW, PASS, RISK_QUIET, "writes to the terminal or to nothing", "", "" },
	{ "fs.write-device", EFFECT_WRITE, IN(DEVICE), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "overwrites a disk or the machine's memory", "write to a file", "T1561 KC-084 KO-061" },
	/* A person may put a line into a file that nothing depends on; a rule, a mode or an agent may not. */
	{ "fs.redirect-system", EFFECT_WRITE, IN(SYSTEM_CONFIG), EFFECT_REDIRECT, 0, RISK_CRITICAL, TYPED,
	  RISK_PROTECTED | RISK_OUTSIDE | RISK_PLAIN,
	  "writes to a file of the system", "prepare the file in the workspace and let an administrator install it",
	  "T1565.001 KC-116 KM-51" },
	{ "fs.write-system", EFFECT_WRITE, SYSTEM_PLACES, 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "writes to a system folder", "prepare the file in the workspace and let an administrator install it",
	  "T1565.001 KC-075 KC-076 KC-077 KC-078 KC-079 KC-080 KC-081 KC-082 KC-083 KM-51" },
	{ "fs.write-credentials", EFFECT_WRITE, CREDENTIALS, 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "changes credentials or who may log in", "do this yourself", "T1098.004 KC-085" },
	{ "fs.write-startup", EFFECT_WRITE, IN(STARTUP), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "changes what runs at log-in or later, outside the workspace", "do this yourself", "T1546.004 KC-093" },
	{ "fs.write-bailiff", EFFECT_WRITE, IN(BAILIFF), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "changes Bailiff's own policy, state or record", "use bailiff config or bailiff permissions in your own terminal", "T1562.001" },
	{ "fs.write-other-home", EFFECT_WRITE, IN(OTHER_HOME), 0, 0, RISK_HIGH, BLOCK, 0,
	  "writes to another user's files", "ask that user", "" },
	{ "fs.write-socket", EFFECT_WRITE, IN(SOCKET), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "talks to a socket that gives control over the machine", "use the program made for it", "T1559" },
	{ "fs.write-agent", EFFECT_WRITE, IN(AGENT), 0, 0, RISK_HIGH, ELEVATED, RISK_PROTECTED,
	  "changes an agent's settings, hooks or servers, which can switch its guard off", "make this change yourself", "T1562.001" },
	{ "fs.write-vcs", EFFECT_WRITE, IN(VCS), 0, 0, RISK_HIGH, ELEVATED, RISK_PROTECTED,
	  "changes version control internals, which run programs later", "use git's own commands", "T1546" },
	{ "fs.write-project-code", EFFECT_WRITE, IN(PROJECT_CODE), 0, 0, RISK_HIGH, ELEVATED, RISK_PROTECTED,
	  "changes a file that runs by itself later", "review the text before it is written", "T1546" },
	{ "fs.write-project-secret", EFFECT_WRITE, IN(PROJECT_SECRET), 0, 0, RISK_MEDIUM, ELEVATED, RISK_PROTECTED,
	  "changes a file of the project that usually holds secrets", "edit it yourself", "KC-090 KC-091 KC-092" },
	{ "fs.write-elsewhere", EFFECT_WRITE, IN(HOME) | IN(HOME_ROOT) | IN(SYSTEM_STATE), 0, 0, RISK_HIGH, ELEVATED, 0,
	  "writes outside the workspace", "write into the workspace", "KD-20" },
	{ "fs.write-download", EFFECT_WRITE, IN(UNKNOWN), EFFECT_FROM_NET, 0, RISK_HIGH, CONFIRM, 0,
	  "stores a download in a place that cannot be known", "name the file", "T1105" },
	{ "fs.write-unknown", EFFECT_WRITE, IN(UNKNOWN), 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "writes to a place that cannot be known beforehand", "write the path out", "" },
	{ "fs.create", EFFECT_WRITE, OWN_PLACES, EFFECT_CREATE, EFFECT_REDIRECT, RISK_LOW, CONFIRM, RISK_CONTAINED | RISK_EDIT,
	  "makes something new in the workspace or a temporary folder", "allow it for this session", "KO-045" },
	{ "fs.write", EFFECT_WRITE, OWN_PLACES, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED | RISK_EDIT,
	  "writes in the workspace or a temporary folder", "allow it for this session", "KO-045" },

	/* ---- deleting ---- */
	{ "fs.delete-root", EFFECT_DELETE, IN(ROOT), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "deletes the root of the file system or a top-level folder", "name what is to go inside the workspace", "T1485 KO-058 KD-08" },
	{ "fs.delete-home", EFFECT_DELETE, IN(HOME_ROOT), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "deletes the home folder", "name what is to go inside the workspace", "T1485 KC-108" },
	{ "fs.delete-system", EFFECT_DELETE, SYSTEM_PLACES | IN(DEVICE) | IN(SOCKET), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "deletes part of the system", "let an administrator do it", "T1485 KM-46 KC-075" },
	{ "fs.delete-credentials", EFFECT_DELETE, CREDENTIALS | IN(STARTUP) | IN(BAILIFF) | IN(OTHER_HOME), 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "deletes credentials, start-up files, Bailiff's own files or another user's", "do this yourself", "T1485" },
	{ "fs.delete-state", EFFECT_DELETE, IN(SYSTEM_STATE), EFFECT_RECURSIVE, 0, RISK_CRITICAL, BLOCK, 0,
	  "deletes a whole tree of the system's state", "let an administrator do it", "T1485 KD-08" },
	{ "fs.delete-state-file", EFFECT_DELETE, IN(SYSTEM_STATE), 0, 0, RISK_HIGH, TYPED, RISK_OUTSIDE,
	  "deletes part of the system's state", "let an administrator do it", "T1485" },
	{ "fs.delete-tree-elsewhere", EFFECT_DELETE, IN(HOME), EFFECT_RECURSIVE, 0, RISK_HIGH, TYPED, 0,
	  "deletes a whole tree of the home folder, outside the workspace", "delete it yourself", "T1485" },
	{ "fs.delete-elsewhere", EFFECT_DELETE, IN(HOME), 0, 0, RISK_HIGH, ELEVATED, 0,
	  "deletes outside the workspace", "delete it yourself", "T1485" },
	{ "fs.delete-protected", EFFECT_DELETE, IN(VCS) | IN(AGENT) | IN(PROJECT_CODE) | IN(PROJECT_SECRET), 0, 0, RISK_HIGH, TYPED, RISK_PROTECTED,
	  "deletes version history, settings or secrets of the project", "delete it yourself", "T1485" },
	{ "fs.delete-workspace", EFFECT_DELETE, IN(WORKSPACE_ROOT), 0, 0, RISK_HIGH, TYPED, 0,
	  "deletes the whole workspace", "name the folders that are to go", "T1485 KC-108" },
	{ "fs.delete-unknown-tree", EFFECT_DELETE, IN(UNKNOWN), EFFECT_RECURSIVE, 0, RISK_HIGH, TYPED, 0,
	  "deletes a whole tree that cannot be known beforehand; an empty variable would make it /", "write the path out", "T1485" },
	{ "fs.delete-unknown", EFFECT_DELETE, IN(UNKNOWN), 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "deletes something that cannot be known beforehand", "write the path out", "" },
	{ "fs.delete-build-output", EFFECT_DELETE, IN(BUILD_OUTPUT) | IN(TEMP), 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED,
	  "deletes build output or temporary files", "allow it by a rule", "KC-108" },
	{ "fs.recursive-delete", EFFECT_DELETE, IN(WORKSPACE), EFFECT_RECURSIVE, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED,
	  "deletes a whole tree inside the workspace", "delete only what is not needed, or allow it by a rule", "T1485 KC-108" },
	{ "fs.delete-sink", EFFECT_DELETE, IN(SINK), 0, 0, RISK_CRITICAL, BLOCK, 0, "deletes a device", "", "KC-084" },
	{ "fs.delete", EFFECT_DELETE, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED,
	  "deletes in the workspace", "allow it for this session", "KO-045" },

	/* ---- moving, linking, rights ---- */
	{ "fs.move-protected", EFFECT_MOVE,
	  GUARDED_PLACES | IN(STARTUP) | IN(BAILIFF) | IN(OTHER_HOME) | IN(HOME_ROOT) | IN(DEVICE) | IN(SOCKET), 0, 0,
	  RISK_CRITICAL, BLOCK, 0, "moves part of the system, credentials or Bailiff's own files away", "do this yourself", "T1485" },
	{ "fs.move-sensitive", EFFECT_MOVE, IN(VCS) | IN(AGENT) | IN(PROJECT_CODE) | IN(PROJECT_SECRET) | IN(WORKSPACE_ROOT), 0, 0, RISK_HIGH, ELEVATED, RISK_PROTECTED,
	  "moves protected files of the project away", "do this yourself", "" },
	{ "fs.move-elsewhere", EFFECT_MOVE, IN(HOME) | IN(SYSTEM_STATE) | IN(UNKNOWN), 0, 0, RISK_MEDIUM, ELEVATED, 0,
	  "moves files outside the workspace, or unknown ones", "write the path out", "" },
	{ "fs.move", EFFECT_MOVE, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED | RISK_EDIT, "moves files in the workspace", "allow it for this session", "KO-045" },

	{ "fs.link-protected", EFFECT_LINK,
	  CREDENTIALS | IN(STARTUP) | IN(BAILIFF) | IN(OTHER_HOME) | IN(DEVICE) | IN(SOCKET) | IN(ROOT) | IN(HOME_ROOT), 0, 0,
	  RISK_HIGH, ELEVATED, RISK_PROTECTED, "makes a protected place reachable under another name", "use the file where it is", "T1547 KC-095" },
	{ "fs.link", EFFECT_LINK, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED, "makes a link", "allow it for this session", "KC-095" },

	{ "fs.mode-system", EFFECT_MODE,
	  GUARDED_PLACES | IN(STARTUP) | IN(BAILIFF) | IN(OTHER_HOME) | IN(HOME_ROOT) | IN(DEVICE) | IN(SOCKET), 0, 0,
	  RISK_CRITICAL, BLOCK, 0, "changes who may use part of the system, credentials or a home folder", "let an administrator do it", "T1222.002 KM-49" },
	{ "fs.mode-all", EFFECT_MODE, 0, EFFECT_ALL, 0, RISK_HIGH, TYPED, 0,
	  "lets everybody write, or gives a program its owner's rights", "give only the rights that are needed: chmod u+rw, chmod +x", "T1222.002 KC-110" },
	{ "fs.mode-elsewhere", EFFECT_MODE, IN(HOME) | IN(SYSTEM_STATE) | IN(UNKNOWN) | IN(VCS) | IN(AGENT), 0, 0, RISK_MEDIUM, ELEVATED, 0,
	  "changes permissions outside the workspace, or of something unknown", "write the path out", "T1222.002 KM-49" },
	{ "fs.mode", EFFECT_MODE, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED, "changes permissions in the workspace", "allow it for this session", "KM-49" },

	{ "fs.owner-system", EFFECT_OWNER, GUARDED_PLACES | IN(STARTUP) | IN(BAILIFF) | IN(OTHER_HOME) | IN(HOME_ROOT) | IN(DEVICE), 0, 0,
	  RISK_CRITICAL, BLOCK, 0, "changes who owns part of the system or of a home folder", "let an administrator do it", "T1222.002 KM-49" },
	{ "fs.owner", EFFECT_OWNER, 0, 0, 0, RISK_HIGH, ELEVATED, 0, "changes who owns files", "do this yourself", "T1222.002 KM-49" },

	{ "disk.format", EFFECT_DEVICE, 0, 0, 0, RISK_CRITICAL, BLOCK, 0,
	  "formats, partitions or overwrites a disk", "let an administrator do it", "T1561 KO-059 KO-060 KO-061 KO-062" },
	{ "disk.mount", EFFECT_MOUNT, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "mounts or unmounts a file system", "let an administrator do it", "T1006" },

	/* ---- running ---- */
	{ "run.fork-bomb", EFFECT_BOMB, 0, 0, 0, RISK_CRITICAL, BLOCK, 0, "starts itself without end: a fork bomb", "", "T1499 KO-063 KD-09" },
	{ "run.reverse-shell", EFFECT_CODE, 0, EFFECT_TO_SOCKET, 0, RISK_CRITICAL, BLOCK, 0,
	  "hands a shell to another machine", "", "T1059.004 KD-06" },
	{ "run.reverse-shell", EFFECT_RUN, 0, EFFECT_TO_SOCKET, 0, RISK_CRITICAL, BLOCK, 0,
	  "hands a program's input and output to another machine", "", "T1059.004 KD-06" },
	{ "run.reverse-shell", EFFECT_CONNECT, 0, EFFECT_TO_SOCKET, 0, RISK_CRITICAL, BLOCK, 0,
	  "hands a program's input and output to another machine", "", "T1059.004 KD-06" },
	{ "run.reverse-shell", EFFECT_LISTEN, 0, EFFECT_TO_SOCKET, 0, RISK_CRITICAL, BLOCK, 0,
	  "offers a shell to whoever connects", "", "T1059.004 KD-06" },
	{ "run.remote-script", EFFECT_CODE, 0, EFFECT_FROM_NET, 0, RISK_CRITICAL, BLOCK, 0,
	  "runs what it has just downloaded", "download it to a file, read it, then run the file", "T1105 KC-111 KD-07 KM-52" },
	{ "run.remote-script", EFFECT_RUN, 0, EFFECT_FROM_NET, 0, RISK_CRITICAL, BLOCK, 0,
	  "runs what it has just downloaded", "download it to a file, read it, then run the file", "T1105 KC-111 KD-07 KM-52" },
	{ "run.unknown-code", EFFECT_CODE, 0, EFFECT_FROM_UNKNOWN, 0, RISK_HIGH, CONFIRM, 0,
	  "runs text that cannot be known beforehand", "write the text out, or run a file", "T1059 KC-112" },
	{ "run.code", EFFECT_CODE, 0, 0, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED,
	  "runs program text", "allow the program by a rule", "T1059" },
	{ "run.project", EFFECT_PROJECT, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED,
	  "runs the project's own code", "allow it by a rule, such as Bash(npm test)", "" },
	{ "run.unknown", EFFECT_UNKNOWN, 0, 0, 0, RISK_MEDIUM, CONFIRM, 0,
	  "does something that cannot be told", "use a program Bailiff knows, or describe it in a commands file", "" },
	{ "run.program", EFFECT_RUN, 0, 0, 0, RISK_LOW, PASS, RISK_QUIET, "starts a program whose effects are known", "", "" },
	{ "run.output", EFFECT_OUTPUT, 0, 0, 0, RISK_LOW, PASS, RISK_QUIET, "only prints", "", "" },
	{ "run.redefine", EFFECT_REDEFINE, 0, 0, 0, RISK_MEDIUM, CONFIRM, 0, "takes the name of a known program", "choose another name", "T1574" },
	{ "run.environment", EFFECT_ENVIRONMENT, 0, 0, 0, RISK_HIGH, CONFIRM, RISK_PROTECTED,
	  "sets a variable that changes what programs do or load", "leave the variable out", "T1574.006" },
	{ "run.setting", EFFECT_SETTING, 0, 0, 0, RISK_HIGH, CONFIRM, RISK_PROTECTED,
	  "sets configuration that can run programs", "leave the setting out", "T1546" },
	{ "run.schedule", EFFECT_SCHEDULE, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "runs something later, when nobody looks", "run it now", "T1053" },
	{ "run.agent", EFFECT_AGENT, 0, 0, 0, RISK_LOW, CONFIRM, RISK_CONTAINED, "starts a sub-agent, whose own actions are judged one by one", "allow the tool by a rule", "KC-015" },
	{ "run.privilege", EFFECT_PRIVILEGE, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "runs with another user's rights", "run it without, or let an administrator do it", "T1548.003 KD-12 KM-45" },
	{ "run.signal", EFFECT_SIGNAL, 0, EFFECT_ALL, 0, RISK_HIGH, TYPED, 0, "ends every process it can reach", "name the process", "T1489" },
	{ "run.signal", EFFECT_SIGNAL, 0, 0, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED, "ends or signals a process", "name a process you started", "T1489" },
	{ "run.remote", EFFECT_REMOTE, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "runs something on another machine", "make it a reviewed plan", "T1021.004 KD-14" },
	{ "run.container", EFFECT_CONTAINER, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "starts or changes a container or virtual machine", "let the build system do it", "T1610 KD-15" },

	/* ---- network ---- */
	{ "net.exfiltrate", EFFECT_UPLOAD, 0, EFFECT_FROM_SECRET, 0, RISK_CRITICAL, BLOCK, 0,
	  "sends credentials or other secrets away", "", "T1048 T1567" },
	{ "net.upload", EFFECT_UPLOAD, 0, 0, 0, RISK_HIGH, ELEVATED, 0, "sends data away", "say what is sent and to whom", "T1048 KO-129" },
	{ "net.connect", EFFECT_CONNECT, 0, 0, 0, RISK_MEDIUM, CONFIRM, 0, "connects to another machine", "allow the host by a rule, such as WebFetch(domain:example.com)", "T1071 KC-115" },
	{ "net.listen", EFFECT_LISTEN, 0, 0, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED, "waits for connections", "listen on 127.0.0.1", "KC-115" },

	/* ---- the system ---- */
	{ "system.package-add", EFFECT_PACKAGE_ADD, 0, EFFECT_SYSTEM, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "installs software for the whole machine", "install it for the project", "T1072 KD-13" },
	{ "system.package-project", EFFECT_PACKAGE_ADD, 0, 0, 0, RISK_MEDIUM, CONFIRM, 0, "installs software, whose scripts run", "pin the version; allow it by a rule", "T1195.002" },
	{ "system.package-remove", EFFECT_PACKAGE_REMOVE, 0, EFFECT_SYSTEM, 0, RISK_HIGH, TYPED, RISK_OUTSIDE, "removes software from the machine", "let an administrator do it", "KM-47" },
	{ "system.package-drop", EFFECT_PACKAGE_REMOVE, 0, 0, 0, RISK_MEDIUM, CONFIRM, RISK_CONTAINED, "removes a dependency of the project", "allow it by a rule", "KM-47" },
	{ "system.service", EFFECT_SERVICE, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "changes the state of a service", "let an administrator do it", "T1489 T1543.002 KM-50" },
	{ "system.firewall", EFFECT_FIREWALL, 0, 0, 0, RISK_HIGH, TYPED, RISK_OUTSIDE, "changes the firewall, routes or interfaces", "let an administrator do it", "T1562.004 KM-48" },
	{ "system.configure", EFFECT_CONFIGURE, 0, 0, 0, RISK_HIGH, ELEVATED, RISK_OUTSIDE, "changes the system's configuration", "let an administrator do it", "KM-51" },
	{ "system.power", EFFECT_POWER, 0, 0, 0, RISK_CRITICAL, TYPED, RISK_OUTSIDE, "switches the machine off or restarts it", "let an administrator do it", "T1529" },
	{ "system.kernel", EFFECT_KERNEL, 0, 0, 0, RISK_CRITICAL, TYPED, RISK_OUTSIDE, "changes the running kernel", "let an administrator do it", "T1547.006" },
	{ "system.account", EFFECT_ACCOUNT, 0, 0, 0, RISK_CRITICAL, TYPED, RISK_OUTSIDE, "changes users, groups or passwords", "let an administrator do it", "T1136 T1098" },
	{ "system.cloud", EFFECT_CLOUD, 0, 0, 0, RISK_HIGH, ELEVATED, 0, "changes something behind a remote API", "make it a reviewed plan", "T1578" },
	{ "system.database", EFFECT_DATABASE, 0, 0, 0, RISK_HIGH, CONFIRM, 0, "sends statements to a database", "show the statements; use a read-only account", "T1565" },
	{ "system.secret", EFFECT_SECRET, 0, 0, 0, RISK_HIGH, CONFIRM, RISK_PROTECTED, "prints or hands over a credential", "let the program that needs it fetch it", "T1552 KC-114" },

	/* ---- version control ---- */
	{ "vcs.rewrite", EFFECT_HISTORY, 0, 0, 0, RISK_HIGH, TYPED, 0, "rewrites history or drops uncommitted work", "commit or stash first", "T1485 KC-109" },
	{ "vcs.force-publish", EFFECT_PUBLISH, 0, EFFECT_FORCE, 0, RISK_HIGH, TYPED, 0, "replaces what others have already fetched", "push without force", "T1485" },
	{ "vcs.publish", EFFECT_PUBLISH, 0, 0, 0, RISK_MEDIUM, ELEVATED, 0, "publishes to others", "let a person publish", "T1567" },

	/* ---- what no row above fits ---- */
	{ "effect.unruled", EFFECT_UNKNOWN, 0, 0, 0, RISK_MEDIUM, CONFIRM, 0, "has an effect that no rule speaks of", "", "" },
};
/* clang-format on */

const size_t risk_rule_count = sizeof risk_rules / sizeof risk_rules[0];
