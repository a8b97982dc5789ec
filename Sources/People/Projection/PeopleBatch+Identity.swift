import EventLog
import GRDB

extension PeopleBatch {
    /// Carries out what an event says about ids.
    func applyIdentity(_ stored: StoredEvent, _ content: EventContent, _ id: ExactID) throws {
        let name = stored.event.name
        let anonymous = content.anonymousID.map(ExactID.init)
        if let anonymous, anonymous != id {
            try markUser(id)
            try join(anonymous, into: id, .identified, stored)
        } else if anonymous == nil, name == Vocabulary.identified, !IdentityRules.looksGenerated(id.text) {
            // Identified under an id that nobody called anonymous.
            try markUser(id)
        }
        guard let previous = content.previousID.map(ExactID.init), previous != id else { return }
        switch name {
        case Vocabulary.aliased:
            try markUser(id)
            try join(previous, into: id, .aliased, stored)
        case Vocabulary.personMerged: try join(previous, into: id, .merged, stored)
        case Vocabulary.personSplit: try split(previous, from: id, stored)
        default: return
        }
    }

    private func markUser(_ id: ExactID) throws {
        guard !BlockedIDs.contains(id.text), var entry = cache.entries[id], !entry.isUser else { return }
        entry.isUser = true
        cache.entries[id] = entry
        try db.cachedStatement(sql: "UPDATE identity SET is_user = 1 WHERE id = ?").execute(arguments: [id.text])
        markDirty(entry.slot)
        if !cache.drafts[entry.slot].isIdentified {
            cache.drafts[entry.slot].isIdentified = true
            cache.drafts[entry.slot].needsWholeRow = true
            cache.drafts[entry.slot].factsChanged = true
        }
    }

    // MARK: Joining

    private func join(
        _ alias: ExactID, into person: ExactID, _ cause: MergeRecord.Cause, _ stored: StoredEvent
    ) throws {
        // Most events that name an anonymous id come after the one that joined it.
        if let known = cache.entries[alias], known.slot == cache.entries[person]?.slot { return }
        if isSuppressed(alias, at: stored.sequence) { return }
        if BlockedIDs.contains(alias.text) || BlockedIDs.contains(person.text) {
            warn(.blocked, alias, person, stored)
            return
        }
        guard alias.text.utf8.count <= Limits.personIDBytes else { return }
        let target = try entry(of: person)
        let source = try find(alias)
        if let source, source.slot == target.slot { return }
        let decision = IdentityRules.decide(
            alias: side(source), person: side(target), cause: cause,
            areApart: try source.map { try areApart($0.slot, target.slot) } ?? false, maxIDs: maxIDs)
        switch decision {
        case .same: return
        case .refuse(let kind):
            warn(kind, alias, person, stored)
            return
        case .join: break
        }
        if let source {
            try absorb(source.slot, into: target.slot)
        } else {
            // An id that had no events: there is no person to take in.
            try insertIdentity(alias, person: cache.drafts[target.slot].number)
            cache.entries[alias] = PeopleCache.Entry(slot: target.slot, isUser: false)
            cache.drafts[target.slot].ids += 1
        }
        noteIDs(target.slot, search: !IdentityRules.looksGenerated(alias.text))
        if cause == .merged { try reunite(alias, person) }
        try record(alias, person, cause, stored)
        try redirect(.merge, alias.text, person.text)
    }

    /// Has the log follow.
    func redirect(_ kind: LogChange.Kind, _ alias: String, _ person: String) throws {
        try LogChangeRows.add(kind, alias: alias, person: person, db)
        changes.logChanges += 1
    }

    private func noteIDs(_ slot: Int, search: Bool) {
        markDirty(slot)
        cache.drafts[slot].needsWholeRow = true
        cache.drafts[slot].factsChanged = true
        if search || cache.drafts[slot].refusesTracking { cache.drafts[slot].idsChanged = true }
    }

    private func side(_ entry: PeopleCache.Entry?) -> IdentityRules.Side {
        guard let entry else { return IdentityRules.Side(person: -1, isIdentified: false, ids: 1) }
        let draft = cache.drafts[entry.slot]
        return IdentityRules.Side(person: draft.number, isIdentified: draft.isIdentified, ids: draft.ids)
    }

    /// Whether somebody took an id of the one person apart from an id of the other.
    private func areApart(_ a: Int, _ b: Int) throws -> Bool {
        for pair in cache.apart {
            guard let alias = try find(pair.alias)?.slot, let person = try find(pair.person)?.slot else { continue }
            if (alias, person) == (a, b) || (alias, person) == (b, a) { return true }
        }
        return false
    }

    /// Whoever joins two ids by hand has changed their mind about them.
    private func reunite(_ alias: ExactID, _ person: ExactID) throws {
        guard cache.apart.contains(where: { Set([$0.alias, $0.person]) == [alias, person] }) else { return }
        cache.apart.removeAll { Set([$0.alias, $0.person]) == [alias, person] }
        try db.execute(
            sql: "DELETE FROM apart WHERE (alias = ?1 AND person = ?2) OR (alias = ?2 AND person = ?1)",
            arguments: [alias.text, person.text])
    }

    private func record(
        _ alias: ExactID, _ person: ExactID, _ cause: MergeRecord.Cause, _ stored: StoredEvent
    ) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO merge (sequence, alias, person, cause, time) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            Int64(bitPattern: stored.sequence), alias.text, person.text, cause.rawValue, stored.event.time,
        ])
    }

    /// Makes the person at `source` part of the one at `target`.
    private func absorb(_ source: Int, into target: Int) throws {
        try cache.drafts[source].loadAll(db)
        try cache.drafts[target].loadAll(db)
        var state = cache.drafts[target].state
        state.absorb(cache.drafts[source].state)
        cache.drafts[target].state = state
        let from = cache.drafts[source]
        let number = cache.drafts[target].number
        for id in try PersonRows.ids(of: from.number, db) { move(ExactID(id), to: target) }
        for table in ["identity", "consent"] {
            try db.cachedStatement(sql: "UPDATE \(table) SET person = ? WHERE person = ?")
                .execute(arguments: [number, from.number])
            if table == "consent", db.changesCount > 0 { cache.drafts[target].consentsChanged = true }
        }
        if from.isStored { try PersonRows.delete(from.number, db) }
        cache.drafts[target].ids += from.ids
        cache.drafts[target].idsChanged = true
        if from.isIdentified { cache.drafts[target].isIdentified = true }
        cache.drafts[source] = PersonDraft(number: from.number, canonical: from.canonical)
        cache.drafts[source].isDead = true
        cache.drafts[source].isDirty = from.isDirty
        cache.slots[from.number] = nil
        changes.merged.append(PeopleChanges.Merged(person: from.canonical, into: cache.drafts[target].canonical))
        if from.refusesTracking != cache.drafts[target].refusesTracking { cache.drafts[target].reportsTracking = true }
    }

    func move(_ id: ExactID, to slot: Int) { cache.move(id, to: slot) }
}

/// Redirects that the log has yet to follow.
enum LogChangeRows {
    static func add(_ kind: LogChange.Kind, alias: String, person: String, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO log_change (kind, alias, person) VALUES (?, ?, ?)")
            .execute(arguments: [kind.rawValue, alias, person])
    }
}
