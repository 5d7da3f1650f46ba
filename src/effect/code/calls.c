/*
 * Calls of scripting languages that leave the language: by their names, whatever module they were
 * taken from.  Sources: the languages' standard libraries; ATT&CK T1059.004, T1059.006, T1059.007.
 */
#include "effect/code/arguments.h"

enum deed {
	SHELL,   /* text for a shell */
	WORDS,   /* a program and its arguments */
	EITHER,  /* one string is for a shell, several are words */
	PROCESS, /* subprocess: words, or a string with shell=True */
	DELETE,
	TREE,
	WRITE,
	READ,
	OPEN, /* the mode is the second argument */
	MOVE,
	COPY,
	MODE,
	OWNER,
	LINK,
	MAKE,
	CONNECT,
	FETCH,
	SOCKET, /* makes one: joined to a process it is a remote shell */
	JOIN,   /* hands descriptors over: dup2 */
	FORK,
	EVAL,
	HOLD /* gives a path that a method is called on next */
};

struct row {
	const char *languages; /* of "pnlrhue*": Python, node, perl... see letter_of(); * is all */
	const char *name;
	enum deed action;
};

/* clang-format off */
static const struct row rows[] = {
	{ "p", "os.system", SHELL },       { "p", "os.popen", SHELL },        { "p", "getoutput", SHELL },
	{ "p", "getstatusoutput", SHELL }, { "p", "commands.getoutput", SHELL },
	{ "p", "subprocess.run", PROCESS }, { "p", "subprocess.call", PROCESS },
	{ "p", "check_call", PROCESS },    { "p", "check_output", PROCESS },  { "p", "Popen", PROCESS },
	{ "p", "create_subprocess_shell", SHELL }, { "p", "create_subprocess_exec", WORDS },
	{ "p", "pty.spawn", PROCESS },     { "p", "os.execl", WORDS },        { "p", "os.execlp", WORDS },
	{ "p", "os.execv", WORDS },        { "p", "os.execvp", WORDS },       { "p", "os.execve", WORDS },
	{ "p", "os.spawnl", WORDS },       { "p", "os.spawnlp", WORDS },      { "p", "os.posix_spawn", WORDS },
	{ "p", "system", SHELL },          { "p", "popen", SHELL },
	{ "p", "rmtree", TREE },           { "p", "os.remove", DELETE },      { "p", "os.unlink", DELETE },
	{ "p", "os.rmdir", DELETE },       { "p", "removedirs", DELETE },     { "p", "unlink", DELETE },
	{ "p", "rmdir", DELETE },          { "p", "shutil.move", MOVE },      { "p", "os.rename", MOVE },
	{ "p", "os.replace", MOVE },       { "p", "shutil.copy", COPY },      { "p", "copyfile", COPY },
	{ "p", "copytree", COPY },         { "p", "copy2", COPY },            { "p", "os.chmod", MODE },
	{ "p", "os.chown", OWNER },        { "p", "os.symlink", LINK },       { "p", "os.link", LINK },
	{ "p", "open", OPEN },             { "p", "write_text", WRITE },      { "p", "write_bytes", WRITE },
	{ "p", "read_text", READ },        { "p", "read_bytes", READ },       { "p", "os.listdir", HOLD },
	{ "p", "urlopen", FETCH },         { "p", "urlretrieve", FETCH },     { "p", "requests.get", FETCH },
	{ "p", "requests.post", FETCH },   { "p", "requests.put", FETCH },    { "p", "requests.request", FETCH },
	{ "p", "httpx.get", FETCH },       { "p", "httpx.post", FETCH },      { "p", "HTTPSConnection", FETCH },
	{ "p", "HTTPConnection", FETCH },  { "p", "socket.socket", SOCKET },  { "p", "connect", CONNECT },
	{ "p", "create_connection", CONNECT }, { "p", "os.dup2", JOIN },      { "p", "os.fork", FORK },
	{ "p", "exec", EVAL },             { "p", "eval", EVAL },             { "p", "Path", HOLD },
	{ "p", "os.truncate", WRITE },     { "p", "os.mkdir", MAKE },         { "p", "os.makedirs", MAKE },
	{ "p", "linecache.getlines", READ }, { "p", "np.loadtxt", READ },     { "p", "fileinput.input", READ },

	{ "n", "execSync", SHELL },        { "n", "exec", SHELL },            { "n", "spawnSync", PROCESS },
	{ "n", "spawn", PROCESS },         { "n", "execFile", PROCESS },      { "n", "execFileSync", PROCESS },
	{ "n", "fork", PROCESS },          { "n", "Bun.spawn", PROCESS },     { "n", "Deno.Command", PROCESS },
	{ "n", "Deno.run", PROCESS },
	{ "n", "rmSync", TREE },           { "n", "rm", TREE },               { "n", "rmdirSync", TREE },
	{ "n", "rmdir", TREE },            { "n", "unlinkSync", DELETE },     { "n", "unlink", DELETE },
	{ "n", "Deno.remove", TREE },      { "n", "Deno.removeSync", TREE },  { "n", "rimraf", TREE },
	{ "n", "fs.remove", TREE },        { "n", "removeSync", TREE },       { "n", "emptyDirSync", TREE },
	{ "n", "writeFileSync", WRITE },   { "n", "writeFile", WRITE },       { "n", "appendFileSync", WRITE },
	{ "n", "appendFile", WRITE },      { "n", "createWriteStream", WRITE }, { "n", "truncateSync", WRITE },
	{ "n", "Deno.writeTextFile", WRITE }, { "n", "readFileSync", READ },  { "n", "readFile", READ },
	{ "n", "createReadStream", READ }, { "n", "Deno.readTextFile", READ }, { "n", "openSync", OPEN },
	{ "n", "renameSync", MOVE },       { "n", "rename", MOVE },           { "n", "cpSync", COPY },
	{ "n", "copyFileSync", COPY },     { "n", "copyFile", COPY },         { "n", "chmodSync", MODE },
	{ "n", "chmod", MODE },            { "n", "chownSync", OWNER },       { "n", "symlinkSync", LINK },
	{ "n", "mkdirSync", MAKE },        { "n", "fetch", FETCH },           { "n", "http.get", FETCH },
	{ "n", "https.get", FETCH },       { "n", "http.request", FETCH },    { "n", "https.request", FETCH },
	{ "n", "axios.get", FETCH },       { "n", "axios.post", FETCH },      { "n", "net.connect", CONNECT },
	{ "n", "createConnection", CONNECT }, { "n", "connect", CONNECT },    { "n", "net.Socket", SOCKET },
	{ "n", "eval", EVAL },             { "n", "Function", EVAL },         { "n", "runInThisContext", EVAL },

	{ "l", "system", EITHER },         { "l", "exec", EITHER },           { "l", "unlink", DELETE },
	{ "l", "rmtree", TREE },           { "l", "remove_tree", TREE },      { "l", "rmdir", DELETE },
	{ "l", "rename", MOVE },           { "l", "chmod", MODE },            { "l", "chown", OWNER },
	{ "l", "symlink", LINK },          { "l", "open", OPEN },             { "l", "fork", FORK },
	{ "l", "IO::Socket::INET->new", SOCKET }, { "l", "socket", SOCKET },  { "l", "connect", CONNECT },
	{ "l", "getstore", FETCH },        { "l", "LWP::Simple::get", FETCH }, { "l", "eval", EVAL },
	{ "l", "do", HOLD },               { "l", "truncate", WRITE },

	{ "r", "system", EITHER },         { "r", "exec", EITHER },           { "r", "spawn", EITHER },
	{ "r", "IO.popen", EITHER },       { "r", "popen", EITHER },          { "r", "capture2", EITHER },
	{ "r", "capture2e", EITHER },      { "r", "capture3", EITHER },       { "r", "rm_rf", TREE },
	{ "r", "rm_r", TREE },             { "r", "rmtree", TREE },           { "r", "remove_dir", TREE },
	{ "r", "remove_entry", TREE },     { "r", "remove_entry_secure", TREE }, { "r", "FileUtils.rm", DELETE },
	{ "r", "rm_f", DELETE },           { "r", "File.delete", DELETE },    { "r", "File.unlink", DELETE },
	{ "r", "Dir.rmdir", DELETE },      { "r", "Dir.delete", DELETE },     { "r", "File.write", WRITE },
	{ "r", "IO.write", WRITE },        { "r", "File.read", READ },        { "r", "IO.read", READ },
	{ "r", "File.readlines", READ },   { "r", "File.open", OPEN },        { "r", "File.new", OPEN },
	{ "r", "open", OPEN },             { "r", "FileUtils.mv", MOVE },     { "r", "File.rename", MOVE },
	{ "r", "FileUtils.cp", COPY },     { "r", "cp_r", COPY },             { "r", "FileUtils.chmod", MODE },
	{ "r", "File.chmod", MODE },       { "r", "Net::HTTP.get", FETCH },   { "r", "URI.open", FETCH },
	{ "r", "URI.parse", HOLD },        { "r", "TCPSocket.new", CONNECT }, { "r", "TCPSocket.open", CONNECT },
	{ "r", "fork", FORK },             { "r", "eval", EVAL },

	{ "h", "system", SHELL },          { "h", "exec", SHELL },            { "h", "shell_exec", SHELL },
	{ "h", "passthru", SHELL },        { "h", "popen", SHELL },           { "h", "proc_open", SHELL },
	{ "h", "pcntl_exec", WORDS },      { "h", "unlink", DELETE },         { "h", "rmdir", DELETE },
	{ "h", "file_put_contents", WRITE }, { "h", "file_get_contents", READ }, { "h", "readfile", READ },
	{ "h", "file", READ },             { "h", "fopen", OPEN },            { "h", "rename", MOVE },
	{ "h", "copy", COPY },             { "h", "chmod", MODE },            { "h", "chown", OWNER },
	{ "h", "symlink", LINK },          { "h", "fsockopen", CONNECT },     { "h", "curl_init", FETCH },
	{ "h", "stream_socket_client", CONNECT }, { "h", "eval", EVAL },      { "h", "assert", EVAL },
	{ "h", "highlight_file", READ },   { "h", "show_source", READ },

	{ "u", "os.execute", SHELL },      { "u", "io.popen", SHELL },        { "u", "os.remove", DELETE },
	{ "u", "os.rename", MOVE },        { "u", "io.open", OPEN },          { "u", "io.lines", READ },
	{ "u", "socket.tcp", SOCKET },     { "u", "socket.connect", CONNECT }, { "u", "loadstring", EVAL },
	{ "u", "dofile", READ },           { "u", "system", SHELL },

	{ "e", "shell-command", SHELL },   { "e", "async-shell-command", SHELL },
	{ "e", "shell-command-to-string", SHELL }, { "e", "call-process", WORDS },
	{ "e", "start-process", WORDS },   { "e", "delete-directory", TREE }, { "e", "delete-file", DELETE },
	{ "e", "write-file", WRITE },      { "e", "write-region", WRITE },    { "e", "insert-file-contents", READ },
	{ "e", "find-file", READ },        { "e", "rename-file", MOVE },

	{ "x", "system", SHELL },          { "x", "exec", EITHER },           { "x", "spawn", EITHER },
	{ "x", "execute", SHELL },         { "x", "Runtime.getRuntime", HOLD }, { "x", "shell", SHELL },
	{ "x", "run", SHELL },             { "x", "FileReader", READ },       { "x", "fopen", OPEN },
	{ "x", "open", OPEN },             { "x", "unlink", DELETE },         { "x", "connect", CONNECT },
	{ "x", "TCPSocket.new", CONNECT }, { "x", "Socket", SOCKET },         { "x", "Socket.tcp", SOCKET },
	{ "x", "Process.new", EITHER },    { "x", "File.read", READ },        { "x", "rm_rf", TREE },
};
/* clang-format on */

