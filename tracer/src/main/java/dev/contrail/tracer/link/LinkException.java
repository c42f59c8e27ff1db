// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.io.IOException;

/// The peer on a link sent something that is not a message. The connection is of no more use.
public final class LinkException extends IOException {
    private static final long serialVersionUID = 1;

    LinkException(String message) {
        super(message);
    }
}
