// SPDX-License-Identifier: Apache-2.0
/// Records Linux kernel events through private tracefs instances, as CTF packets in LTTng's schema.
///
/// Start at [dev.contrail.kernel.KernelDomain]. The control thread changes instances, a session's
/// consumer thread reads rings; what one declares for the other is immutable and published whole
/// ([dev.contrail.kernel.ChannelEvents]).
package dev.contrail.kernel;
