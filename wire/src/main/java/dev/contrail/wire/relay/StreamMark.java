// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

/// What a producer of ours has a relay keep with each packet, and hears again when it resumes the
/// stream: two numbers that mean nothing to the relay.
///
/// @param position of a packet: its number in the ring that it was taken out of; of metadata: the
///   bytes of text up to its end
/// @param lostRecords of a packet: how many records that were given up are among those that it says
///   were discarded
public record StreamMark(long position, long lostRecords) {
    public static final StreamMark NONE = new StreamMark(RelayRequest.NONE, 0);
}
