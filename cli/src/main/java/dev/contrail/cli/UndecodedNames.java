// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Names that are not UTF-8. To the system names are bytes; Java makes text of them, in which it
/// puts U+FFFD for what it cannot decode: a file of that name is another one.
final class UndecodedNames {
    private static final String REPLACEMENT = "\uFFFD";
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private UndecodedNames() {}

    /// Why this process cannot do what its arguments say, if so.
    static Optional<String> refusal(String[] arguments) {
        if (!String.join("", arguments).contains(REPLACEMENT)) {
            return Optional.empty();
        }
        try {
            return refusal(arguments, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return Optional.empty(); // a file that is not there will be missed
        }
    }

    /// @param commandLine of the process: words that each end in a zero byte, the arguments last
    static Optional<String> refusal(String[] arguments, byte[] commandLine) {
        List<ByteBuffer> words = words(commandLine);
        for (ByteBuffer word :
                words.subList(Math.max(0, words.size() - arguments.length), words.size())) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(word.duplicate());
            } catch (CharacterCodingException e) {
                return Optional.of(
                        "`%s` is not UTF-8, and cannot be passed on as it is: rename it, or name a link to it, or the folder that it is in"
                                .formatted(StandardCharsets.UTF_8.decode(word)));
            }
        }
        return Optional.empty();
    }

    /// What to know when relative paths lead from where nobody is.
    static Optional<String> warning(String workingDirectory) {
        return workingDirectory.contains(REPLACEMENT)
                ? Optional.of(
                        "the name of the working directory is not UTF-8: relative paths do not"
                                + " work here")
                : Optional.empty();
    }

    private static List<ByteBuffer> words(byte[] commandLine) {
        var words = new ArrayList<ByteBuffer>();
        int from = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                words.add(ByteBuffer.wrap(commandLine, from, i - from));
                from = i + 1;
            }
        }
        return words;
    }
}
