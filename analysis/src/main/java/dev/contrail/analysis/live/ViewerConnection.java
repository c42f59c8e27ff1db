// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.ctf.Reason;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayUrl;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerCommand;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReplyCodec;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushExtension;
import dev.contrail.wire.push.PushHeader;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessageCodec;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.PushRequestCodec;
import dev.contrail.wire.secure.KnownRelays;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A connection to a relay: each request is one write, and its reply is read whole. Used by one
/// thread; an interrupt ends whatever it waits for.
final class ViewerConnection implements AutoCloseable {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// What is made room for at once; more only as it comes.
    private static final int ROOM_BYTES = 512 << 10;

    private final String name;
    private final Connection connection;
    private final TimeSource clock;
    private final int silenceMillis;
    private boolean isPushed;
    private long lastHeardNanos;
    private RelayVersion version = RelayVersion.UNSAID;
    private ByteBuffer received = ByteBuffer.allocate(ROOM_BYTES);

    /// Up to where what was received has been heard.
    private int taken;

    private ViewerConnection(
            String name, Connection connection, TimeSource clock, int silenceMillis) {
        this.clock = clock;
        this.name = name;
        this.connection = connection;
        this.silenceMillis = silenceMillis;
    }

    /// Connects, and agrees on a version.
    ///
    /// @param silenceMillis how long the relay may say nothing
    /// @throws IOException that says which relay
    static ViewerConnection open(RelayUrl url, Network network, TimeSource clock, int silenceMillis)
            throws IOException {
        String name = url.quotedHost() + ":" + url.portOr(RelayUrl.LIVE_PORT);
        Connection connection = connect(url, network, name);
        try {
            var viewer = new ViewerConnection(name, connection, clock, silenceMillis);
            try {
                viewer.agree();
            } catch (IOException e) {
                if ((e.getCause() instanceof EOFException
                                || e.getCause() instanceof SocketException)
                        && !connection.remote().getAddress().isLoopbackAddress()) {
                    throw new IOException(
                            "relay " + name + ": " + KnownRelays.advice(url.host()), e);
                }
                throw e;
            }
            return viewer;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection connect(RelayUrl url, Network network, String name)
            throws IOException {
        IOException failure = new IOException("relay " + name + ": no address");
        for (InetAddress address : addresses(url, name)) {
            try {
                return network.connect(
                        new InetSocketAddress(address, url.portOr(RelayUrl.LIVE_PORT)),
                        CONNECT_NANOS);
            } catch (ConnectException e) {
                failure =
                        new IOException(
                                "relay %s: %s; does a relay daemon run there, and is this its port for viewers?"
                                        .formatted(name, e.getMessage()),
                                e);
            } catch (IOException e) {
                failure = new IOException("relay " + name + ": " + Reason.of(e), e);
            }
        }
        throw failure;
    }

    /// Those of the wanted kind first; `net://` means IPv4, as in LTTng, but what has only others
    /// can be reached.
    private static List<InetAddress> addresses(RelayUrl url, String name) throws IOException {
        try {
            InetAddress[] all = InetAddress.getAllByName(url.host());
            Arrays.sort(
                    all,
                    Comparator.comparing(
                            each -> each instanceof Inet6Address != url.scheme().isIpv6()));
            return List.of(all);
        } catch (UnknownHostException e) {
            throw new IOException("relay " + name + ": no host of that name is known", e);
        }
    }

    private void agree() throws IOException {
        var mine =
                new ViewerRequest.Connect(
                        PushExtension.id(PushExtension.VERSION),
                        RelayVersion.OURS,
                        ViewerRequest.Connect.COMMANDS);
        var answer = ask(mine, ViewerReply.Connected.class);
        RelayVersion told = answer.version();
        if (!RelayVersion.OURS.isSpokenWith(told)) {
            throw new ProtocolException(
                    "relay %s: it speaks version %s of the protocol, want %d.x"
                            .formatted(name, told, RelayVersion.OURS.major()));
        }
        version = RelayVersion.OURS.agreedWith(told);
        isPushed = PushExtension.version(answer.viewerSessionId()).isPresent();
        received.clear();
        lastHeardNanos = clock.nanos();
    }

    /// Whether the relay is one of ours: it is spoken with by [#say] and [#hear], not by [#ask].
    boolean isPushed() {
        return isPushed;
    }

    /// Says something to a relay of ours.
    ///
    /// @throws IOException that says which relay; the connection is of no use any more
    void say(PushRequest request) throws IOException {
        var out = ByteBuffer.allocate(PushRequestCodec.bytes(request));
        PushRequestCodec.encode(request, out);
        try {
            connection.write(TimeUnit.MILLISECONDS.toNanos(silenceMillis), out.flip());
        } catch (IOException e) {
            throw told(e);
        }
    }

    /// What a relay of ours says next. Bytes in it are valid until the next call.
    ///
    /// @param patienceNanos how long to wait for it; 0 does not wait
    /// @throws IOException that says which relay; the connection is of no use any more
    Optional<PushMessage> hear(long patienceNanos) throws IOException {
        try {
            long begin = clock.nanos();
            while (true) {
                Optional<PushMessage> heard = heard();
                if (heard.isPresent()) {
                    return heard;
                }
                long left = patienceNanos - (clock.nanos() - begin);
                if (!receive(Math.max(0, left))) {
                    checkSilence();
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            throw told(e);
        }
    }

    /// The next message, if it is there as a whole.
    private Optional<PushMessage> heard() throws IOException {
        int end = received.position();
        ByteBuffer left = received.duplicate().position(taken).limit(end);
        if (left.remaining() < PushHeader.BYTES) {
            return Optional.empty();
        }
        PushHeader header = PushHeader.decode(left);
        if (left.remaining() < header.bodyBytes()) {
            return Optional.empty();
        }
        ByteBuffer body = left.slice(left.position(), header.bodyBytes());
        taken = left.position() + header.bodyBytes();
        return Optional.of(PushMessageCodec.decode(header, body));
    }

    /// @return whether something has come
    private boolean receive(long patienceNanos) throws IOException {
        if (taken > 0) {
            received.flip().position(taken);
            received.compact();
            taken = 0;
        }
        if (!received.hasRemaining()) { // a message has a limit, and so has this
            received = ByteBuffer.allocate(2 * received.capacity()).put(received.flip());
        }
        int count;
        try {
            count =
                    patienceNanos == 0
                            ? connection.readNow(received)
                            : connection.read(
                                    received,
                                    Math.min(
                                            patienceNanos,
                                            TimeUnit.MILLISECONDS.toNanos(silenceMillis)));
        } catch (SocketTimeoutException e) {
            return false;
        }
        if (count < 0) {
            throw new EOFException();
        }
        if (count > 0) {
            lastHeardNanos = clock.nanos();
        }
        return count > 0;
    }

    private void checkSilence() throws SocketTimeoutException {
        if (clock.nanos() - lastHeardNanos > TimeUnit.MILLISECONDS.toNanos(silenceMillis)) {
            throw new SocketTimeoutException("silence");
        }
    }

    /// Host and port, for messages.
    String name() {
        return name;
    }

    /// Asks, and waits for the answer. Bytes in it are valid until the next one.
    ///
    /// @throws IOException that says which relay; the connection is of no use any more
    <R extends ViewerReply> R ask(ViewerRequest request, Class<R> type) throws IOException {
        try {
            var out = ByteBuffer.allocate(ViewerRequestCodec.bytes(request));
            ViewerRequestCodec.encode(request, out);
            connection.write(TimeUnit.MILLISECONDS.toNanos(silenceMillis), out.flip());
            return type.cast(reply(ViewerRequestCodec.command(request)));
        } catch (IOException e) {
            throw told(e);
        }
    }

    /// Why the connection is of no use any more, and which relay's it is; an interrupt stays one.
    private IOException told(IOException why) {
        return switch (why) {
            case SocketTimeoutException _ ->
                    new IOException(
                            "relay %s: it has not answered for %d s"
                                    .formatted(name, silenceMillis / 1000),
                            why);
            case InterruptedIOException _ -> why;
            case EOFException _ ->
                    new IOException("relay " + name + ": it has closed the connection", why);
            default -> new IOException("relay " + name + ": " + Reason.of(why), why);
        };
    }

    private ViewerReply reply(ViewerCommand command) throws IOException {
        received.clear();
        int missing = missing(command);
        while (missing > 0) {
            read(missing);
            missing = missing(command);
        }
        return ViewerReplyCodec.decode(command, version, received.duplicate().flip());
    }

    private int missing(ViewerCommand command) throws ProtocolException {
        return ViewerReplyCodec.missingBytes(command, version, received.duplicate().flip());
    }

    /// Reads some of what is missing. A relay that announces much gets room as it sends.
    private void read(int missing) throws IOException {
        if (!received.hasRemaining()) {
            int more = Math.min(Math.max(missing, 1), received.capacity());
            received = ByteBuffer.allocate(received.capacity() + more).put(received.flip());
        }
        ByteBuffer room =
                received.slice(received.position(), Math.min(missing, received.remaining()));
        int count = connection.read(room, TimeUnit.MILLISECONDS.toNanos(silenceMillis));
        if (count < 0) {
            throw new EOFException();
        }
        received.position(received.position() + count);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
