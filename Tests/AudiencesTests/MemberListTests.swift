import Audiences
import Testing

struct MemberListTests {
    static let files: [(text: String, ids: [String])] = [
        ("", []), ("u1\nu2\n", ["u1", "u2"]), ("u1\r\n\r\nu2", ["u1", "u2"]), ("u1\nu1\n u2 \n", ["u1", "u2"]),
        ("name,User_ID\nKim,u1\nLee,u2\nPark\n", ["u1", "u2"]), ("\u{FEFF}id\n홍길동\n", ["홍길동"]),
        ("\"a,b\"\n\"say \"\"hi\"\"\"\n\" kept \"\n", ["a,b", "say \"hi\"", " kept "]),
        ("\"two\nlines\",x\nu2,y", ["two\nlines", "u2"]), ("u1,Kim\nu2,Lee", ["u1", "u2"]), ("\"\"\nu1", ["u1"]),
    ]

    @Test(arguments: files.indices)
    func idsAreReadFromAFile(_ index: Int) throws {
        #expect(try MemberList.ids(csv: Self.files[index].text) == Self.files[index].ids)
    }

    @Test func aQuoteWithoutAnEndIsAnErrorWithItsLine() {
        let error = #expect(throws: AudienceError.self) { try MemberList.ids(csv: "u1\n\"u2\nu3") }
        #expect(error?.message == "line 2: a field in quotes has no end")
    }
}
