import EventLog
import Synchronization

extension AudienceService {
    // MARK: Reading

    /// The audiences that a person is in, by name, since when.
    package func audiences(of person: String) throws -> [(name: String, since: Int64)] {
        let names = Dictionary(uniqueKeysWithValues: state.withLock { $0.audiences }.map { ($0.id, $0.name) })
        return try store.read { rows in
            guard let stored = try rows.person(person) else { return [] }
            return try rows.memberships(stored.number).compactMap { membership in
                names[membership.audience].map { ($0, membership.since) }
            }.sorted { $0.name < $1.name }
        }
    }

    /// A page of members, in the order in which they first came into any audience.
    ///
    /// - Parameter cursor: `next` of the page before.
    /// - Throws: `AudienceError`: `notFound`, `invalid` for another cursor.
    package func members(_ name: String, after cursor: String? = nil, limit: Int = 100) throws -> MemberPage {
        let id = try audience(name).id
        guard let after = cursor.map({ Int64($0) }) ?? 0 else {
            throw AudienceError(.invalid, "'\(cursor ?? "")' is no place to go on from", field: "after")
        }
        let limit = max(1, min(limit, Self.pageLimit))
        return try store.read { rows in
            let found = try rows.members(id, after: after, limit: limit + 1)
            let page = found.prefix(limit)
            let next = found.count > limit ? page.last.map { String($0.number) } : nil
            return MemberPage(members: page.map(\.member), next: next)
        }
    }

    package static let pageLimit = 10_000

    /// Calls `body` with every member, a page at a time. Who comes or goes meanwhile may or may not be among them.
    package func forEachMember(_ name: String, _ body: ([AudienceMember]) throws -> Void) throws {
        var cursor: String?
        repeat {
            let page = try members(name, after: cursor, limit: 1_000)
            if !page.members.isEmpty { try body(page.members) }
            cursor = page.next
        } while cursor != nil
    }

    package enum SizeInterval: String, Sendable, CaseIterable { case hour, day }

    /// The sizes from `start` to `end` (milliseconds UTC), one for each hour, or day of the workspace's zone. Before
    /// the first change an audience is empty.
    ///
    /// - Throws: `AudienceError`: `notFound`, `limitExceeded` for more than 10,000 intervals.
    package func sizes(
        _ name: String, by interval: SizeInterval, from start: Int64, to end: Int64
    ) throws -> [AudienceSize] {
        let id = try audience(name).id
        // What lies outside of the times that events may have is empty.
        let (start, end) = (max(start, Limits.earliestTime), min(end, Limits.latestTime))
        guard start < end else { return [] }
        let bounds = try SizeSeries.bounds(interval, start, end, zone)
        let rows = try store.read { try $0.sizes(id, from: bounds[0]) }
        return SizeSeries.fill(rows, bounds)
    }

    /// How two or more audiences lie over each other.
    ///
    /// - Throws: `AudienceError`: `notFound`, `invalid`.
    package func overlap(_ names: [String]) throws -> AudienceOverlap {
        guard (2...Self.overlapLimit).contains(names.count), Set(names).count == names.count else {
            throw AudienceError(.invalid, "name 2 to \(Self.overlapLimit) different audiences", field: "audiences")
        }
        let ids = try names.map { try audience($0).id }
        let found = try store.read { try $0.combinations(ids) }
        var overlap = AudienceOverlap(sizes: [:], regions: [], inAll: 0, inAny: 0)
        for name in names { overlap.sizes[name] = 0 }
        for (mask, persons) in found {
            let inside = names.indices.filter { mask >> $0 & 1 == 1 }.map { names[$0] }
            for name in inside { overlap.sizes[name, default: 0] += persons }
            overlap.regions.append(AudienceOverlap.Region(audiences: inside, persons: persons))
            overlap.inAny += persons
            if inside.count == names.count { overlap.inAll = persons }
        }
        return overlap
    }

    package static let overlapLimit = 8

    // MARK: Lists that are kept by hand

    /// Adds persons to a static audience.
    ///
    /// - Parameter ids: any id of each, such as those of a file.
    /// - Returns: how many came in new, and which ids are nobody's.
    /// - Throws: `AudienceError`: `notFound`, `invalid` for an audience with a predicate.
    package func add(_ ids: [String], to name: String) throws -> (added: Int, unknown: [String]) {
        try changeList(ids, name, isIn: true)
    }

    /// Takes persons out of a static audience.
    package func remove(_ ids: [String], from name: String) throws -> (removed: Int, unknown: [String]) {
        try changeList(ids, name, isIn: false)
    }

    private func changeList(_ ids: [String], _ name: String, isIn: Bool) throws -> (Int, [String]) {
        let audience = try audience(name)
        guard audience.definition.isStatic else {
            throw AudienceError(.invalid, "'\(name)' has a predicate, which alone decides who is in it")
        }
        let snapshot = try history.snapshot()
        let canonical = ids.map(snapshot.canonicalID(of:))
        let known = Set(try facts.facts(of: Array(Set(canonical)), FactNeeds()).map(\.person))
        let unknown = zip(ids, canonical).filter { !known.contains($1) }.map(\.0)
        let now = now()
        let changed = try persons.withLock { _ in
            let changed = try store.write { rows in
                var commit = try MembershipCommit(
                    rows: rows, plan: AudiencePlan([], zone: zone), now: now, isComplete: false)
                var changed: [String] = []
                for person in known.sorted() {
                    if try commit.set(person, rows.person(person), audience.target, isIn: isIn) {
                        changed.append(person)
                    }
                }
                try commit.finish()
                return changed
            }
            state.withLock { state in
                guard state.touched != nil else { return }
                state.touched?.formUnion(changed)
            }
            return changed
        }
        // Audiences with predicates may mention the list.
        let mentioned = state.withLock { state in
            state.audiences.contains { $0.definition.predicate?.audiences.contains(name) ?? false }
        }
        if mentioned { try evaluate(changed.map { PersonChange($0, factsChanged: true) }) }
        return (changed.count, unknown)
    }

    // MARK: Persons that become one, or none

    /// A person went into another: the other takes over what the former was in, so that nobody enters twice. To be
    /// called before the other one is evaluated.
    package func absorb(_ former: String, into person: String) throws {
        guard former != person else { return }
        try persons.withLock { _ in
            try store.write { rows in
                guard let old = try rows.person(former) else { return }
                var commit = try MembershipCommit(
                    rows: rows, plan: AudiencePlan([], zone: zone), now: now(), isComplete: false)
                try commit.move(old, to: person, rows.person(person))
                try commit.finish()
            }
            state.withLock { state in
                guard state.touched != nil else { return }
                state.touched?.formUnion([former, person])
            }
        }
    }

    /// A deleted person is in no audience, and nothing here names them any more.
    package func forget(_ person: String) throws {
        try persons.withLock { _ in
            try store.write { rows in
                guard let stored = try rows.person(person) else { return }
                var commit = try MembershipCommit(
                    rows: rows, plan: AudiencePlan([], zone: zone), now: now(), isComplete: false)
                try commit.remove(stored)
                try commit.finish()
            }
            state.withLock { state in
                guard state.touched != nil else { return }
                state.touched?.insert(person)
            }
        }
    }
}
