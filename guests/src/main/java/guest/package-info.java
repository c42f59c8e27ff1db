// SPDX-License-Identifier: Apache-2.0
/// What guests have in common. Start at [Said].
package guest;
