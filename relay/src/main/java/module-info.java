// SPDX-License-Identifier: Apache-2.0
/// The relay daemon: receives what producers send, stores it, and serves live viewers.
module dev.contrail.relay {
    requires dev.contrail.ctf;
    requires transitive dev.contrail.wire;
    requires io.airlift.compress;
    requires static org.jspecify;

    exports dev.contrail.relay;
    exports dev.contrail.relay.trust;
}
