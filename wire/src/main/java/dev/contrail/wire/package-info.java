// SPDX-License-Identifier: Apache-2.0
/// The words that all processes of ours share: domains, event rules, channel attributes, session
/// modes, warnings, errors, where a relay is. Values, which know nothing of how they are sent.
///
/// Start at [EventRule]. Immutable. Below it there is nothing.
package dev.contrail.wire;
