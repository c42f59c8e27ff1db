// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import java.util.List;

/// A fault of the kinds that such code has: what to write for what stands in a source file.
///
/// @param file below `src/main/java/dev/contrail` of its room
/// @param before what stands there once
record PlantedFault(String name, String room, String file, String before, String after) {
    private static PlantedFault recorder(String name, String file, String before, String after) {
        return new PlantedFault(name, "recorder", "recorder/" + file, before, after);
    }

    private static PlantedFault relay(String name, String file, String before, String after) {
        return new PlantedFault(name, "relay", "relay/" + file, before, after);
    }

    private static PlantedFault analysis(String name, String file, String before, String after) {
        return new PlantedFault(name, "analysis", "analysis/" + file, before, after);
    }

    /// One is planted at a time.
    static final List<PlantedFault> ALL =
            List.of(
                    relay(
                            "a packet is acknowledged that was not synced",
                            "stream/StreamPart.java",
                            "            dataFile.force(false);\n",
                            "            dataFile.size();\n"),
                    relay(
                            "an index entry is acknowledged that was not synced",
                            "stream/StreamIndex.java",
                            "            opened.force(false);\n",
                            "            opened.size();\n"),
                    relay(
                            "the journal is not synced",
                            "journal/SessionJournal.java",
                            "            file.force(false);\n",
                            "            file.size();\n"),
                    relay(
                            "the directory of a new file is not synced",
                            "journal/Resumption.java",
                            "            StoredFiles.syncDirectory(each);\n",
                            ""),
                    relay(
                            "directories above a new one are not synced",
                            "journal/Resumption.java",
                            "            syncAbove(each);\n",
                            ""),
                    relay(
                            "a packet is acknowledged that is not in the journal",
                            "producer/ExtendedRequests.java",
                            "            stored = resumption.commit();\n        } catch (IOException e) {\n            failure = Reason.of(e);\n        }\n",
                            "            stored = resumption.commit();\n        } catch (IOException e) {\n            stored = Integer.MAX_VALUE;\n        }\n"),
                    relay(
                            "torn records of the journal are taken for whole",
                            "journal/SessionJournal.java",
                            "        if (checksum(body) != checksum) {\n",
                            "        if (checksum == 0) {\n"),
                    relay(
                            "what lies behind the journal's end is not cut off",
                            "file/StoredTail.java",
                            "            data.truncate(cut.bytes);\n",
                            "            data.size();\n"),
                    relay(
                            "packets are stored behind one that could not be",
                            "producer/ExtendedRequests.java",
                            "        if (!failure.isEmpty()) {\n            return;\n        }\n        ByteBuffer packet;\n",
                            "        ByteBuffer packet;\n"),
                    relay(
                            "a packet is stored whatever its number is",
                            "stream/DataStream.java",
                            "        if (index.netSeqNum() != lastPacket + 1) {\n",
                            "        if (index.netSeqNum() == lastPacket) {\n"),
                    relay(
                            "a packet that came damaged is stored",
                            "producer/PackedPackets.java",
                            "        if ((int) sum.getValue() != untrusted.checksum()) {\n",
                            "        if (sum.getValue() < 0) {\n"),
                    relay(
                            "viewers see packets that may still change",
                            "stream/DataStream.java",
                            "        return number <= shown;\n",
                            "        return number <= lastPacket;\n"),
                    relay(
                            "a viewer goes on with the packet that it has seen",
                            "live/SessionFeed.java",
                            "at.isWithin() ? at.packet() - 1 : at.packet())",
                            "at.packet() - 1)"),
                    relay(
                            "a viewer's place is kept without its mark",
                            "live/ViewerPlace.java",
                            "        mark = newMark;\n",
                            "        mark = mark.length == 0 ? newMark : mark;\n"),
                    relay(
                            "a viewer's place is not synced",
                            "live/ViewerPlace.java",
                            "            channel.force(true);\n",
                            ""),
                    relay(
                            "a session whose journal failed is over for its viewers",
                            "producer/AbsentProducers.java",
                            "            session.giveUp();",
                            "            session.end();"),
                    recorder(
                            "the last packet is sent again after a cut",
                            "relay/ToldPackets.java",
                            "given.sequence() <= last.position;",
                            "given.sequence() < last.position;"),
                    recorder(
                            "a packet is passed over after a cut",
                            "relay/ToldPackets.java",
                            "given.sequence() <= last.position;",
                            "given.sequence() <= last.position + 1;"),
                    recorder(
                            "an answer acknowledges all that was sent",
                            "relay/ResumableSession.java",
                            "        storedPackets = its.packets();\n",
                            "        storedPackets = sent.packets();\n"),
                    recorder(
                            "what was under way is not sent again after a cut",
                            "consumer/Delivery.java",
                            "            queue.rewind();\n",
                            ""),
                    recorder(
                            "a packet that gives way is not counted",
                            "consumer/Delivery.java",
                            "            lose(oldest.get());\n        }\n        queue.taken();\n",
                            "        }\n        queue.taken();\n"),
                    recorder(
                            "a packet that the relay has is counted as lost",
                            "relay/SentStreams.java",
                            "            lost.settle(stream, position);\n",
                            ""),
                    recorder(
                            "the second of the session is kept after the relay has made it",
                            "relay/CreationFile.java",
                            "PrivateFiles.replace(path, seconds + \" \" + daemon + \"\\n\");",
                            "PrivateFiles.replace(path, seconds + \"\\n\");"),
                    recorder(
                            "metadata begins anew after a cut",
                            "relay/RelayMetadata.java",
                            "Math.max(resumedBytes, sent",
                            "Math.max(0, sent"),
                    recorder(
                            "losses that were kept are forgotten",
                            "output/LostRecords.java",
                            "            found.records().forEach(this::read);\n",
                            ""),
                    analysis(
                            "a viewer drops what has come when a stream ends",
                            "live/PushedPackets.java",
                            "        hasEnded = true;\n        gone();\n",
                            "        hasEnded = true;\n        waiting.clear();\n        gone();\n"));
}
