import Crypto
package import EventLog
import Foundation
import State

/// What the columns of a file of people mean.
package struct PeopleImportOptions: Sendable {
    package enum Target: Sendable, Hashable {
        /// The person's id.
        case id
        /// A trait; nil finds the type of each value: numbers, `true` and `false`, else text.
        case trait(String, PropertyType?)
        /// The id of a group of this type.
        case group(String)
        /// Yes or no (`true`, `y`, `1`, `동의` ...) to a purpose, on one channel or all.
        case consent(ConsentPurpose, MessageChannel?, ConsentStatement.Period)
        case ignored
    }

    /// By the name in the first line. Other columns are traits of their name; one called `id`, `user_id` or `userId` is
    /// the id unless another is.
    package var columns: [String: Target] = [:]
    /// Whether an empty field takes the trait away; else it changes nothing.
    package var emptyRemoves = false
    /// Whether lines with an error are left out; else nothing is imported when there is one.
    package var skipsInvalidLines = false
    /// The file's name, kept as the source of the traits.
    package var sourceName = "csv"

    package init() {}

    static let idNames: Set<String> = ["id", "user_id", "userId", "person", "personId", "person_id"]
    package static let maxBytes = 256 << 20
}

/// What an import of people did.
package struct PeopleImportReport: Sendable, Hashable {
    package struct Rejection: Sendable, Hashable {
        package var line: Int
        package var reason: String
    }

    /// Lines with a person.
    package var persons = 0
    package var events = 0
    package var rejected = 0
    /// The first 100 of them.
    package var rejections: [Rejection] = []
}

/// Makes events of a file of people.
struct PeopleImport {
    let options: PeopleImportOptions
    /// Milliseconds UTC.
    let time: Int64
    private(set) var report = PeopleImportReport()
    private(set) var events: [Event] = []
    private var digest = ""

    private struct LineProblem: Error { var reason: String }

    init(options: PeopleImportOptions, time: Int64) {
        self.options = options
        self.time = time
    }

    /// - Throws: `PeopleError` with `badFile`, naming the line.
    mutating func read(_ bytes: [UInt8]) throws {
        guard bytes.count <= PeopleImportOptions.maxBytes else {
            throw PeopleError(.badFile, "the file is larger than \(PeopleImportOptions.maxBytes >> 20) MB; split it")
        }
        digest = PersonKeys.base32(SHA256.hash(data: bytes).prefix(15))
        var reader = CSVReader(bytes)
        do {
            guard let header = try reader.next() else { throw PeopleError(.badFile, "the file is empty") }
            let targets = try targets(of: header)
            while let record = try reader.next() { add(record, targets) }
        } catch let problem as CSVReader.Problem {
            throw PeopleError(.badFile, "line \(problem.line): \(problem.reason)")
        }
        if report.rejected > 0, !options.skipsInvalidLines, let first = report.rejections.first {
            let more = report.rejected > 1 ? " (and \(report.rejected - 1) more lines have errors)" : ""
            throw PeopleError(.badFile, "line \(first.line): \(first.reason)\(more); nothing was imported")
        }
    }

