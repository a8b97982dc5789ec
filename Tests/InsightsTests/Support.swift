import Foundation
import State
import Synchronization
import Testing

@testable import Insights

/// A service over a database of its own, with a clock that tests move.
final class Bench {
    let folder: String
    let state: StateDatabase
    let service: InsightService

    init() throws {
        folder = NSTemporaryDirectory() + "insights-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        state = try StateDatabase.open(folder + "/state.sqlite", migrations: [InsightMigrations.all])
        let time = Clock()
        self.time = time
        service = InsightService(state: state, now: { time.now })
    }

    let time: Clock

    final class Clock: Sendable {
        private let value = Mutex<Int64>(1_700_000_000_000)
        var now: Int64 { value.withLock { $0 } }
        func advance(days: Int) { value.withLock { $0 += Int64(days) * 86_400_000 } }
    }

    deinit {
        try? state.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
}
