// SPDX-License-Identifier: Apache-2.0
/// The session daemon: its sockets, the requests that it answers, the sessions that it has.
///
/// Start at [SessionDaemon]. The control thread owns sessions, rules and domains. Below it: a
/// session (`session`), its threads (`consumer`), where its trace goes (`output`), the seams to
/// tracers (`domain`), the daemon's threads (`thread`) and files (`file`). `jvm` is a domain beside
/// them.
package dev.contrail.recorder;
