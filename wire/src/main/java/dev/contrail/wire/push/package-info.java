// SPDX-License-Identifier: Apache-2.0
/// What our own viewers and our relay daemon say to each other where LTTng's live protocol has no
/// words for it (`viewer-push.md`): packets that are sent as they come, as much as a viewer has
/// room for, and viewers with a name, whose place the relay remembers.
///
/// Start at [PushRequest], what a viewer says, and [PushMessage], what a relay does;
/// [PushRequestCodec] and [PushMessageCodec] read and write them. [PushExtension] is how both find
/// out that they can. All is immutable and keeps no state of a connection.
package dev.contrail.wire.push;
