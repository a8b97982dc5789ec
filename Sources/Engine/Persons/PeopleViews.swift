import EventLog
package import People

// Persons as the API shows them and as commands read them.

/// One line of a list.
package struct PersonSummaryView: Sendable, Hashable, Codable {
    package var key: String
    package var id: String
    package var name: String?
    package var email: String?
    package var phone: String?
    package var role: String
    package var identified: Bool
    package var events: Int
    package var lastSeen: String?
    package var created: String

    init(_ person: PersonSummary) {
        key = person.key
        id = person.canonicalID
        name = person.name
        email = person.email
        phone = person.phone
        role = person.role.rawValue
        identified = person.isIdentified
        events = person.events
        lastSeen = person.lastSeen.map(Timestamp.text)
        created = Timestamp.text(person.created)
    }
}

package struct PeoplePageView: Sendable, Hashable, Codable {
    package var people: [PersonSummaryView]
    /// The cursor of the next page; nil at the end.
    package var next: String?

    package init(_ page: PeoplePage) {
        people = page.persons.map(PersonSummaryView.init)
        next = page.cursor
    }
}

/// A person in a few words, as the answer to a change.
package struct PersonReference: Sendable, Hashable, Codable {
    package var key: String
    package var id: String
    package var name: String?
    package var identities: Int
    package var events: Int

    init(_ profile: Profile) {
        key = profile.key
        id = profile.canonicalID
        name = profile.name
        identities = profile.identities.count
        events = profile.visit.events
    }
}

/// The persons that a merge or a split left.
package struct PersonReferences: Sendable, Hashable, Codable {
    package var people: [PersonReference]

    package init(_ people: [PersonReference]) { self.people = people }
}

package struct ReceiptView: Sendable, Hashable, Codable {
    package var receipt: String
    package var requested: String
    /// Nil while the deletion is being carried out.
    package var finished: String?
    package var counts: [String: Int]
    package var digest: String
    package var needsRebuild: Bool

    package init(_ receipt: DeletionReceipt) {
        self.receipt = receipt.id
        requested = Timestamp.text(receipt.time)
        finished = receipt.finishedTime.map(Timestamp.text)
        counts = receipt.counts
        digest = receipt.digest
        needsRebuild = receipt.needsRebuild
    }
}

package struct ReceiptList: Sendable, Hashable, Codable {
    package var receipts: [ReceiptView]

    package init(_ receipts: [DeletionReceipt]) { self.receipts = receipts.map(ReceiptView.init) }
}

/// Merges and splits that were not carried out.
package struct WarningList: Sendable, Hashable, Codable {
    package struct Warning: Sendable, Hashable, Codable {
        package var kind: String
        package var alias: String
        package var person: String
        package var count: Int
        package var last: String
    }

    package var warnings: [Warning]

    package init(_ warnings: [IdentityWarning]) {
        self.warnings = warnings.map {
            Warning(
                kind: $0.kind.name, alias: $0.alias, person: $0.person, count: $0.count,
                last: Timestamp.text($0.lastTime))
        }
    }
}

/// What a person said about being recorded and written to, and what follows from it now.
package struct ConsentsView: Sendable, Hashable, Codable {
    package struct Statement: Sendable, Hashable, Codable {
        package var purpose: String
        package var channel: String?
        package var period: String?
        package var granted: Bool
        package var time: String
        /// The id that it came under.
        package var id: String
        package var text: String?
        package var version: String?
        package var source: String?
        package var ipHash: String?
    }

    /// What may be sent on one channel.
    package struct Channel: Sendable, Hashable, Codable {
        package var channel: String
        package var marketing: Bool
        package var marketingAtNight: Bool
        package var service: Bool
    }

    package var key: String
    package var mayTrack: Bool
    package var mayProfile: Bool
    package var channels: [Channel]
    /// The oldest first.
    package var statements: [Statement]

    init(key: String, _ rules: ConsentRules) {
        self.key = key
        mayTrack = rules.mayTrack
        mayProfile = rules.mayProfile
        let standard: [MessageChannel] = [.email, .sms, .push, .kakao, .inApp, .web]
        let others = Set(rules.statements.compactMap(\.channel)).subtracting(standard)
            .sorted { $0.rawValue < $1.rawValue }
        channels = (standard + others).map { channel in
            Channel(
                channel: channel.rawValue, marketing: rules.consents(to: .marketing, on: channel),
                marketingAtNight: rules.consentsAtNight(to: .marketing, on: channel),
                service: rules.consents(to: .service, on: channel))
        }
        statements = rules.statements.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) }.map {
            Statement(
                purpose: $0.purpose.rawValue, channel: $0.channel?.rawValue, period: $0.period.name,
                granted: $0.granted, time: Timestamp.text($0.time), id: $0.id, text: $0.evidence.text,
                version: $0.evidence.version, source: $0.evidence.source, ipHash: $0.evidence.addressHash)
        }
    }
}

/// A group with some of its members.
package struct GroupView: Sendable, Hashable, Codable {
    package struct Member: Sendable, Hashable, Codable {
        package var key: String
        package var id: String
    }

    package var type: String
    package var id: String
    package var traits: [String: TraitValue]
    /// How many there are.
    package var total: Int
    /// The first of them by id.
    package var members: [Member]
}

package struct PeopleImportView: Sendable, Hashable, Codable {
    package var people: Int
    package var events: Int
    package var rejected: Int
    /// The first of them.
    package var rejections: [RejectedLine]

    package init(_ report: PeopleImportReport) {
        people = report.persons
        events = report.events
        rejected = report.rejected
        rejections = report.rejections.map { RejectedLine(line: $0.line, reason: $0.reason) }
    }
}
