// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.CtfException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The statements of a TSDL text, cut but not read.
final class TsdlStatements {
    private static final Set<String> BLOCKS =
            Set.of("trace", "env", "clock", "callsite", "stream", "event");

    /// A stretch of the text that ends with a semicolon outside of all brackets.
    ///
    /// @param kind the block's word, empty for a declaration
    record Statement(String kind, int start, int line, int end) {}

    private final String file;
    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();

    private TsdlStatements(String file, String text, int end) throws CtfException {
        this.file = file;
        this.text = text;
        split(end);
    }

    /// Cuts a text. Brackets must match; what is inside is looked at later.
    ///
    /// A statement that the text's end cuts is damage: what stands before it is worth reading.
    static TsdlStatements of(String file, String text) throws CtfException {
        return new TsdlStatements(file, text, text.length());
    }

    /// Cuts what stands before a place; nothing where that is not after a whole statement.
    static Optional<TsdlStatements> before(int end, String file, String text) {
        try {
            var cut = new TsdlStatements(file, text, end);
            return cut.damage.isEmpty() && cut.end() == end ? Optional.of(cut) : Optional.empty();
        } catch (CtfException e) {
            return Optional.empty(); // the whole text will say it
        }
    }

    /// What is wrong at the end: at most one line.
    List<String> damage() {
        return List.copyOf(damage);
    }

    List<Statement> of(String kind) {
        return statements.stream().filter(statement -> statement.kind.equals(kind)).toList();
    }

    /// Where the last statement ends that is of no such kind.
    int endBefore(Set<String> kinds) {
        for (Statement statement : statements.reversed()) {
            if (!kinds.contains(statement.kind)) {
                return statement.end;
            }
        }
        return 0;
    }

    /// The texts of the statements that end at a place or before it, but for some kinds.
    List<String> textsUntil(int end, Set<String> without) {
        return statements.stream()
                .filter(statement -> statement.end <= end && !without.contains(statement.kind))
                .map(statement -> text.substring(statement.start, statement.end))
                .toList();
    }

    TsdlLexer lexer(Statement statement) throws CtfException {
        return new TsdlLexer(file, text, statement.start, statement.line, statement.end);
    }

    private int end() {
        return statements.isEmpty() ? 0 : statements.getLast().end;
    }

    private void split(int end) throws CtfException {
        var lexer = new TsdlLexer(file, text, 0, 1, end);
        while (lexer.kind() != TsdlLexer.Kind.END) {
            if (lexer.take(";")) {
                continue;
            }
            try {
                if (!statement(lexer)) {
                    damage.add(lexer.wanted("`}` or `;`").getMessage());
                    return;
                }
            } catch (CtfException e) {
                if (lexer.next() < end) {
                    throw e;
                }
                damage.add(e.getMessage()); // a token is cut
                return;
            }
            lexer.advance();
        }
    }

    /// Moves the lexer to the statement's semicolon.
    ///
    /// @return false when the text ends before
    private boolean statement(TsdlLexer lexer) throws CtfException {
        int start = lexer.start();
        int line = lexer.line();
        String word = lexer.value();
        boolean isName = lexer.kind() == TsdlLexer.Kind.NAME;
        lexer.advance();
        String kind = isName && BLOCKS.contains(word) && lexer.is("{") ? word : "";
        int braces = 0;
        while (braces > 0 || !lexer.is(";")) {
            if (lexer.kind() == TsdlLexer.Kind.END) {
                return false;
            }
            if (lexer.is("{")) {
                braces++;
            } else if (lexer.is("}") && --braces < 0) {
                throw lexer.wanted("`;`");
            }
            lexer.advance();
        }
        statements.add(new Statement(kind, start, line, lexer.next()));
        return true;
    }
}
