import HashTreeCollections
import Synchronization

/// Which ids are the same person, and which persons were deleted: an immutable value, replaced at each change.
///
/// A merge is a redirect from one id to another. Redirects form trees; the root is the person's canonical id. Undoing a
/// merge removes one redirect. Events keep the id that they were sent with, so nothing is lost either way.
///
/// The tables are persistent: a change shares all but a few nodes with the value that it was made from, so a merge
/// costs the same whether a snapshot holds the old value or not.
struct Identities: Sendable {
    /// Another number after every change, and no two different identities of this process have the same: what was
    /// worked out for one state of them is kept beside the segments.
    private(set) var version: UInt64 = 0
    private static let versions = Atomic<UInt64>(0)
    /// The ids that take part in a merge, or did, by their keyed hash: ids of the same hash are in one list. An id that
    /// was split off stays, because segments written while it was joined may hold its events elsewhere.
    private var nodes: TreeDictionary<UInt64, [Node]> = [:]
    private(set) var mergeCount = 0
    private(set) var deletions: [Deletion] = []
    private var changes = IdentityChanges()
    let key: HashKey

    private struct Node: Sendable {
        let id: String
        /// The id it was merged into.
        var parent: String?
        var children: [String] = []
    }

    /// A deleted id, known only by two hashes, so that its bytes need not be kept. It covers events up to a sequence
    /// number.
    struct Deletion: Sendable, Hashable {
        var hash: UInt64
        var check: UInt64
        var sequence: UInt64
    }

    init(key: HashKey) {
        self.key = key
    }

    // MARK: Reading

    /// Whether an id takes part in a merge, by its hash. May be true for another id with the same hash.
    func isMerged(_ hash: UInt64) -> Bool { nodes[hash] != nil }

    /// The canonical id of a person.
    ///
    /// - Complexity: O(depth of the tree of merges)
    func canonical(_ id: String) -> String {
        var id = id
        while let parent = node(id)?.parent { id = parent }
        return id
    }

    /// The hash of the canonical id of an id whose own hash is known.
    func home(of id: String, hash: UInt64) -> UInt64 {
        guard let parent = nodes[hash]?.first(where: { Self.isSame($0.id, id) })?.parent else { return hash }
        return key.hash(canonical(parent))
    }

    /// A canonical id and all ids merged into it.
    func members(of canonical: String) -> [String] {
        var all = [canonical]
        var next = 0
        while next < all.count {
            all += node(all[next])?.children ?? []
            next += 1
        }
        return all
    }

    /// Every redirect, each before the one of the id that it leads to. So `merge`, called with one after another on
    /// identities without merges, makes the same redirects again, and a later split gives the same as here.
    ///
    /// - Complexity: O(redirects * (log redirects + depth of the trees))
    var redirects: [Merge] {
        var deep: [(depth: Int, redirect: Merge)] = []
        for node in nodes.values.joined() {
            guard let parent = node.parent else { continue }
            var depth = 1
            var place = parent
            while let next = self.node(place)?.parent {
                depth += 1
                place = next
            }
            deep.append((depth, Merge(alias: node.id, person: parent)))
        }
        return deep.sorted { a, b in
            a.depth != b.depth
                ? a.depth > b.depth : a.redirect.alias.utf8.lexicographicallyPrecedes(b.redirect.alias.utf8)
        }.map(\.redirect)
    }

    /// Hashes of ids that may have to be read elsewhere than where they lie, or not at all.
    var exceptional: Set<UInt64> { Set(nodes.keys).union(deletions.map(\.hash)) }

    /// Hashes of the ids that may have to be read elsewhere than under an earlier state of these identities; nil when
    /// that was another line of changes, or too many ago to tell.
    func changes(since version: UInt64) -> [UInt64]? { changes.since(version) }

    func isDeleted(_ hash: UInt64, _ id: UnsafeRawBufferPointer, before sequence: UInt64) -> Bool {
        deletions.contains { $0.hash == hash && $0.sequence > sequence && $0.check == Identities.check(id, key) }
    }

    var isEmpty: Bool { mergeCount == 0 && deletions.isEmpty }

    // MARK: Changing

