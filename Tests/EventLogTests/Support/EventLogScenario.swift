import RandomCases

@testable import EventLog

/// A log beside its model, doing things at random on a disk that may fail. Everything follows from the seed: nothing
/// runs in the background.
final class EventLogScenario {
    static let folder = "shop"

    private(set) var disk: SimulatedDisk
    private(set) var log: EventLog?
    /// What the log may hold: more than one while it is not known whether a failed operation took place.
    private(set) var possible: Set<EventLogModel> = [EventLogModel()]
    /// For messages: what was done.
    private(set) var trace: [String] = []
    var random: SeededRandom
    private var nextEvent = 0
    private var triedMarks: [SourceMark] = []
    /// Another process that has the log open all the time and catches up with it at each comparison.
    private var reader: EventLog?

    struct Mismatch: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    init(seed: UInt64) {
        random = SeededRandom(seed)
        disk = SimulatedDisk(seed: seed)
    }

    // MARK: Opening

    static var options: EventLog.Options {
        var options = EventLog.Options()
        options.sealRows = .max
        options.compactionFanIn = 0
        options.now = { 1_700_000_000_000 }
        return options
    }

    /// Opens for writing and compares.
    func open() throws {
        trace.append("open")
        let log = try EventLog.open(Self.folder, for: .writing, options: Self.options, disk: disk)
        self.log = log
        possible = try check(log)
    }

    /// Goes on with another disk, for example one after a crash.
    func replace(_ disk: SimulatedDisk) {
        log?.abandon()
        log = nil
        reader = nil
        self.disk = disk
    }

    // MARK: Comparing

    /// Compares all that a reader can see with the model.
    ///
    /// - Returns: the models that agree, at least one.
    func check(_ log: EventLog) throws -> Set<EventLogModel> {
        try disk.withoutFailures {
            let agreeing = try compare(log)
            try compareReader()
            return agreeing
        }
    }

    /// What the reader sees is possible too; what the writer has taken back or left in doubt it may see either way.
    private func compareReader() throws {
        if let reader {
            try reader.refresh()
        } else {
            reader = try EventLog.open(Self.folder, for: .reading, options: Self.options, disk: disk)
        }
        guard let reader else { return }
        let stored = try reader.tail(from: 0, limit: .max).map(\.event)
        let reasons = try possible.map { try difference(reader, stored, $0) }
        if !reasons.contains(nil) {
            throw Mismatch("a reader: " + reasons.compactMap { $0 }.joined(separator: " | "))
        }
    }

    private func compare(_ log: EventLog) throws -> Set<EventLogModel> {
        let problems = try EventLog.verify(Self.folder, disk: disk).problems
        if !problems.isEmpty { throw Mismatch("verify: \(problems)") }
        let tail = try log.tail(from: 0, limit: .max)
        guard zip(tail, tail.dropFirst()).allSatisfy({ $0.sequence < $1.sequence }) else {
            throw Mismatch("sequence numbers do not rise: \(tail.map(\.sequence))")
        }
        let stored = tail.map(\.event)
        var reasons: [String] = []
        var agreeing: Set<EventLogModel> = []
        for model in possible {
            if let reason = try difference(log, stored, model) {
                reasons.append(reason)
            } else {
                agreeing.insert(model)
            }
        }
        if agreeing.isEmpty { throw Mismatch(reasons.joined(separator: " | ")) }
        return agreeing
    }

    private func difference(_ log: EventLog, _ stored: [Event], _ model: EventLogModel) throws -> String? {
        let normal = model.events.map(Self.normalised)
        let found = stored.map(Self.normalised)
        if found != normal {
            let ids = { (events: [Event]) in events.map { "\($0.person)@\($0.time)" } }
            return
                "expected \(normal.count) events, found \(found.count): missing \(ids(normal.filter { !found.contains($0) })), "
                + "extra \(ids(found.filter { !normal.contains($0) }))"
        }
        let snapshot = try log.snapshot()
        let count = try snapshot.eventCount
        if count != normal.count { return "a snapshot counts \(count) of \(normal.count) events" }
        let statistics = try snapshot.statistics
        if statistics != model.statistics(like: statistics) {
            return "the statistics are \(statistics) instead of \(model.statistics(like: statistics))"
        }
        for person in Self.persons {
            let history = try snapshot.history(of: person).map { Self.normalised($0.event) }
            let expected = model.history(of: person).map(Self.normalised)
            if history != expected {
                return
                    "the history of \(person) has \(history.count) events instead of \(expected.count), or another order"
            }
        }
        for mark in triedMarks where log.marks(after: mark.from).contains(mark) != model.marks.contains(mark) {
            return
                "the mark of \(mark.lines) lines is \(model.marks.contains(mark) ? "missing" : "there, unlike its events")"
        }
        return nil
    }

