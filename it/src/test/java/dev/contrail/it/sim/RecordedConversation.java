// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// What real producers and viewers have said to a relay, and it to them.
///
/// @param messages in their order
record RecordedConversation(String name, List<Message> messages) {
    private static final Path FILE =
            Path.of("../wire/src/test/resources/dev/contrail/wire/conversations.zip.gz");

    /// @param connection `control1`, `data1`, `viewer1` …
    /// @param name of the command; of an answer, with `.reply` behind it
    record Message(String connection, boolean isToServer, String name, byte[] bytes) {}

    static List<RecordedConversation> all() throws IOException {
        Map<String, byte[]> files = files();
        var all = new ArrayList<RecordedConversation>();
        for (String each : files.keySet()) {
            if (each.endsWith("/index.txt")) {
                all.add(of(each.substring(0, each.length() - "/index.txt".length()), files));
            }
        }
        all.removeIf(each -> each.messages().stream().noneMatch(Message::isToServer));
        return all;
    }

    private static RecordedConversation of(String name, Map<String, byte[]> files) {
        var messages = new ArrayList<Message>();
        String index = new String(files.get(name + "/index.txt"), StandardCharsets.UTF_8);
        for (String line : index.lines().toList()) {
            String[] columns = line.split("\t", -1);
            boolean isToServer = columns[2].equals("C>S");
            byte[] file =
                    files.get(
                            "%s/%s.%s.bin".formatted(name, columns[1], isToServer ? "c2s" : "s2c"));
            int offset = Integer.parseInt(columns[3]);
            int length = Integer.parseInt(columns[4]);
            if (length > 0 && file != null) {
                byte[] bytes = Arrays.copyOfRange(file, offset, offset + length);
                messages.add(new Message(columns[1], isToServer, columns[5], bytes));
            }
        }
        return new RecordedConversation(name, messages);
    }

    private static Map<String, byte[]> files() throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var zip =
                new ZipInputStream(
                        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(FILE))))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
