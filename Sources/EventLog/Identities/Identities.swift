/// Which ids are the same person, and which persons were deleted: an immutable value, replaced at each change.
///
/// A merge is a redirect from one id to another. Redirects form trees; the root is the person's canonical id. Undoing a
/// merge removes one redirect. Events keep the id that they were sent with, so nothing is lost either way.
struct Identities: Sendable {
    /// Rises with every change.
    private(set) var version: UInt64 = 0
    /// alias -> the id it was merged into.
    private(set) var parents: [String: String] = [:]
    private var children: [String: [String]] = [:]
    /// Hashes of all ids that take part in a merge.
    private var mergedHashes: Set<UInt64> = []
    private(set) var deletions: [Deletion] = []
    let key: HashKey

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

    var mergeCount: Int { parents.count }

    /// Whether an id takes part in a merge, by its hash. May be true for another id with the same hash.
    func isMerged(_ hash: UInt64) -> Bool { mergedHashes.contains(hash) }

    /// The canonical id of a person.
    ///
    /// - Complexity: O(depth of the tree of merges)
    func canonical(_ id: String) -> String {
        var id = id
        while let parent = parents[id] { id = parent }
        return id
    }

    /// The hash of the canonical id of an id whose own hash is known.
    func home(of id: String, hash: UInt64) -> UInt64 {
        parents[id] == nil ? hash : key.hash(canonical(id))
    }

    /// A canonical id and all ids merged into it.
    func members(of canonical: String) -> [String] {
        var all = [canonical]
        var next = 0
        while next < all.count {
            all += children[all[next]] ?? []
            next += 1
        }
        return all
    }

    /// Hashes of ids that may have to be read elsewhere than where they lie, or not at all.
    var exceptional: Set<UInt64> { mergedHashes.union(deletions.map(\.hash)) }

    func isDeleted(_ hash: UInt64, _ id: UnsafeRawBufferPointer, before sequence: UInt64) -> Bool {
        deletions.contains { $0.hash == hash && $0.sequence > sequence && $0.check == Identities.check(id, key) }
    }

    var isEmpty: Bool { parents.isEmpty && deletions.isEmpty }

    // MARK: Changing

    /// Redirects the canonical id of `alias` to that of `person`.
    ///
    /// - Returns: the redirect that was made; nil when both are the same person already.
    mutating func merge(_ alias: String, into person: String) -> Merge? {
        let from = canonical(alias)
        let to = canonical(person)
        guard from != to else { return nil }
        let redirect = Merge(alias: from, person: to)
        set(redirect)
        return redirect
    }

    /// Sets a redirect as it was once decided. Setting it again changes nothing, so a replay may repeat it.
    mutating func set(_ redirect: Merge) {
        if let old = parents[redirect.alias] { children[old]?.removeAll { $0 == redirect.alias } }
        // A replay over a newer state could close a circle for a moment; the record that opens it again follows.
        guard canonical(redirect.person) != redirect.alias else { return }
        parents[redirect.alias] = redirect.person
        children[redirect.person, default: []].append(redirect.alias)
        mergedHashes.insert(key.hash(redirect.alias))
        mergedHashes.insert(key.hash(redirect.person))
        version += 1
    }

    /// Removes the redirect of an id.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    mutating func split(_ alias: String) -> Bool {
        guard let parent = parents.removeValue(forKey: alias) else { return false }
        children[parent]?.removeAll { $0 == alias }
        if children[parent]?.isEmpty ?? false { children[parent] = nil }
        // Hashes stay in `mergedHashes`: segments written while the ids were joined may hold the entry elsewhere.
        version += 1
        return true
    }

    mutating func add(_ deletion: Deletion) {
        guard !deletions.contains(deletion) else { return }
        deletions.append(deletion)
        version += 1
    }

    /// Hides the events of some ids and forgets every redirect from and to them, at once: what comes later under such
    /// an id is of a new person, even when a crash interrupts the removal of the old one.
    ///
    /// - Complexity: O(redirects)
    mutating func delete(_ gone: [Deletion]) {
        for deletion in gone { add(deletion) }
        let checks = Dictionary(gone.map { ($0.hash, $0.check) }) { first, _ in first }
        let ids = Set(parents.keys).union(parents.values).filter { id in
            guard let check = checks[key.hash(id)] else { return false }
            return Array(id.utf8).withUnsafeBytes { Identities.check($0, key) } == check
        }
        for id in ids {
            if let parent = parents.removeValue(forKey: id) { children[parent]?.removeAll { $0 == id } }
            for child in children.removeValue(forKey: id) ?? [] { parents[child] = nil }
        }
        version += 1
    }

    /// Forgets that ids were deleted, once no file holds their events any more.
    mutating func drop(_ gone: [Deletion]) {
        deletions.removeAll { gone.contains($0) }
        version += 1
    }

    fileprivate static func check(_ id: UnsafeRawBufferPointer, _ key: HashKey) -> UInt64 {
        HashKey(k0: key.k1 ^ 0x5bd1_e995, k1: key.k0 &+ 0x9e37_79b9_7f4a_7c15).hash(id)
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
