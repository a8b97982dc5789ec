@testable import EventLog

/// Delimited text of any content. The first byte chooses the mapping, so that each gets its share.
enum FuzzDelimited: FuzzTarget {
    static func seeds() throws -> [[UInt8]] {
        [0, 1, 4, 8, 32, 64, 128].flatMap { choice in texts.map { [choice] + Array($0.utf8) } }
    }

    static func run(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        let bytes = Array(bytes.dropFirst())
        var mapping = DelimitedOptions(person: "1", time: "2", event: .constant("Event"))
        mapping.delimiter = [.automatic, .comma, .semicolon, .tab, .whitespace][Int(choice & 7) % 5]
        mapping.header = [.automatic, .present, .absent][Int(choice >> 3 & 3) % 3]
        if choice & 32 != 0 { mapping.event = .column("3") }
        if choice & 64 != 0 { mapping.timeFormat = .pattern("yyyyMMdd") }
        if choice & 128 != 0 { mapping.messageID = "3" }
        var options = ImportOptions(.delimited(mapping))
        options.batchRows = 3
        Fuzz.checkImport(bytes, options)
    }

    private static let texts = [
        "who,when,what\nu,2024-05-01,View\nv,2024-05-02T10:00:00Z,Buy\n",
        "u;20240501;\"a \"\"b\"\"\nc\"\r\n\"v\";20240502;\r\n",
        " id  date n\r\n 00001 19970101  1\r\n 00002 19970102 2\r\n", "a\tb\tc\n1\t1714558830\t\n\n",
        "u,2024-05-01,\"open\nv,2024-05-02,x\n",
        String(repeating: "u,2024-05-01,x\n", count: 40), "\"u\"x,1,2\n",
    ]
}
