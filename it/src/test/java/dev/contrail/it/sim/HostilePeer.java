// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.RecordedConversation.Message;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Says to a relay what somebody has once said, with one message damaged; then goes on as if
/// nothing had happened.
final class HostilePeer {
    private static final int HANDLE_OF_COMMAND = 24;
    private static final int HANDLE_OF_PACKET = 8;
    private static final int ROTATED_BYTES = 16;
    private static final Set<String> WITH_HANDLE =
            Set.of(
                    "SEND_METADATA",
                    "SEND_INDEX",
                    "CLOSE_STREAM",
                    "DATA_PENDING",
                    "QUIESCENT_CONTROL",
                    "RESET_METADATA");
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Integer.MAX_VALUE,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        1L << 40
    };
    private static final List<String> NAMES =
            List.of("../x", "/x", "..", ".", "", "a/../../x", "x\0y", "\u00e4", "a/b", "-", "%s");
    private static final long PATIENCE_NANOS = SimulatedProcess.millis(1000);

    private final SimulatedProcess process;
    private final InetSocketAddress relay;
    private final RandomGenerator random;
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final Map<Long, Long> handles = new HashMap<>();

    /// @param relay its control port; those of data and of viewers follow
    HostilePeer(SimulatedProcess process, InetSocketAddress relay, RandomGenerator random) {
        this.process = process;
        this.relay = relay;
        this.random = random;
    }

    /// @param damaged number of the message that is; none for a negative one
    void say(RecordedConversation conversation, int damaged) {
        try {
            int number = 0;
            for (Message each : conversation.messages()) {
                if (!each.isToServer()) {
                    hear(each);
                    continue;
                }
                byte[] bytes = rewritten(each, conversation);
                boolean isDamaged = number++ == damaged;
                write(each.connection(), isDamaged ? damage(each, bytes) : bytes);
                if (isDamaged && random.nextInt(8) == 0) {
                    close(each.connection());
                }
            }
        } catch (IOException e) {
            process.simulation().log("hostile: " + conversation.name() + " " + damaged + " " + e);
        } finally {
            List.copyOf(connections.keySet()).forEach(this::close);
        }
    }

    private void close(String name) {
        Connection its = connections.remove(name);
        if (its != null) {
            try {
                its.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        connection(name).write(PATIENCE_NANOS, ByteBuffer.wrap(bytes));
    }

    private Connection connection(String name) throws IOException {
        Connection known = connections.get(name);
        if (known == null) {
            int port = name.startsWith("control") ? 0 : name.startsWith("data") ? 1 : 2;
            var to = new InetSocketAddress(relay.getAddress(), relay.getPort() + port);
            known = process.network().connect(to, PATIENCE_NANOS);
            connections.put(name, known);
        }
        return known;
    }

    private void hear(Message message) throws IOException {
        Connection from = connection(message.connection());
        if (message.connection().startsWith("live")) {
            process.clock().park(this, SimulatedProcess.millis(20)); // as long as it likes
            ByteBuffer any = ByteBuffer.allocate(1 << 16);
            while (from.readNow(any.clear()) > 0) {}
            return;
        }
        ByteBuffer answer = ByteBuffer.allocate(message.bytes().length);
        while (answer.hasRemaining()) {
            if (from.read(answer, PATIENCE_NANOS) < 0) {
                throw new EOFException(message.name());
            }
        }
        if (message.name().equals("ADD_STREAM.reply")) {
            handles.put(ByteBuffer.wrap(message.bytes()).getLong(), answer.getLong(0));
        }
    }

    /// Each relay chooses its handles.
    private byte[] rewritten(Message message, RecordedConversation conversation) {
        ByteBuffer bytes = ByteBuffer.wrap(message.bytes().clone());
        boolean isData = message.connection().startsWith("data");
        if (message.name().equals("VERSION") && message.connection().startsWith("control")) {
            bytes.putInt(bytes.limit() - Integer.BYTES, minor(message, conversation));
            return bytes.array();
        }
        int at = isData ? HANDLE_OF_PACKET : HANDLE_OF_COMMAND;
        if ((isData || WITH_HANDLE.contains(message.name())) && bytes.limit() >= at + Long.BYTES) {
            bytes.putLong(at, handles.getOrDefault(bytes.getLong(at), bytes.getLong(at)));
        }
        if (message.name().equals("ROTATE_STREAMS")) {
            int count = bytes.getInt(HANDLE_OF_COMMAND);
            for (int i = 1; i <= count && ROTATED_BYTES * i <= bytes.limit(); i++) {
                int its = bytes.limit() - ROTATED_BYTES * i;
                bytes.putLong(its, handles.getOrDefault(bytes.getLong(its), bytes.getLong(its)));
            }
        }
        return bytes.array();
    }

    /// Where the relay was the older end, the producer is it now.
    private static int minor(Message version, RecordedConversation conversation) {
        return conversation.messages().stream()
                .filter(each -> each.connection().equals(version.connection()))
                .filter(each -> each.name().equals("VERSION.reply"))
                .map(each -> ByteBuffer.wrap(each.bytes()).getInt(Integer.BYTES))
                .findFirst()
                .orElseThrow();
    }

    private byte[] damage(Message message, byte[] bytes) {
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1, 2 -> number(bytes);
            case 3 -> named(message, bytes);
            case 4 -> {
                byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
                System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
                yield twice;
            }
            default -> {
                byte[] flipped = bytes.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    flipped[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield flipped;
            }
        };
    }

    /// One of its numbers is another.
    private byte[] number(byte[] bytes) {
        ByteBuffer changed = ByteBuffer.wrap(bytes.clone());
        int size = random.nextBoolean() && bytes.length >= 8 ? 8 : 4;
        if (bytes.length < size) {
            return bytes;
        }
        int at = random.nextInt(Math.min(bytes.length, 160) - size + 1) / 4 * 4;
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        if (random.nextInt(4) == 0) {
            number = changed.getInt(at) + random.nextInt(-2, 3);
        }
        if (size == 8) {
            changed.putLong(at, number);
        } else {
            changed.putInt(at, (int) number);
        }
        return changed.array();
    }

    /// Its names are others, in the same room.
    private byte[] named(Message message, byte[] bytes) {
        byte[] changed = bytes.clone();
        int begin = 0;
        for (int i = 0; i <= changed.length; i++) {
            boolean isText = i < changed.length && changed[i] > ' ' && changed[i] < 127;
            if (!isText) {
                if (i - begin > 2 && random.nextBoolean()) {
                    byte[] name =
                            NAMES.get(random.nextInt(NAMES.size()))
                                    .getBytes(StandardCharsets.UTF_8);
                    for (int j = begin; j < i; j++) {
                        changed[j] = j - begin < name.length ? name[j - begin] : 0;
                    }
                }
                begin = i + 1;
            }
        }
        return message.name().startsWith("SEND") ? number(bytes) : changed;
    }
}
