// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import dev.contrail.tracer.context.AppContexts;
import dev.contrail.tracer.link.Host;
import java.util.function.Consumer;

/// A context of the application's own: a value that belongs to a thread for a while, as the number
/// of the request that it works on, and that sessions can have added to each event record of that
/// thread (`contrail add-context -u -t '$app.PROVIDER:NAME'`; the field is `app_PROVIDER_NAME`).
///
/// ```java
/// private static final AppContext REQUEST = AppContext.of("shop", "request");
///
/// REQUEST.set(id);
/// try {
///     serve();
/// } finally {
///     REQUEST.clear();
/// }
/// ```
///
/// Any thread may call it, virtual ones too; a value is seen in the thread that has set it only.
public final class AppContext {
    private final Consumer<Object> setter;

    private AppContext(Consumer<Object> setter) {
        this.setter = setter;
    }

    /// The context of that name; asked for twice, the same one.
    ///
    /// @param provider letters, digits and `_`
    /// @param name letters, digits and `_`
    /// @throws IllegalArgumentException when a name has other characters, or a process has 256
    ///   contexts already
    public static AppContext of(String provider, String name) {
        return new AppContext(
                Host.appContext(AppContexts.fieldName(checked(provider), checked(name))));
    }

    private static String checked(String name) {
        boolean isName = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            isName &= AppContexts.isPlain(name.charAt(i));
        }
        if (!isName) {
            throw new IllegalArgumentException(
                    "a context is named '" + name + "', want letters, digits and _");
        }
        return name;
    }

    /// Sets it in the calling thread, some nanoseconds. Records have its first 63 bytes of UTF-8.
    ///
    /// @param value null is as good as [#clear]
    public void set(String value) {
        setter.accept(value);
    }

    /// The calling thread has none any more: records show an empty string.
    @SuppressWarnings("NullAway") // a consumer of the JDK's takes null
    public void clear() {
        setter.accept(null);
    }
}
