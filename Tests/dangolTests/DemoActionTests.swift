import DemoWorld
import EventLog
import Foundation
import Testing

@testable import dangol

/// What is decided for the people of a demonstration, and what is kept of it.
struct DemoActionTests {
    private let scratch: Scratch
    private var path: String { scratch.folder.path + "/shop.actions.jsonl" }

    init() throws { scratch = try Scratch() }

    private func entry(_ sequence: UInt64, _ time: Int64) -> DemoActions.Entry {
        .init(sequence: sequence, deed: DatedAction(.help(topic: "guide"), to: "c-\(sequence)", at: time))
    }

    @Test func whatWasDoneIsThereAgainAndKnowsWhatIsOpen() throws {
        var actions = try DemoActions(path)
        #expect(actions.nextSequence == nil)
        try actions.add([entry(3, 10), entry(5, 20)])
        try actions.add([])
        try actions.add([entry(9, 20), entry(11, 30)])
        let again = try DemoActions(path)
        #expect(again.entries == actions.entries)
        #expect(again.nextSequence == 12)
        #expect(again.deeds(until: 20).done.map(\.person) == ["c-3", "c-5", "c-9"])
        #expect(again.deeds(until: 20).open.map(\.person) == ["c-11"])
    }

    @Test func aLineThatWasCutIsLeftOutAndTheNextOneIsWhole() throws {
        var actions = try DemoActions(path)
        try actions.add([entry(3, 10), entry(5, 20)])
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for cut in [1, 20, whole.count / 3] {
            try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
            var torn = try DemoActions(path)
            #expect(torn.entries == [entry(3, 10)])
            try torn.add([entry(7, 30)])
            #expect(try DemoActions(path).entries == [entry(3, 10), entry(7, 30)])
        }
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: Failure.self) { try DemoActions(path) }
    }

    @Test func aDecisionIsWhatItShows() {
        func event(_ properties: [String: PropertyValue]) -> Event {
            let id = PropertyValue.string("d_0123456789abcdef0123456789abcdef")
            return Event(
                person: "c-1", name: "Decision Made", time: 5,
                properties: properties.merging(["decision_id": id]) { $1 }.map { .init($0.key, $0.value) })
        }
        func action(_ properties: [String: PropertyValue]) -> WorldAction? {
            DemoDecisions.action(event(properties), at: 1_000)
        }
        #expect(action(["placement": .string("moment"), "chosen": .string("nothing")]) == nil)
        #expect(action(["placement": .string("moment"), "chosen": .string("guide")]) == .help(topic: "guide"))
        #expect(
            action(["placement": .string("moment"), "chosen": .string("coupon"), "context.cost": .number(3_000)])
                == .offer(.init(code: "MOMENT", amount: 3_000, expires: 1_000 + 7 * 86_400_000)))
        #expect(
            DemoDecisions.action(Event(person: "c-1", name: "Order Completed", time: 5), at: 1_000) == nil)
    }
}
