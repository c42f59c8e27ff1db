// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.session.ServedDomain;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The domains that a daemon serves, and why it does not serve the others. Filled before the daemon
/// starts; any thread then.
final class ServedDomains {
    private final Map<DomainName, ServedDomain> domains = new EnumMap<>(DomainName.class);
    private final Map<DomainName, RefusedException> missing = new EnumMap<>(DomainName.class);

    void add(ServedDomain served) {
        served.domain().names().forEach(name -> domains.put(name, served));
    }

    void refuse(DomainName domain, RefusedException why) {
        missing.put(domain, why);
    }

    Optional<ServedDomain> find(DomainName name) {
        return Optional.ofNullable(domains.get(name));
    }

    /// @throws RefusedException when it is not served: why that is so
    ServedDomain domain(DomainName name) throws RefusedException {
        ServedDomain domain = domains.get(name);
        if (domain == null) {
            RefusedException why = missing.get(name);
            throw why == null
                    ? new RefusedException(LttngError.KERN_NA)
                    : new RefusedException(why.error(), why.getMessage());
        }
        return domain;
    }

    /// Closes each, once it has done what it was asked.
    CompletableFuture<Void> close() {
        return CompletableFuture.allOf(
                domains.values().stream()
                        .distinct()
                        .map(ServedDomain::close)
                        .toArray(CompletableFuture[]::new));
    }
}
