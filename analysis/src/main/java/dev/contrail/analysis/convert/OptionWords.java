// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.UsageException;
import java.util.Optional;

/// Takes a command line apart into options and words, as babeltrace2's commands do.
///
/// Both `--option=VALUE` and `--option VALUE` are accepted, `-xVALUE` and `-x VALUE`, and for
/// options without a value `-xy` for `-x -y`; after `--` everything is a word.
final class OptionWords {
    private final String[] arguments;
    private int next;
    private boolean hasOnlyWords;
    private boolean isOption;
    private String text = "";

    /// What stands after the equals sign or the letter.
    private Optional<String> value = Optional.empty();

    OptionWords(String[] arguments) {
        this.arguments = arguments.clone();
    }

    /// Moves to the next option or word.
    ///
    /// @return whether there is one
    boolean next() {
        if (!hasOnlyWords && next < arguments.length && arguments[next].equals("--")) {
            hasOnlyWords = true;
            next++;
        }
        if (next == arguments.length) {
            return false;
        }
        text = arguments[next++];
        isOption = !hasOnlyWords && text.startsWith("-") && text.length() > 1;
        value = Optional.empty();
        if (isOption) {
            int end = text.startsWith("--") ? text.indexOf('=') : 2;
            if (end >= 0 && end < text.length()) {
                int begin = text.charAt(end) == '=' && end > 2 ? end + 1 : end;
                value = Optional.of(text.substring(begin));
                text = text.substring(0, end);
            }
        }
        return true;
    }

    boolean isOption() {
        return isOption;
    }

    /// The option's name with its dashes, or the word.
    String text() {
        return text;
    }

    /// The option's value, which may be the next argument.
    String value() throws UsageException {
        if (value.isEmpty()) {
            if (next == arguments.length) {
                throw new UsageException("Missing value of option `" + text + "`");
            }
            value = Optional.of(arguments[next++]);
        }
        return value.get();
    }

    /// Makes sure that the option was given no value: behind a letter stand more options.
    ///
    /// @return true, as it is set
    boolean isSet() throws UsageException {
        if (value.isPresent() && !text.startsWith("--")) {
            arguments[--next] = "-" + value.get();
        } else if (value.isPresent()) {
            throw new UsageException("Option `" + text + "` takes no value");
        }
        return true;
    }

    /// The option's value, a decimal number.
    long number() throws UsageException {
        String digits = value();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new UsageException("Invalid value of `" + text + "`: `" + digits + "`");
        }
    }
}
