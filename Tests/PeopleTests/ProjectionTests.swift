import EventLog
import People
import RandomCases
import State
import Testing

/// The tables are a function of the log.
struct ProjectionTests {
    @Test(arguments: UInt64(0)..<60)
    func randomBatchesWithDroppedTransactionsGiveWhatAnObviousImplementationGives(_ seed: UInt64) throws {
        print("seed \(seed)")
        var options = PeopleService.Options()
        options.maxIDs = 5
        // Few enough that persons leave the cache and come back.
        if seed % 2 == 1 { options.cachedPersons = Int(seed % 7) }
        let bench = try Bench(options: options)
        var scenario = RandomPeople(seed: seed)
        bench.log.add(scenario.events(Int.random(in: 1...160, using: &scenario.random)))
        var changes = PeopleChanges()
        while try bench.step(
            limit: Int.random(in: 1...40, using: &scenario.random), drops: scenario.random.chance(25), into: &changes)
        {}
        let slow = SlowPeople(bench.log.all, maxIDs: 5)
        try compare(bench, slow, seed)
        let dump = try bench.dump()
        try bench.rebuild()
        #expect(try bench.dump() == dump, "seed \(seed): rebuilt at once")
        try bench.rebuild(limit: 7, selects: true)
        #expect(try bench.dump() == dump, "seed \(seed): rebuilt seven at a time, of what the projection reads")
    }

    @Test func theRandomStreamsDoEverythingThatCanHappenToPersons() {
        var joined = 0
        var undone = 0
        var kinds: Set<String> = []
        for seed in UInt64(0)..<60 {
            var scenario = RandomPeople(seed: seed)
            let events = scenario.events(160).enumerated().map {
                StoredEvent(event: $1, sequence: UInt64($0), receivedTime: 0)
            }
            let slow = SlowPeople(events, maxIDs: 5)
            joined += slow.edges.count
            undone += slow.edges.filter(\.isUndone).count
            kinds.formUnion(slow.warnings.keys.compactMap { $0.split(separator: " ").first.map(String.init) })
        }
        #expect(joined > 300 && undone > 20, "\(joined) merges, \(undone) undone")
        #expect(kinds == Set(IdentityWarning.Kind.allCases.map(\.name)))
    }

