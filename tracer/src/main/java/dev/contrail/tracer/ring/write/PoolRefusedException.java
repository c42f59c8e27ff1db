// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/// A pool or an event class cannot be had; the message is a sentence for the user.
public final class PoolRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    PoolRefusedException(String reason) {
        super(reason);
    }

    /// Why something failed, in words: the JDK has nothing but the path for some failures.
    public static String reason(Exception failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.toString();
        }
        if (failure instanceof AccessDeniedException) {
            return message + ": Permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return message + ": No such file or directory";
        }
        return failure instanceof FileAlreadyExistsException ? message + ": File exists" : message;
    }
}