    /// Redirects the canonical id of `alias` to that of `person`.
    ///
    /// - Returns: the redirect that was made; nil when both are the same person already.
    mutating func merge(_ alias: String, into person: String) -> Merge? {
        let redirect = Merge(alias: canonical(alias), person: canonical(person))
        if redirect.isTrivial { return nil }
        set(redirect)
        return redirect
    }

    /// Sets a redirect as it was once decided. Setting it again changes nothing, so a replay may repeat it.
    ///
    /// - Complexity: O(log ids + ids of the alias + ids merged into the person directly)
    mutating func set(_ redirect: Merge) {
        let (alias, person) = (redirect.alias, redirect.person)
        // A replay over a newer state could close a circle for a moment; the record that opens it again follows.
        guard !Self.isSame(canonical(person), alias) else { return }
        cut(alias)
        update(alias) { $0.parent = person }
        update(person) { $0.children.append(alias) }
        mergeCount += 1
        change(members(of: alias).map(key.hash))
    }

    /// Removes the redirect of an id.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    mutating func split(_ alias: String) -> Bool {
        guard cut(alias) else { return false }
        change(members(of: alias).map(key.hash))
        return true
    }

    mutating func add(_ deletion: Deletion) {
        guard !deletions.contains(deletion) else { return }
        deletions.append(deletion)
        change([deletion.hash])
    }

    /// Hides the events of some ids and forgets every redirect from and to them, at once: what comes later under such
    /// an id is of a new person, even when a crash interrupts the removal of the old one.
    mutating func delete(_ gone: [Deletion]) {
        for deletion in gone { add(deletion) }
        for deletion in gone {
            let ids = (nodes[deletion.hash] ?? []).map(\.id).filter { id in
                Array(id.utf8).withUnsafeBytes { Identities.check($0, key) } == deletion.check
            }
            for id in ids {
                let moved = members(of: id).map(key.hash)
                cut(id)
                for child in node(id)?.children ?? [] { cut(child) }
                remove(id)
                change(moved)
            }
        }
    }

    /// Forgets that ids were deleted, once no file holds their events any more.
    mutating func drop(_ gone: [Deletion]) {
        deletions.removeAll { gone.contains($0) }
        change(gone.map(\.hash))
    }

    private mutating func change(_ hashes: [UInt64]) {
        version = Self.versions.wrappingAdd(1, ordering: .relaxed).newValue
        changes.add(hashes, version)
    }

    fileprivate static func check(_ id: UnsafeRawBufferPointer, _ key: HashKey) -> UInt64 {
        HashKey(k0: key.k1 ^ 0x5bd1_e995, k1: key.k0 &+ 0x9e37_79b9_7f4a_7c15).hash(id)
    }
}

// MARK: - Nodes

extension Identities {
    /// Ids are compared as their bytes: two that Unicode calls canonically equivalent are two people, as everywhere in
    /// the log.
    private static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    private func node(_ id: String) -> Node? { nodes[key.hash(id)]?.first { Self.isSame($0.id, id) } }

    /// Changes the node of an id, which is made when it is new.
    private mutating func update(_ id: String, _ change: (inout Node) -> Void) {
        let key = key
        nodes.updateValue(forKey: key.hash(id), default: []) { list in
            let known = list.firstIndex { Self.isSame($0.id, id) }
            if known == nil { list.append(Node(id: id)) }
            change(&list[known ?? list.count - 1])
        }
    }

    /// Takes the redirect of an id away.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    private mutating func cut(_ alias: String) -> Bool {
        guard let parent = node(alias)?.parent else { return false }
        update(alias) { $0.parent = nil }
        update(parent) { node in node.children.removeAll { Self.isSame($0, alias) } }
        mergeCount -= 1
        return true
    }

    private mutating func remove(_ id: String) {
        let hash = key.hash(id)
        var list = nodes[hash] ?? []
        list.removeAll { Self.isSame($0.id, id) }
        nodes[hash] = list.isEmpty ? nil : list
    }
}

extension Identities.Deletion {
    init(_ id: String, before sequence: UInt64, key: HashKey) {
        let bytes = Array(id.utf8)
        hash = key.hash(id)
        check = bytes.withUnsafeBytes { Identities.check($0, key) }
        self.sequence = sequence
    }
}
