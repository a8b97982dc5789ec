import Glibc

/// Flattened property names, found by the keys on the way to them without joining strings: a tree of keys, and for
/// every node its property number in the current batch.
struct PropertyPaths {
    /// When a source has more different paths than this the tree is begun anew.
    private static let nodesMax = 65_536

    private struct Node {
        var parent: Int32
        var keyCount: Int32
        var keyStart: Int
        var hash: UInt64
        /// The property number, valid when `generation` is the current batch's.
        var number: UInt16 = 0
        var generation: UInt32 = 0
    }

    /// The node of `properties` or `traits`: its children's names are their keys.
    static let root: Int32 = 0
    /// Names that every tree knows; the numbers of their nodes follow the root's.
    private static let fixed = ["context", "name", "category", "groupId", "groupType", "anonymousId", "previousId"]

    /// The nodes of the caller's known paths.
    private(set) var known: [Int32] = []
    private let knownPaths: [[String]]

    private let key: HashKey
    private var nodes: ContiguousArray<Node> = []
    private var keys: [UInt8] = []
    /// Node plus one; 0 is empty. The count is a power of two.
    private var slots: ContiguousArray<Int32> = []
    private var generation: UInt32 = 0

    /// - Parameter known: paths, as keys from the outside in, whose nodes are in `known`.
    init(key: HashKey, known: [[String]] = []) {
        self.key = key
        knownPaths = known
        startBatch()
    }

    /// Forgets the property numbers; call it for every new batch, with no node in use.
    mutating func startBatch() {
        generation &+= 1
        if nodes.isEmpty || nodes.count > Self.nodesMax / 2 { reset() }
    }

    private mutating func reset() {
        nodes.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        slots = ContiguousArray(repeating: 0, count: 512)
        nodes.append(Node(parent: -1, keyCount: 0, keyStart: 0, hash: 0))
        for name in Self.fixed { _ = child(of: Self.root, name) }
        known = knownPaths.map { $0.reduce(Self.root) { child(of: $0, $1) } }
    }

    private mutating func child(of parent: Int32, _ name: String) -> Int32 {
        // Copied, because look-ups read up to eight bytes beyond a key.
        let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 8)
        return padded.withUnsafeBytes { child(of: parent, UnsafeRawBufferPointer(rebasing: $0[..<name.utf8.count])) }
    }

    /// The node of a key below another. At least eight readable bytes must follow the key.
    @inline(__always)
    mutating func child(of parent: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        let hash = hash(parent, bytes)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let stored = slots[slot]
            if stored == 0 { break }
            if matches(stored &- 1, parent, hash, bytes) { return stored &- 1 }
            slot = (slot &+ 1) & mask
        }
        return add(parent, hash, bytes)
    }

    /// The batch's number of the property at a node.
    @inline(__always)
    mutating func number(_ node: Int32, in batch: inout EventBatch) throws -> UInt16 {
        let known = nodes[Int(node)]
        if known.generation == generation { return known.number }
        let path = path(node)
        let number = try path.withUnsafeBytes { try batch.property($0) }
        nodes[Int(node)].number = number
        nodes[Int(node)].generation = generation
        return number
    }

    /// The keys on the way to a node, joined with dots.
    func path(_ node: Int32) -> [UInt8] {
        var chain: [Int32] = []
        var current = node
        while current > Self.root {
            chain.append(current)
            current = nodes[Int(current)].parent
        }
        var path: [UInt8] = []
        for item in chain.reversed() {
            if item != chain.last { path.append(0x2e) }
            let node = nodes[Int(item)]
            path += keys[node.keyStart..<(node.keyStart + Int(node.keyCount))]
        }
        return path
    }

    /// Whether so many paths are known that the caller should start a new tree before the next line.
    var isFull: Bool { nodes.count > Self.nodesMax }

    /// Begins anew, with no node in use.
    mutating func forgetAll() {
        generation &+= 1
        reset()
    }

    // MARK: Inside

    private func matches(_ node: Int32, _ parent: Int32, _ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let known = nodes[Int(node)]
        guard known.hash == hash, known.parent == parent, Int(known.keyCount) == bytes.count else { return false }
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        return keys.withUnsafeBytes { keys in
            guard let start = keys.baseAddress else { return false }
            return memcmp(start + known.keyStart, base, bytes.count) == 0
        }
    }

    private mutating func add(_ parent: Int32, _ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        let node = Int32(nodes.count)
        nodes.append(Node(parent: parent, keyCount: Int32(bytes.count), keyStart: keys.count, hash: hash))
        keys.append(contentsOf: bytes)
        var unplaced = Int(node)
        if nodes.count * 2 > slots.count {
            slots = ContiguousArray(repeating: 0, count: slots.count * 2)
            // The root is looked up by nobody.
            unplaced = 1
        }
        let mask = slots.count - 1
        for index in unplaced..<nodes.count {
            var slot = Int(truncatingIfNeeded: nodes[index].hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index + 1)
        }
        return node
    }

    /// A keyed hash that folds 64 by 64 bit products, eight bytes at a time.
    @inline(__always)
    private func hash(_ parent: Int32, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = key.k0 ^ (UInt64(truncatingIfNeeded: parent) &* 0x9e37_79b9_7f4a_7c15)
        guard let base = bytes.baseAddress else { return state }
        var offset = 0
        while bytes.count &- offset > 8 {
            state = Self.fold(state ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self), key.k1 | 1)
            offset &+= 8
        }
        let rest = bytes.count &- offset
        let mask = rest == 0 ? 0 : UInt64.max &>> UInt64(64 &- 8 &* rest)
        let last = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & mask
        return Self.fold(state ^ last ^ (UInt64(bytes.count) &<< 56), key.k1 | 1)
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
