// SPDX-License-Identifier: Apache-2.0
/// Commands that run a program and record it: `record` and `demo`.
///
/// Start at [RecordCommand]; [PrivateSession] is the session. Below it: `daemon`, `session` for
/// text, `console`.
package dev.contrail.cli.run;
