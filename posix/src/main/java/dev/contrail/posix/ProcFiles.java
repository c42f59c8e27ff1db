// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the thousands of small files and links that make up the state of a machine, each with as
/// few system calls as it takes: `java.nio.file` spends five times as long on one. What is not
/// there, or may not be looked at, is empty.
///
/// Names are relative to the directory entered last, which spares the kernel the way there.
///
/// Used by one thread; what is static, by any.
public final class ProcFiles implements AutoCloseable {
    private static final int NO_DIRECTORY = -1;
    private static final int PATH_BYTES = 256;

    /// More than `stat`, `status` and the head of `fdinfo` have.
    private static final int CONTENT_BYTES = 16 << 10;

    private static final MethodHandle READLINKAT =
            Libc.function(
                    "readlinkat",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    private final MemorySegment errno = Libc.errnoSegment(Arena.ofAuto());
    private final MemorySegment path = Arena.ofAuto().allocate(PATH_BYTES);
    private final MemorySegment content = Arena.ofAuto().allocate(CONTENT_BYTES);
    private int directory = NO_DIRECTORY;

    /// In no directory yet: finds what is named from the root.
    public ProcFiles() {}

    /// Goes to a directory. Where there is none, nothing is found.
    public void enter(String name) {
        close();
        directory =
                open(
                        Descriptors.WORKING_DIRECTORY,
                        name,
                        Descriptors.O_PATH | Descriptors.O_CLOEXEC);
    }

    /// The first 16 KiB of a file. Names of processes are any bytes: what is not UTF-8 is replaced.
    public String text(String name) {
        int file = open(directory, name, Descriptors.O_CLOEXEC);
        if (file < 0) {
            return "";
        }
        try {
            return text(Descriptors.read(errno, file, content));
        } finally {
            close(file);
        }
    }

    /// What a symbolic link points to.
    public String link(String name) {
        path.setString(0, name);
        try {
            return text(
                    (long)
                            READLINKAT.invokeExact(
                                    errno, directory, path, content, content.byteSize()));
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    @Override
    public void close() {
        if (directory != NO_DIRECTORY) {
            close(directory);
            directory = NO_DIRECTORY;
        }
    }

    /// The entries of a directory that are numbers, in order.
    public static int[] numbers(String directory) {
        String[] names = new File(directory).list();
        if (names == null) {
            return new int[0];
        }
        return Arrays.stream(names)
                .mapToLong(ProcFiles::number)
                .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                .mapToInt(number -> (int) number)
                .sorted()
                .toArray();
    }

    /// A number of 1 to 18 digits, or -1.
    public static long number(String untrusted) {
        int digits = untrusted.length();
        if (digits == 0 || digits > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = untrusted.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private int open(int from, String name, int flags) {
        path.setString(0, name);
        return Math.max(NO_DIRECTORY, Descriptors.open(errno, from, path, flags));
    }

    /// Only what was read: it cannot fail in a way that matters.
    private void close(int descriptor) {
        int _ = Descriptors.close(errno, descriptor);
    }

    private String text(long count) {
        if (count <= 0) {
            return "";
        }
        byte[] bytes = content.asSlice(0, count).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
