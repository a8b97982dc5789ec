import EventLog
import GRDB

/// One batch of events on its way into the tables.
///
/// Persons are changed in memory and written once at the end; ids, merges and consents are written at once, because
/// they are looked up by others.
final class PeopleBatch {
    let db: Database
    var cache: PeopleCache
    let log: any PeopleLog
    let keys: PersonKeys
    let maxIDs: Int
    let defaults: ConsentRules.Defaults
    var changes = PeopleChanges()
    var groups: [GroupID: GroupDraft] = [:]
    private var dirty: [Int] = []
    private var nextNumber: Int64
    private var warnings: [WarningKey: WarningCount] = [:]

    struct GroupDraft {
        var isStored: Bool
        var stored: GroupState
        var current: GroupState
    }

    private struct WarningKey: Hashable {
        var kind: IdentityWarning.Kind
        var alias: ExactID
        var person: ExactID
    }

    private struct WarningCount {
        var count = 0
        var first: UInt64
        var last: UInt64
        var time: Int64
    }

    init(
        _ db: Database, cache: PeopleCache, log: any PeopleLog, keys: PersonKeys, maxIDs: Int,
        defaults: ConsentRules.Defaults
    ) throws {
        self.db = db
        self.cache = cache
        self.log = log
        self.keys = keys
        self.maxIDs = maxIDs
        self.defaults = defaults
        nextNumber = 1 + (try Int64.fetchOne(db, sql: "SELECT MAX(number) FROM person") ?? 0)
    }

    /// To be called once, at the end.
    func takeCache() -> PeopleCache {
        let taken = cache
        cache = PeopleCache()
        return taken
    }

    // MARK: One event

    func apply(_ stored: StoredEvent) throws {
        let event = stored.event
        // What became of an item is nobody's.
        if event.person.hasPrefix(Vocabulary.itemPersonPrefix) { return }
        let id = ExactID(event.person)
        if isSuppressed(id, at: stored.sequence) {
            changes.suppressedEvents += 1
            return
        }
        let content = EventContent(event)
        if event.name == Vocabulary.groupChanged, event.person.hasPrefix(Vocabulary.groupPersonPrefix) {
            if let group = content.group { try applyGroup(stored, content, group) }
            return
        }
        var entry = try self.entry(of: id)
        if content.anonymousID != nil || content.previousID != nil || event.name == Vocabulary.identified {
            try applyIdentity(stored, content, id)
            // A merge may have moved the person.
            entry = try self.entry(of: id)
        }
        if event.name == Vocabulary.consentChanged { try applyConsent(stored, entry.slot) }
        if let group = content.group, GroupState.concerns(event) { try applyGroup(stored, content, group) }
        try applyState(stored, content, entry.slot)
    }

    private func applyState(_ stored: StoredEvent, _ content: EventContent, _ slot: Int) throws {
        markDirty(slot)
        let zone = cache.drafts[slot].visits.timeZone?.value
        cache.drafts[slot].visits.apply(stored, content)
        if cache.drafts[slot].visits.timeZone?.value != zone { cache.drafts[slot].factsChanged = true }
        if !content.changes.isEmpty {
            try cache.drafts[slot].loadTraits(db)
            if var traits = cache.drafts[slot].traits?.current {
                cache.drafts[slot].traits?.current = [:]
                for change in content.changes {
                    TraitRules.apply(
                        change, time: stored.event.time, sequence: stored.sequence, source: content.source,
                        to: &traits, clearedTime: &cache.drafts[slot].visits.clearedTime)
                }
                cache.drafts[slot].traits?.current = traits
            }
            cache.drafts[slot].needsWholeRow = true
        }
        if let device = content.device {
            try cache.drafts[slot].loadDevices(db)
            if var devices = cache.drafts[slot].devices?.current {
                Device.note(device, stored, in: &devices)
                cache.drafts[slot].devices?.current = devices
            }
        }
        if stored.event.name == Vocabulary.groupJoined, let group = content.group {
            try cache.drafts[slot].loadGroups(db)
            let since = min(cache.drafts[slot].groups?.current[group] ?? .max, stored.event.time)
            cache.drafts[slot].groups?.current[group] = since
        }
    }

    private func applyConsent(_ stored: StoredEvent, _ slot: Int) throws {
        guard let statement = ConsentStatement(stored) else { return }
        try ConsentRows.insert(statement, person: cache.drafts[slot].number, db)
        markDirty(slot)
        cache.drafts[slot].consentsChanged = true
    }

    private func applyGroup(_ stored: StoredEvent, _ content: EventContent, _ id: GroupID) throws {
        var group = try groups[id] ?? GroupRows.load(id, db)
        groups[id] = nil
        group.current.apply(stored, content)
        groups[id] = group
        try GroupRows.addContributor(stored.event.person, to: id, db)
    }

    // MARK: Persons

    func isSuppressed(_ id: ExactID, at sequence: UInt64) -> Bool {
        !cache.suppressions.isEmpty && cache.suppressions.contains(id.text, at: sequence, keys)
    }

    /// The person of an id; a new one when it was never seen.
    ///
    /// - Complexity: O(1) for ids of the cache, else a query
    func entry(of id: ExactID) throws -> PeopleCache.Entry {
        if let known = cache.entries[id] { return known }
        if let found = try find(id) { return found }
        let slot = newPerson(canonical: id.text)
        cache.drafts[slot].idsChanged = !IdentityRules.looksGenerated(id.text)
        try insertIdentity(id, person: cache.drafts[slot].number)
        let entry = PeopleCache.Entry(slot: slot, isUser: false)
        cache.entries[id] = entry
        markDirty(slot)
        cache.drafts[slot].factsChanged = true
        return entry
    }

