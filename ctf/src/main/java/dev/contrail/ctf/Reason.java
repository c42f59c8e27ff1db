// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;

/// A failure in words for a user: the path and what the system says of it, as `strerror` does,
/// never the name of a class. Whatever shows an exception to somebody asks here.
public final class Reason {
    private Reason() {}

    public static String of(Throwable failure) {
        return switch (failure) {
            case OutOfMemoryError threads when text(threads).contains("native thread") ->
                    "The system allows no more threads for it (ulimit -u, TasksMax of its service)";
            case OutOfMemoryError _ -> "There is not enough memory for it";
            case StackOverflowError _ -> "It is nested too deeply";
            case FileSystemException file -> ofFile(file);
            case UncheckedIOException wrapped
                    when wrapped.getCause() instanceof IOException cause ->
                    of(cause);
            case DirectoryIteratorException wrapped
                    when wrapped.getCause() instanceof IOException cause ->
                    of(cause);
            case FileNotFoundException missing -> opened(text(missing));
            case ClosedChannelException _ -> "It was closed meanwhile";
            case CharacterCodingException _ -> "It is no text in UTF-8";
            case EOFException _ when text(failure).isEmpty() -> "It ends too early";
            default ->
                    text(failure).isEmpty()
                            ? "An error of the program itself (%s)".formatted(place(failure))
                            : text(failure);
        };
    }

    private static String ofFile(FileSystemException failure) {
        String what =
                switch (failure) {
                    case NoSuchFileException _ -> "No such file or directory";
                    case AccessDeniedException _ -> "Permission denied";
                    case FileAlreadyExistsException _ -> "File exists";
                    case DirectoryNotEmptyException _ -> "Directory not empty";
                    case NotDirectoryException _ -> "Not a directory";
                    case NotLinkException _ -> "Not a symbolic link";
                    case FileSystemLoopException _ -> "Too many levels of symbolic links";
                    case AtomicMoveNotSupportedException _ -> "Invalid cross-device link";
                    default ->
                            failure.getReason() == null ? "It cannot be used" : failure.getReason();
                };
        String path = failure.getFile();
        if (path == null) {
            return what;
        }
        String other = failure.getOtherFile();
        return other == null
                ? "%s: %s".formatted(path, what)
                : "%s -> %s: %s".formatted(path, other, what);
    }

    /// `PATH (REASON)`, as `java.io` has it, in the form of the others.
    private static String opened(String text) {
        int at = text.lastIndexOf(" (");
        return at > 0 && text.endsWith(")")
                ? text.substring(0, at) + ": " + text.substring(at + 2, text.length() - 1)
                : text;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    /// Where a failure without words comes from, for a report to us.
    private static String place(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return stack.length == 0
                ? "no place is known"
                : stack[0].getFileName() + ":" + stack[0].getLineNumber();
    }
}