static char letter_of(const struct code *code)
{
	static const struct {
		const char *language;
		char letter;
	} letters[] = { { "python", 'p' }, { "node", 'n' }, { "perl", 'l' }, { "ruby", 'r' },
		        { "php", 'h' },    { "lua", 'u' },  { "elisp", 'e' } };

	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (language_is(code, letters[i].language))
			return letters[i].letter;
	return 'x';
}

/* "child_process.exec" is `exec`; a dot, "::" or "->" stands before the rest. */
static bool ends_in(struct span name, struct span row)
{
	if (!span_ends(name, row))
		return false;
	return name.len == row.len ||
	       span_find_byte(SPAN(".:>"), name.ptr[name.len - row.len - 1], NULL);
}

static const struct row *find(char letter, struct span name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].languages[0] == letter && ends_in(name, span_of(rows[i].name)))
			return &rows[i];
	return NULL;
}

struct scan {
	struct code *code;
	struct lexer lexer;
	struct names names;
	struct argument receiver; /* what the next method is called on */
};

/* ---- acting on a call ---- */

static struct value nth(const struct arguments *arguments, size_t i)
{
	return i < arguments->count ? arguments->items[i].value : value_unknown(ORIGIN_FILE);
}

static bool run_list(struct scan *s, const struct arguments *arguments)
{
	struct value words[MAX_ARGUMENTS + MAX_ITEMS];
	size_t count = 0;

	for (size_t i = 0; i < arguments->count; i++) {
		const struct argument *argument = &arguments->items[i];

		if (!argument->list) {
			if (i > 0 && !argument->value.complete && argument->value.head.len == 0)
				continue; /* options, callbacks */
			words[count++] = argument->value;
			continue;
		}
		for (size_t k = 0; k < argument->count && count < MAX_ITEMS; k++)
			words[count++] = argument->items[k];
	}
	return count == 0 || code_words(s->code, words, count);
}

