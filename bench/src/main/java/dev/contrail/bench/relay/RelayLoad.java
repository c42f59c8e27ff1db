// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import dev.contrail.wire.relay.RelayRequestEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Producers that send packets to a relay as fast as it takes them, in LTTng's protocol 2.13:
/// `CONTROL-PORT DATA-PORT PRODUCERS PACKET-BYTES SECONDS [PACKETS-A-SECOND TRACEFILE-BYTES]`. With
/// packets of 0 bytes they send nothing; with a rate each sends so many, into four tracefiles that
/// are written by turns. Prints how many packets the relay has acknowledged, and the seconds that
/// it took.
public final class RelayLoad {
    private static final RelayVersion VERSION = new RelayVersion(2, 13);

    /// Index entries that are not answered.
    private static final int WINDOW = 64;

    private static final int TRACEFILES = 4;

    private final SocketChannel control;
    private final SocketChannel data;
    private final ByteBuffer reply = ByteBuffer.allocate(8192);

    private RelayLoad(int controlPort, int dataPort) throws IOException {
        control = connect(controlPort);
        data = connect(dataPort);
    }

    private static SocketChannel connect(int port) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        return channel;
    }

    public static void main(String[] args) throws Exception {
        int producers = Integer.parseInt(args[2]);
        int bytes = Integer.parseInt(args[3]);
        long seconds = Long.parseLong(args[4]);
        long rate = args.length > 5 ? Long.parseLong(args[5]) : Long.MAX_VALUE;
        long fileBytes = args.length > 6 ? Long.parseLong(args[6]) : 0;
        var loads = new ArrayList<RelayLoad>();
        var handles = new ArrayList<Long>();
        for (int i = 0; i < producers; i++) {
            var load = new RelayLoad(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
            loads.add(load);
            handles.add(load.begin("load" + i, i, fileBytes));
        }
        System.out.println("ready");
        if (bytes == 0) {
            Thread.sleep(seconds * 1000);
            return;
        }
        var packets = new AtomicLong();
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            RelayLoad load = loads.get(i);
            long handle = handles.get(i);
            Thread each =
                    Thread.ofPlatform()
                            .start(() ->
                                    packets.addAndGet(
                                            load.run(handle, bytes, begin, seconds, rate)));
            threads.add(each);
        }
        for (Thread each : threads) {
            each.join();
        }
        System.out.printf("%d %.3f%n", packets.get(), (System.nanoTime() - begin) / 1e9);
    }

    private long begin(String name, int number, long fileBytes) throws IOException {
        ask(new RelayRequest.Version(VERSION));
        ask(
                new RelayRequest.CreateSession(
                        CString.of(name),
                        CString.of("host"),
                        CString.EMPTY,
                        0,
                        false,
                        false,
                        new UUID(1, number),
                        number,
                        System.currentTimeMillis() / 1000,
                        false,
                        0,
                        RelayRequest.CreateSession.CTF_1_8));
        ask(new RelayRequest.CreateTraceChunk(0, System.currentTimeMillis() / 1000, CString.EMPTY));
        var added =
                (RelayReply.StreamAdded)
                        ask(
                                new RelayRequest.AddStream(
                                        CString.of("channel0_0"),
                                        CString.of("ust"),
                                        fileBytes,
                                        fileBytes == 0 ? 0 : TRACEFILES,
                                        0));
        ask(new RelayRequest.StreamsSent());
        return added.handle();
    }

    private long run(long handle, int bytes, long begin, long seconds, long rate) {
        try {
            ByteBuffer packet = ByteBuffer.allocateDirect(DataHeader.BYTES + bytes);
            long sent = 0;
            long answered = 0;
            while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
                long due = rate == Long.MAX_VALUE ? 0 : sent * 1_000_000_000L / rate;
                LockSupport.parkNanos(begin + due - System.nanoTime());
                packet.clear();
                new DataHeader(0, handle, sent, bytes, 0).encode(packet);
                packet.position(0);
                write(data, packet);
                tell(
                        new SendIndex(
                                handle, sent, bytes * 8L, bytes * 8L, sent, sent, 0, 0, 0, sent));
                sent++;
                if (sent - answered == WINDOW) {
                    answered += hear(WINDOW / 2);
                }
            }
            hear((int) (sent - answered));
            return sent;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes so many answers, of 4 bytes each.
    private int hear(int count) throws IOException {
        ByteBuffer answers = ByteBuffer.allocate(count * Integer.BYTES);
        while (answers.hasRemaining()) {
            if (control.read(answers) < 0) {
                throw new EOFException();
            }
        }
        return count;
    }

    private RelayReply ask(RelayRequest request) throws IOException {
        tell(request);
        var command = RelayRequestEncoder.command(request);
        reply.clear().limit(0);
        for (int missing = RelayReplyCodec.missingBytes(command, VERSION, reply);
                missing > 0;
                missing = RelayReplyCodec.missingBytes(command, VERSION, reply)) {
            int have = reply.limit();
            reply.limit(have + missing).position(have);
            while (reply.hasRemaining()) {
                if (control.read(reply) < 0) {
                    throw new EOFException();
                }
            }
            reply.position(0);
        }
        return RelayReplyCodec.decode(command, VERSION, reply);
    }

    private void tell(RelayRequest request) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, VERSION));
        RelayRequestEncoder.encode(request, VERSION, out);
        write(control, out.flip());
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
