// SPDX-License-Identifier: Apache-2.0
/// Connections between machines: TLS 1.3, a certificate that is known by its fingerprint, and a
/// token that says who connects (`relay-protocol.md` section 13).
///
/// Who connects starts at [TokenNetwork], who listens at [GuardedNetwork]; a [RelayToken] is what
/// both have in common.
package dev.contrail.wire.secure;