    private func compare(_ bench: Bench, _ slow: SlowPeople, _ seed: UInt64) throws {
        var found: [SlowPeople.Person] = []
        for facts in try bench.allFacts() {
            let profile = try #require(try bench.people.profile(of: facts.canonicalID))
            #expect(facts.traits == profile.traits.compactMapValues(\.value))
            #expect(try bench.people.facts(of: facts.key) == facts)
            found.append(SlowPeople.Person(profile, mayTrack: facts.consents.mayTrack))
        }
        let expected = slow.persons()
        found.sort { $0.canonical < $1.canonical }
        #expect(found.map(\.canonical) == expected.map(\.canonical), "seed \(seed)")
        for (own, other) in zip(found, expected) { #expect(own == other, "seed \(seed)") }
        for person in expected {
            for id in person.ids {
                #expect((bench.people.gate.verdict(id: id) == .refused) == person.refusesTracking, "seed \(seed) \(id)")
            }
        }
        var warnings: [String: Int] = [:]
        for warning in try bench.people.warnings(limit: 10_000) {
            warnings["\(warning.kind.name) \(warning.alias) \(warning.person)"] = warning.count
        }
        #expect(warnings == slow.warnings, "seed \(seed)")
    }

    @Test(arguments: UInt64(100)..<140)
    func deletionsInBetweenLeaveWhatARebuildGives(_ seed: UInt64) throws {
        print("seed \(seed)")
        let bench = try Bench()
        var scenario = RandomPeople(seed: seed)
        var deleted: Set<String> = []
        for _ in 0..<4 {
            let events = scenario.events(Int.random(in: 1...50, using: &scenario.random))
            bench.log.add(events)
            try bench.catchUp(limit: Int.random(in: 1...30, using: &scenario.random))
            let persons = try bench.people.search(PeopleQuery()).persons
            guard scenario.random.chance(70), !persons.isEmpty else { continue }
            let victim = scenario.random.pick(persons)
            let ids = try #require(try bench.people.profile(of: victim.key)).identities.map(\.id)
            deleted.formUnion(ids)
            let receipt = try bench.people.delete(victim.key)
            #expect(receipt.counts["ids"] == ids.count)
            #expect(receipt.finishedTime != nil)
            if receipt.needsRebuild { try bench.rebuild() }
            for id in ids { #expect(try bench.people.profile(of: id) == nil, "seed \(seed)") }
        }
        let dump = try bench.dump()
        try bench.rebuild(limit: 11)
        #expect(try bench.dump() == dump, "seed \(seed)")
        for id in deleted {
            #expect(bench.people.isSuppressed(id))
            #expect(try bench.people.profile(of: id) == nil, "seed \(seed)")
        }
    }

    @Test func theLogsRedirectsFollowThePersonsWhateverHappens() throws {
        for seed in UInt64(200)..<220 {
            let bench = try Bench()
            var scenario = RandomPeople(seed: seed)
            bench.log.add(scenario.events(120))
            var redirects = Redirects()
            var changes = PeopleChanges()
            while try bench.step(limit: 10, into: &changes) {
                let pending = try bench.people.pendingLogChanges(limit: 10_000)
                // As after a crash: everything once more.
                for _ in 0..<Int.random(in: 1...2, using: &scenario.random) {
                    for change in pending { redirects.apply(change) }
                }
                if let last = pending.last { try bench.people.finishLogChanges(through: last.number) }
                try expectAgreement(bench, redirects, seed)
            }
            #expect(try bench.people.pendingLogChanges().isEmpty)
            try bench.rebuild()
            try bench.people.replaceLogChanges(canonicalID: redirects.canonical)
            #expect(try bench.people.pendingLogChanges().isEmpty, "seed \(seed): a rebuild changes nothing")
            var strange = Redirects()
            for id in scenario.users { strange.apply(.init(number: 1, kind: .merge, alias: id, person: "user-0")) }
            try bench.people.replaceLogChanges(canonicalID: strange.canonical)
        }
    }

    private func expectAgreement(_ bench: Bench, _ redirects: Redirects, _ seed: UInt64) throws {
        for facts in try bench.allFacts() {
            for identity in try #require(try bench.people.profile(of: facts.canonicalID)).identities {
                #expect(redirects.canonical(identity.id) == facts.canonicalID, "seed \(seed)")
            }
        }
    }

    @Test func eventsThatWereAppliedAreNotAppliedAgain() throws {
        let bench = try Bench()
        bench.log.add([event("a", "Page Viewed"), event("a", "Page Viewed")])
        try bench.catchUp()
        try bench.state.write { db in
            _ = try bench.people.projection.apply(bench.log.all, next: 2, in: db)
        }
        #expect(try bench.people.profile(of: "a")?.visit.events == 2)
    }

    @Test func idsThatLookTheSameButHaveOtherBytesAreTwoPersons() throws {
        let bench = try Bench()
        bench.log.add([event("caf\u{e9}", "Page Viewed"), event("cafe\u{301}", "Page Viewed")])
        try bench.catchUp()
        #expect(try bench.people.counts().persons == 2)
    }
}

/// The log's redirects, in short.
private struct Redirects {
    private var parents: [String: String] = [:]

    func canonical(_ id: String) -> String {
        var id = id
        while let parent = parents[id] { id = parent }
        return id
    }

    mutating func apply(_ change: LogChange) {
        switch change.kind {
        case .split: parents[change.alias] = nil
        case .merge:
            let (from, to) = (canonical(change.alias), canonical(change.person))
            if from != to { parents[from] = to }
        }
    }
}
