import EventLog
import Foundation
import People
import RandomCases
import Testing

struct ExchangeTests {
    private func importing(
        _ text: String, _ bench: Bench, _ change: (inout PeopleImportOptions) -> Void = { _ in }
    ) async throws -> PeopleImportReport {
        var options = PeopleImportOptions()
        change(&options)
        let report = try await bench.people.importCSV(Array(text.utf8), options: options)
        try bench.catchUp()
        return report
    }

    @Test func peopleComeFromAFileWithTypesConsentsAndGroups() async throws {
        let bench = try Bench()
        let file = """
            \u{feff}고객번호,name,phone,points,zip,vip,sms,company,joined\r
            c1,"김 ""단골"" 철수",010-1234-5678,1200,04524,true,동의,acme,2026-01-02\r
            \r
            c2,"이
            영희",,,,false,N,,\r
            """
        let report = try await importing(file, bench) { options in
            options.columns = [
                "고객번호": .id, "sms": .consent(.marketing, .sms, .day), "company": .group("company"),
                "joined": .trait("joinedAt", .time),
            ]
            options.sourceName = "members.csv"
        }
        #expect((report.persons, report.events, report.rejected) == (2, 5, 0))
        let one = try #require(try bench.people.profile(of: "c1"))
        #expect(one.name == "김 \"단골\" 철수")
        #expect(one["phone"] == .string("010-1234-5678"))
        #expect(one["points"] == .number(1200))
        #expect(one["zip"] == .string("04524"))
        #expect(one["vip"] == .boolean(true))
        #expect(one["joinedAt"] == .time(1_767_312_000_000))
        #expect(one.traits["points"]?.source == TraitSource(.file, event: "Profile Changed", detail: "members.csv"))
        #expect(one.groups.map(\.group.id) == ["acme"])
        #expect(one.addresses == [Address(.phone, "+821012345678")])
        #expect(one.visit.events == 0, "an import is no visit")
        #expect(one.consents.map(\.granted) == [true])
        #expect(try bench.people.profile(of: "c2")?.name == "이\n영희")
        #expect(try bench.people.profile(of: "c2")?.consents.map(\.granted) == [false])
    }

    @Test func aRepeatedImportChangesNothing() async throws {
        let bench = try Bench()
        let file = "id,name\na,Kim\nb,Lee\n"
        _ = try await importing(file, bench)
        let dump = try bench.dump()
        _ = try await importing(file, bench)
        #expect(try bench.dump() == dump)
        #expect(bench.log.next == 2)
    }

    @Test(arguments: [
        ("", "the file is empty"), ("name,city\na,b\n", "line 1: no column is the person's id"),
        ("id,name,name\n1,2,3\n", "line 1: two columns are called 'name'"),
        ("id,name\na\n", "line 2: 1 fields, but the first line has 2 columns"),
        ("id,name\na,b\n\nc,d,e\n", "line 4: 3 fields"), ("id,name\n,b\n", "line 2: the person's id is empty"),
        ("id,name\nnull,b\n", "line 2: the id 'null' stands for nobody"),
        ("id,name\na,\"b\nc,d\n", "line 2: a quotation mark is opened here and never closed"),
        ("id,name\na,\"b\" c\n", "line 2: text follows a closing quotation mark"),
        ("id,age\na,x\n", "line 2: 'age' is 'x', which is not a number"),
        ("id,age\nb,1\na,x\nc,y\n", "line 3: 'age' is 'x', which is not a number (and 1 more lines have errors)"),
    ])
    func aBadFileNamesTheLine(_ text: String, _ message: String) async throws {
        let bench = try Bench()
        let error = await #expect(throws: PeopleError.self) {
            _ = try await importing(text, bench) {
                if text.contains("age") { $0.columns["age"] = .trait("age", .number) }
            }
        }
        #expect(error?.code == .badFile)
        #expect(error?.message.hasPrefix(message) ?? false, "\(error?.message ?? "")")
        #expect(bench.log.next == 0)
    }

    @Test func textThatIsNotUTF8IsRefused() async throws {
        let bench = try Bench()
        let bytes = Array("id,name\na,".utf8) + [0xb1, 0xe8] + Array("\n".utf8)
        let error = await #expect(throws: PeopleError.self) {
            _ = try await bench.people.importCSV(bytes, options: PeopleImportOptions())
        }
        #expect(error?.message.hasPrefix("line 2: the text is not UTF-8") ?? false)
    }

    @Test func badLinesAreLeftOutOnRequest() async throws {
        let bench = try Bench()
        let report = try await importing("id;name\na;Kim\n;x\nb\n", bench) { $0.skipsInvalidLines = true }
        #expect((report.persons, report.rejected) == (1, 2))
        #expect(report.rejections.map(\.line) == [3, 4])
    }

    @Test func randomBytesAreReadOrRefusedButNeverTrap() async throws {
        for seed in UInt64(0)..<300 {
            var random = SeededRandom(seed)
            let alphabet: [UInt8] = Array("id,\"\n\r;\tab0é".utf8) + [0xff]
            let bytes = Array("id,x\n".utf8) + (0..<40).map { _ in random.pick(alphabet) }
            let bench = try Bench()
            _ = try? await bench.people.importCSV(bytes, options: PeopleImportOptions())
            try bench.catchUp()
        }
    }

    @Test func whatIsExportedCanBeImportedAndNoCellIsAFormula() async throws {
        let bench = try Bench()
        bench.log.add([
            event("a", "Identified", ["name": .string("Kim, \"K\""), "n": .number(1.5), "note": .string("=1+1")]),
            event("b", "Identified", ["name": .string("이영희"), "phone": .string("+82 10-1234-5678")]),
        ])
        try bench.catchUp()
        var text = ""
        try bench.people.exportCSV(PeopleQuery()) { text += $0 }
        #expect(text.contains("'=1+1") && text.contains(",+82 10-1234-5678"))
        let copy = try Bench()
        _ = try await importing(text, copy) { options in
            for name in ["key", "created", "lastSeen", "note"] { options.columns[name] = .ignored }
        }
        for id in ["a", "b"] {
            for trait in ["name", "n", "phone"] {
                #expect(try copy.people.profile(of: id)?[trait] == bench.people.profile(of: id)?[trait])
            }
        }
    }

    @Test func everythingAboutAPersonIsInTheirExport() async throws {
        let bench = try Bench()
        bench.log.add([
            event("device", "Page Viewed", ["context.device.id": .string("phone")]),
            event("kim", "Identified", ["anonymousId": .string("device"), "name": .string("김\"철\"수\u{1}")]),
            event("kim", "Group Joined", ["groupId": .string("acme"), "plan": .string("pro")]),
            event("kim", "Consent Changed", ["purpose": .string("marketing"), "granted": .boolean(true)]),
            event("other", "Page Viewed"),
        ])
        try bench.catchUp()
        let text = try bench.people.exportJSON(of: "kim")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let profile = try #require(object["profile"] as? [String: Any])
        #expect((object["events"] as? [Any])?.count == 4)
        #expect(profile["name"] as? String == "김\"철\"수\u{1}")
        for member in ["identities", "groups", "devices", "consents", "merges", "traits"] {
            #expect(profile[member] != nil && !text.contains("\"\(member)\":[]"), "\(member)")
        }
        #expect(throws: PeopleError.self) { try bench.people.exportJSON(of: "nobody") }
    }
}
