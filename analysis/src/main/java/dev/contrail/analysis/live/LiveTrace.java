// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayUrl.Watched;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A trace of a live session, whose metadata grows: what is declared by now. Owned by its
/// [LiveSession].
public final class LiveTrace {
    /// Metadata that comes again is not taken for new: so much of it has to be equal.
    private static final int LEAST_EQUAL_BYTES = 64;

    private final String name;
    private final String host;
    private final LiveLink link;
    private OptionalLong metadataStream = OptionalLong.empty();
    private byte[] text = {};

    /// How far metadata that comes once more, as after a clear, has come; 0 when none does.
    private int repeatedBytes;

    private Optional<TracePlan> plan = Optional.empty();

    /// What is wrong with the metadata while it is not whole.
    private String broken = "";

    /// What cannot be read of it, unless the rest is to come.
    private List<String> damage = List.of();

    private boolean isLost;
    private final Set<String> told = new HashSet<>();

    /// @param path of its streams
    LiveTrace(Watched watched, CString path, LiveLink link) {
        String below = path.isEmpty() || path.toString().startsWith("/") ? "" : "/";
        name = watched.host() + "/" + watched.session() + below + path;
        host = watched.host();
        this.link = link;
    }

    /// One that a relay has told of. Where it has another of that name, as of two hosts that have
    /// one, that is told: nothing else tells the events of the two apart.
    ///
    /// @param path of its streams
    static LiveTrace begin(Watched watched, CString path, LiveLink link) {
        var begun = new LiveTrace(watched, path, link);
        link.begun(begun.name);
        return begun;
    }

    /// What users call it.
    public String name() {
        return name;
    }

    /// The host that it is recorded on.
    public String host() {
        return host;
    }

    /// What it declares by now; empty while that has not come. Another one when it has grown.
    public Optional<TracePlan> plan() {
        return plan;
    }

    void metadataIn(long stream) {
        if (metadataStream.isEmpty()) {
            metadataStream = OptionalLong.of(stream);
        }
    }

    /// Whether it can never be read.
    boolean isLost() {
        return isLost;
    }

    /// Whether something has come that does not make sense, or not yet.
    boolean isBroken() {
        return !broken.isEmpty() || !damage.isEmpty();
    }

    /// There are packets, whose metadata should have come before: what there is has to do.
    void settle() throws IOException {
        if (isBroken()) {
            refresh();
        }
        damage.stream().filter(told::add).forEach(link::damaged);
        damage = List.of();
        if (plan.isEmpty()) {
            lose("packets have come, but no metadata");
        }
    }

    private void lose(String why) {
        if (!isLost) {
            isLost = true;
            link.damaged(broken.isEmpty() ? name + ": " + why : broken);
        }
    }

    /// Takes all metadata that is new.
    void refresh() throws IOException {
        if (metadataStream.isEmpty() || isLost) {
            return;
        }
        boolean isNew = false;
        while (true) {
            ViewerReply.Metadata more =
                    link.ask(
                            new ViewerRequest.GetMetadata(metadataStream.getAsLong()),
                            ViewerReply.Metadata.class);
            switch (more.status()) {
                case OK -> {
                    if (!more.bytes().hasRemaining()) {
                        parseIf(isNew);
                        return;
                    }
                    isNew |= take(more.bytes());
                }
                case NOTHING_NEW -> {
                    parseIf(isNew);
                    return;
                }
                case FAILED -> {
                    parseIf(isNew);
                    metadataStream = OptionalLong.empty(); // it is gone: no more will come
                    if (plan.isEmpty()) {
                        lose("the relay does not have its metadata");
                    }
                    return;
                }
            }
        }
    }

    /// More of it has come unasked.
    void grow(ByteBuffer bytes) throws IOException {
        parseIf(take(bytes));
    }

    /// @return whether something is new
    private boolean take(ByteBuffer bytes) throws IOException {
        byte[] more = new byte[bytes.remaining()];
        bytes.get(more);
        int same = Arrays.mismatch(more, 0, more.length, text, repeatedBytes, text.length);
        int equal = same < 0 ? more.length : same;
        boolean isRepeated =
                equal == more.length && (repeatedBytes > 0 || equal >= LEAST_EQUAL_BYTES)
                        || repeatedBytes + equal == text.length && text.length > 0;
        int skipped = 0;
        if (isRepeated) {
            skipped = equal;
            repeatedBytes = repeatedBytes + equal == text.length ? 0 : repeatedBytes + equal;
        } else {
            repeatedBytes = 0;
        }
        if (text.length + (long) more.length - skipped > MetadataFile.MAX_BYTES) {
            throw new IOException(
                    "%s: more than %d bytes of metadata".formatted(name, MetadataFile.MAX_BYTES));
        }
        byte[] all = Arrays.copyOf(text, text.length + more.length - skipped);
        System.arraycopy(more, skipped, all, text.length, more.length - skipped);
        text = all;
        return skipped < more.length;
    }

    private void parseIf(boolean isNew) {
        if (!isNew) {
            return;
        }
        broken = "";
        try {
            Metadata declared = MetadataFile.parse(name, text);
            plan = Optional.of(TracePlan.of(name, declared));
            damage = declared.damage();
            declared.warnings().stream().filter(told::add).forEach(link::remarked);
        } catch (CtfException e) {
            broken = e.getMessage(); // perhaps the rest is to come
        }
    }
}
