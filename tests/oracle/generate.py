"""Random words and scripts for the oracle.  All randomness is the `random.Random` that is given."""

NAMES = 'xyzs'
ARRAYS = 'ab'
LETTERS = 'abcAB01'
OTHERS = '_-.,:=/+@%^'


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


class Words:
    """Words in every form of quoting and expansion."""

    def __init__(self, rng):
        self.rng = rng

    def one(self, *choices):
        return self.rng.choice(choices)

    def literal(self):
        return ''.join(self.rng.choice(LETTERS + OTHERS) for _ in range(self.rng.randint(1, 3)))

    def plain(self):
        return ''.join(self.rng.choice(LETTERS) for _ in range(self.rng.randint(1, 3)))

    def single(self):
        alphabet = LETTERS + OTHERS + ' \t*?$"\\{}~'
        return "'" + ''.join(self.rng.choice(alphabet) for _ in range(self.rng.randint(0, 4))) + "'"

    def escape(self):
        return '\\' + self.rng.choice(' $"\'\\*?~{}a-')

    def ansi(self):
        codes = ['\\n', '\\t', '\\x41', '\\101', '\\u0041', '\\\\', "\\'", '\\"', '\\e', '\\cZ', 'a', ' ', 'b', '\\x4',
                 '\\7', '\\u00e9', '\\q', '\\?', '*']
        return "$'" + ''.join(self.rng.choice(codes) for _ in range(self.rng.randint(0, 3))) + "'"

    def number(self):
        return str(self.rng.randint(-3, 4))

    def pattern(self):
        return ''.join(self.one('a', 'b', '?', '*', '[ab]', '[!a]', '[[:upper:]]', "'*'", '\\*', '1', ' ', '"$x"', '$y')
                       for _ in range(self.rng.randint(1, 2)))

    def arithmetic(self, depth=2):
        if depth == 0 or self.rng.random() < 0.3:
            return self.one(str(self.rng.randint(0, 20)), '0x1f', '017', '2#101', 'n', '$n', 'm')
        left, right = self.arithmetic(depth - 1), self.arithmetic(depth - 1)
        operator = self.one('+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^', '&&', '||', '==', '<', '>=', ',', '**')
        if operator in ('**', '<<', '>>'):
            right = str(self.rng.randint(0, 5))
        return self.one('%s %s %s', '(%s %s %s)') % (left, operator, right)

    def argument(self, depth):
        return self.word(depth - 1, 2) if depth > 0 else self.plain()

    def parameter(self, depth, inside):
        name = self.rng.choice(NAMES)
        which = self.rng.randint(0, 13)
        rest = {
            0: lambda: self.one(':-', '-', ':+', '+', ':=', '=') +
            (self.plain() if inside else self.argument(depth)),
            1: lambda: self.one('#', '##', '%', '%%') + self.pattern(),
            2: lambda: self.one('/', '//', '/#', '/%') + self.pattern() + self.one('', '/', '/' + self.plain(), '/ '),
            3: lambda: self.one('^', '^^', ',', ',,', '^^[ab]', '^^?', ',,A', '~~'),
            4: lambda: ':' + self.one('', ' ') + self.number(),
            5: lambda: ':%d:%s' % (self.rng.randint(0, 3), self.number()),
            6: lambda: '@' + self.one('Q', 'U', 'u', 'L', 'E'),
        }.get(which)
        if rest:
            return '${%s%s}' % (self.one(name, name, name, '1', 'a[1]', 'u'), rest())
        if which == 7:
            return '${#%s}' % self.one(name, 'a[@]', 'a[1]', '@', '1')
        if which == 8:
            return '${!%s}' % self.one('r', 'r', 'a[@]', 'm[@]', 'r1')
        if which == 9:
            return self.one('$1', '$2', '$#', '$@', '$*', '${@:2}', '${*:1:1}', '${@:0:0}', '${3-q}')
        if which == 10:
            array = self.rng.choice(ARRAYS)
            return '${%s[%s]%s}' % (array, self.one('@', '*'), self.one('', '', ':1', ':0:2', '#a', '/a/b', '^^', '%[ab]', ': -1'))
        if which == 11:
            return '${%s}' % self.one('a[0]', 'a[-1]', 'a[n]', 'a[1+1]', 'm[k]', 'm[k k]', 'a', 'b[1]', "m['k']")
        return self.one('$' + name, '${%s}' % name)

    def substitution(self, depth):
        inner = self.one('echo ' + self.plain(), "printf %s " + self.single(), 'echo "$x"', "printf '%s\\n' a b",
                         'echo $x', "printf 'a\\n\\n'", 'printf "%s:" $a', 'echo -n a', 'x=q; echo $x')
        return self.one('$(%s)', '`%s`') % inner if '\\' not in inner and "'" not in inner else '$(%s)' % inner

    def double(self, depth):
        parts = []
        for _ in range(self.rng.randint(0, 3)):
            parts.append(self.one(self.plain, lambda: ' ', lambda: '\\' + self.rng.choice('$"\\a`'),
                                  lambda: self.parameter(depth, True), lambda: self.parameter(depth, True),
                                  lambda: '$((%s))' % self.arithmetic(1), lambda: self.substitution(depth),
                                  lambda: self.one('*', '~', '{a,b}', "'", '$', '#'))())
        return '"' + ''.join(parts) + '"'

    def brace(self, depth):
        if self.rng.random() < 0.3:
            return self.one('{1..3}', '{a..c}', '{3..1}', '{01..3}', '{1..7..3}', '{a..e..2}', '{1..a}', '{-1..1}', '{c..a}',
                            '{1..2..0}', '{a}', '{}', '{a,b', 'a,b}', '{,}', '{a,,b}', '${x}{a,b}', '{a,b}{c,d}')
        return '{%s}' % ','.join(self.argument(depth) if self.rng.random() < 0.8 else ''
                                 for _ in range(self.rng.randint(1, 3)))

    def tilde(self):
        return self.one('~', '~/a', 'a=~', 'a:~', '~+', '\\~', '~/$x', 'x=~/a', '~/{a,b}', '~""')

    def piece(self, depth):
        return self.one(self.literal, self.literal, self.single, self.escape, self.ansi,
                        lambda: self.double(depth), lambda: self.double(depth),
                        lambda: self.parameter(depth, False), lambda: self.parameter(depth, False),
                        lambda: self.parameter(depth, False), lambda: self.brace(depth),
                        lambda: '$((%s))' % self.arithmetic(), lambda: self.substitution(depth))()

    def word(self, depth=2, most=3):
        if self.rng.random() < 0.06:
            return self.tilde()
        return ''.join(self.piece(depth) for _ in range(self.rng.randint(1, most)))

    def assignment(self):
        name, array = self.rng.choice(NAMES), self.rng.choice(ARRAYS)
        words = ' '.join(self.word(1, 2) for _ in range(self.rng.randint(0, 3)))
        return self.one(
            lambda: '%s=%s' % (name, self.word(1)), lambda: '%s=%s' % (name, self.single()),
            lambda: "%s='%s'" % (name, self.one(' a b ', 'a:b', ':a::b:', 'a  b', '', '*', 'a,b c', ' ', '\\a', 'a\\ b')),
            lambda: '%s+=%s' % (name, self.word(1, 1)), lambda: '%s=(%s)' % (array, words),
            lambda: '%s+=(%s)' % (array, words), lambda: 'set -- ' + words,
            lambda: 'a[%s]=%s' % (self.one('1', '3', 'n', '-1'), self.word(1, 1)),
            lambda: 'IFS=%s' % self.one(':', "','", "': '", "''", "$' \\t\\n'", "'b'", "'a '", "': ,'"),
            lambda: 'unset %s' % self.one('x', "'a[0]'", 'IFS', 'y', 'a'), lambda: 'shift',
            lambda: 'r=%s' % self.one('x', 'y', 'a'), lambda: 'declare -n r1=%s' % self.rng.choice(NAMES),
            lambda: 'declare -%s %s=%s' % (self.one('u', 'l', 'i', 'x'), name, self.plain()),
            lambda: 'declare -A m=([k]=%s ["k k"]=v)' % self.word(1, 1),
            lambda: 'n=%d' % self.rng.randint(0, 3), lambda: "printf -v %s '%%s-' a b" % name,
            lambda: 'read -r x y <<< %s' % self.single(), lambda: 'x=1 y=$x', lambda: ': ${%s:=%s}' % (name, self.plain()))()

    def case(self):
        lines = ['n=2 m=5 x=%s y=%s' % (quoted(self.one('a b', 'abAB', 'a:b', '', '*')), self.one('b', 'a', "''"))]
        lines += [self.assignment() for _ in range(self.rng.randint(0, 4))]
        if self.rng.random() < 0.2:
            lines.insert(0, 'set -f')
        lines.append('probe ' + ' '.join(self.word() for _ in range(self.rng.randint(1, 3))))
        return '\n'.join(lines)


