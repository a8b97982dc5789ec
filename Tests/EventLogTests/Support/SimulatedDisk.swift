import EventLog
import RandomCases
import Synchronization

/// A disk in memory that remembers what has been synced, loses power, and fails when told to.
///
/// What a program sees is the *current* state. What a power loss leaves is the *durable* state plus any part of what
/// came since the last sync: `crash(seed:)` gives one such disk. Files and names are separate, as POSIX has it: a sync
/// of a file makes its bytes durable, a sync of its folder its name.
final class SimulatedDisk: Disk {
    /// What happens to a call.
    enum Failure: Sendable {
        case noSpace
        case inputOutput
        /// The call and all that follow fail: the machine is about to go down.
        case powerLoss

        var reason: String {
            switch self {
            case .noSpace: "No space left on device (simulated)"
            case .inputOutput: "Input/output error (simulated)"
            case .powerLoss: "power lost (simulated)"
            }
        }
    }

    /// Which calls fail.
    struct FailurePlan: Sendable {
        /// Counted from 1 over all calls that may fail.
        var call: Int
        var failure: Failure
        /// How many calls in a row.
        var times = 1

        func hits(_ number: Int) -> Bool {
            switch failure {
            case .powerLoss: number >= call
            default: number >= call && number - call < times
            }
        }
    }

    let state: Mutex<SimulatedState>

    init(seed: UInt64 = 0) {
        state = Mutex(SimulatedState(random: SeededRandom(seed)))
    }

    private init(_ initial: SimulatedState) {
        state = Mutex(initial)
    }

    // MARK: What tests do

    /// Calls so far that could have failed.
    var callCount: Int { state.withLock { $0.calls.count } }
    /// Their names, with the file: for messages of tests.
    func call(_ number: Int) -> String {
        state.withLock { $0.calls.indices.contains(number - 1) ? $0.calls[number - 1] : "none" }
    }
    /// Counting begins at 1 from now on.
    func plan(_ failure: FailurePlan?) {
        state.withLock {
            $0.plan = failure
            $0.calls = []
        }
    }

    /// Runs something with no failures, and without counting its calls: to look at the disk in between.
    func withoutFailures<Result>(_ body: () throws -> Result) rethrows -> Result {
        let (plan, calls) = state.withLock { state in
            defer { state.plan = nil }
            return (state.plan, state.calls)
        }
        defer {
            state.withLock { state in
                state.plan = plan
                state.calls = calls
            }
        }
        return try body()
    }

    /// A disk as a power loss at this moment may leave it, without locks and failures.
    func crash(seed: UInt64) -> SimulatedDisk {
        state.withLock { SimulatedDisk($0.crashed(seed: seed)) }
    }

    /// The same disk without locks and failures, as the kill of a process leaves it.
    func kill() -> SimulatedDisk {
        state.withLock { state in
            var copy = state.copied()
            copy.plan = nil
            copy.locked = []
            copy.calls = []
            return SimulatedDisk(copy)
        }
    }

    /// All files with their bytes, by path.
    var files: [String: [UInt8]] { state.withLock { state in state.names.mapValues { $0.current } } }

    /// Changes a file behind the program's back, durably.
    func overwrite(_ path: String, _ bytes: [UInt8]) {
        state.withLock { state in
            let file = state.names[path] ?? SimulatedInode()
            file.current = bytes
            file.durable = bytes
            file.pending = []
            state.names[path] = file
            state.durableNames[path] = file
        }
    }

    /// Removes a file behind the program's back, durably.
    func lose(_ path: String) {
        state.withLock { state in
            state.names[path] = nil
            state.durableNames[path] = nil
        }
    }

    // MARK: Disk

    func makeFolder(_ path: String) throws {
        try state.withLock { try $0.enter("makeFolder", path) }
    }

    func create(_ path: String) throws -> any DiskFile {
        try state.withLock { state in
            try state.enter("create", path)
            let file: SimulatedInode
            if let existing = state.names[path] {
                file = existing
                file.apply(.truncate(0))
            } else {
                file = SimulatedInode()
                state.change([.link(path, file)], folders: [Self.folder(path)])
            }
            return SimulatedFile(disk: self, path: path, inode: file)
        }
    }

    func openForAppending(_ path: String) throws -> any DiskFile {
        try state.withLock { state in
            try state.enter("open", path)
            return SimulatedFile(disk: self, path: path, inode: try state.file(path))
        }
    }

    func read(_ path: String) throws -> [UInt8] {
        try state.withLock { state in
            try state.enter("read", path)
            return try state.file(path).current
        }
    }

