/*
 * Arithmetic: manual 6.5.  Numbers where all is known; and what a subscript runs, for the text of
 * a variable is an expression too: x='a[$(cmd)]'; ((x)).
 */
#include "effect/engine.h"

enum { MAX_DEPTH = 24, MAX_EXPRESSION = 4096 };

struct arith {
	struct engine *engine;
	struct shell *shell;
	struct span text;
	size_t at;
	unsigned depth;
	bool known; /* so far */
};

static bool evaluate(struct engine *engine, struct shell *shell, struct span text, unsigned depth,
                     long long *number, bool *known);
static bool read_level(struct arith *a, int level, long long *number);

static char peek(struct arith *a)
{
	while (a->at < a->text.len && (a->text.ptr[a->at] == ' ' || a->text.ptr[a->at] == '\t' ||
	                               a->text.ptr[a->at] == '\n'))
		a->at++;
	return a->at < a->text.len ? a->text.ptr[a->at] : '\0';
}

static bool take(struct arith *a, const char *operator)
{
	struct span wanted = span_of(operator);

	peek(a);
	if (!span_starts(span_from(a->text, a->at), wanted))
		return false;
	a->at += wanted.len;
	return true;
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
	       (byte >= '0' && byte <= '9');
}

/* The text between [ and its ]. */
static struct span bracketed(struct arith *a)
{
	size_t start = ++a->at, depth = 1;

	while (a->at < a->text.len) {
		char byte = a->text.ptr[a->at];

		depth += byte == '[';
		depth -= byte == ']';
		if (depth == 0)
			break;
		a->at++;
	}
	struct span inside = span_slice(a->text, start, a->at);

	if (a->at < a->text.len)
		a->at++;
	return inside;
}

/* A subscript is expanded before it is calculated. */
static bool run_subscript(struct arith *a, struct span inside)
{
	struct value value;
	long long number;
	bool known;

	if (!span_find_byte(inside, '$', NULL) && !span_find_byte(inside, '`', NULL))
		return evaluate(a->engine, a->shell, inside, a->depth + 1, &number, &known);
	return expand_again(a->engine, a->shell, inside, &value);
}

static bool read_variable(struct arith *a, struct span name, long long *number)
{
	struct value value = shell_value(a->engine, a->shell, name);
	bool known;

	*number = 0;
	if (peek(a) == '[') {
		a->known = false;
		return run_subscript(a, bracketed(a));
	}
	if (!value.complete) {
		a->known = false;
		return true;
	}
	if (value.head.len == 0)
		return true;
	if (!evaluate(a->engine, a->shell, value.head, a->depth + 1, number, &known))
		return false;
	a->known = a->known && known;
	return true;
}

static int digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A' + 10;
	return 99;
}

