// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the fields that hold lengths and selectors, and gives each a register: a place where its
/// value is kept for later (`ctf.md` sections 6.4 and 13.4).
///
/// It follows [LayoutCompiler] through the tree of layouts and so knows what is decoded before
/// what.
public final class KeyFinder {
    /// Most fields looked at for all locations of a trace: a location that leads through a variant
    /// looks at all its options, and a short text can have many of both.
    private static final int MAX_STEPS = 1 << 24;

    /// The fields that a location may mean, of which the last decoded counts.
    ///
    /// @param scope where they are
    /// @param isCertain whether one of them is in every record that needs it
    record Key(Scope scope, List<FieldLayout> fields, boolean isCertain) {
        FieldLayout first() {
            return fields.getFirst();
        }
    }

    private final EnumMap<Scope, FieldLayout> roots = new EnumMap<>(Scope.class);

    /// Full names of the members that a structure has so far.
    private final Map<FieldLayout, Map<String, FieldLayout>> members = new HashMap<>();

    private final Map<List<FieldLayout>, Integer> registers = new HashMap<>();

    /// Registers whose fields may be missing; those of event records also apart.
    private final BitSet uncertain = new BitSet();

    private final BitSet uncertainOfEvent = new BitSet();

    private final Deque<FieldLayout> open = new ArrayDeque<>();
    private Scope scope = Scope.PACKET_HEADER;
    private int stepsLeft = MAX_STEPS;

    KeyFinder() {}

    /// Registers that lengths and tags of the whole trace need.
    public int registerCount() {
        return registers.size();
    }

    /// Registers to be emptied before a packet, or before an event record.
    public int[] uncertain(boolean isOfEvent) {
        return (isOfEvent ? uncertainOfEvent : uncertain).stream().toArray();
    }

    /// A scope begins: it and those after it are not decoded yet.
    void begin(Scope newScope) {
        for (Scope later : Scope.values()) {
            if (later.compareTo(newScope) >= 0) {
                roots.remove(later);
            }
        }
        scope = newScope;
        open.clear();
    }

    void enter(Scope known, FieldLayout root) {
        roots.put(known, root);
    }

    /// The parts of a layout are compiled from now on.
    void open(FieldLayout layout) {
        if (open.isEmpty()) {
            roots.put(scope, layout);
        }
        open.push(layout);
    }

    void close() {
        open.pop();
    }

    void add(FieldLayout structure, String name, FieldLayout member) {
        members.computeIfAbsent(structure, _ -> new HashMap<>()).put(name, member);
    }

    /// Has the value of a found field kept for the layout that needs it.
    void keep(Key key, FieldLayout user) {
        Integer known = registers.get(key.fields());
        if (known == null) {
            known = registers.size();
            registers.put(key.fields(), known);
            for (FieldLayout field : key.fields()) {
                int count = field.registers.length;
                field.registers = Arrays.copyOf(field.registers, count + 1);
                field.registers[count] = known;
            }
        }
        user.lengthRegister = known;
        if (!key.isCertain()) {
            user.isKeyOptional = true;
            uncertain.set(known);
            if (key.scope().compareTo(Scope.EVENT_HEADER) >= 0) {
                uncertainOfEvent.set(known);
            }
        }
    }

    /// Finds what a location means; nothing when no such field is decoded before.
    Optional<Key> find(FieldLocation location) {
        return switch (location) {
            case FieldLocation.TsdlPath(String path) ->
                    find(path).map(field -> new Key(scope, List.of(field), true));
            case FieldLocation.Absolute(Scope origin, List<String> path) ->
                    root(origin).flatMap(root -> search(origin, root, path));
            case FieldLocation.Relative(int parents, List<String> path) ->
                    around(parents).flatMap(structure -> search(scope, structure, path));
        };
    }

    /// A location as messages show it.
    static String shown(FieldLocation location) {
        return CtfException.shortened(
                switch (location) {
                    case FieldLocation.TsdlPath(String path) -> path;
                    case FieldLocation.Absolute(Scope origin, List<String> path) ->
                            origin.word() + ": " + String.join(".", path);
                    case FieldLocation.Relative(int parents, List<String> path) ->
                            "parent.".repeat(Math.min(parents, 10)) + String.join(".", path);
                });
    }

