/* The inside of shell_print(): words and commands print each other. */
#ifndef BAILIFF_SHELL_PRINTER_H
#define BAILIFF_SHELL_PRINTER_H

#include "shell/parser.h"

/* print.c */
/* The script inside $( and the like: here-documents of its own, and what may not touch ( or ). */
void shell_put_inside(struct outbuf *out, const struct shell_script *script);

/* print_words.c */
void shell_put_word(struct outbuf *out, const struct shell_word *word);
/* Text that is read as in double quotes: an expression, a subscript. */
void shell_put_expression(struct outbuf *out, const struct shell_word *word, enum quote_mode mode);
void shell_put_heredoc(struct outbuf *out, const struct shell_redirect *redirect);

#endif
