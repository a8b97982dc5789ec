import EventLog

extension MembershipCommit {
    /// Puts a person into an audience or takes them out.
    ///
    /// - Returns: whether that changed anything.
    mutating func set(
        _ person: String, _ stored: StoredPerson?, _ target: AudiencePlan.Target, isIn: Bool
    ) throws -> Bool {
        var bits = stored?.bits ?? AudienceBits()
        guard bits[target.id] != isIn else { return false }
        bits[target.id] = isIn
        let changes = (stored?.changes ?? 0) + 1
        let number: Int64
        if let stored {
            number = stored.number
            try rows.update(number, bits, changes: changes, due: stored.due)
        } else {
            number = try rows.insert(person, bits, changes: changes, due: nil)
        }
        if isIn { try rows.enter(target.id, number, since: now) } else { try rows.leave(target.id, number) }
        try announce(isIn ? Vocabulary.audienceEntered : Vocabulary.audienceLeft, target, person, number, changes)
        return true
    }

    /// Hands the memberships of one person to another, with the earlier time of both.
    mutating func move(_ old: StoredPerson, to person: String, _ stored: StoredPerson?) throws {
        var bits = stored?.bits ?? AudienceBits()
        let memberships = try rows.memberships(old.number)
        let before = bits
        bits.formUnion(old.bits)
        let due = [old.due, stored?.due].compactMap(\.self).min()
        let number: Int64
        if let stored {
            number = stored.number
            try rows.update(number, bits, changes: stored.changes + 1, due: due)
        } else {
            number = try rows.insert(person, bits, changes: 1, due: due)
        }
        for membership in memberships {
            try rows.leave(membership.audience, old.number)
            try rows.enter(membership.audience, number, since: membership.since)
            // Two members became one.
            if before[membership.audience] { count(membership.audience, entered: false) }
        }
        try rows.deletePerson(old.number)
    }
}
