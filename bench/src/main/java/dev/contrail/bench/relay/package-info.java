// SPDX-License-Identifier: Apache-2.0
/// Programs that `relay.sh` runs beside a relay daemon.
package dev.contrail.bench.relay;
