import EventLog
import Foundation
import Statistics

/// A model that is open to be asked. Each question reads the person's present history, so that what they did a moment
/// ago counts.
package struct Recommender: Sendable {
    let lister: Lister
    let history: any InteractionHistory
    let gate: any DecisionGate
    let now: @Sendable () -> Int64
    /// 0 when no version could be read.
    package let version: Int
    /// What went wrong on the way, for whoever asks.
    package let notes: [String]

    package var model: TrainedModel { lister.blend.model }

    /// A person's list.
    package struct Answer: Sendable {
        package var person: String
        /// Whether they have done anything with an item of the model.
        package var isKnown: Bool
        package var items: [Recommendation]
    }

    /// The best items for a person. Somebody without a history, or who does not want theirs to be looked at, gets what
    /// is chosen these days.
    ///
    /// - Parameter ignored: how often the person was shown an item lately and left it.
    package func recommend(
        for person: String, count: Int, region: String? = nil, ignored: [String: Int] = [:]
    ) throws -> Answer {
        let own = try own(person)
        let moment = now()
        var random = source(person, moment)
        let numbers = Dictionary(
            ignored.compactMap { id, times in model.numbers[id].map { ($0, times) } }, uniquingKeysWith: +)
        let items = lister.list(
            own, count: count, now: moment, region: region, ignored: numbers, random: &random)
        return Answer(person: person, isKnown: !own.entries.isEmpty, items: items)
    }

    /// A page of rows for a person: see `Lister.page`.
    package func page(
        for person: String, started: [Continuing.Started] = [], shape: Page.Shape = Page.Shape(), region: String? = nil
    ) throws -> [Page.Row] {
        let own = try own(person)
        let moment = now()
        var random = source(person, moment)
        return lister.page(
            own, started: started, shape: shape, now: moment, region: region, random: &random)
    }

    private func own(_ person: String) throws -> History {
        if !gate.mayProfile(person) { return History() }
        return model.history(try history.view(of: person).interactions(of: person, model.settings))
    }

    /// What somebody may go on with of what they began, the likeliest first, each with its chance.
    package func unfinished(
        _ started: [Continuing.Started], of person: String, region: String? = nil
    ) -> [(started: Continuing.Started, chance: Double)] {
        if !gate.mayProfile(person) { return [] }
        let moment = now()
        return Continuing.rank(started, now: moment).filter { open in
            let known = model.numbers[open.started.item].flatMap { lister.catalogue[$0] }
            return known?.mayBeOffered(at: moment, in: region) ?? true
        }
    }

    /// What an item is called, for reasons.
    package func title(of id: String) -> String {
        model.numbers[id].flatMap { lister.catalogue[$0]?.title } ?? id
    }

    /// Persons that are handled together, so that memory stays bounded.
    fileprivate static let personsPerPart = 64

    /// The lists of everybody with a history who may be profiled, in the order of their ids.
    ///
    /// - Parameters:
    ///   - chosen: those whose lists are wanted; nil is everybody.
    ///   - body: called with each person's list, from one thread at a time; false ends the work.
    package func forEachPerson(
        count: Int, of chosen: Set<String>? = nil, threads: Int? = nil,
        _ body: (_ person: String, _ items: [String]) throws -> Bool
    ) throws {
        var pages = try pages(count: count, of: chosen, threads: threads)
        while let page = pages.next() {
            for (person, items) in page { guard try body(person, items) else { return } }
        }
    }

    /// The same a page at a time, for who cannot take them all at once.
    ///
    /// - Complexity: one scan at once, then O(persons of the page)
    package func pages(count: Int, of chosen: Set<String>? = nil, threads: Int? = nil) throws -> ListPages {
        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        let interactions = try history.snapshot().interactions(model.settings, threads: threads)
        let persons = interactions.persons
        return ListPages(
            recommender: self, interactions: interactions, count: count, threads: threads, moment: now(),
            wanted: persons.indices.filter { chosen?.contains(persons[$0]) ?? true })
    }

    /// Lists of persons in the order of their ids, some at a time.
    package struct ListPages: Sendable {
        fileprivate let recommender: Recommender
        fileprivate let interactions: Interactions
        fileprivate let count: Int
        fileprivate let threads: Int
        fileprivate let moment: Int64
        fileprivate let wanted: [Int]
        fileprivate var start = 0

        /// - Returns: nil after the last.
        package mutating func next() -> [(person: String, items: [String])]? {
            guard start < wanted.count else { return nil }
            let end = min(start + Recommender.personsPerPart * threads, wanted.count)
            // Asked as lists are made: a million answers at once would keep the first line waiting.
            let part = wanted[start..<end].filter { recommender.gate.mayProfile(interactions.persons[$0]) }
            start = end
            let lists = Collected<[String]>(count: part.count)
            Workers.run(part.count, threads: threads) { [self] place in
                let person = part[place]
                var random = recommender.source(interactions.persons[person], moment)
                let own = recommender.model.history(interactions, person: person)
                let list = recommender.lister.list(own, count: count, now: moment, random: &random)
                lists.set(place, list.map(\.item))
            }
            return zip(part, lists.all).map { (interactions.persons[$0], $1) }
        }

        /// The same as lines of person, item and rank from 1, separated by tabs.
        package mutating func nextLines() -> (text: String, persons: Int)? {
            next().map { page in
                var text = ""
                for (person, items) in page {
                    for (place, item) in items.enumerated() { text += "\(person)\t\(item)\t\(place + 1)\n" }
                }
                return (text, page.count)
            }
        }
    }

    /// Randomness of its own for each person and moment, the same when it is asked again.
    fileprivate func source(_ person: String, _ moment: Int64) -> RandomSource {
        // FNV-1a (Fowler, Noll and Vo): Swift's own hashes differ from process to process.
        let hash = person.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
        return RandomSource(
            seed: UInt64(bitPattern: Int64(model.settings.seed)), stream: hash ^ UInt64(bitPattern: moment))
    }
}
