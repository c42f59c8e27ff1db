// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.link.FrameFormat;
import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.PointType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which process an application's ring says that it is of.
class RingLookupTest {
    private static final long CLAIMED = 999_999_999;

    @TempDir Path directory;

    private final BlockingQueue<Runnable> control = new LinkedBlockingQueue<>();

    /// It reads files of all processes, and an application may ask for it without end.
    @Test
    void looksForARingInTheApplicationsOwnThread() throws Exception {
        Path ring = copyOfOurRing();
        assertThat(providerOf(ring)).contains("PID: " + ProcessHandle.current().pid() + " ");
    }

    @Test
    void doesNotTakeAnotherUsersProcessForTheWriter() throws Exception {
        Assumptions.assumeTrue(ProcFacts.userId() == 0);
        Process other =
                new ProcessBuilder("setpriv", "--reuid", "65534", "--clear-groups", "sleep", "600")
                        .start();
        try {
            Path status = Path.of("/proc", Long.toString(other.pid()));
            while (Files.getAttribute(status, "unix:uid").equals(0)) {
                Thread.onSpinWait();
            }
            Path ring = copyOfOurRing();
            try (var file = new RandomAccessFile(ring.toFile(), "rw")) {
                String stat = Files.readString(status.resolve("stat"));
                String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
                put(file, Layout.H_PROCESS_ID, other.pid());
                put(file, Layout.H_PROCESS_START, Long.parseLong(start));
            }
            assertThat(providerOf(ring)).contains("PID: " + CLAIMED + " ");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static void put(RandomAccessFile file, int at, long value) throws IOException {
        file.seek(at);
        file.writeLong(Long.reverseBytes(value));
    }

    /// As far as it tells whose it is.
    private Path copyOfOurRing() throws Exception {
        RingWriter ours = RingWriter.open();
        ours.file().toFile().deleteOnExit();
        Path copy = directory.resolve("a.ring");
        try (var from = new RandomAccessFile(ours.file().toFile(), "r");
                var to = new RandomAccessFile(copy.toFile(), "rw")) {
            byte[] header = new byte[Layout.METADATA_OFFSET];
            from.readFully(header);
            to.write(header);
            to.setLength(from.length()); // the rest is empty, and takes no room
        }
        return copy;
    }

    /// What an application is called that says that this is its ring, when the control thread comes
    /// to it only after the ring has gone.
    private String providerOf(Path ring) throws Exception {
        var domain = new JvmDomain(control::add, ProcFacts.userId(), 1);
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (SocketChannel connection = SocketChannel.open(address)) {
                SocketChannel served = server.accept();
                Thread.ofVirtual().start(() -> domain.serve(served, () -> {}));
                var frames = new Frames(connection);
                frames.write(
                        new FromApplication.Hello(
                                FrameFormat.VERSION, CLAIMED, 1, "", "25", "Hostile", 0));
                frames.write(new FromApplication.Bound(0, "a:b", 13, List.of(), ""));
                frames.write(new FromApplication.RingOpened(ring.toString()));
                Runnable greeting = control.take();
                Runnable binding = control.take();
                Runnable opening = control.take();
                Files.delete(ring);
                greeting.run();
                binding.run();
                opening.run();
                return domain.points(DomainName.USERSPACE, PointType.TRACEPOINT).toString();
            }
        } finally {
            Files.delete(directory.resolve("s"));
        }
    }
}
