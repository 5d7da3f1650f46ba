/*
 * The abstract interpreter: what all its files share.  Nothing outside of effect/ includes this.
 *
 * struct engine is one action being worked out; struct shell is what a shell knows at one point
 * of its script, copied by value for a subshell or a branch.  Functions return false only where
 * memory ran out; a limit that is reached sets engine.stopped, is reported as an UNKNOWN effect,
 * and makes every later step do nothing.
 */
#ifndef BAILIFF_EFFECT_ENGINE_H
#define BAILIFF_EFFECT_ENGINE_H

#include "command/command.h"
#include "effect/effect.h"
#include "effect/map.h"
#include "effect/value.h"
#include "shell/shell.h"

enum {
	MAX_NESTING = 300,   /* C frames of scripts within scripts: bounds the stack */
	MAX_VALUES = 4,      /* values that a variable is followed with */
	MAX_ROUNDS = 8,      /* words of a `for` that are followed one by one */
	MAX_FIELDS = 10000,  /* words that one word may become */
	MAX_CAPTURE = 65536, /* bytes of output that are kept as known text */
	MAX_PATH = 4096,     /* bytes of a path that links are looked for in: PATH_MAX */
	FD_COUNT = 10
};

/* ---- what a shell knows ---- */

struct element {
	struct span key;
	struct value value;
	const struct element *next;
};

struct variable {
	struct span name;
	struct value values[MAX_VALUES]; /* it has one of these; count 0: it is unset */
	size_t count;
	bool array, associative, reference;
	bool changes; /* declare -i, -l, -u: what is assigned is not what it holds */
	const struct element *elements; /* of an array; by descending index */
	bool elements_known;            /* and that is all of them */
};

/* What output goes to while it is collected. */
struct collector {
	struct value_builder text;
	bool uncertain; /* a branch that may not be taken writes here */
};

enum stream_kind {
	STREAM_DEFAULT = 0, /* the terminal, or whatever the agent gave */
	STREAM_COLLECT,     /* a pipe or a substitution */
	STREAM_FILE,
	STREAM_SOCKET,
	STREAM_DATA, /* for reading: known or described data */
	STREAM_CLOSED
};

struct stream {
	enum stream_kind kind;
	struct span target; /* a path or host */
	struct value data;  /* for reading */
	struct collector *collector;
};

struct streams {
	struct stream fd[FD_COUNT];
};

struct assigned {
	struct span name;
	const struct assigned *next;
};

struct function {
	struct span name;
	const struct shell_command *body;
	bool fixed; /* the text it comes from is not the action's own */
};

struct call {
	const struct function *function;
	unsigned rounds; /* how often it is on this stack */
	bool branching;  /* inside a pipeline or in the background since */
	const struct call *next;
};

struct trap {
	struct value text;
	size_t start, end;
	const struct trap *next;
};

struct local {
	struct span name;
	const struct variable *before;
	const struct local *next;
};

enum status { STATUS_UNKNOWN = 0, STATUS_SUCCESS, STATUS_FAILURE };

struct shell {
	struct map variables;            /* struct variable */
	const struct assigned *assigned; /* names, newest first: what a branch changed */
	struct map functions;            /* struct function */
	struct value cwd, old_cwd;
	const struct value *params;
	size_t param_count;
	bool params_known;
	struct value zero; /* $0 */
	const struct streams *streams;
	const struct call *calls;
	const struct local *locals;
	const struct trap *traps;
	enum status status;
	bool dead;   /* nothing behind this point runs: exit, return */
	bool noglob; /* set -f */
	bool branching;
};

/* ---- words ---- */

struct field {
	struct value value;
	bool quoted;       /* some of it was quoted: an empty field stays */
	bool glob;         /* unquoted * ? or [ in it */
	bool many;         /* may be no word, or more than one */
	size_t glob_at;    /* bytes before the first of them */
	size_t start, end; /* of the word */
};

struct fields {
	struct field *items;
	size_t count, cap;
	bool open_ended; /* more may follow */
};

/* ---- one action ---- */

struct pending {
	const struct shell_script *script;
	struct span path; /* under which the command writes */
	struct pending *next;
};

