/* Where nodes stand in the source, and shell_parse_word(), shell_word_literal(), shell_print(). */
#include <string.h>

#include "shell/shell.h"
#include "tap.h"

static struct arena arena;

static struct shell_script *parse(const char *text)
{
	struct problem problem = { 0 };
	struct shell_script *script = NULL;

	return shell_parse(span_of(text), NULL, &arena, &script, &problem) ? script : NULL;
}

static bool stands_at(const char *source, size_t start, size_t end, const char *text)
{
	return end - start == strlen(text) && memcmp(source + start, text, end - start) == 0;
}

static const struct shell_command *first(const struct shell_script *script)
{
	return script->pipelines->stages->command;
}

static void spans(void)
{
	const char *source = "  A=1 ls \"$x\" >f | wc;  { b; } 2>&1 # c\n";
	const struct shell_script *script = parse(source);
	const struct shell_command *ls = first(script);

	OK(stands_at(source, ls->start, ls->end, "A=1 ls \"$x\" >f"), "a simple command");
	OK(stands_at(source, ls->assignments->start, ls->assignments->end, "A=1"), "an assignment");
	OK(stands_at(source, ls->words->next->start, ls->words->next->end, "\"$x\""), "a word");
	OK(stands_at(source, ls->words->next->parts->start, ls->words->next->parts->end, "$x"),
	   "a part");
	OK(stands_at(source, ls->redirects->start, ls->redirects->end, ">f"), "a redirection");
	OK(stands_at(source, script->pipelines->start, script->pipelines->end,
	             "A=1 ls \"$x\" >f | wc"),
	   "a pipeline");
	OK(stands_at(source, script->pipelines->next->start, script->pipelines->next->end,
	             "{ b; } 2>&1"),
	   "a group with its redirection");
	OK(script->start == 0 && script->end == strlen(source), "the whole script");
}

static void substitutions(void)
{
	const char *plain = "echo `rm x`", *copied = "echo `rm \\`x\\``",
		   *body = "cat <<-E\n\t$(rm x)\nE\n";
	const struct shell_part *part = first(parse(plain))->words->next->parts;
	const struct shell_command *rm = first(part->script);
	const struct shell_word *text;

	OK(stands_at(plain, rm->start, rm->end, "rm x"),
	   "a command in backquotes stands where it stands");
	part = first(parse(copied))->words->next->parts;
	rm = first(part->script);
	OK(stands_at(copied, rm->start, rm->end, "`rm \\`x\\``"),
	   "behind a backslash that went, the whole of the backquotes");
	text = first(parse(body))->redirects->body;
	rm = first(text->parts->script);
	OK(stands_at(body, rm->start, rm->end, "\t$(rm x)\n"),
	   "a body without its tabs, the whole body");
}

static void words(void)
{
	struct problem problem = { 0 };
	struct shell_word *word = NULL;
	struct span text = { NULL, 0 };

	OK(shell_parse_word(SPAN(" a 'b c'$x "), NULL, &arena, &word, &problem) &&
	           word->next != NULL && word->next->next == NULL,
	   "text of two words");
	OK(shell_word_literal(word, &arena, &text) && span_equal(text, SPAN("a")),
	   "a literal word");
	OK(!shell_word_literal(word->next, &arena, &text), "a word that expands is none");
	OK(shell_parse_word(SPAN("a'b'\\c"), NULL, &arena, &word, &problem) &&
	           shell_word_literal(word, &arena, &text) && span_equal(text, SPAN("abc")),
	   "the parts of a literal word are joined");
	OK(shell_parse_word(SPAN(""), NULL, &arena, &word, &problem) && word == NULL, "no words");
	OK(!shell_parse_word(SPAN("a; b"), NULL, &arena, &word, &problem) &&
	           problem.kind == PROBLEM_SYNTAX && problem.offset == 1,
	   "an operator among words");
}

static void prints(const char *source, const char *expected)
{
	struct outbuf out;

	outbuf_init(&out, 1 << 20);
	shell_print(parse(source), &out);
	OK(outbuf_ok(&out) && span_equal(outbuf_span(&out), span_of(expected)),
	   "%s is printed as %.*s", source, (int)out.len, out.ptr);
	outbuf_release(&out);
}

static void printing(void)
{
	struct outbuf out;

	prints("ls;pwd", "ls\npwd\n");
	prints("r\"\"m '-rf' \"/$x\"", "r''m '-rf' '/'\"${x}\"\n");
	prints("a&&b||c &", "a && b || c &\n");
	prints("if a;then b;fi", "if a; then b; fi\n");
	prints("cat<<E;ls\nx\nE", "cat <<E\nx\nE\nls\n");
	prints("f(){ a;}", "function f () { a; }\n");
	prints("echo $((1+2)) $(a;b)", "echo $((1+2)) $(a; b)\n");
	prints("case x in a)b;;esac", "case x in (a) b ;; esac\n");
	prints("it=$'don\\'t'", "it='don'\\''t'\n");
	outbuf_init(&out, 3);
	shell_print(parse("cat <<E\nx\nE"), &out);
	OK(!outbuf_ok(&out), "a buffer that is too small says so");
	outbuf_release(&out);
	OK(shell_equal(parse("a  b"), parse("a b # c")), "layout makes no difference");
	OK(!shell_equal(parse("a b"), parse("a 'b'")), "quotes do");
	OK(!shell_equal(parse("a; b"), parse("a & b")), "operators do");
	OK(!shell_equal(parse("a"), parse("a; b")), "length does");
}

int main(void)
{
	arena_init(&arena, 1 << 24);
	spans();
	substitutions();
	words();
	printing();
	arena_release(&arena);
	return tap_done();
}