    /// Properties come back in the order of their names.
    private static func normalised(_ event: Event) -> Event {
        var event = event
        event.properties.sort { $0.name < $1.name }
        return event
    }

    // MARK: Steps

    static let persons = (0..<8).map { "person-number-\($0)" }

    /// Does something at random.
    ///
    /// - Throws: `Mismatch` for what the log did wrong. Errors of the disk are part of the game.
    func step() async throws {
        guard let log else { return }
        switch Int.random(in: 0..<30, using: &random) {
        case 0..<11:
            let events = newEvents(Int.random(in: 1...6, using: &random))
            await perform(.append(events)) { try await log.append(events) }
        case 11..<14:
            let merge = Merge(alias: person(), person: person())
            await perform(.merge(merge)) { try await log.merge(merge.alias, into: merge.person) }
        case 14:
            let merged = possible.flatMap(\.parents.keys).sorted()
            guard let alias = merged.randomElement(using: &random) else { return }
            await perform(.split(alias)) { try await log.split(alias) }
        case 15, 16: try await forget(person(), log)
        case 17..<19: try await load(log)
        case 19..<25: await perform(.maintenance("seal")) { try log.seal() }
        case 25..<28: await perform(.maintenance("compact")) { try log.compact() }
        default:
            trace.append("reopen")
            do {
                try log.close()
            } catch {
                log.abandon()
            }
            self.log = nil
            try open()
        }
    }

    /// Runs an operation and keeps the model up with it.
    ///
    /// - Returns: whether it succeeded.
    @discardableResult
    private func perform(_ operation: EventLogModel.Operation, _ body: () async throws -> Void) async -> Bool {
        let after = Set(
            possible.map { model in
                var model = model
                model.apply(operation)
                return model
            })
        do {
            try await body()
            trace.append("\(Self.name(operation))")
            possible = after
            return true
        } catch {
            trace.append("\(Self.name(operation)) failed: \(error)")
            possible.formUnion(after)
            return false
        }
    }

    private func forget(_ person: String, _ log: EventLog) async throws {
        let members = possible.map { model in
            Set(Self.persons.filter { model.canonical($0) == model.canonical(person) })
        }
        guard await perform(.forget(person), { try log.forget(person) }) else { return }
        // Every id that was the person's in all possible models has left no byte behind.
        for id in members.reduce(members.first ?? [], { $0.intersection($1) }).sorted() {
            for (path, bytes) in disk.files where bytes.contains(subsequence: Array(id.utf8)) {
                throw Mismatch("\(path) still has the bytes of \(id), who was forgotten")
            }
        }
    }

    private func load(_ log: EventLog) async throws {
        let events = newEvents(Int.random(in: 1...20, using: &random))
        let number = UInt64(triedMarks.count) * 2
        let mark = SourceMark(
            from: .init(high: 0, low: number), to: .init(high: 0, low: number + 1), length: 10,
            lines: UInt64(events.count))
        triedMarks.append(mark)
        await perform(.load(events, mark)) {
            var batch = EventBatch(key: log.key)
            for event in events { try batch.append(event) }
            try log.load(batch, mark: mark)
        }
    }

    private func person() -> String { Self.persons.randomElement(using: &random) ?? "" }

    private func newEvents(_ count: Int) -> [Event] {
        let known = possible.flatMap { $0.events.filter { $0.messageID != nil } }.sorted {
            $0.messageID ?? "" < $1.messageID ?? ""
        }
        return (0..<count).map { _ in
            // A sender that retries.
            if Int.random(in: 0..<10, using: &random) == 0, let again = known.randomElement(using: &random) {
                return again
            }
            nextEvent += 1
            // Late ones, ties, and a few names and types.
            let time = 1_600_000_000_000 + Int64.random(in: 0..<50, using: &random)
            var properties = [Event.Property("number", .number(Double(nextEvent)))]
            if Bool.random(using: &random) { properties.append(.init("text", .string("value \(nextEvent % 7)"))) }
            let name = "Event \(Int.random(in: 0..<4, using: &random))"
            return Event(
                person: person(), name: name, time: time, properties: properties,
                messageID: Bool.random(using: &random) ? "message-\(nextEvent)" : nil)
        }
    }

    private static func name(_ operation: EventLogModel.Operation) -> String {
        switch operation {
        case .append(let events): "append \(events.count)"
        case .load(let events, _): "load \(events.count)"
        case .merge(let merge): "merge \(merge.alias) into \(merge.person)"
        case .split(let alias): "split \(alias)"
        case .forget(let person): "forget \(person)"
        case .maintenance(let name): name
        }
    }
}

extension [UInt8] {
    /// - Complexity: O(count * length)
    func contains(subsequence wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, count >= wanted.count else { return false }
        return withUnsafeBufferPointer { bytes in
            for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
                if bytes[start..<start + wanted.count].elementsEqual(wanted) { return true }
            }
            return false
        }
    }
}