struct engine {
	struct arena *arena;
	const struct effect_limits *limits;
	const struct action *action;
	struct effects *effects;
	struct effect *last;
	struct effect_command *last_command;
	struct problem *problem;
	size_t steps;
	unsigned depth;   /* commands that run commands */
	unsigned nesting; /* scripts within scripts */
	unsigned flags;   /* EFFECT_DEAD, EFFECT_LATER: of every effect now */
	bool guessed; /* what is worked out now may not be run at all: an unknown wrapper's words */
	bool fixed;   /* positions are those of the word that holds the text */
	size_t start, end;
	struct effect_command *parent; /* the command that runs what is worked out now */
	bool transparent;
	struct map links;       /* struct span: what symbolic links made so far lead to, by path */
	struct map files;       /* struct value: contents of files written so far, by path */
	size_t choice, choices; /* which of a variable's values is looked at; how many there were */
	unsigned next_fd;       /* of /dev/fd/N for process substitutions */
	struct pending *pending;
	bool stopped;
	const struct mount *mounts;
	bool contained; /* inside a container: paths are its own but for `mounts` */
};

/* A folder of ours that a container sees under another name. */
struct mount {
	struct span outside, inside;
	const struct mount *next;
};

bool engine_memory(struct engine *engine);

/* ---- emit.c: effects and commands ---- */

struct site {
	size_t start, end;
	struct effect_command *command;
};

struct effect *effect_add(struct engine *engine, enum effect_kind kind, const struct site *site);
/* An UNKNOWN effect; `what` is static. */
bool effect_unknown(struct engine *engine, const struct site *site, struct span target,
                    const char *what) __attribute__((warn_unused_result));
/* An effect on something that is no path. */
bool effect_on(struct engine *engine, enum effect_kind kind, unsigned flags,
               const struct value *target, const struct site *site)
	__attribute__((warn_unused_result));
/* An effect on a path as a field gives it, seen from the shell's folder. */
bool effect_on_path(struct engine *engine, const struct shell *shell, enum effect_kind kind,
                    unsigned flags, const struct field *field, const struct site *site)
	__attribute__((warn_unused_result));
struct site site_at(const struct engine *engine, size_t start, size_t end,
                    struct effect_command *command);
/* One step of work; false where the limit is reached, with its effect. */
bool engine_step(struct engine *engine, const struct site *site);
void engine_stop(struct engine *engine, const char *what);
/* Long words are work too, each time that a loop comes by. */
void engine_charge(struct engine *engine, size_t bytes);

/* ---- target.c: paths from values ---- */

struct target {
	struct span path; /* normal; "" where nothing is known */
	enum effect_certainty certainty;
	unsigned flags; /* EFFECT_GLOB, EFFECT_BENEATH */
	struct path_facts facts;
};
/* names: only names are looked at, so what lies below does not count. */
bool target_of(struct engine *engine, const struct shell *shell, const struct field *field,
               bool recursive, bool removes, struct target *target)
	__attribute__((warn_unused_result));
/* The normal path of a value that is wholly known; "" otherwise. */
bool path_of(struct engine *engine, const struct shell *shell, const struct value *value,
             struct span *path) __attribute__((warn_unused_result));
bool is_secret(enum place place);
/* Notes that `link` is a symbolic link to `to` from now on. */
bool link_store(struct engine *engine, const struct shell *shell, const struct value *link,
                const struct value *to) __attribute__((warn_unused_result));

/*
 * Makes a shell that another program starts of this one: no functions, and what the script
 * assigned may be unset there, for it may not have been exported.
 */
bool shell_child(struct engine *engine, struct shell *shell) __attribute__((warn_unused_result));
/* ---- scope.c: variables ---- */

const struct variable *shell_variable(const struct shell *shell, struct span name);
bool shell_store(struct engine *engine, struct shell *shell, const struct variable *variable)
	__attribute__((warn_unused_result));
bool shell_set(struct engine *engine, struct shell *shell, struct span name,
               const struct value *value, bool append) __attribute__((warn_unused_result));
bool shell_set_element(struct engine *engine, struct shell *shell, struct span name,
                       struct span key, const struct value *value)
	__attribute__((warn_unused_result));
/* Puts an element into an array that is not stored yet; a negative index may be any. */
bool variable_put(struct engine *engine, struct variable *variable, struct span key,
                  const struct value *value) __attribute__((warn_unused_result));
