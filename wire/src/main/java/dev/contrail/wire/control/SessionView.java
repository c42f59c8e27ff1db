// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import java.util.List;
import java.util.Optional;

/// A session as the daemon shows it.
///
/// @param output where traces go; for a snapshot session its default output; empty for none
/// @param liveMicros how often a viewer is shown what is new; 0 when the session is not live
/// @param domains in the order in which they came into use
/// @param accounts what became of the records, one for each ring
/// @param problems what went wrong while recording
/// @param notStored records that could not be written; they are among those discarded
/// @param created the moment of its creation, ISO 8601 basic (`20261123T101500+0000`)
/// @param recordedJvms JVMs that it has rings of; `refusedJvms` those that it would record and
///   cannot
/// @param relay how it stands with the relay that its trace goes to; empty where it goes to none
public record SessionView(
        String name,
        SessionMode mode,
        boolean isActive,
        String output,
        long liveMicros,
        List<DomainName> domains,
        List<ChannelView> channels,
        List<AccountView> accounts,
        List<Warning> problems,
        long notStored,
        String created,
        long recordedJvms,
        long refusedJvms,
        Optional<RelayView> relay) {
    public SessionView {
        domains = List.copyOf(domains);
        channels = List.copyOf(channels);
        accounts = List.copyOf(accounts);
        problems = List.copyOf(problems);
    }

    /// How it stands with a relay.
    ///
    /// @param isConnected whether there is a connection
    /// @param isResumable whether the relay goes on with the session after a cut: it is one of ours
    /// @param lagNanos how old the oldest packet is that it has not acknowledged
    /// @param waitingBytes of packets that it has not acknowledged
    /// @param spoolBytes that may wait
    /// @param viewers that have the session open there; 0 where the relay does not say it
    /// @param directory of the session below the relay's output directory; empty where the relay
    ///   has not said it
    public record RelayView(
            boolean isConnected,
            boolean isResumable,
            long lagNanos,
            long waitingBytes,
            long spoolBytes,
            long viewers,
            String directory) {
        private void encode(MessageWriter out) {
            out.flag(isConnected).flag(isResumable).number(lagNanos).number(waitingBytes);
            out.number(spoolBytes).number(viewers).text(directory);
        }

        private static RelayView decode(MessageReader in) throws ProtocolException {
            return new RelayView(
                    in.flag(),
                    in.flag(),
                    in.number(),
                    in.number(),
                    in.number(),
                    in.number(),
                    in.text());
        }
    }

    /// A channel and its event rules.
    ///
    /// @param discarded records that found no space
    /// @param overwritten records that newer ones replaced
    public record ChannelView(
            String name,
            DomainName domain,
            boolean isEnabled,
            ChannelAttributes attributes,
            long discarded,
            long overwritten,
            List<EventRule> rules) {
        public ChannelView {
            rules = List.copyOf(rules);
        }
    }

    /// What became of the records of a domain.
    ///
    /// @param historyNanos how far back the buffers reach, 0 when they are empty
    /// @param stateDump records of the state dump, which the trace holds beside those recorded
    public record AccountView(
            DomainName domain,
            long recorded,
            long discarded,
            long overwritten,
            long historyNanos,
            long stateDump,
            List<String> notes) {
        public AccountView {
            notes = List.copyOf(notes);
        }
    }

    void encode(MessageWriter out) {
        out.text(name).word(mode).flag(isActive).text(output).number(liveMicros);
        out.list(domains, MessageWriter::word);
        out.list(
                channels,
                (to, channel) -> {
                    to.text(channel.name).word(channel.domain).flag(channel.isEnabled);
                    WordCodec.encode(to, channel.attributes);
                    to.number(channel.discarded).number(channel.overwritten);
                    to.list(channel.rules, WordCodec::encode);
                });
        out.list(accounts, SessionView::encodeAccount)
                .list(problems, WarningCodec::encode)
                .number(notStored)
                .text(created)
                .number(recordedJvms)
                .number(refusedJvms)
                .list(relay.stream().toList(), (to, its) -> its.encode(to));
    }

    static SessionView decode(MessageReader in) throws ProtocolException {
        return new SessionView(
                in.text(),
                in.word(SessionMode.values()),
                in.flag(),
                in.text(),
                in.number(),
                in.list(from -> from.word(DomainName.values())),
                in.list(from ->
                        new ChannelView(
                                from.text(),
                                from.word(DomainName.values()),
                                from.flag(),
                                WordCodec.decodeAttributes(from),
                                from.number(),
                                from.number(),
                                from.list(WordCodec::decodeRule))),
                in.list(SessionView::decodeAccount),
                in.list(WarningCodec::decode),
                in.number(),
                in.text(),
                in.number(),
                in.number(),
                in.list(RelayView::decode).stream().findFirst());
    }

    static void encodeAccount(MessageWriter out, AccountView account) {
        out.word(account.domain)
                .number(account.recorded)
                .number(account.discarded)
                .number(account.overwritten)
                .number(account.historyNanos)
                .number(account.stateDump)
                .texts(account.notes);
    }

    static AccountView decodeAccount(MessageReader in) throws ProtocolException {
        return new AccountView(
                in.word(DomainName.values()),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.texts());
    }
}
