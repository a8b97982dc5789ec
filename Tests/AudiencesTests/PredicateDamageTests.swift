import Audiences
import Foundation
import RandomCases
import Testing

/// Texts and JSON that are cut, doubled and scrambled are read or refused; what is read round-trips.
struct PredicateDamageTests {
    private func damaged<Element>(
        _ elements: [Element], _ others: [Element], _ random: inout SeededRandom
    ) -> [Element] {
        var elements = elements
        for _ in 0..<random.roll(1...3) where !elements.isEmpty {
            let place = random.roll(0...elements.count - 1)
            switch random.roll(0...4) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(random.pick(others), at: place)
            case 2: elements[place] = random.pick(others)
            case 3: elements.removeSubrange(place...)
            default: elements += elements[place...]
            }
        }
        return elements
    }

    @Test(arguments: 0..<20)
    func damagedTextIsReadOrRefused(_ seed: Int) throws {
        var random = SeededRandom(seed)
        var predicates = RandomPredicate(seed)
        let others = Array("\"\\()=<>-0.5eE,{}u \n\t서\u{301}\u{200D}#'“”andnotin")
        for _ in 0..<150 {
            let text = String(damaged(Array(predicates.predicate(depth: 2).text), others, &random))
            do {
                let predicate = try AudiencePredicate(text: text)
                #expect(try AudiencePredicate(text: predicate.text) == predicate, "seed \(seed): \(text)")
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed)")
                if let place = error.place { #expect(place.line >= 1 && place.column >= 1, "seed \(seed): \(text)") }
            }
        }
    }

    @Test(arguments: 0..<20)
    func damagedJSONIsReadOrRefused(_ seed: Int) throws {
        var random = SeededRandom(seed &+ 99)
        var predicates = RandomPredicate(seed &+ 99)
        let others = Array("\"\\[]{}:,0123456789eE-.tfn\u{0}\u{ff}".utf8)
        for _ in 0..<150 {
            let json = Data(damaged(Array(predicates.predicate(depth: 2).json), others, &random))
            do {
                let predicate = try AudiencePredicate(json: json)
                #expect(try AudiencePredicate(json: predicate.json) == predicate, "seed \(seed): \(predicate.text)")
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
    }
}