    /// Finds a field by an absolute path, or by one that starts in a structure around the place.
    private Optional<FieldLayout> find(String path) {
        for (Scope candidate : Scope.values()) {
            if (path.startsWith(candidate.path() + ".")) {
                String rest = path.substring(candidate.path().length() + 1);
                return root(candidate).flatMap(root -> walk(root, List.of(rest.split("\\."))));
            }
        }
        List<String> names = List.of(path.split("\\."));
        for (FieldLayout around : open) {
            if (around.kind == Kind.STRUCTURE
                    && !names.isEmpty()
                    && known(around).containsKey(names.getFirst())) {
                return walk(around, names);
            }
        }
        return Optional.empty();
    }

    private Optional<FieldLayout> walk(FieldLayout from, List<String> names) {
        FieldLayout at = from;
        for (String name : names) {
            while (at.isOpen && at.kind != Kind.STRUCTURE) {
                FieldLayout inner = inside(at);
                if (inner == at) {
                    return Optional.empty();
                }
                at = inner;
            }
            Optional<FieldLayout> next = member(at, name);
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    private Optional<FieldLayout> around(int parents) {
        int left = parents;
        for (FieldLayout layout : open) {
            if (layout.kind == Kind.STRUCTURE && left-- == 0) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }

    private Optional<FieldLayout> root(Scope wanted) {
        return Optional.ofNullable(roots.get(wanted));
    }

    private Map<String, FieldLayout> known(FieldLayout structure) {
        return members.getOrDefault(structure, Map.of());
    }

    private Optional<Key> search(Scope origin, FieldLayout from, List<String> path) {
        var found = new ArrayList<FieldLayout>();
        boolean isCertain = search(from, path, 0, found);
        return found.isEmpty() || stepsLeft < 0
                ? Optional.empty()
                : Optional.of(new Key(origin, List.copyOf(found), isCertain));
    }

    /// Passes through arrays, optionals and variants without a name: when the place is inside of
    /// one, along with it, otherwise through all options.
    ///
    /// @return whether one of the fields is in every record
    private boolean search(FieldLayout at, List<String> path, int depth, List<FieldLayout> found) {
        if (--stepsLeft < 0) {
            return false;
        }
        if (at.isOpen && at.kind != Kind.STRUCTURE) {
            FieldLayout inner = inside(at);
            return inner != at && search(inner, path, depth, found);
        }
        return switch (at.kind) {
            case STRUCTURE -> {
                if (depth == path.size()) {
                    yield false;
                }
                Optional<FieldLayout> next = member(at, path.get(depth));
                yield next.isPresent() && search(next.get(), path, depth + 1, found);
            }
            case VARIANT -> {
                boolean isCertain = true;
                for (FieldLayout option : at.children) {
                    isCertain &= search(option, path, depth, found);
                }
                yield isCertain;
            }
            case OPTIONAL -> {
                search(at.children.getFirst(), path, depth, found);
                yield false;
            }
            case ARRAY, SEQUENCE -> false;
            case INTEGER, FLOAT, TEXT, BLOB -> {
                boolean isEnd = depth == path.size();
                if (isEnd) {
                    found.add(at);
                }
                yield isEnd;
            }
        };
    }

    /// The part of an array, option or structure that is being compiled; itself when there is none.
    private FieldLayout inside(FieldLayout container) {
        FieldLayout inner = container;
        for (FieldLayout layout : open) {
            if (layout == container) {
                break;
            }
            inner = layout;
        }
        return inner;
    }

    /// A member that is decoded before, or that is being compiled while the path goes through it.
    private Optional<FieldLayout> member(FieldLayout structure, String name) {
        FieldLayout before = known(structure).get(name);
        if (before != null || !structure.isOpen) {
            return Optional.ofNullable(before);
        }
        var declared = ((StructureClass) structure.fieldClass).members();
        int index = structure.children.size();
        boolean isNext = index < declared.size() && declared.get(index).name().equals(name);
        FieldLayout inner = isNext ? inside(structure) : structure;
        return inner == structure ? Optional.empty() : Optional.of(inner);
    }
}
