import EventLog
import Lifecycle
import People

extension LiveWorkspace {
    /// What a person seems to be about now, and what the moment calls for.
    ///
    /// - Parameter person: an id or a key.
    /// - Throws: `PeopleError` with `notFound`.
    package func intentView(of person: String) throws -> IntentView {
        let profile = try profile(person)
        guard let reading = try intent.reading(of: profile.canonicalID) else {
            return IntentView(key: profile.key, nil)
        }
        return IntentView(
            key: profile.key, reading, try intent.recommendation(reading, of: profile.canonicalID))
    }

    /// Decides what to do for a person now, and writes it to the log.
    ///
    /// - Parameter person: an id or a key.
    /// - Throws: `PeopleError` with `notFound`; what writing to the log throws.
    package func decideMoment(for person: String) throws -> MomentView {
        MomentView(try intent.decide(for: try profile(person).canonicalID))
    }

    /// Who is in which state now, by keys.
    package func intentOverview() throws -> IntentOverviewView {
        let overview = try intent.overview()
        let persons = overview.rows.values.flatMap { $0.map(\.person) }
        let keys = Dictionary(
            try people.facts(of: persons).map { ($0.canonicalID, $0.key) }, uniquingKeysWith: { first, _ in first })
        return IntentOverviewView(
            time: Timestamp.text(overview.time), total: overview.total, waiting: overview.waiting,
            states: IntentState.allCases.map { state in
                IntentOverviewView.State(
                    state: state, count: overview.counts[state] ?? 0,
                    people: (overview.rows[state] ?? []).compactMap { row in
                        guard let key = keys[row.person] else { return nil }
                        return IntentOverviewView.State.Person(
                            key: key, probability: row.reading.probability(state),
                            idleSeconds: row.reading.session.idleSeconds.rounded(),
                            cartItems: row.reading.session.cartItems)
                    })
            })
    }
}
