// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

/// The names of Linux's error numbers, which are the same on all machines that we know.
final class ErrorNames {
    private static final String[] NAMES =
            ("- EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES"
                            + " EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL"
                            + " ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK"
                            + " EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY"
                            + " ELOOP")
                    .split(" ");

    private static final int FIRST_OF_SOCKETS = 88;
    private static final String[] OF_SOCKETS =
            ("ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT"
                            + " EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL"
                            + " ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS"
                            + " EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED"
                            + " EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS")
                    .split(" ");

    private ErrorNames() {}

    /// The name of an error; its number where that is all that we know.
    static String of(long error) {
        if (error > 0 && error < NAMES.length) {
            return NAMES[(int) error];
        }
        long socket = error - FIRST_OF_SOCKETS;
        return switch ((int) error) {
            case 61 -> "ENODATA";
            case 62 -> "ETIME";
            case 71 -> "EPROTO";
            case 75 -> "EOVERFLOW";
            case 122 -> "EDQUOT";
            case 125 -> "ECANCELED";
            case 512 -> "ERESTARTSYS";
            case 513 -> "ERESTARTNOINTR";
            case 514 -> "ERESTARTNOHAND";
            case 516 -> "ERESTART_RESTARTBLOCK";
            default ->
                    socket >= 0 && socket < OF_SOCKETS.length
                            ? OF_SOCKETS[(int) socket]
                            : Long.toString(error);
        };
    }
}
