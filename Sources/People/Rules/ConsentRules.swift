package import Foundation

/// Who may be tracked, profiled and messaged, decided from a person's statements.
///
/// The latest statement (by time, then sequence) that covers the question decides. Without one:
///
/// | Purpose | Without a statement |
/// |---|---|
/// | `tracking` | allowed, or refused with `Defaults.tracking = false` |
/// | `profiling` | as `Defaults.profiling` says, and never without tracking |
/// | `service` | allowed |
/// | `marketing` and any other | refused |
///
/// A grant without a period holds by day. An advertisement at night needs both: the grant, and one for the night. A
/// refusal without a period ends both; a refusal of the day ends the night too.
package struct ConsentRules: Sendable {
    package struct Defaults: Sendable, Hashable {
        package var tracking = true
        package var profiling = true

        package init(tracking: Bool = true, profiling: Bool = true) {
            self.tracking = tracking
            self.profiling = profiling
        }
    }

    /// The person's statements in any order.
    package let statements: [ConsentStatement]
    package let defaults: Defaults

    package init(_ statements: [ConsentStatement], defaults: Defaults = Defaults()) {
        self.statements = statements
        self.defaults = defaults
    }

    package var mayTrack: Bool { latest(.tracking, nil, night: false) ?? defaults.tracking }

    package var mayProfile: Bool { mayTrack && (latest(.profiling, nil, night: false) ?? defaults.profiling) }

    /// Whether a message may be sent at an instant (milliseconds UTC) to a person who lives in `zone`.
    package func mayMessage(
        _ channel: MessageChannel, _ purpose: ConsentPurpose, at time: Int64, zone: TimeZone
    ) -> Bool {
        ConsentRules.isNight(time, zone)
            ? consentsAtNight(to: purpose, on: channel) : consents(to: purpose, on: channel)
    }

    /// Whether messages of a purpose may be sent on a channel by day: what an audience can ask.
    package func consents(to purpose: ConsentPurpose, on channel: MessageChannel?) -> Bool {
        if purpose == .tracking { return mayTrack }
        if purpose == .profiling { return mayProfile }
        return latest(purpose, channel, night: false) ?? (purpose == .service)
    }

    /// Whether they may be sent at night too.
    package func consentsAtNight(to purpose: ConsentPurpose, on channel: MessageChannel) -> Bool {
        guard consents(to: purpose, on: channel) else { return false }
        guard channel.isQuietAtNight, ![.service, .tracking, .profiling].contains(purpose) else { return true }
        return latest(purpose, channel, night: true) ?? false
    }

    /// From 21:00 to before 08:00 on the clock of `zone`.
    package static func isNight(_ time: Int64, _ zone: TimeZone) -> Bool {
        let instant = Date(timeIntervalSince1970: Double(time) / 1000)
        let seconds = time.floorDivided(by: 1000) + Int64(zone.secondsFromGMT(for: instant))
        let hour = (seconds - seconds.floorDivided(by: 86_400) * 86_400) / 3600
        return hour >= 21 || hour < 8
    }

    private func latest(_ purpose: ConsentPurpose, _ channel: MessageChannel?, night: Bool) -> Bool? {
        var found: ConsentStatement?
        for statement in statements where statement.purpose == purpose {
            guard statement.covers(channel), statement.covers(night: night) else { continue }
            if let known = found, (known.time, known.sequence) > (statement.time, statement.sequence) { continue }
            found = statement
        }
        return found?.granted
    }
}

extension ConsentStatement {
    /// A statement about one channel says nothing about the others, nor about the question without a channel.
    fileprivate func covers(_ asked: MessageChannel?) -> Bool { channel == nil || channel == asked }

    fileprivate func covers(night: Bool) -> Bool {
        switch (period, granted) {
        case (.unsaid, true), (.day, true): !night
        case (.night, true): night
        case (.unsaid, false), (.day, false): true
        case (.night, false): night
        }
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity, for times before 1970.
    func floorDivided(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self + 1) / divisor - 1
    }
}