static void read_number(struct arith *a, long long *number)
{
	int base = 10;

	*number = 0;
	if (a->text.ptr[a->at] == '0')
		base = 8;
	if (take(a, "0x") || take(a, "0X"))
		base = 16;
	for (; a->at < a->text.len && is_word_byte(a->text.ptr[a->at]); a->at++) {
		int digit = digit_of(a->text.ptr[a->at]);

		if (digit >= base || __builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			a->known = false;
	}
	if (a->at < a->text.len && a->text.ptr[a->at] == '#') { /* 16#ff */
		int wanted = (int)*number;

		*number = 0;
		for (a->at++; a->at < a->text.len && is_word_byte(a->text.ptr[a->at]); a->at++)
			if (__builtin_mul_overflow(*number, wanted, number) ||
			    __builtin_add_overflow(*number, digit_of(a->text.ptr[a->at]), number))
				a->known = false;
	}
}

static bool read_primary(struct arith *a, long long *number)
{
	char byte = peek(a);
	size_t start = a->at;

	*number = 0;
	if (byte == '(') {
		a->at++;
		if (++a->depth > MAX_DEPTH) {
			a->known = false;
			a->at = a->text.len;
			return true;
		}
		if (!read_level(a, 0, number))
			return false;
		a->depth--;
		take(a, ")");
		return true;
	}
	if (byte >= '0' && byte <= '9') {
		read_number(a, number);
		return true;
	}
	while (a->at < a->text.len && is_word_byte(a->text.ptr[a->at]))
		a->at++;
	if (a->at > start)
		return read_variable(a, span_slice(a->text, start, a->at), number);
	a->known = false;
	if (a->at < a->text.len)
		a->at++; /* nothing that is known here: the rest is still looked through */
	return true;
}

static bool read_unary(struct arith *a, long long *number)
{
	unsigned minus = 0, not = 0, flip = 0;

	for (;; a->at++) {
		char byte = peek(a);

		if (byte == '-')
			minus++;
		else if (byte == '!')
			not ++;
		else if (byte == '~')
			flip++;
		else if (byte != '+')
			break;
	}
	if (!read_primary(a, number))
		return false;
	if (take(a, "++") || take(a, "--"))
		a->known = false;
	if (minus > 1 || not > 1 || minus + not +flip > 1)
		a->known = false;
	if (minus == 1 && *number != (-0x7fffffffffffffffLL - 1))
		*number = -*number;
	if (not == 1)
		*number = !*number;
	if (flip == 1)
		*number = ~*number;
	return true;
}

/* Assignments and ?: and what is rarer make the result unknown; both sides are still read. */
static const char *const operators[][6] = {
	{ ",", NULL },
	{ "<<=", ">>=", "+=", "-=", "*=", NULL },
	{ "?", ":", NULL },
	{ "||", NULL },
	{ "&&", NULL },
	{ "==", "!=", "<=", ">=", "=", NULL },
	{ "<<", ">>", "<", ">", NULL },
	{ "|", "^", "&", NULL },
	{ "+", "-", NULL },
	{ "*", "/", "%", NULL },
};
enum { LEVELS = sizeof operators / sizeof operators[0] };

static void calculate(struct arith *a, char operator, long long * left, long long right)
{
	bool overflow = false;

	switch (operator) {
	case '+':
		overflow = __builtin_add_overflow(*left, right, left);
		break;
	case '-':
		overflow = __builtin_sub_overflow(*left, right, left);
		break;
	case '*':
		overflow = __builtin_mul_overflow(*left, right, left);
		break;
	case '/':
	case '%':
		if (right == 0 || right == -1) {
			a->known = false;
			break;
		}
		*left = operator== '/' ? *left / right : * left % right;
		break;
	default:
		a->known = false;
		break;
	}
	if (overflow)
		a->known = false;
}

static const char *take_operator(struct arith *a, int level)
{
	for (const char *const *o = operators[level]; *o; o++)
		if (take(a, *o))
			return *o;
	return NULL;
}

static bool read_level(struct arith *a, int level, long long *number)
{
	const char *operator;
	long long right;

	if (level == LEVELS)
		return read_unary(a, number);
	if (!read_level(a, level + 1, number))
		return false;
	while (a->at < a->text.len && (operator= take_operator(a, level)) != NULL) {
		if (!read_level(a, level + 1, &right))
			return false;
		if (level == 0)
			*number = right;
		else
			calculate(a, operator[1] == '\0' ? operator[0] : 'x', number, right);
	}
	return true;
}

static bool evaluate(struct engine *engine, struct shell *shell, struct span text, unsigned depth,
                     long long *number, bool *known)
{
	struct arith a = { engine, shell, text, 0, depth, true };
	struct site site = site_at(engine, engine->start, engine->end, engine->parent);

	*number = 0;
	*known = false;
	if (depth > MAX_DEPTH || text.len > MAX_EXPRESSION)
		return effect_unknown(engine, &site, SPAN(""),
		                      "arithmetic that is too long to follow");
	if (!engine_step(engine, &site))
		return true;
	if (!read_level(&a, 0, number))
		return false;
	while (peek(&a) != '\0' || a.at < a.text.len) { /* what no operator joined */
		long long ignored;

		a.known = false;
		if (!read_level(&a, 0, &ignored))
			return false;
	}
	*known = a.known;
	return true;
}

bool arith_value(struct engine *engine, struct shell *shell, const struct value *expression,
                 long long *number, bool *known)
{
	bool whole;

	if (!evaluate(engine, shell, expression->head, 0, number, &whole))
		return false;
	*known = whole && expression->complete;
	return true;
}

bool arith_word(struct engine *engine, struct shell *shell, const struct shell_word *word,
                long long *number, bool *known)
{
	struct value expression;

	*number = 0;
	*known = true;
	if (!word)
		return true;
	return expand_value(engine, shell, word, &expression) &&
	       arith_value(engine, shell, &expression, number, known);
}
