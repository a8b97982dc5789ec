import EventLog

/// Compares what was decided about persons with what is stored, and writes the difference with the events that announce
/// it, within one transaction.
struct MembershipCommit {
    let rows: AudienceRows
    private let plan: AudiencePlan
    /// The ids of the plan's audiences.
    private let ids: [Int64]
    let now: Int64
    /// Whether the plan has all audiences, so that what it says about the next change is the whole truth.
    private let isComplete: Bool
    private(set) var entered = 0
    private(set) var left = 0
    /// By audience: who came, who went.
    private var changes: [Int64: (entered: Int, left: Int)] = [:]

    init(rows: AudienceRows, plan: AudiencePlan, now: Int64, isComplete: Bool) {
        self.rows = rows
        self.plan = plan
        ids = plan.targets.map(\.id)
        self.now = now
        self.isComplete = isComplete
    }

    /// - Parameters:
    ///   - nextChange: milliseconds UTC, `.max` for never.
    ///   - isMember: by the audience's number in the plan.
    mutating func add(
        _ person: String, _ stored: StoredPerson?, nextChange: Int64, isMember: (Int) -> Bool
    ) throws {
        var bits = stored?.bits ?? AudienceBits()
        var came: [Int] = []
        var went: [Int] = []
        // For everybody this runs persons times audiences times, so it looks at numbers only.
        for number in ids.indices {
            let isIn = isMember(number)
            guard bits[ids[number]] != isIn else { continue }
            bits[ids[number]] = isIn
            if isIn { came.append(number) } else { went.append(number) }
        }
        var due: Int64? = nextChange == .max ? nil : nextChange
        if !isComplete, let before = stored?.due { due = min(before, due ?? before) }
        let isChanged = !came.isEmpty || !went.isEmpty
        let changes = (stored?.changes ?? 0) + (isChanged ? 1 : 0)
        let number: Int64
        if let stored {
            number = stored.number
            if isChanged || due != stored.due { try rows.update(number, bits, changes: changes, due: due) }
        } else {
            // Somebody who is in nothing and for whom time changes nothing needs no row.
            if came.isEmpty, due == nil { return }
            number = try rows.insert(person, bits, changes: changes, due: due)
        }
        for target in came.map({ plan.targets[$0] }) {
            try rows.enter(target.id, number, since: now)
            try announce(Vocabulary.audienceEntered, target, person, number, changes)
        }
        for target in went.map({ plan.targets[$0] }) {
            try rows.leave(target.id, number)
            try announce(Vocabulary.audienceLeft, target, person, number, changes)
        }
    }

    mutating func announce(
        _ name: String, _ target: AudiencePlan.Target, _ person: String, _ number: Int64, _ change: Int64
    ) throws {
        count(target.id, entered: name == Vocabulary.audienceEntered)
        try rows.announce(
            AudienceEvent(person: person, name: name, time: now, audience: target.name, audienceID: target.id),
            person: number, change: change)
    }

    mutating func count(_ audience: Int64, entered isEntry: Bool) {
        if isEntry { entered += 1 } else { left += 1 }
        changes[audience, default: (0, 0)].entered += isEntry ? 1 : 0
        changes[audience, default: (0, 0)].left += isEntry ? 0 : 1
    }

    /// Somebody who is no person any more, deleted or gone into another: leaves without an event.
    mutating func remove(_ stored: StoredPerson) throws {
        for membership in try rows.memberships(stored.number) {
            try rows.leave(membership.audience, stored.number)
            count(membership.audience, entered: false)
        }
        try rows.deletePerson(stored.number)
    }

    mutating func removeAll(
        from stored: [String: StoredPerson], except directory: PersonDirectory, _ touched: Set<String>
    ) throws {
        for (person, row) in stored where directory.place(of: person) == nil && !touched.contains(person) {
            try remove(row)
        }
    }

    /// Writes the sizes.
    func finish() throws {
        for (audience, change) in changes.sorted(by: { $0.key < $1.key }) {
            try rows.change(audience, entered: change.entered, left: change.left, now: now)
        }
    }
}