    private func targets(of header: CSVReader.Record) throws -> [PeopleImportOptions.Target] {
        let names = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
        if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw PeopleError(.badFile, "line 1: two columns are called '\(twice)'")
        }
        for name in options.columns.keys.sorted() where !names.contains(name) {
            throw PeopleError(
                .badFile, "line 1: there is no column '\(name)'; the columns are \(names.joined(separator: ", "))")
        }
        let hasID = options.columns.values.contains(.id)
        var targets = names.map { name -> PeopleImportOptions.Target in
            if let target = options.columns[name] { return target }
            return name.isEmpty ? .ignored : .trait(name, nil)
        }
        if !hasID, let own = names.firstIndex(where: { PeopleImportOptions.idNames.contains($0) }) {
            targets[own] = .id
        }
        guard targets.count(where: { $0 == .id }) == 1 else {
            throw PeopleError(
                .badFile,
                "line 1: no column is the person's id; call one 'id', or say which of "
                    + "\(names.joined(separator: ", ")) it is")
        }
        for case .trait(let name, _) in targets where name.utf8.count > Limits.nameBytes - 8 {
            throw PeopleError(.badFile, "line 1: the name '\(name.prefix(40))...' is too long for a trait")
        }
        return targets
    }

    private mutating func add(_ record: CSVReader.Record, _ targets: [PeopleImportOptions.Target]) {
        do {
            let new = try events(record, targets)
            report.persons += 1
            report.events += new.count
            events += new
        } catch {
            report.rejected += 1
            guard report.rejections.count < 100 else { return }
            let reason = (error as? LineProblem)?.reason ?? String(describing: error)
            report.rejections.append(PeopleImportReport.Rejection(line: record.line, reason: reason))
        }
    }

    private func events(
        _ record: CSVReader.Record, _ targets: [PeopleImportOptions.Target]
    ) throws -> [Event] {
        guard record.fields.count == targets.count else {
            throw LineProblem(
                reason: "\(record.fields.count) fields, but the first line has \(targets.count) columns")
        }
        var id = ""
        var traits: [Event.Property] = []
        var gone: [String] = []
        var others: [(name: String, properties: [Event.Property])] = []
        for (field, target) in zip(record.fields, targets) {
            let text = field.trimmingCharacters(in: .whitespacesAndNewlines)
            switch target {
            case .id: id = text
            case .ignored: continue
            case .trait(let name, let type):
                if text.isEmpty {
                    if options.emptyRemoves { gone.append(name) }
                    continue
                }
                guard text.utf8.count <= Limits.valueBytes else { throw LineProblem(reason: "'\(name)' is too long") }
                let value = try value(text, type, name)
                traits.append(Event.Property(Vocabulary.TraitOperation.set.rawValue + name, value))
            case .group(let type):
                guard !text.isEmpty else { continue }
                others.append(
                    (
                        Vocabulary.groupJoined,
                        [
                            Event.Property(Vocabulary.groupID, .string(text)),
                            Event.Property(Vocabulary.groupType, .string(type)),
                        ]
                    ))
            case .consent(let purpose, let channel, let period):
                guard !text.isEmpty else { continue }
                others.append((Vocabulary.consentChanged, try consent(text, purpose, channel, period)))
            }
        }
        guard !id.isEmpty else { throw LineProblem(reason: "the person's id is empty") }
        guard id.utf8.count <= Limits.personIDBytes else {
            throw LineProblem(reason: "the person's id is longer than \(Limits.personIDBytes) bytes")
        }
        guard !BlockedIDs.contains(id) else { throw LineProblem(reason: "the id '\(id)' stands for nobody") }
        if !gone.isEmpty { traits.append(Event.Property(Vocabulary.unset, .strings(gone))) }
        let origin = [
            Event.Property(PeopleProperty.origin, .string(TraitSource.Kind.file.name)),
            Event.Property(PeopleProperty.originDetail, .string(options.sourceName)),
        ]
        // The digest of the file and the line make a repeated import harmless.
        return ([(Vocabulary.profileChanged, traits)] + others).enumerated().map { number, event in
            Event(
                person: id, name: event.0, time: time, properties: event.1 + origin,
                messageID: "people:\(digest):\(record.line):\(number)")
        }
    }

    // MARK: Values

    private func consent(
        _ text: String, _ purpose: ConsentPurpose, _ channel: MessageChannel?, _ period: ConsentStatement.Period
    ) throws -> [Event.Property] {
        guard let granted = PeopleImport.yesOrNo(text) else {
            throw LineProblem(reason: "'\(text.prefix(40))' is neither yes nor no to \(purpose.rawValue)")
        }
        var properties = [
            Event.Property(PeopleProperty.purpose, .string(purpose.rawValue)),
            Event.Property(PeopleProperty.granted, .boolean(granted)),
            Event.Property(PeopleProperty.evidenceSource, .string(options.sourceName)),
        ]
        if let channel { properties.append(Event.Property(PeopleProperty.channel, .string(channel.rawValue))) }
        if let name = period.name { properties.append(Event.Property(PeopleProperty.period, .string(name))) }
        return properties
    }

    static func yesOrNo(_ text: String) -> Bool? {
        switch TextIndex.folded(text) {
        case "true", "yes", "y", "1", "o", "on", "예", "네", "동의", "수신동의", "수신 동의": true
        case "false", "no", "n", "0", "x", "off", "아니오", "아니요", "거부", "미동의", "수신거부", "수신 거부": false
        default: nil
        }
    }

    private func value(_ text: String, _ type: PropertyType?, _ name: String) throws -> PropertyValue {
        guard let type else { return PeopleImport.guessed(text, name) }
        func problem(_ what: String) -> LineProblem {
            LineProblem(reason: "'\(name)' is '\(text.prefix(40))', which is not \(what)")
        }
        switch type {
        case .string: return .string(text)
        case .number:
            let plain = text.replacingOccurrences(of: ",", with: "")
            guard let number = Double(plain), number.isFinite else { throw problem("a number") }
            return .number(number)
        case .boolean:
            guard let flag = PeopleImport.yesOrNo(text) else { throw problem("yes or no") }
            return .boolean(flag)
        case .time:
            guard let time = PeopleImport.time(text) else { throw problem("a date such as 2026-03-01 or an ISO time") }
            return .time(time)
        case .strings:
            let items = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            return .strings(items.filter { !$0.isEmpty })
        case .numbers, .booleans, .times: throw problem("a list that an import can read; only lists of texts are")
        }
    }

    /// Addresses, and digits that begin with 0, stay text: they are no quantities.
    static func guessed(_ text: String, _ name: String) -> PropertyValue {
        if text == "true" { return .boolean(true) }
        if text == "false" { return .boolean(false) }
        let isAddress = (AddressRules.emailTraits + AddressRules.phoneTraits).contains(name)
        guard !isAddress, text.count <= 15, text.utf8.allSatisfy({ "0123456789.-".utf8.contains($0) }),
            let number = Double(text), PropertyValue.digits(number) == text
        else { return .string(text) }
        return .number(number)
    }

    static func time(_ text: String) -> Int64? {
        let date =
            (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle().year().month().day()))
        guard let date else { return nil }
        let time = Int64((date.timeIntervalSince1970 * 1000).rounded())
        return (Limits.earliestTime...Limits.latestTime).contains(time) ? time : nil
    }
}

