// SPDX-License-Identifier: Apache-2.0
/// Programs that `hello.sh` runs beside a session daemon.
package dev.contrail.bench.link;