static bool run_either(struct scan *s, const struct arguments *arguments, bool one_is_shell)
{
	struct value first = nth(arguments, 0);

	if (arguments->count == 1 && !arguments->items[0].list && one_is_shell)
		return code_shell(s->code, &first);
	if (arguments->shell && !(arguments->count > 0 && arguments->items[0].list))
		return code_shell(s->code, &first);
	return run_list(s, arguments);
}

/* open(NAME, MODE): perl's two forms, and "| command". */
static bool act_open(struct scan *s, const struct arguments *arguments)
{
	bool perl = language_is(s->code, "perl");
	struct value path = nth(arguments, perl ? 1 : 0), mode = nth(arguments, 1);
	bool writes;

	if (perl && arguments->count > 2)
		path = nth(arguments, 2);
	if (span_starts(path.head, SPAN("|")) ||
	    (path.complete && span_ends(path.head, SPAN("|"))) ||
	    (perl && span_starts(mode.head, SPAN("-|"))) ||
	    (perl && span_starts(mode.head, SPAN("|-")))) {
		if (span_starts(path.head, SPAN("|")))
			path.head = span_from(path.head, 1);
		else if (span_ends(path.head, SPAN("|")))
			path.head.len--;
		return code_shell(s->code, &path);
	}
	writes = arguments->count > 1 && mode.complete &&
	         (span_find_byte(mode.head, 'w', NULL) || span_find_byte(mode.head, 'a', NULL) ||
	          span_find_byte(mode.head, '+', NULL) || span_find_byte(mode.head, 'x', NULL) ||
	          span_starts(mode.head, SPAN(">")));
	while (perl && path.head.len > 0 && span_find_byte(SPAN("<>+ "), path.head.ptr[0], NULL))
		path.head = span_from(path.head, 1);
	return code_path(s->code, writes ? EFFECT_WRITE : EFFECT_READ, 0, &path);
}

