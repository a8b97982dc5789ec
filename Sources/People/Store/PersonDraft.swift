import EventLog
import GRDB

/// A person while a batch of events is applied: the row, and what hangs on it as far as it was needed.
struct PersonDraft: Sendable {
    /// Rows that hang on a person or group: as stored, and as they are to be.
    struct Details<Key: Hashable & Sendable, Value: Hashable & Sendable>: Sendable {
        var stored: [Key: Value]
        var current: [Key: Value]

        init(_ stored: [Key: Value] = [:]) {
            self.stored = stored
            current = stored
        }

        var isChanged: Bool { stored != current }
    }

    let number: Int64
    var canonical: String
    var ids = 1
    var isIdentified = false
    var refusesTracking = false
    var visits = Visits()

    // Nil until they are needed.
    var traits: Details<String, Trait>?
    var devices: Details<String, Device>?
    var groups: Details<GroupID, Int64>?

    /// Whether the table has a row of it.
    var isStored = false
    /// Part of another person now.
    var isDead = false
    /// In the list of those that are to be written.
    var isDirty = false
    /// Something that the row of visits does not hold has changed.
    var needsWholeRow = true
    var factsChanged = false
    var idsChanged = false
    var consentsChanged = false
    /// Some of the ids may be known to the gate otherwise than they are to be.
    var reportsTracking = false
    private var storedFirst = UInt64.max
    private var storedCreated = Int64.max
    private var storedLocale: String?
    private var storedZone: String?

    init(number: Int64, canonical: String) {
        self.number = number
        self.canonical = canonical
    }

    /// Whether the narrow row of visits holds all that changed.
    var isPlain: Bool {
        isStored && !needsWholeRow && storedFirst == visits.firstSequence && storedCreated == visits.createdTime
            && storedLocale == visits.locale?.value && storedZone == visits.timeZone?.value
    }

    /// To be called when it has been written.
    mutating func settle() {
        traits = nil
        devices = nil
        groups = nil
        isStored = true
        isDirty = false
        needsWholeRow = false
        factsChanged = false
        idsChanged = false
        consentsChanged = false
        reportsTracking = false
        storedFirst = visits.firstSequence
        storedCreated = visits.createdTime
        storedLocale = visits.locale?.value
        storedZone = visits.timeZone?.value
    }

    mutating func loadTraits(_ db: Database) throws {
        guard traits == nil else { return }
        traits = Details(isStored ? try TraitRows.person.load(db, key: [number]) : [:])
    }

    mutating func loadDevices(_ db: Database) throws {
        guard devices == nil else { return }
        devices = Details(isStored ? try PersonRows.devices(of: number, db) : [:])
    }

    mutating func loadGroups(_ db: Database) throws {
        guard groups == nil else { return }
        groups = Details(isStored ? try PersonRows.groups(of: number, db) : [:])
    }

    mutating func loadAll(_ db: Database) throws {
        try loadTraits(db)
        try loadDevices(db)
        try loadGroups(db)
    }

    /// The fold that it stands for. Everything must be loaded.
    var state: ProfileState {
        get {
            ProfileState(
                visits: visits, traits: traits?.current ?? [:], devices: devices?.current ?? [:],
                groups: groups?.current ?? [:])
        }
        set {
            visits = newValue.visits
            traits?.current = newValue.traits
            devices?.current = newValue.devices
            groups?.current = newValue.groups
        }
    }
}
