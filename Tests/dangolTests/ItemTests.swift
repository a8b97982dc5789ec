import Foundation
import Testing

/// The catalogue, from the command line.
struct ItemTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let products = """
        상품코드,상품명,카테고리,판매가,재고,브랜드
        c1,수분 크림,스킨케어 > 크림,32000,12,단골
        c2,비타민 세럼,스킨케어 > 세럼,28000,3,단골
        l1,립밤,메이크업 > 립,9000,,이웃
        """

    private func run(_ arguments: [String], _ place: [String]) throws -> Program.Answer {
        try Program.run(["items"] + arguments + place, in: scratch.folder)
    }

    @Test func everyLookAtItemsIsTheSameInAFolderAndOnAServer() throws {
        try scratch.write("products.csv", Self.products)
        let imported = try scratch.succeed("items", "import", "products.csv", "--data", "data")
        #expect(imported.hasPrefix("3 items new"))
        let commands: [[String]] = [
            ["list"], ["list", "수분"], ["list", "크", "--json"],
            ["list", "--category", "스킨케어", "--sort", "price", "--csv"],
            ["list", "--limit", "1", "--sort", "name"], ["list", "--cursor", "wrong"], ["list", "--kind", "title"],
            ["show", "c1"], ["show", "c1", "--json"], ["show", "nothing"], ["prices", "c1"], ["prices", "nothing"],
            ["categories"], ["categories", "--json"], ["import", "products.csv"], ["delete", "nothing"],
            ["import", "products.csv", "--map", "nope=id"],
        ]
        let local = try commands.map { try run($0, ["--data", "data"]) }
        let server = try ServerProcess(scratch)
        let key = try scratch.succeed("key", "create", "--data", "data", "--kind", "api", "--scope", "all")
        let place = ["--server", server.address, "--key", key.trimmingCharacters(in: .whitespacesAndNewlines)]
        for (command, expected) in zip(commands, local) {
            let answer = try run(command, place)
            #expect(answer.output == expected.output, "\(command)")
            #expect(answer.status == expected.status, "\(command)")
            #expect(answer.errors == expected.errors, "\(command)")
        }
        #expect(server.end() == 0)
        #expect(local[1].output.contains("수분 크림"))
        #expect(local[3].output.split(separator: "\n").count == 3)
    }

    @Test func aPriceThatFallsIsAnEventOfNobody() throws {
        try scratch.write("products.csv", Self.products)
        _ = try scratch.succeed("items", "import", "products.csv", "--data", "data")
        try scratch.write("sale.csv", Self.products.replacingOccurrences(of: "32000", with: "25600"))
        let report = try scratch.succeed("items", "import", "sale.csv", "--data", "data")
        #expect(report.contains("1 changed, 2 as they were"))
        let events = try scratch.succeed("events", "tail", "--json", "--data", "data")
        #expect(events.contains("Item Price Changed"))
        #expect(events.contains(#""change":-0.2"#))
        #expect(try scratch.succeed("people", "search", "--csv", "--data", "data").split(separator: "\n").count == 1)
        let gone = try scratch.succeed("items", "delete", "c1", "--data", "data")
        #expect(gone == "수분 크림 is deleted.\n")
        #expect(try scratch.succeed("items", "list", "--data", "data").hasPrefix("2 items"))
        #expect(try scratch.succeed("items", "restore", "c1", "--data", "data") == "수분 크림 is offered again.\n")
        #expect(try scratch.succeed("items", "prices", "c1", "--data", "data").hasPrefix("2 prices of c1"))
    }
}
