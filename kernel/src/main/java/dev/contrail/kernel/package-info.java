// SPDX-License-Identifier: Apache-2.0
/// Records Linux kernel events through private tracefs instances, as CTF packets in LTTng's schema.
///
/// Start at [KernelDomain]. The domain's thread changes instances, a session's sender or consumer
/// thread reads rings; what one declares for the other is immutable and published whole
/// ([dev.contrail.kernel.convert.ChannelEvents]). Below it, from the top down: `buffer`, `trace`,
/// `statedump`, `convert`, `schema`, `tracefs`.
package dev.contrail.kernel;
