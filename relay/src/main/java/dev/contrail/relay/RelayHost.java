// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.wire.net.KeepAlive;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.Tcp;
import dev.contrail.wire.net.TimeSource;
import java.security.SecureRandom;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/// What a relay daemon has of the machine that it runs on; tests may have another.
///
/// @param producers threads for what comes from producers, which goes to files
/// @param viewers threads for what viewers say and are sent
/// @param others threads that mostly wait
/// @param random for what nobody may guess
/// @param patienceNanos how long who is connected may stop within a message or take nothing; 0 for
///   ever
public record RelayHost(
        Network network,
        TimeSource clock,
        ThreadFactory producers,
        ThreadFactory viewers,
        ThreadFactory others,
        RandomGenerator random,
        long patienceNanos) {
    /// Viewers' at a time: a small message costs a virtual thread three times as much, and many
    /// threads of the operating system cost memory.
    private static final int MAX_PLATFORM_THREADS = 256;

    /// Whose peers may take their time.
    public RelayHost(
            Network network,
            TimeSource clock,
            ThreadFactory producers,
            ThreadFactory others,
            RandomGenerator random) {
        this(network, clock, producers, others, others, random, 0);
    }

    /// The same with another network.
    RelayHost with(Network other) {
        return new RelayHost(other, clock, producers, viewers, others, random, patienceNanos);
    }

    /// This machine, whose peers may take their time.
    ///
    /// @param keepAlive of connections
    public static RelayHost real(KeepAlive keepAlive) {
        return real(keepAlive, 0);
    }

    /// This machine.
    ///
    /// @param keepAlive of connections
    public static RelayHost real(KeepAlive keepAlive, long patienceNanos) {
        ThreadFactory virtual = Thread.ofVirtual().name("relay-", 0).factory();
        return new RelayHost(
                new Tcp(keepAlive),
                TimeSource.SYSTEM,
                Thread.ofPlatform().daemon().name("relay-producer-", 0).factory(),
                new FirstThreads(
                        MAX_PLATFORM_THREADS,
                        Thread.ofPlatform().daemon().name("relay-viewer-", 0).factory(),
                        virtual),
                virtual,
                new SecureRandom(),
                patienceNanos);
    }
}