static bool act_eval(struct scan *s, const struct value *text)
{
	struct code inner = *s->code;
	bool good = true;

	if (!text->complete || text->head.len == 0 || s->code->engine->nesting >= MAX_NESTING)
		return effect_unknown(s->code->engine, &s->code->run->site, s->code->language,
		                      "program text that is made while it runs");
	inner.text = text->head;
	s->code->engine->nesting++;
	good = code_calls(&inner);
	s->code->engine->nesting--;
	s->code->connects = s->code->connects || inner.connects;
	s->code->spawns = s->code->spawns || inner.spawns;
	return good;
}

static bool act_fork(struct scan *s)
{
	struct value target = value_of(s->code->language);

	s->code->spawns = true;
	if (!span_find(s->code->text, SPAN("while"), NULL) &&
	    !span_find(s->code->text, SPAN("loop"), NULL))
		return true;
	return effect_on(s->code->engine, EFFECT_BOMB, 0, &target, &s->code->run->site);
}

/* Every argument that is a path: unlink "a", "b". */
static bool act_paths(struct scan *s, enum effect_kind kind, unsigned flags,
                      const struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++) {
		const struct argument *argument = &arguments->items[i];

		if (i > 0 && !argument->list && !argument->value.complete)
			continue;
		for (size_t k = 0; k < argument->count; k++)
			if (!code_path(s->code, kind, flags, &argument->items[k]))
				return false;
		if (!argument->list && !code_path(s->code, kind, flags, &argument->value))
			return false;
	}
	return true;
}