class Scripts:
    """Scripts over the programs p0 to p9; those with an odd number fail."""

    def __init__(self, rng):
        self.rng = rng
        self.words = Words(rng)

    def one(self, *choices):
        return self.rng.choice(choices)

    def program(self):
        return 'p%d' % self.rng.randint(0, 9)

    def argument(self):
        return self.one('a', 'b', '"$x"', '$x', "'a b'", '$i', '"$1"', '"$@"', '$y', '${x:-q}', '{a,b}', '$((1+2))', '-n', '$?',
                        '"${l[@]}"', '~', '$#')

    def call(self):
        return ' '.join([self.program()] + [self.argument() for _ in range(self.rng.randint(0, 2))])

    def simple(self, depth):
        return self.one(
            self.call, self.call, self.call, lambda: 'f ' + self.argument(), lambda: 'g ' + self.argument(),
            lambda: '%s=%s' % (self.one('x', 'y'), self.one('a', "'a b'", '$y', '"$x"c', '$(echo q)', self.program())),
            lambda: 'l=(a %s)' % self.argument(), lambda: 'l+=(z)', lambda: 'set -- %s c' % self.argument(),
            lambda: '$y ' + self.argument(), lambda: self.one('true', 'false', ':', 'shift', 'unset x', 'return', 'x=; $x p1'),
            lambda: 'c="%s"; $c' % self.program(), lambda: 'x=%s %s' % (self.one('a', 'b'), self.call()),
            lambda: self.one('break', 'continue', 'exit', 'exit 1', 'return 1', 'set -e', 'local x=q', 'export x', 'set +e'),
            lambda: 'eval ' + quoted(self.list(depth - 1)), lambda: "eval \"%s \\$x\"" % self.program(),
            lambda: self.one('command ', 'builtin ', 'exec ', 'env ', 'env x=1 ', 'nice ', 'nice -n 1 ', 'timeout 1 ', 'env -u x ',
                             'command -p ', 'nohup ', 'env -i PATH="$PATH" ') + self.call(),
            lambda: '%s -c %s' % (self.one('sh', 'bash'), quoted(self.list(depth - 1, True))),
            lambda: "bash -c %s n0 v1 'v 2'" % quoted(self.one('"$@"', 'p1 "$@"', 'p2 "$1" $2', 'p3 "$0"')),
            lambda: '%s <<%s\n%s\n%s\n' % (self.one('sh', 'bash', 'cat | sh', 'sh -s'), *self.one(
                ("'E'", self.list(0, True), 'E'), ('E', self.call(), 'E'))),
            lambda: "%s | xargs %s" % (self.one('echo a b', "printf '%s\\n' a b", 'echo "$x"'),
                                       self.one('', '-n1 ', '-I{} ', "-n 2 ", '-t ', '-L1 ', '-r ') + self.call() + self.one('', ' {}')),
            lambda: "%s | %s" % (self.one("echo '%s'" % self.program(), "printf '%s\\n' p1 'p2 a'", 'echo "$y"', 'echo p4 $x'),
                                 self.one('sh', 'bash', 'xargs', 'while read -r v w; do $v $w; done', 'cat | sh', 'sh -s a')),
            lambda: "bash <<< '%s'" % self.program(), lambda: 'p1 $(%s)' % self.call(), lambda: 'x=$(%s)' % self.call(),
            lambda: 'p2 "`%s`"' % self.program(), lambda: 'p3 <(%s)' % self.call() if 0 else 'cat <(%s)' % self.call(),
            lambda: "trap '%s' EXIT" % self.program(), lambda: 'f() { %s; }' % self.call(),
            lambda: 'unset -f f', lambda: '(( %s ))' % self.one('1', '0', 'i++', 'x=3'),
            lambda: '[[ %s ]]' % self.one('$x == a', '-n $x', '$x == a*', '-z $y'), lambda: '! ' + self.call(),
            lambda: 'source /dev/stdin <<< %s' % quoted(self.program() + ' "$x"'),
            lambda: "mapfile -t l < <(printf '%s\\n' a b)", lambda: 'read -r x <<< "a b"')()

    def compound(self, depth):
        inner = lambda: self.list(depth - 1)
        return self.one(
            lambda: '{ %s; }' % inner(), lambda: '( %s )' % inner(),
            lambda: 'if %s; then %s; else %s; fi' % (self.simple(0), inner(), inner()),
            lambda: 'if %s; then %s; elif %s; then %s; fi' % (self.call(), inner(), self.simple(0), inner()),
            lambda: 'for i in %s %s; do %s; done' % (self.argument(), self.argument(), inner()),
            lambda: 'for i; do %s; done' % inner(),
            lambda: 'for ((i=0; i<2; i++)); do %s; done' % inner(),
            lambda: 'while %s; do %s; break; done' % (self.call(), inner()),
            lambda: 'until %s; do %s; break; done' % (self.call(), inner()),
            lambda: 'case %s in %s) %s;; %s) %s%s *) %s;; esac' % (
                self.argument(), self.one('a', '[ab]', '"$x"', '?', 'a*'), inner(), self.one('b|a', '*b', 'q'), inner(),
                self.one(';;', ';&', ';;&'), inner()),
            lambda: '%s | { %s; }' % (self.call(), inner()), lambda: '%s | %s' % (inner(), self.call()),
            lambda: '{ %s; } && %s' % (inner(), self.call()), lambda: '{ %s; } || %s' % (inner(), self.call()))()

    def list(self, depth, one_line=False):
        items = []
        for _ in range(self.rng.randint(1, 3)):
            text = self.compound(depth) if depth > 0 and self.rng.random() < 0.5 else (
                self.call() if one_line or depth <= 0 else self.simple(depth))
            items.append(text)
        text = items[0]
        for item in items[1:]:
            joint = '\n' if '\n' in text.rsplit('\n', 1)[-1] or text.endswith('\n') else self.one('; ', '; ', ' && ', ' || ', '\n')
            text += joint + item
        return text

    def case(self):
        head = ['x=%s y=%s' % (self.one('a', "'a b'", "''"), self.program())]
        if self.rng.random() < 0.5:
            head.append('f() { %s; }' % self.list(1).rstrip('\n'))
        if self.rng.random() < 0.3:
            head.append('g() ( %s\n)' % self.list(1))
        if self.rng.random() < 0.3:
            head.append('set -- v "w w"')
        return '\n'.join(head + [self.list(2) for _ in range(self.rng.randint(1, 3))])
