import Dispatch
import EventLog
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Hands a request's body, which comes on the server's threads, to a thread that reads it as a file. At most a few
/// pieces wait in between, so that a fast sender is held back by a slow reader.
final class BodySource: Sendable {
    private static let piecesMax = 8

    private struct State {
        var pieces: [ByteBuffer] = []
        var isOver = false
        var failure: (any Error)?
        /// Nobody reads any more.
        var isAbandoned = false
        var feeder: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)

    /// Takes the body as it comes, until its end. A connection that falls silent is closed by the server, which ends it
    /// too.
    ///
    /// - Throws: `Problem` of status 413, which the reader gets too.
    func feed(_ body: RequestBody, limit: Int) async throws {
        var received = 0
        do {
            for try await piece in body {
                received += piece.readableBytes
                if received > limit { throw Problem.tooLarge(limit) }
                if !(await put(piece)) { return }
            }
            finish(nil)
        } catch {
            finish(error)
            throw error
        }
    }

    /// - Returns: false when nobody reads any more.
    private func put(_ piece: ByteBuffer) async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let goesOn = state.withLock { state in
                if state.isAbandoned { return true }
                state.pieces.append(piece)
                if state.pieces.count < BodySource.piecesMax { return true }
                state.feeder = continuation
                return false
            }
            available.signal()
            if goesOn { continuation.resume() }
        }
        return !state.withLock { $0.isAbandoned }
    }

    private func finish(_ error: (any Error)?) {
        state.withLock { state in
            state.isOver = true
            state.failure = error
        }
        available.signal()
    }

    /// To be called when nobody reads any more.
    func abandon() {
        let feeder = state.withLock { state in
            state.isAbandoned = true
            state.pieces = []
            defer { state.feeder = nil }
            return state.feeder
        }
        feeder?.resume()
    }

    func reader() -> any ByteSource { Reader(self) }

    /// The next piece; nil at the end. Blocks.
    fileprivate func take() throws -> ByteBuffer? {
        while true {
            available.wait()
            let (piece, isOver, failure, feeder) = state.withLock { state in
                let piece = state.pieces.isEmpty ? nil : state.pieces.removeFirst()
                defer { state.feeder = nil }
                return (piece, state.isOver, state.failure, state.feeder)
            }
            feeder?.resume()
            if let piece { return piece }
            if let failure { throw failure }
            if isOver {
                // For further calls.
                available.signal()
                return nil
            }
        }
    }

    private final class Reader: ByteSource {
        private let source: BodySource
        private var piece = ByteBuffer()
        private(set) var bytesRead = 0
        var totalBytes: Int? { nil }

        init(_ source: BodySource) { self.source = source }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            while piece.readableBytes == 0 {
                guard let next = try source.take() else { return 0 }
                piece = next
            }
            let count = min(buffer.count, piece.readableBytes)
            piece.readWithUnsafeReadableBytes { bytes in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                return count
            }
            bytesRead += count
            return count
        }
    }
}
