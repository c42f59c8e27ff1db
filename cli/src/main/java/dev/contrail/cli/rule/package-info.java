// SPDX-License-Identifier: Apache-2.0
/// What an event rule may say on the command line: log levels, settings of methods and of JFR; and
/// what is said of one that can hardly record what was meant.
///
/// Start at [LogLevels] and [RuleAdvice]. It knows nothing of sessions. Below it: `console`.
package dev.contrail.cli.rule;
