// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.thread.RepeatedMessages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/// Who is connected to a daemon, over all its sockets, within bounds: whoever connects and says
/// nothing, or too often, takes no descriptor from the others. Any thread.
///
/// A connection is silent until it has greeted. Silent ones are closed after
/// [#LONGEST_SILENCE_NANOS], the oldest before that when there are too many.
final class Connections {
    static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Silent connections: this part of the process's descriptors.
    private static final int SILENT_PART = 8;

    /// Connections of one user: this part of the process's descriptors.
    private static final int USER_PART = 2;

    /// Where the system does not say how many descriptors there are.
    private static final int USUAL_DESCRIPTORS = 1024;

    /// One connection. Closing it again does nothing.
    final class Guest implements Closeable {
        private final SocketChannel connection;
        private final String user;
        private final long sinceNanos = System.nanoTime();

        private Guest(SocketChannel connection, String user) {
            this.connection = connection;
            this.user = user;
        }

        /// It has said who it is.
        void greeted() {
            synchronized (Connections.this) {
                silent.remove(this);
            }
        }

        @Override
        public void close() {
            leave(this);
            closeQuietly(connection);
        }
    }

    private final int maxSilent;
    private final int maxOfUser;
    private final Set<Guest> silent = new LinkedHashSet<>(); // oldest first
    private final Set<Guest> guests = new LinkedHashSet<>();
    private final Map<String, Integer> users = new HashMap<>();
    private final RepeatedMessages log =
            new RepeatedMessages(System.getLogger("dev.contrail.recorder"));

    Connections() {
        this(descriptors());
    }

    /// @param descriptors how many the process may have
    Connections(int descriptors) {
        maxSilent = Math.max(4, descriptors / SILENT_PART);
        maxOfUser = Math.max(8, descriptors / USER_PART);
    }

    /// Takes in a connection; empty when its user has too many: it is closed then.
    Optional<Guest> admit(SocketChannel connection) {
        String user = user(connection);
        var guest = new Guest(connection, user);
        var tooMany = new ArrayDeque<Guest>();
        boolean isAdmitted;
        synchronized (this) {
            isAdmitted = users.getOrDefault(user, 0) < maxOfUser;
            if (isAdmitted) {
                users.merge(user, 1, Integer::sum);
                guests.add(guest);
                silent.add(guest);
                silent.stream().limit(Math.max(0, silent.size() - maxSilent)).forEach(tooMany::add);
            }
        }
        tooMany.forEach(Guest::close);
        if (!tooMany.isEmpty()) {
            log.warn(
                    "More than %d connections that say nothing: the oldest are closed"
                            .formatted(maxSilent),
                    new IOException("user " + user));
        }
        if (!isAdmitted) {
            log.warn(
                    "User %s has %d connections: no more are taken".formatted(user, maxOfUser),
                    new IOException("too many connections"));
            closeQuietly(connection);
            return Optional.empty();
        }
        return Optional.of(guest);
    }

    /// Closes those that have been silent for too long.
    void closeSilent() {
        var late = new ArrayList<Guest>();
        synchronized (this) {
            for (Guest each : silent) {
                if (System.nanoTime() - each.sinceNanos > LONGEST_SILENCE_NANOS) {
                    late.add(each);
                }
            }
        }
        late.forEach(Guest::close);
    }

    /// Descriptors have run out: those that say nothing give theirs back.
    void closeAllSilent() {
        List<Guest> all;
        synchronized (this) {
            all = List.copyOf(silent);
        }
        all.forEach(Guest::close);
    }

    synchronized int count() {
        return guests.size();
    }

    private synchronized void leave(Guest guest) {
        silent.remove(guest);
        if (guests.remove(guest)) {
            int rest = users.getOrDefault(guest.user, 1) - 1;
            if (rest == 0) {
                users.remove(guest.user);
            } else {
                users.put(guest.user, rest);
            }
        }
    }

    private static String user(SocketChannel connection) {
        try {
            return connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.DEBUG, "closing a connection", e);
        }
    }

    /// What the system lets this process have.
    private static int descriptors() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    return Integer.parseInt(
                            line.substring("Max open files".length()).strip().split("\\s+")[0]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return USUAL_DESCRIPTORS; // `unlimited`, or no /proc
        }
        return USUAL_DESCRIPTORS;
    }
}