/// A file of people that has been read and found right, and is not yet stored.
package struct PreparedPeople: Sendable {
    package let report: PeopleImportReport
    package let events: [Event]
}

extension PeopleService {
    /// Reads a CSV file of people in UTF-8.
    ///
    /// - Throws: `PeopleError` with `badFile`, naming the line.
    /// - Complexity: O(bytes), all of it in memory
    package func prepareCSV(_ bytes: [UInt8], options: PeopleImportOptions) throws -> PreparedPeople {
        var reading = PeopleImport(options: options, time: now())
        try reading.read(bytes)
        return PreparedPeople(
            report: reading.report, events: reading.events.filter { gate.verdict(id: $0.person) != .suppressed })
    }

    /// Appends the events of a file, which the projection then applies.
    package func store(_ people: PreparedPeople) async throws {
        let events = people.events
        for start in stride(from: 0, to: events.count, by: 10_000) {
            try await log.append(Array(events[start..<min(start + 10_000, events.count)]))
        }
    }

    /// Imports people from a CSV file in UTF-8: appends events, which the projection then applies.
    ///
    /// - Throws: `PeopleError` with `badFile`, naming the line; then nothing was imported.
    package func importCSV(_ bytes: [UInt8], options: PeopleImportOptions) async throws -> PeopleImportReport {
        let people = try prepareCSV(bytes, options: options)
        try await store(people)
        return people.report
    }
}
