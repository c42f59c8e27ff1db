// SPDX-License-Identifier: Apache-2.0
/// A web application, in a class loader of its own. Start at [Till].
package guest.tomcat.webapp;
