/// How far one thread has come with its numbered events: those below `acknowledged` are stored, those up to `tried` may
/// be.
struct Progress: Equatable {
    var acknowledged = 0
    var tried = 0

    static let appenders = 4
    /// The number of the thread that loads.
    static let loader = appenders
    /// The number of the thread that adds and forgets persons, one number a person.
    static let forgetter = appenders + 1
    /// The number of the thread that merges, one number a merge.
    static let merger = appenders + 2
    static let threads = appenders + 3

    static func parse(_ text: String) -> [Progress] {
        let parts = text.split(separator: ";").map { part in
            let numbers = part.split(separator: ",").compactMap { Int($0) }
            return numbers.count == 2 ? Progress(acknowledged: numbers[0], tried: numbers[1]) : Progress()
        }
        return parts + [Progress](repeating: Progress(), count: max(0, threads - parts.count))
    }

    static func print(_ all: [Progress]) -> String {
        all.map { "\($0.acknowledged),\($0.tried)" }.joined(separator: ";")
    }
}

/// The events of both sides: everything follows from the thread and the number.
enum Script {
    static let time: Int64 = 1_700_000_000_000
    static let persons = 300

    static func person(_ number: Int) -> String { "person-\(number % persons)" }
    /// The dot ends the id, so that none is the beginning of another.
    static func gone(_ number: Int) -> String { "gone-\(number)." }
    static func alias(_ number: Int) -> String { "alias-\(number)." }
    /// Events that a person who is to be forgotten, or merged, gets first.
    static let eventsOfOne = 3
}
