// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

/// LTTng's error numbers that we answer with (lttng-tools 2.13 `include/lttng/lttng-error.h`).
final class ErrorCode {
    static final int ERROR = 1;
    static final int CREATE_DIRECTORY = 17;
    static final int SESSION_NOT_FOUND = 23;
    static final int KERNEL_UNAVAILABLE = 33;
    static final int EVENT_ENABLED = 55;
    static final int CHANNEL_NOT_FOUND = 59;
    static final int CHANNEL_EXISTS = 4;
    static final int NO_CHANNEL = 72;
    static final int NEEDS_CHANNEL_NAME = 83;

    private ErrorCode() {}
}
