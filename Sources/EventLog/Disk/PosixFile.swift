import Glibc
import Synchronization

/// A file that is being written through a descriptor.
final class PosixFile: DiskFile {
    private enum Condition {
        case usable
        /// A sync has failed: see `DiskFile.sync`.
        case poisoned
        case closed
    }

    private struct State {
        var condition = Condition.usable
        var length: Int
    }

    private let path: String
    private let descriptor: Int32
    private let state: Mutex<State>

    init(path: String, descriptor: Int32, length: Int) {
        self.path = path
        self.descriptor = descriptor
        self.state = Mutex(State(length: length))
    }

    var length: Int { state.withLock { $0.length } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        // A single call takes at most about 2 GiB on Linux and may take less than it is given.
        try state.withLock { state in
            try check(state)
            var rest = bytes
            while !rest.isEmpty {
                let written = try retrying("write", path) { Glibc.write(descriptor, rest.baseAddress, rest.count) }
                state.length += written
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }

    func sync() throws {
        try state.withLock { state in
            try check(state)
            do {
                try retrying("fdatasync", path) { Int(fdatasync(descriptor)) }
            } catch {
                state.condition = .poisoned
                throw error
            }
        }
    }

    func close() throws {
        try state.withLock { state in
            if state.condition == .closed { return }
            state.condition = .closed
            // Linux closes the descriptor even when it reports EINTR.
            if Glibc.close(descriptor) != 0, errno != EINTR { throw PosixError.last("close", path) }
        }
    }

    deinit {
        if state.withLock({ $0.condition != .closed }) { Glibc.close(descriptor) }
    }

    private func check(_ state: State) throws {
        switch state.condition {
        case .usable: return
        case .poisoned:
            throw EventLogError(
                .io,
                "an earlier sync of this file failed, so what it holds on the disk is not known; check the disk and open the log again",
                file: path)
        case .closed:
            throw EventLogError(.io, "the file has been closed; open the log again", file: path)
        }
    }
}
