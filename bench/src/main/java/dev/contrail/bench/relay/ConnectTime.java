// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.relay;

import dev.contrail.wire.RelayToken;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.secure.TokenNetwork;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Connects to a relay's viewers' port again and again, until it has answered the first request:
/// `ADDRESS PORT TIMES [TOKEN]`. Prints medians in microseconds: of a plain connection; with a
/// token, of a connection that knows nothing of an earlier one, and of one that goes on with its
/// keys.
public final class ConnectTime {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Before the measure, so that it is compiled.
    private static final int WARM_UP = 50;

    private static final int REPLY_BYTES = 20;

    private ConnectTime() {}

    public static void main(String[] arguments) throws IOException, ParseException {
        var relay = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int times = Integer.parseInt(arguments[2]);
        if (arguments.length == 3) {
            print("plain", relay, times, Tcp::new);
            return;
        }
        RelayToken token = RelayToken.parse(arguments[3]);
        Supplier<Network> fresh = () -> new TokenNetwork(new Tcp(), _ -> Optional.of(token));
        print("TLS, first", relay, times, fresh);
        Network known = fresh.get();
        print("TLS, resumed", relay, times, () -> known);
    }

    private static void print(
            String way, InetSocketAddress relay, int times, Supplier<Network> networks)
            throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            nanos(networks.get(), relay);
        }
        long[] all = new long[times];
        for (int i = 0; i < times; i++) {
            all[i] = nanos(networks.get(), relay);
        }
        Arrays.sort(all);
        System.out.printf("%s: %d us%n", way, all[times / 2] / 1000);
    }

    private static long nanos(Network network, InetSocketAddress relay) throws IOException {
        var request =
                new ViewerRequest.Connect(
                        ViewerRequest.Connect.ANY,
                        new RelayVersion(2, 4),
                        ViewerRequest.Connect.COMMANDS);
        ByteBuffer bytes = ByteBuffer.allocate(ViewerRequestCodec.bytes(request));
        ViewerRequestCodec.encode(request, bytes);
        ByteBuffer reply = ByteBuffer.allocate(REPLY_BYTES);
        long begin = System.nanoTime();
        try (Connection connection = network.connect(relay, PATIENCE_NANOS)) {
            connection.write(PATIENCE_NANOS, bytes.flip());
            while (reply.hasRemaining()) {
                if (connection.read(reply, PATIENCE_NANOS) < 0) {
                    throw new EOFException("the relay has closed the connection");
                }
            }
            return System.nanoTime() - begin;
        }
    }
}