/* The index behind the last. */
size_t variable_next(const struct variable *variable);
bool read_index(struct span text, size_t *number);
bool shell_unset(struct engine *engine, struct shell *shell, struct span name)
	__attribute__((warn_unused_result));
/* The value as it is now, with the engine's choice; unknown-from-environment where never set. */
struct value shell_value(struct engine *engine, const struct shell *shell, struct span name);
/* Two ends of a branch that started at `base`. */
bool shell_join(struct engine *engine, struct shell *into, const struct shell *other,
                const struct shell *base) __attribute__((warn_unused_result));
bool is_name(struct span text);

/* ---- expand.c, braces.c, parameter.c, arith.c, pattern.c ---- */

bool expand_word(struct engine *engine, struct shell *shell, const struct shell_word *word,
                 struct fields *fields) __attribute__((warn_unused_result));
bool expand_words(struct engine *engine, struct shell *shell, const struct shell_word *words,
                  struct fields *fields) __attribute__((warn_unused_result));
/* Without splitting and globbing: assignments, case, redirections, heredocs. */
bool expand_value(struct engine *engine, struct shell *shell, const struct shell_word *word,
                  struct value *value) __attribute__((warn_unused_result));
/* The same with tilde expansion behind ':' too. */
bool expand_assignment(struct engine *engine, struct shell *shell, const struct shell_word *word,
                       struct value *value) __attribute__((warn_unused_result));

/* expand_value() of a pattern: what is quoted in it stands for itself. */
bool expand_pattern(struct engine *engine, struct shell *shell, const struct shell_word *word,
                    struct value *value) __attribute__((warn_unused_result));

/* A word's parts after brace expansion, as a list of such lists. */
struct variant {
	const struct shell_part *parts;
	struct variant *next;
};
bool expand_braces(struct engine *engine, const struct shell_word *word, struct variant **variants)
	__attribute__((warn_unused_result));

/* What ${...} gives: some values (of "$@" and arrays) or one. */
struct expansion {
	struct value *items;
	size_t count;
	bool list; /* "$@": each item is a word of its own even when quoted */
	bool more; /* and there may be others */
};
bool expand_parameter(struct engine *engine, struct shell *shell,
                      const struct shell_parameter *parameter, bool quoted,
                      struct expansion *expansion) __attribute__((warn_unused_result));
/* ${x@P} and the like: text that is expanded once more. */
bool expand_again(struct engine *engine, struct shell *shell, struct span text, struct value *value)
	__attribute__((warn_unused_result));

/* Evaluates; *known false where the result is not. */
bool arith_value(struct engine *engine, struct shell *shell, const struct value *expression,
                 long long *number, bool *known) __attribute__((warn_unused_result));
bool arith_word(struct engine *engine, struct shell *shell, const struct shell_word *word,
                long long *number, bool *known) __attribute__((warn_unused_result));

/* ---- flow.c ---- */

bool run_script(struct engine *engine, struct shell *shell, const struct shell_script *script)
	__attribute__((warn_unused_result));
bool walk_command(struct engine *engine, struct shell *shell, const struct shell_command *command)
	__attribute__((warn_unused_result));
/* In a subshell with its output collected. */
bool run_captured(struct engine *engine, const struct shell *shell,
                  const struct shell_script *script, struct value *output)
	__attribute__((warn_unused_result));
/* Parses and runs text of which only `site` has a position in the action. */
bool walk_text(struct engine *engine, struct shell *shell, struct span text,
               const struct site *site) __attribute__((warn_unused_result));
/* The same, in a shell of its own: bash -c. */
bool run_text_apart(struct engine *engine, const struct shell *shell, struct span text,
                    const struct site *site) __attribute__((warn_unused_result));
bool run_traps(struct engine *engine, struct shell *shell) __attribute__((warn_unused_result));
bool function_define(struct engine *engine, struct shell *shell,
                     const struct shell_command *command) __attribute__((warn_unused_result));
bool call_function(struct engine *engine, struct shell *shell, const struct function *function,
                   const struct fields *words) __attribute__((warn_unused_result));

/* ---- redirect.c: descriptors and files ---- */

bool apply_redirects(struct engine *engine, struct shell *shell,
                     const struct shell_redirect *redirects, struct effect_command *command)
	__attribute__((warn_unused_result));
/* What a read from descriptor `fd` gives. */
struct value stream_input(const struct shell *shell, size_t fd);
bool shell_set_input(struct engine *engine, struct shell *shell, const struct value *data)
	__attribute__((warn_unused_result));
