// SPDX-License-Identifier: Apache-2.0
/// Sessions that are read from a relay daemon while they are recorded, as a viewer of LTTng's live
/// protocol.
///
/// Start at [LiveSource]. Below it: the messages' package only. One thread, the reader's, asks the
/// relay.
package dev.contrail.analysis.live;