    func map(_ path: String) throws -> MappedFile {
        MappedFile(
            copying: try state.withLock { state in
                try state.enter("map", path)
                return try state.file(path).current
            })
    }

    func rename(_ from: String, to: String) throws {
        try state.withLock { state in
            try state.enter("rename", from)
            let file = try state.file(from)
            state.change([.unlink(from), .link(to, file)], folders: [Self.folder(from), Self.folder(to)])
        }
    }

    func remove(_ path: String) throws {
        try state.withLock { state in
            try state.enter("remove", path)
            if state.names[path] != nil { state.change([.unlink(path)], folders: [Self.folder(path)]) }
        }
    }

    func list(_ folder: String) throws -> [String] {
        try state.withLock { state in
            try state.enter("list", folder)
            let names = state.names.keys.filter { Self.folder($0) == folder }.map {
                String($0.dropFirst(folder.count + 1))
            }
            return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    func syncFolder(_ path: String) throws {
        try state.withLock { state in
            try state.enter("syncFolder", path)
            state.settle { $0.folders.contains(path) }
        }
    }

    func truncate(_ path: String, to bytes: Int) throws {
        try state.withLock { state in
            let file = try state.file(path)
            do {
                try state.enter("truncate", path)
            } catch {
                // The cut may have happened and its sync failed.
                if Bool.random(using: &state.random) { file.apply(.truncate(bytes)) }
                throw error
            }
            file.apply(.truncate(bytes))
            file.sync()
        }
    }

    func rewrite(_ path: String, from offset: Int) throws {
        try state.withLock { state in
            let file = try state.file(path)
            file.apply(.write(offset, Array(file.current.dropFirst(offset))))
            try state.enter("rewrite", path)
            file.sync()
        }
    }

    func size(_ path: String) throws -> Int? {
        try state.withLock { state in
            try state.enter("size", path)
            return state.names[path]?.current.count
        }
    }

    func lock(_ path: String) throws -> any DiskLock {
        try state.withLock { state in
            try state.enter("lock", path)
            guard state.locked.insert(path).inserted else {
                throw EventLogError(
                    .locked, "this process has the log open for writing already (simulated)", file: path)
            }
            if state.names[path] == nil { state.change([.link(path, SimulatedInode())], folders: [Self.folder(path)]) }
            return SimulatedLock(disk: self, path: path)
        }
    }

    static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

private final class SimulatedFile: DiskFile {
    private enum Condition { case usable, poisoned, closed }

    private let disk: SimulatedDisk
    private let path: String
    private let inode: SimulatedInode
    private let condition = Mutex(Condition.usable)

    init(disk: SimulatedDisk, path: String, inode: SimulatedInode) {
        self.disk = disk
        self.path = path
        self.inode = inode
    }

    var length: Int { disk.state.withLock { _ in inode.current.count } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try check()
        try disk.state.withLock { state in
            do {
                try state.enter("write", path)
            } catch {
                // A short write: some of the bytes are there.
                let count = Int.random(in: 0...bytes.count, using: &state.random)
                inode.apply(.write(inode.current.count, Array(bytes.prefix(count))))
                throw error
            }
            inode.apply(.write(inode.current.count, Array(bytes)))
        }
    }

    func sync() throws {
        try check()
        do {
            try disk.state.withLock { state in
                do {
                    try state.enter("sync", path)
                } catch {
                    // Later syncs succeed although these pages have never reached the disk: the kernel has dropped
                    // them.
                    inode.dropPending(using: &state.random)
                    throw error
                }
                inode.sync()
            }
        } catch {
            condition.withLock { $0 = .poisoned }
            throw error
        }
    }

    func close() throws {
        let wasClosed = condition.withLock { condition in
            defer { condition = .closed }
            return condition == .closed
        }
        if !wasClosed { try disk.state.withLock { try $0.enter("close", path) } }
    }

    private func check() throws {
        if condition.withLock({ $0 != .usable }) {
            throw EventLogError(.io, "the file is closed, or an earlier sync of it failed (simulated)", file: path)
        }
    }
}

private final class SimulatedLock: DiskLock {
    private let disk: SimulatedDisk
    private let path: String
    private let held = Mutex(true)

    init(disk: SimulatedDisk, path: String) {
        self.disk = disk
        self.path = path
    }

    func release() {
        let was = held.withLock { held in
            defer { held = false }
            return held
        }
        if was { disk.state.withLock { _ = $0.locked.remove(path) } }
    }

    deinit { release() }
}
