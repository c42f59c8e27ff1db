// SPDX-License-Identifier: Apache-2.0
/// An OSGi framework, whose bundles see nothing of each other, nor of the class path. Start at
/// [Bundles].
package guest.osgi;