bool shell_set_output(struct engine *engine, struct shell *shell, size_t fd,
                      struct collector *collector) __attribute__((warn_unused_result));
/* Text that a command prints. */
bool shell_print_value(struct engine *engine, const struct shell *shell, const struct value *value)
	__attribute__((warn_unused_result));
/* Contents of a file as far as this action made them; NULL where it did not. */
const struct value *file_contents(const struct engine *engine, struct span path);
bool file_store(struct engine *engine, struct span path, const struct value *contents, bool append)
	__attribute__((warn_unused_result));
/* "/dev/tcp/HOST/PORT": false where it is none. */
bool socket_path(struct span path, struct span *host);

/* ---- simple.c, run.c, use.c ---- */

bool run_simple(struct engine *engine, struct shell *shell, const struct shell_command *command)
	__attribute__((warn_unused_result));

/* A command line that is about to be run. */
struct invocation {
	struct fields words;
	struct span *assignments;
	size_t assignment_count;
	size_t start, end;
	bool skip_functions; /* command, builtin, env ...: not a shell's own lookup */
};
/* With functions and builtins of the shell. */
bool run_invocation(struct engine *engine, struct shell *shell, struct invocation *invocation)
	__attribute__((warn_unused_result));
/* As execvp(3) would: programs only. */
bool run_program(struct engine *engine, struct shell *shell, struct invocation *invocation)
	__attribute__((warn_unused_result));

/* One command whose argv has been matched. */
struct running {
	struct engine *engine;
	struct shell *shell;
	struct invocation *invocation;
	struct effect_command *command;
	struct command_match match;
	struct site site;
	struct value input;  /* standard input */
	struct value output; /* what it prints: set as uses are seen */
	bool reads_input;    /* standard input is read */
	bool network;        /* it talks to the network */
	bool prints_known;   /* output is exact */
	struct span host;    /* the last host it connects to */
	unsigned data;       /* ORIGIN_NET and ORIGIN_SECRET of all that it reads */
	struct span source;
};
/* What the tables say of the invocation's words, into `match`. */
bool match_arguments(struct running *run) __attribute__((warn_unused_result));
bool follow_uses(struct running *run) __attribute__((warn_unused_result));
/* The words from argv[first] on as a command of their own. */
bool run_words(struct running *run, size_t first, size_t count, bool more)
	__attribute__((warn_unused_result));
struct field use_field(const struct running *run, const struct command_use *use);
/* Shell text of a use, its words joined by blanks. */
bool use_text(struct running *run, const struct command_use *use, struct value *text)
	__attribute__((warn_unused_result));
/* Shell text, known or not, from an argument or standard input. */
bool run_shell_value(struct running *run, const struct value *text)
	__attribute__((warn_unused_result));
bool run_code_value(struct running *run, struct span language, const struct value *text)
	__attribute__((warn_unused_result));
bool run_script_file(struct running *run, struct span language, const struct field *file)
	__attribute__((warn_unused_result));
bool follow_unknown(struct running *run) __attribute__((warn_unused_result));
/* Makes a known program's output where it follows from its arguments; *folded says whether. */
bool fold_output(struct running *run, bool *folded) __attribute__((warn_unused_result));
struct effect_command *command_add(struct engine *engine, const struct invocation *invocation);

/* ---- builtins ---- */

typedef bool builtin_function(struct running *run);
/* The handler of a builtin that changes the shell; NULL for others. */
builtin_function *builtin_find(struct span name);

/* A variable that makes programs run or load something: `why`, or NULL. */
const char *environment_danger(struct span name);
bool environment_set(struct engine *engine, struct shell *shell, struct span name,
                     const struct value *value, const struct site *site)
	__attribute__((warn_unused_result));

/* ---- code/ ---- */

/*
 * Program text of another language: finds what it runs, reads, writes, connects to.  *understood
 * where that is all it can do.
 */
bool code_scan(struct running *run, struct span language, struct span text, bool *understood)
	__attribute__((warn_unused_result));

/* ---- fields.c ---- */

bool fields_add(struct engine *engine, struct fields *fields, const struct field *field)
	__attribute__((warn_unused_result));
struct field field_of(struct value value, size_t start, size_t end);

#endif