static bool act_on(struct scan *s, enum deed action, const struct arguments *arguments)
{
	struct value first = nth(arguments, 0), second = nth(arguments, 1);

	switch (action) {
	case SHELL:
		return code_shell(s->code, &first);
	case WORDS:
		return run_list(s, arguments);
	case EITHER:
		return run_either(s, arguments, true);
	case PROCESS:
		return run_either(s, arguments, false);
	case DELETE:
		return act_paths(s, EFFECT_DELETE, 0, arguments);
	case TREE:
		return act_paths(s, EFFECT_DELETE, EFFECT_RECURSIVE, arguments);
	case WRITE:
		return code_path(s->code, EFFECT_WRITE, 0, &first);
	case READ:
		return code_path(s->code, EFFECT_READ, 0, &first);
	case OPEN:
		return act_open(s, arguments);
	case MOVE:
		return code_path(s->code, EFFECT_MOVE, 0, &first) &&
		       code_path(s->code, EFFECT_WRITE, 0, &second);
	case COPY:
		return code_path(s->code, EFFECT_READ, 0, &first) &&
		       code_path(s->code, EFFECT_WRITE, 0, &second);
	case MODE:
		return code_path(s->code, EFFECT_MODE, 0,
		                 language_is(s->code, "perl") ? &second : &first);
	case OWNER:
		return code_path(s->code, EFFECT_OWNER, 0, &first);
	case LINK:
		return code_path(s->code, EFFECT_LINK, 0, &first) &&
		       code_path(s->code, EFFECT_WRITE, EFFECT_CREATE, &second);
	case MAKE:
		return code_path(s->code, EFFECT_WRITE, EFFECT_CREATE, &first);
	case CONNECT:
		return code_connect(s->code, &first);
	case FETCH:
		return effect_on(s->code->engine, EFFECT_CONNECT, 0, &first, &s->code->run->site);
	case SOCKET:
		s->code->connects = true;
		return arguments->count == 0 || !first.complete || code_connect(s->code, &first);
	case JOIN:
		s->code->spawns = true;
		return true;
	case FORK:
		return act_fork(s);
	case EVAL:
		return act_eval(s, &first);
	case HOLD:
		if (arguments->count > 0)
			s->receiver = arguments->items[0];
		return true;
	}
	return true;
}

/* ---- the walk ---- */

/* A method is about what it is called on: Path("x").unlink(). */
static bool is_method(const struct scan *s, struct span name)
{
	return name.len > 0 && name.ptr[0] == '.' && language_is(s->code, "python");
}

static bool call(struct scan *s, const struct token *name, bool open)
{
	const struct row *row = find(letter_of(s->code), name->text);
	struct arguments *arguments;

	if (!row)
		return true;
	arguments = arena_new(s->code->engine->arena, struct arguments);
	if (!arguments)
		return engine_memory(s->code->engine);
	if (!arguments_read(s->lexer, &s->names, open, arguments))
		return false;
	if (is_method(s, name->text) &&
	    (row->action == DELETE || row->action == TREE || row->action == WRITE ||
	     row->action == READ || row->action == OPEN)) {
		if (row->action == OPEN)
			arguments->items[1] = arguments->items[0];
		arguments->items[0] = s->receiver;
		arguments->count = row->action == OPEN ? 2 : 1;
	}
	return act_on(s, row->action, arguments);
}

static bool assign(struct scan *s, struct span name)
{
	struct arguments *arguments = arena_new(s->code->engine->arena, struct arguments);
	struct lexer ahead = s->lexer;
	struct token next;

	if (!arguments)
		return engine_memory(s->code->engine);
	if (!lexer_next(&ahead, &next))
		return false;
	if (token_is(&next, "=") || token_is(&next, ">") || token_is(&next, "~"))
		return true;
	if (!arguments_read(s->lexer, &s->names, false, arguments))
		return false;
	if (arguments->count == 0)
		return true;
	return map_put(s->code->engine->arena, &s->names.map, name, &arguments->items[0]) ||
	       engine_memory(s->code->engine);
}

static bool after_name(struct scan *s, const struct token *name)
{
	struct lexer before = s->lexer;
	struct token next;

	if (!lexer_next(&s->lexer, &next))
		return false;
	if (token_is(&next, "("))
		return call(s, name, true);
	if (token_is(&next, "="))
		return assign(s, name->text);
	s->lexer = before;
	/* Without parentheses: system "...", (shell-command "...") */
	if (next.kind == TOKEN_STRING || next.kind == TOKEN_NAME || token_is(&next, "["))
		return !(letter_of(s->code) == 'p' || letter_of(s->code) == 'n' ||
		         letter_of(s->code) == 'h') ||
		                       next.command
		               ? call(s, name, false)
		               : true;
	return true;
}

bool code_calls(struct code *code)
{
	struct scan *s = arena_new(code->engine->arena, struct scan);
	struct token token;

	if (!s)
		return engine_memory(code->engine);
	s->code = code;
	s->lexer = (struct lexer){ code, code->text, 0 };
	s->receiver.value = value_unknown(ORIGIN_FILE);
	do {
		if (!lexer_next(&s->lexer, &token))
			return false;
		if (token.kind == TOKEN_STRING && token.command && !code_shell(code, &token.value))
			return false;
		if (token.kind == TOKEN_NAME && !after_name(s, &token))
			return false;
	} while (token.kind != TOKEN_END && !code->engine->stopped);
	return true;
}
