// SPDX-License-Identifier: Apache-2.0
/// A relay as the place where a trace goes: LTTng's relay daemon, or ours.
///
/// Start at [RelayOutput], which keeps a [SentSession] open as long as it can; that speaks over two
/// [RelayLink]s. Below it: `output`, `domain`, `file`.
package dev.contrail.recorder.relay;
