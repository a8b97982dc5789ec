import EventLog

/// The events of one request on their way into one batch: every stage between the decoder of a format and the log works
/// on it.
struct BatchAssembly {
    /// An event that is not stored, and why.
    struct Rejected {
        var index: Int
        var problem: EventProblem
        /// The event as it came.
        var text: [UInt8]
    }

    let scratch: CollectionScratch
    let clock: RequestClock
    let enricher: Enricher
    let resolver: PersonResolver

    private(set) var batch: EventBatch
    private(set) var rejected: [Rejected] = []
    private(set) var violations: [PlanViolation: Int] = [:]
    private(set) var counts = CollectionCounts()
    /// Messages that came, whatever became of them.
    private(set) var received = 0

    private var plan: PlanChecker?
    /// Rows that are ended; the one after them is being built.
    private var ended = 0

    init(
        key: HashKey, scratch: CollectionScratch, clock: RequestClock, facts: RequestFacts,
        settings: CollectionSettings, gate: any CollectionGate
    ) {
        self.scratch = scratch
        self.clock = clock
        enricher = Enricher(facts, settings)
        resolver = PersonResolver(gate)
        batch = EventBatch(key: key)
        plan = settings.plan.map { PlanChecker($0) }
        scratch.properties.startLine()
        scratch.properties.startBatch()
    }

    /// Runs one message through the stages. What is wrong with it is kept in `rejected`.
    mutating func add(
        _ message: JSONValue, bytesMax: Int, _ write: (JSONValue, inout BatchAssembly) throws -> Void
    ) {
        let index = received
        received += 1
        do {
            guard message.isObject else { throw EventProblem.invalid("event", message, "an object") }
            if message.bytes.count > bytesMax {
                throw EventProblem(
                    .tooLarge, "event", "the event has \(message.bytes.count) bytes; at most \(bytesMax) are allowed")
            }
            try write(message, &self)
        } catch {
            batch.discard(to: ended)
            rejected.append(
                Rejected(index: index, problem: EventProblem(error, field: "event"), text: Array(message.bytes)))
        }
    }

    // MARK: Building a row

    /// Whether an event of these ids is stored; when it is not, it has been counted.
    ///
    /// - Parameter name: what somebody who refuses to be tracked says about their consent is stored.
    mutating func admits(
        _ person: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer?, name: UnsafeRawBufferPointer
    ) -> Bool {
        if resolver.admitsEverybody { return true }
        switch resolver.admission([person, other]) {
        case .admitted: return true
        case .suppressed: counts.suppressed += 1
        case .refusesTracking:
            if name.elementsEqual(Vocabulary.consentChanged.utf8) { return true }
            counts.refused += 1
        }
        return false
    }

    mutating func begin(
        person: UnsafeRawBufferPointer, anonymous: UnsafeRawBufferPointer?, name: UnsafeRawBufferPointer, time: Int64
    ) throws {
        scratch.properties.startLine()
        try batch.begin(person: person, name: try batch.name(name), time: time)
        if let anonymous { try add(anonymous, as: .anonymousID) }
    }

    mutating func begin(_ message: SegmentMessage, time: Int64) throws {
        scratch.properties.startLine()
        try message.begin(time: time, &scratch.properties, in: &batch)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer, as place: JSONProperties.Place) throws {
        try scratch.properties.add(string: bytes, as: place, to: &batch)
    }

    mutating func add(_ value: JSONValue, as place: JSONProperties.Place) throws {
        try scratch.properties.add(value, as: place, to: &batch)
    }

    mutating func add(_ value: JSONValue, as property: KnownProperty) throws {
        try scratch.properties.add(value, as: scratch.place(property), to: &batch)
    }

    mutating func add(number: Double, as property: KnownProperty) throws {
        try scratch.properties.add(number: number, as: scratch.place(property), to: &batch)
    }

    mutating func add(boolean: Bool, as property: KnownProperty) throws {
        try scratch.properties.add(boolean: boolean, as: scratch.place(property), to: &batch)
    }

    mutating func add(names: [UnsafeRawBufferPointer], as property: KnownProperty) throws {
        if names.isEmpty { return }
        try scratch.properties.add(strings: names, as: scratch.place(property), to: &batch)
    }

    mutating func addMember(_ member: JSONValue, below place: JSONProperties.Place) throws {
        try scratch.properties.addMember(member, below: place, to: &batch)
    }

    mutating func addMembers(_ object: JSONValue, below property: KnownProperty) throws {
        try scratch.properties.add(object, below: scratch.place(property), to: &batch)
    }

    mutating func addContext(_ context: JSONValue?, skipsTraits: Bool, _ findings: inout Enricher.Findings) throws {
        try enricher.add(context, skipsTraits: skipsTraits, scratch, &batch, &findings)
    }

    mutating func addIP(_ value: JSONValue, _ findings: inout Enricher.Findings) throws {
        try enricher.addIP(value, scratch, &batch, &findings)
    }

    mutating func addLocale(_ value: JSONValue, _ findings: inout Enricher.Findings) throws {
        try enricher.addLocale(value, scratch, &batch, &findings)
    }

    /// Enriches the event, compares it with the tracking plan and ends it.
    mutating func end(messageID: UnsafeRawBufferPointer?, _ findings: Enricher.Findings) throws {
        let isBot = try enricher.finish(findings, scratch, &batch)
        if plan != nil { try checkPlan() }
        try batch.end(messageID: messageID)
        ended = batch.count
        if isBot { counts.bots += 1 }
    }

    private mutating func checkPlan() throws {
        guard let found = try plan?.check(&batch), !found.isEmpty else { return }
        for violation in found { violations[violation, default: 0] += 1 }
        guard plan?.plan.strict != true else {
            throw EventProblem(.invalid, "event", found.map(\.sentence).joined(separator: "; "))
        }
        counts.violations += 1
    }

    /// To be called once, when the log has stored the batch, or nothing of it is to be stored.
    mutating func note(stored: Int, duplicates: Int) {
        counts.stored = stored
        counts.duplicates = duplicates
        counts.rejected = rejected.count
    }
}
