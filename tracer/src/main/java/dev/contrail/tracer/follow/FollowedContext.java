// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.context.AppContexts;
import org.jspecify.annotations.Nullable;

/// A context that a library keeps and somebody wants.
///
/// A field is named by letters, digits and `_`, and a key of a library by anything: what is none of
/// them in the key counts as `_`, so that `user.id` is asked for as `user_id`.
final class FollowedContext {
    /// As it is asked for.
    final String key;

    private final int number;
    private final boolean hasLine;

    /// Begins to follow it. Link thread.
    FollowedContext(String fieldName, String key) {
        this.key = key;
        this.number = AppContexts.follow(fieldName);
        this.hasLine = key.indexOf('_') >= 0;
    }

    /// The library is there that keeps it. Any thread.
    void isThere() {
        AppContexts.isThere(number);
    }

    /// Nobody wants it any more. Link thread.
    void leave() {
        AppContexts.leave(number);
    }

    /// Whether a library's key is meant. Takes no time to speak of.
    boolean is(@Nullable Object given) {
        return key.equals(given) || hasLine && given instanceof String text && isNearly(text);
    }

    private boolean isNearly(String given) {
        if (given.length() != key.length()) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            char wanted = key.charAt(i);
            char c = given.charAt(i);
            boolean isSame = c == wanted || wanted == '_' && !AppContexts.isPlain(c);
            if (!isSame) {
                return false;
            }
        }
        return true;
    }

    /// The calling thread has that value.
    ///
    /// @param value what is no string is no value
    void set(@Nullable Object value) {
        AppContexts.set(number, value instanceof String text ? text : null);
    }
}
