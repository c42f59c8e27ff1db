// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Recorded conversations of real producers, relays and viewers, both directions: those that
/// `relay-protocol.md` and `live-protocol.md` number.
///
/// `conversations.zip.gz` has a folder for each: the bytes of each connection and direction, and
/// `index.txt`, made by a program that shares nothing with ours, with a line for each message:
/// number, connection, direction, place and length of its bytes, name and fields.
public final class Conversations {
    private static final Map<String, byte[]> FILES = files();

    private Conversations() {}

    /// One message of a conversation.
    ///
    /// @param connection with its number, as `control1`
    /// @param isToServer whether it went to the relay
    /// @param offset where it begins in `file`
    /// @param file all that went over the connection in that direction
    /// @param name of its command; a reply's ends in `.reply`
    public record Message(
            String conversation,
            int line,
            String connection,
            boolean isToServer,
            int offset,
            int length,
            String name,
            String fields,
            byte[] file) {
        /// From its beginning to the end of all that was received.
        public ByteBuffer received() {
            return ByteBuffer.wrap(file, offset, file.length - offset).slice();
        }

        /// Its own bytes.
        public byte[] bytes() {
            byte[] bytes = new byte[length];
            received().get(bytes);
            return bytes;
        }

        /// What was said without the numbers that differ from one to the next.
        public String kind() {
            return name + " " + length + " " + isToServer;
        }

        @Override
        public String toString() {
            return conversation + ", " + line + ": " + connection + " " + name + " " + fields;
        }
    }

    /// All messages of all connections of a kind: `control`, `data` or `live`, in their order.
    public static List<Message> of(String kind) {
        var messages = new ArrayList<Message>();
        FILES.forEach((name, index) -> {
            if (name.endsWith("/index.txt")) {
                String folder = name.substring(0, name.indexOf('/'));
                new String(index, StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> message(folder, line.split("\t", -1)))
                        .filter(each -> each.connection().startsWith(kind))
                        .forEach(messages::add);
            }
        });
        return messages;
    }

    private static Message message(String folder, String[] columns) {
        boolean isToServer = columns[2].equals("C>S");
        String end = isToServer ? ".c2s.bin" : ".s2c.bin";
        byte[] file = FILES.get(folder + "/" + columns[1] + end);
        if (file == null) { // of many connections one after the other
            file = FILES.get(folder + "/" + columns[1].replaceAll("\\d+$", "-all") + end);
        }
        return new Message(
                folder,
                Integer.parseInt(columns[0]),
                columns[1],
                isToServer,
                Integer.parseInt(columns[3]),
                Integer.parseInt(columns[4]),
                columns[5],
                columns[6].strip(),
                Objects.requireNonNull(file));
    }

    private static Map<String, byte[]> files() {
        var files = new LinkedHashMap<String, byte[]>();
        try (InputStream packed =
                        Objects.requireNonNull(
                                Conversations.class.getResourceAsStream("conversations.zip.gz"));
                var zip = new ZipInputStream(new GZIPInputStream(packed))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
