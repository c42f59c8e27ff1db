// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import java.util.Optional;

/// What would help where a JVM, or a part of what it says, is not recorded. The reasons are the
/// words of the tracer, of this daemon and of the system.
public enum Remedy {
    DESCRIPTORS(
            "oo many open files", "allow more open files: ulimit -n, LimitNOFILE of its service"),
    MEMORY_LIMIT(
            "below the limit in ",
            "raise the memory limit of its container or control group, or give its channel smaller"
                    + " or fewer sub-buffers (enable-channel --subbuf-size, --num-subbuf)"),
    MEMORY(
            "of memory on this machine",
            "free memory, or give its channel smaller or fewer sub-buffers (enable-channel"
                    + " --subbuf-size, --num-subbuf)"),
    SHARED_MEMORY(
            " are free on ",
            "make room where rings lie (as root: mount -o remount,size=256M /dev/shm; in a container:"
                    + " --shm-size=256m), or give its channel smaller or fewer sub-buffers"
                    + " (enable-channel --subbuf-size, --num-subbuf)"),
    NO_SPACE(
            "o space left on device",
            "make room where rings lie (as root: mount -o remount,size=256M /dev/shm; in a container:"
                    + " --shm-size=256m)"),
    OLDER(
            "tracer is older than this session daemon",
            "start it anew with -javaagent:$(contrail agent), or give what it shall record a channel"
                    + " without that context"),
    RINGS(
            "contrail.ring.size",
            "give the program a larger ring file (-Dcontrail.ring.size=BYTES), or its channels smaller"
                    + " sub-buffers"),
    OTHER_NAMESPACE(
            "cannot be reached from here",
            "let the daemon see the program's /dev/shm: run the daemon as root, or share the directory"
                    + " (docker run --ipc=host)"),
    OTHER_USER(
            "belongs to user ",
            "let that user's own session daemon, or root's, record it; where it is a directory, its"
                    + " owner or root removes it"),
    OTHER_USERS_PROCESS("it runs as ", "let that user's own session daemon, or root's, record it"),
    MODE("has mode ", "chmod 700 that directory"),
    NOT_A_DIRECTORY(" is not a directory", "remove what lies there"),
    DENIED("ermission denied", "let the program's user write where rings lie (ls -ld /dev/shm)"),
    REPLACED(
            "was deleted or replaced",
            "keep /dev/shm/contrail-UID out of what tidies up or copies there, and restart the"
                    + " program"),
    DELETED(
            "was cut, or deleted",
            "keep /dev/shm/contrail-UID out of what tidies up there, and restart the program"),
    GONE(
            "somebody has deleted",
            "keep /dev/shm/contrail-UID out of what tidies up there, and restart the program"),
    CLASSES(
            "no room to describe ",
            "narrower event rules: enable-event with the names that matter"),
    CHANNEL_CLASSES(
            "too many event classes",
            "narrower event rules: enable-event with the names that matter"),
    CHANNELS(" channels in one process", "fewer channels over all sessions: destroy some");

    private final String words;
    private final String help;

    Remedy(String words, String help) {
        this.words = words;
        this.help = help;
    }

    /// What would help, if anybody knows.
    ///
    /// @param reason why something is not recorded
    public static Optional<Remedy> of(String reason) {
        for (Remedy each : values()) {
            if (reason.contains(each.words)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /// An order to the user, without a full stop.
    public String help() {
        return help;
    }
}
