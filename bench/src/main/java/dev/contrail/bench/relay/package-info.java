// SPDX-License-Identifier: Apache-2.0
/// Programs that run beside a relay daemon: `relay.sh`, `connect.sh` and others start them.
package dev.contrail.bench.relay;
