/// Who is there at this moment, and how far their session has come. Bounded: of more people than fit, those who did
/// nothing for longest are forgotten, and read from the log again when they do something.
struct LiveSessions: Sendable {
    struct Entry: Sendable {
        /// The time of the latest event that is known.
        var last: Int64
        /// Nil: to be read from the log.
        var sessions: PersonSessions?
    }

    /// People who are told apart.
    let most: Int
    // Two generations: whoever does something is in the younger one; when that is full, it becomes the older one, and
    // what was the older one is forgotten.
    private var young: [String: Entry] = [:]
    private var old: [String: Entry] = [:]

    init(most: Int) { self.most = max(2, most) }

    var count: Int { young.count + old.count }

    subscript(person: String) -> Entry? { young[person] ?? old[person] }

    /// Somebody did something.
    ///
    /// - Complexity: O(1)
    mutating func touch(_ person: String, at time: Int64) {
        let known = old.removeValue(forKey: person) ?? young[person]
        put(person, Entry(last: max(time, known?.last ?? time), sessions: nil))
    }

    /// Keeps what was read from the log, unless something came meanwhile.
    mutating func keep(_ person: String, _ sessions: PersonSessions, readAt last: Int64) {
        guard let entry = self[person], entry.last <= last else { return }
        if old[person] != nil { old[person]?.sessions = sessions } else { young[person]?.sessions = sessions }
    }

    private mutating func put(_ person: String, _ entry: Entry) {
        young[person] = entry
        if young.count * 2 > most {
            old = young
            young = [:]
        }
    }

    mutating func remove(_ person: String) {
        young[person] = nil
        old[person] = nil
    }

    /// Forgets whose session has ended, and returns everybody else.
    ///
    /// - Complexity: O(people)
    mutating func current(at now: Int64, gap: Int64) -> [(person: String, entry: Entry)] {
        young = young.filter { now - $0.value.last <= gap }
        old = old.filter { now - $0.value.last <= gap }
        return (Array(young) + Array(old)).map { ($0.key, $0.value) }
    }
}
