// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// `view` for many clients of one JVM: a corpus of 1,800 cases would else start as many JVMs.
///
/// A client sends the count of its arguments and each of them; it gets pieces of what is printed
/// (`o` or `e`, length, bytes) and at last `x` with the exit status. Numbers have four bytes.
public final class ViewServer {
    private ViewServer() {}

    /// @param arguments the path of the socket
    public static void main(String[] arguments) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(Path.of(arguments[0])));
        System.out.println("ready");
        while (true) {
            SocketChannel client = server.accept();
            Thread.ofPlatform().daemon().start(() -> serve(client));
        }
    }

    private static void serve(SocketChannel client) {
        try (client) {
            var in = new DataInputStream(Channels.newInputStream(client));
            var arguments = new String[in.readInt()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            }
            var reply = new DataOutputStream(Channels.newOutputStream(client));
            var err = new ByteArrayOutputStream();
            int status;
            try (var printed = new PrintStream(err, true, StandardCharsets.UTF_8)) {
                status = status(arguments, new Pieces(reply), printed);
            }
            send(reply, 'e', err.toByteArray(), 0, err.size());
            reply.writeByte('x');
            reply.writeInt(status);
        } catch (IOException clientIsGone) {
            // It has told its own reason, or was ended for the time that it took.
        }
    }

    /// What ends a program with a stack trace is told in the same way.
    private static int status(String[] arguments, OutputStream out, PrintStream err) {
        try {
            return View.main(arguments, out, err);
        } catch (RuntimeException | Error bug) {
            bug.printStackTrace(err);
            return 1;
        }
    }

    private static void send(DataOutputStream reply, char what, byte[] bytes, int from, int count)
            throws IOException {
        reply.writeByte(what);
        reply.writeInt(count);
        reply.write(bytes, from, count);
    }

    private static final class Pieces extends OutputStream {
        private final DataOutputStream reply;

        Pieces(DataOutputStream reply) {
            this.reply = reply;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            send(reply, 'o', bytes, from, count);
        }
    }
}
