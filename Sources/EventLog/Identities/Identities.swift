import Synchronization

/// Which ids are the same person, and which persons were deleted: an immutable value, replaced at each change.
///
/// A merge is a redirect from one id to another. Redirects form trees; the root is the person's canonical id. Undoing a
/// merge removes one redirect. Events keep the id that they were sent with, so nothing is lost either way.
struct Identities: Sendable {
    /// Another number after every change, and no two different identities of this process have the same: what was
    /// worked out for one state of them is kept beside the segments.
    private(set) var version: UInt64 = 0
    private static let versions = Atomic<UInt64>(0)
    /// alias -> the id it was merged into.
    private var parents: [ID: String] = [:]
    private var children: [ID: [String]] = [:]
    /// Hashes of all ids that take part in a merge.
    private var mergedHashes: Set<UInt64> = []
    private(set) var deletions: [Deletion] = []
    let key: HashKey

    /// An id as its bytes: two ids that Unicode calls canonically equivalent are two people, as everywhere in the log.
    private struct ID: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (a: ID, b: ID) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
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

    private static func nextVersion() -> UInt64 { versions.wrappingAdd(1, ordering: .relaxed).newValue }

    // MARK: Reading

    var mergeCount: Int { parents.count }

    /// Whether an id takes part in a merge, by its hash. May be true for another id with the same hash.
    func isMerged(_ hash: UInt64) -> Bool { mergedHashes.contains(hash) }

    /// The canonical id of a person.
    ///
    /// - Complexity: O(depth of the tree of merges)
    func canonical(_ id: String) -> String {
        var id = id
        while let parent = parents[ID(id)] { id = parent }
        return id
    }

    /// The hash of the canonical id of an id whose own hash is known.
    func home(of id: String, hash: UInt64) -> UInt64 {
        parents[ID(id)] == nil ? hash : key.hash(canonical(id))
    }

    /// A canonical id and all ids merged into it.
    func members(of canonical: String) -> [String] {
        var all = [canonical]
        var next = 0
        while next < all.count {
            all += children[ID(all[next])] ?? []
            next += 1
        }
        return all
    }

    /// Every redirect, each before the one of the id that it leads to. So `merge`, called with one after another on
    /// identities without merges, makes the same redirects again, and a later split gives the same as here.
    ///
    /// - Complexity: O(redirects * log redirects + depth of the trees)
    var redirects: [Merge] {
        var depths: [ID: Int] = [:]
        func depth(_ id: ID) -> Int {
            var path: [ID] = []
            var place = id
            while depths[place] == nil, let parent = parents[place] {
                path.append(place)
                place = ID(parent)
            }
            var depth = depths[place] ?? 0
            for id in path.reversed() {
                depth += 1
                depths[id] = depth
            }
            return depth
        }
        let deep = parents.map { (depth: depth($0.key), redirect: Merge(alias: $0.key.text, person: $0.value)) }
        return deep.sorted { a, b in
            a.depth != b.depth
                ? a.depth > b.depth : a.redirect.alias.utf8.lexicographicallyPrecedes(b.redirect.alias.utf8)
        }.map(\.redirect)
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
        guard ID(from) != ID(to) else { return nil }
        let redirect = Merge(alias: from, person: to)
        set(redirect)
        return redirect
    }

    /// Sets a redirect as it was once decided. Setting it again changes nothing, so a replay may repeat it.
    mutating func set(_ redirect: Merge) {
        let alias = ID(redirect.alias)
        // A replay over a newer state could close a circle for a moment; the record that opens it again follows.
        guard ID(canonical(redirect.person)) != alias else { return }
        if let old = parents[alias] { children[ID(old)]?.removeAll { ID($0) == alias } }
        parents[alias] = redirect.person
        children[ID(redirect.person), default: []].append(redirect.alias)
        mergedHashes.insert(key.hash(redirect.alias))
        mergedHashes.insert(key.hash(redirect.person))
        version = Self.nextVersion()
    }

    /// Removes the redirect of an id.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    mutating func split(_ alias: String) -> Bool {
        let alias = ID(alias)
        guard let parent = parents.removeValue(forKey: alias).map(ID.init) else { return false }
        children[parent]?.removeAll { ID($0) == alias }
        if children[parent]?.isEmpty ?? false { children[parent] = nil }
        // Hashes stay in `mergedHashes`: segments written while the ids were joined may hold the entry elsewhere.
        version = Self.nextVersion()
        return true
    }

    mutating func add(_ deletion: Deletion) {
        guard !deletions.contains(deletion) else { return }
        deletions.append(deletion)
        version = Self.nextVersion()
    }

    /// Hides the events of some ids and forgets every redirect from and to them, at once: what comes later under such
    /// an id is of a new person, even when a crash interrupts the removal of the old one.
    ///
    /// - Complexity: O(redirects)
    mutating func delete(_ gone: [Deletion]) {
        for deletion in gone { add(deletion) }
        let checks = Dictionary(gone.map { ($0.hash, $0.check) }) { first, _ in first }
        let ids = Set(parents.keys).union(parents.values.map(ID.init)).filter { id in
            guard let check = checks[key.hash(id.text)] else { return false }
            return Array(id.text.utf8).withUnsafeBytes { Identities.check($0, key) } == check
        }
        for id in ids {
            if let parent = parents.removeValue(forKey: id) { children[ID(parent)]?.removeAll { ID($0) == id } }
            for child in children.removeValue(forKey: id) ?? [] { parents[ID(child)] = nil }
        }
        version = Self.nextVersion()
    }

    /// Forgets that ids were deleted, once no file holds their events any more.
    mutating func drop(_ gone: [Deletion]) {
        deletions.removeAll { gone.contains($0) }
        version = Self.nextVersion()
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
