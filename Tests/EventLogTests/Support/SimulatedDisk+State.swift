import EventLog
import RandomCases

/// The bytes of a file, apart from its names. Used under the disk's lock only, hence unchecked.
final class SimulatedInode: @unchecked Sendable {
    enum Change {
        case write(Int, [UInt8])
        case truncate(Int)
    }

    var current: [UInt8] = []
    /// What has been synced.
    var durable: [UInt8] = []
    /// What came since.
    var pending: [Change] = []

    init() {}

    func copied() -> SimulatedInode {
        let copy = SimulatedInode()
        copy.current = current
        copy.durable = durable
        copy.pending = pending
        return copy
    }

    func apply(_ change: Change) {
        Self.apply(change, to: &current)
        pending.append(change)
    }

    func sync() {
        for change in pending { Self.apply(change, to: &durable) }
        pending = []
    }

    /// What a failed sync does: any part may have been written, the rest never will be. A program still reads it.
    func dropPending(using random: inout SeededRandom) {
        durable = torn(using: &random)
        pending = []
    }

    static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let length):
            if length < bytes.count {
                bytes.removeLast(bytes.count - length)
            } else {
                bytes += [UInt8](repeating: 0, count: length - bytes.count)
            }
        case .write(let offset, let piece):
            if offset > bytes.count { bytes += [UInt8](repeating: 0, count: offset - bytes.count) }
            if offset == bytes.count {
                bytes += piece
            } else {
                let end = max(bytes.count, offset + piece.count)
                if end > bytes.count { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
                bytes.replaceSubrange(offset..<offset + piece.count, with: piece)
            }
        }
    }

    /// The durable bytes with any part of what is pending.
    func torn(using random: inout SeededRandom) -> [UInt8] {
        if pending.isEmpty { return durable }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return durable
        case 1: return all
        case 2: return prefix(using: &random)
        default: return sectors(using: &random)
        }
    }

    private var all: [UInt8] {
        var bytes = durable
        for change in pending { Self.apply(change, to: &bytes) }
        return bytes
    }

    /// The changes in order up to some byte of one of them.
    private func prefix(using random: inout SeededRandom) -> [UInt8] {
        var bytes = durable
        let whole = Int.random(in: 0..<pending.count, using: &random)
        for change in pending[..<whole] { Self.apply(change, to: &bytes) }
        if case .write(let offset, let piece) = pending[whole] {
            let count = Int.random(in: 0...piece.count, using: &random)
            Self.apply(.write(offset, Array(piece.prefix(count))), to: &bytes)
        }
        return bytes
    }

    /// Sectors of 512 bytes reach the disk in any order, and the length apart from them. A lost sector of the file's
    /// new part reads as zeros, or as what was on that part of the disk before.
    private func sectors(using random: inout SeededRandom) -> [UInt8] {
        let new = all
        let longest = max(new.count, durable.count)
        var bytes = [UInt8](repeating: 0, count: longest)
        let keep = Double.random(in: 0...1, using: &random)
        let stale = Bool.random(using: &random)
        for start in stride(from: 0, to: longest, by: 512) {
            let end = min(start + 512, longest)
            let kept = Double.random(in: 0..<1, using: &random) < keep
            // Where neither the old nor the new bytes reach, the sector keeps zeros or what was there before.
            let source = kept ? new : durable
            let known = min(end, max(start, source.count))
            bytes.replaceSubrange(start..<known, with: source[min(start, source.count)..<min(known, source.count)])
            if stale, !kept { for index in known..<end { bytes[index] = UInt8(truncatingIfNeeded: random.next()) } }
        }
        let length: Int
        switch Int.random(in: 0..<3, using: &random) {
        case 0: length = durable.count
        case 1: length = new.count
        default: length = Int.random(in: min(durable.count, new.count)...longest, using: &random)
        }
        return Array(bytes.prefix(length))
    }
}

struct SimulatedState: Sendable {
    enum NameChange: Sendable {
        case link(String, SimulatedInode)
        case unlink(String)
    }

    /// Changes that happen together or not at all.
    struct Transaction: Sendable {
        var changes: [NameChange]
        var folders: [String]
    }

    var names: [String: SimulatedInode] = [:]
    var durableNames: [String: SimulatedInode] = [:]
    var pendingNames: [Transaction] = []
    var locked: Set<String> = []
    var calls: [String] = []
    var plan: SimulatedDisk.FailurePlan?
    var random: SeededRandom

    init(random: SeededRandom) {
        self.random = random
    }

    /// Counts a call, and makes it fail when its turn has come.
    mutating func enter(_ call: String, _ path: String) throws {
        calls.append("\(call) \(path)")
        guard let plan, plan.hits(calls.count) else { return }
        throw EventLogError(.io, "\(call) failed: \(plan.failure.reason)", file: path)
    }

    func file(_ path: String) throws -> SimulatedInode {
        guard let file = names[path] else {
            throw EventLogError(.notFound, "open failed: No such file or directory (simulated)", file: path)
        }
        return file
    }

    mutating func change(_ changes: [NameChange], folders: [String]) {
        Self.apply(changes, to: &names)
        pendingNames.append(Transaction(changes: changes, folders: folders))
    }

    /// Makes those changes of names durable that are chosen.
    mutating func settle(_ chosen: (Transaction) -> Bool) {
        var rest: [Transaction] = []
        for transaction in pendingNames {
            if chosen(transaction) {
                Self.apply(transaction.changes, to: &durableNames)
            } else {
                rest.append(transaction)
            }
        }
        pendingNames = rest
    }

    func copied() -> SimulatedState {
        var copies: [ObjectIdentifier: SimulatedInode] = [:]
        func copy(_ file: SimulatedInode) -> SimulatedInode {
            if let known = copies[ObjectIdentifier(file)] { return known }
            let new = file.copied()
            copies[ObjectIdentifier(file)] = new
            return new
        }
        var result = self
        result.names = names.mapValues(copy)
        result.durableNames = durableNames.mapValues(copy)
        result.pendingNames = pendingNames.map { transaction in
            var transaction = transaction
            transaction.changes = transaction.changes.map { change in
                if case .link(let path, let file) = change { .link(path, copy(file)) } else { change }
            }
            return transaction
        }
        return result
    }

    /// What a power loss leaves: durable names with some of the later changes, durable bytes with some of the later
    /// ones.
    func crashed(seed: UInt64) -> SimulatedState {
        var random = SeededRandom(seed)
        var state = copied()
        // Journals keep the order of changes; other file systems need not.
        let keep = [0, 1, Double.random(in: 0...1, using: &random)].randomElement(using: &random) ?? 0
        if Bool.random(using: &random) {
            let count = Int(keep * Double(state.pendingNames.count))
            var left = count
            state.settle { _ in
                left -= 1
                return left >= 0
            }
        } else {
            state.settle { _ in Double.random(in: 0..<1, using: &random) < keep }
        }
        // In the order of names, so that a seed always does the same.
        for path in state.durableNames.keys.sorted() {
            guard let file = state.durableNames[path] else { continue }
            file.durable = file.torn(using: &random)
            file.pending = []
            file.current = file.durable
        }
        state.names = state.durableNames
        state.pendingNames = []
        state.locked = []
        state.plan = nil
        state.calls = []
        state.random = random
        return state
    }

    private static func apply(_ changes: [NameChange], to names: inout [String: SimulatedInode]) {
        for change in changes {
            switch change {
            case .link(let path, let file): names[path] = file
            case .unlink(let path): names[path] = nil
            }
        }
    }
}
