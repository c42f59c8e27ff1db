// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Keeps a session open at a relay: when a connection breaks, another is tried a second later, and
/// then every second.
///
/// At a relay of ours that goes on with the session. At another it begins a session of its own,
/// because LTTng's relays know no other way and would empty the files of the first; [#notice] says
/// so. Owned by one thread, but for [#notice].
final class RelayConnection {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final RelayEndpoints relay;
    private final Network network;
    private final TimeSource clock;
    private final RelayIdentity identity;
    private final UUID seed;
    private final Optional<CreationFile> created;
    private Optional<OpenSession> session = Optional.empty();
    private boolean isAgain;
    private boolean isBroken;
    private boolean isForgotten;
    private boolean isAnother;

    /// Until a packet has not arrived as it was sent: then they go out as they are.
    private boolean mayPack = true;

    private long nextTry;
    private String lastReason = "";
    private volatile String notice = "";

    /// @param seed of nobody else's session
    /// @param created where the seconds of earlier sessions at the relay are kept; empty for a
    ///   snapshot, which is sent once
    RelayConnection(
            RelayEndpoints relay,
            Network network,
            TimeSource clock,
            RelayIdentity identity,
            UUID seed,
            Optional<CreationFile> created) {
        this.relay = relay;
        this.network = network;
        this.clock = clock;
        this.identity = identity;
        this.seed = seed;
        this.created = created;
        isAgain = created.isPresent() && created.get().isAgain();
        nextTry = clock.nanos();
    }

    /// Whether the present session is not the first: another has what was sent before.
    boolean isAnother() {
        return isAnother;
    }

    /// What the user should know of the past; empty for nothing. Any thread.
    String notice() {
        return notice;
    }

    /// The one that is open, if one is.
    Optional<OpenSession> present() {
        return session;
    }

    /// Whether a relay of ours has had the session, and goes on with it.
    boolean isResumable() {
        return created.isPresent()
                && identity.origin().isPresent()
                && !isForgotten
                && created.get().resumable(identity.origin().get().daemon()).isPresent();
    }

    /// The next try is not put off.
    void hurry() {
        nextTry = clock.nanos();
    }

    /// The one that is open, or another.
    OpenSession session() throws IOException {
        if (session.isPresent()) {
            return session.get();
        }
        if (isBroken && (identity.isSnapshot() || clock.nanos() - nextTry < 0)) {
            throw new IOException(lastReason);
        }
        boolean wasAgain = isAgain;
        OpenSession opened = open();
        if (!opened.isResumable()) {
            isAnother = wasAgain;
            if (wasAgain) {
                tellOfAnother();
            }
        }
        isAgain = true;
        isBroken = false;
        session = Optional.of(opened);
        return opened;
    }

    private OpenSession open() throws IOException {
        RelayLink control = RelayLink.open(relay.control(), network);
        try {
            RelayCommands commands =
                    RelayCommands.open(
                            control, identity.origin().map(RelayIdentity.Origin::wanted));
            return commands.extension().isPresent()
                    ? resume(commands, identity.origin().orElseThrow())
                    : begin(commands);
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    private OpenSession resume(RelayCommands commands, RelayIdentity.Origin origin)
            throws IOException {
        UUID daemon = origin.daemon();
        OptionalLong known =
                created.isPresent() && !isForgotten
                        ? created.get().resumable(daemon)
                        : OptionalLong.empty();
        long second = known.isPresent() ? known.getAsLong() : newSecond();
        boolean isNew = isAgain && known.isEmpty();
        if (known.isEmpty() && created.isPresent()) { // before the relay makes the directory
            created.get().keepResumable(second, daemon);
            isForgotten = false;
        }
        try {
            OpenSession opened =
                    ResumableSession.open(commands, identity, second, isNew, mayPack, clock);
            isAnother |= isNew;
            if (isNew) {
                tellOfAnother();
            }
            return opened;
        } catch (RelayCommands.CannotResume gone) {
            isForgotten = true;
            isAgain = true;
            throw gone;
        }
    }

    private OpenSession begin(RelayCommands commands) throws IOException {
        long second = identity.isSnapshot() ? identity.createdSeconds() : newSecond();
        UUID daemon =
                UUID.nameUUIDFromBytes((seed + "/" + second).getBytes(StandardCharsets.UTF_8));
        OpenSession opened =
                SentSession.open(
                        commands, relay, network, identity, second, isAgain, daemon, clock);
        if (created.isPresent()) {
            created.get().keep(second);
        }
        return opened;
    }

    private long newSecond() {
        long now = TimeUnit.MILLISECONDS.toSeconds(clock.epochMillis());
        return CreationSeconds.take(
                identity.session(), now, created.map(CreationFile::last).orElse(0L));
    }

    private void tellOfAnother() {
        long second = created.map(CreationFile::last).orElse(0L);
        notice =
                isBroken
                        ? "The connection to %s was lost, and made again at %s: what was recorded after that is there in a session of its own, %s-%s"
                                .formatted(
                                        relay,
                                        TIME.format(
                                                LocalTimeZone.at(
                                                        Instant.ofEpochMilli(clock.epochMillis()))),
                                        identity.session(),
                                        RelayIdentity.time(second))
                        : "An earlier session daemon, or one before a restart of the machine, has sent to %s: what was recorded since is there in a session of its own"
                                .formatted(relay);
    }

    /// It is of no more use.
    void fail(IOException why) {
        mayPack &= !(why instanceof ResumableSession.Damaged);
        if (session.isPresent() || !isBroken || clock.nanos() - nextTry >= 0) {
            lastReason = Reason.of(why);
            nextTry = clock.nanos() + PAUSE_NANOS;
        }
        isBroken = true;
        if (session.isPresent()) {
            try {
                session.get().close();
            } catch (IOException closed) {
                why.addSuppressed(closed);
            }
            session = Optional.empty();
        }
    }

    /// Ends the session at the relay, and the connection.
    void finish() throws IOException {
        if (session.isEmpty()) {
            return;
        }
        try (OpenSession last = session.get()) {
            last.finish();
        } finally {
            session = Optional.empty();
        }
    }
}
