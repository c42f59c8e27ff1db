// SPDX-License-Identifier: Apache-2.0
/// A bundle that has its own Logback inside. Start at [Till].
package guest.osgi.bundle;