    /// The person of an id that is known.
    func find(_ id: ExactID) throws -> PeopleCache.Entry? {
        if let known = cache.entry(id) { return known }
        let row = try SQLRow.fetchOne(
            try db.cachedStatement(sql: "SELECT person, is_user FROM identity WHERE id = ?"), arguments: [id.text])
        guard let row else { return nil }
        let entry = PeopleCache.Entry(slot: try slot(ofPerson: row[0], knownBy: id), isUser: row[1])
        cache.entries[id] = entry
        return entry
    }

    /// Where a stored person lies in the cache.
    private func slot(ofPerson number: Int64, knownBy id: ExactID) throws -> Int {
        if let slot = cache.slot(number) { return slot }
        guard let draft = try PersonRows.find(number: number, db) else {
            throw PeopleError(.notFound, "the id '\(id.text)' leads to person \(number), who is not there")
        }
        let slot = cache.drafts.count
        cache.drafts.append(draft)
        cache.slots[number] = slot
        return slot
    }

    func insertIdentity(_ id: ExactID, person: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO identity (id, key, person, is_user) VALUES (?, ?, ?, 0)")
        try statement.execute(arguments: [id.text, keys.key(of: id.text), person])
    }

    func newPerson(canonical: String) -> Int {
        let slot = cache.drafts.count
        cache.drafts.append(PersonDraft(number: nextNumber, canonical: canonical))
        cache.slots[nextNumber] = slot
        nextNumber += 1
        return slot
    }

    func markDirty(_ slot: Int) {
        guard !cache.drafts[slot].isDirty else { return }
        cache.drafts[slot].isDirty = true
        dirty.append(slot)
    }

    func warn(_ kind: IdentityWarning.Kind, _ alias: ExactID, _ person: ExactID, _ stored: StoredEvent) {
        let key = WarningKey(kind: kind, alias: alias, person: person)
        var count =
            warnings[key] ?? WarningCount(first: stored.sequence, last: stored.sequence, time: stored.event.time)
        count.count += 1
        count.last = stored.sequence
        count.time = stored.event.time
        warnings[key] = count
    }

    // MARK: The end

    func finish() throws {
        // In the order of the tables, so that neighbours are written together.
        dirty.sort { cache.drafts[$0].number < cache.drafts[$1].number }
        for slot in dirty where !cache.drafts[slot].isDead { try store(slot) }
        for (id, group) in groups where !group.isStored || group.stored != group.current {
            try GroupRows.store(group, id, db)
            if group.stored.traits != group.current.traits { changes.groups.insert(id) }
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO identity_warning (kind, alias, person, count, first_sequence, last_sequence, last_time)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (kind, alias, person) DO UPDATE SET count = count + excluded.count,
                    last_sequence = excluded.last_sequence, last_time = excluded.last_time
                """)
        for (key, count) in warnings {
            try statement.execute(arguments: [
                key.kind.rawValue, key.alias.text, key.person.text, count.count, Int64(bitPattern: count.first),
                Int64(bitPattern: count.last), count.time,
            ])
        }
    }

    private func store(_ slot: Int) throws {
        var draft = cache.drafts[slot]
        try PersonRows.storeVisit(draft, db)
        if !draft.isPlain { try draft.loadTraits(db) }
        if let devices = draft.devices, devices.isChanged { try PersonRows.store(devices, of: draft.number, db) }
        if let groups = draft.groups, groups.isChanged {
            try PersonRows.store(groups, of: draft.number, db)
            draft.factsChanged = true
        }
        if let traits = draft.traits, traits.isChanged {
            try TraitRows.person.store(traits, db, key: [draft.number])
            draft.factsChanged = true
        }
        if draft.consentsChanged || draft.idsChanged { try storeTracking(&draft) }
        if needsSearch(draft) { try storeSearch(&draft) }
        if !draft.isPlain { try PersonRows.store(draft, db) }
        if draft.factsChanged { changes.changed.insert(draft.canonical) }
        draft.settle()
        cache.drafts[slot] = draft
    }

    private func storeTracking(_ draft: inout PersonDraft) throws {
        let consents = try PersonRows.consents(of: draft.number, db)
        let refuses = !consents.isEmpty && !ConsentRules(consents, defaults: defaults).mayTrack
        if refuses != draft.refusesTracking || draft.reportsTracking || (refuses && draft.idsChanged) {
            for id in try PersonRows.ids(of: draft.number, db) { changes.tracking[id] = refuses }
        }
        draft.refusesTracking = refuses
        draft.needsWholeRow = true
        draft.factsChanged = true
        try draft.loadTraits(db)
    }

    private func needsSearch(_ draft: PersonDraft) -> Bool {
        if draft.idsChanged || draft.traits?.isChanged ?? false { return true }
        guard let devices = draft.devices, devices.isChanged else { return false }
        return Set(devices.stored.values.compactMap(\.pushToken)) != Set(devices.current.values.compactMap(\.pushToken))
    }

    private func storeSearch(_ draft: inout PersonDraft) throws {
        try draft.loadTraits(db)
        try draft.loadDevices(db)
        let traits = draft.traits?.current ?? [:]
        try PersonRows.storeSearch(
            of: draft.number, ids: PersonRows.ids(of: draft.number, db), traits: traits,
            addresses: AddressRules.addresses(traits: traits, devices: (draft.devices?.current ?? [:]).values),
            wasStored: draft.isStored, db)
    }
}
