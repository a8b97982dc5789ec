@testable import EventLog

/// JSON Lines of any content, plain or gzip.
enum FuzzJSONLines: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { jsonLines.map { Array($0.utf8) } + [gzip] }

    static func run(_ bytes: [UInt8]) {
        var options = ImportOptions(.jsonLines)
        options.batchRows = 3
        Fuzz.checkImport(bytes, options)
    }

    private static let track =
        #"{"type":"track","userId":"u1","event":"Order Completed","timestamp":"2024-05-01T10:20:30.456+09:00","#
        + #""messageId":"m","properties":{"total":12.5,"gift":true,"none":null,"a":{"b":"c"},"list":[1,2],"#
        + #""mixed":[1,"x",true],"products":[{"sku":"a","price":1},{"sku":"b"}]},"context":{"ip":"::1"}}"#

    private static let jsonLines = [
        track, String(repeating: track + "\n", count: 20), track + "\r\n\r\n" + track,
        #"{"type":"identify","userId":"u","anonymousId":"a","timestamp":1714558830,"traits":{"plan":"pro"}}"#,
        #"{"type":"alias","userId":"u","previousId":"a"}"#,
        #"{"type":"page","anonymousId":7,"name":"Home","category":"x","timestamp":1714558830123,"#
            + #""properties":{"name":"y"}}"#,
        #"{"type":"group","userId":12345678901234567890,"groupId":"g","timestamp":"2024-05-01","traits":{}}"#,
        "{\"event\":\"\\ud83d\\ude00\\u0041\",\"userId\":\"\\\\\\\"\",\"timestamp\":\"2024-05-01\"}",
        "\u{feff}{}\n[]\n1e999\n\"\n",
    ]

    /// Made by gzip from `{}` and a line feed.
    private static let gzip: [UInt8] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 0xe5, 2, 0, 6, 0xb0, 0xa1, 0xdd, 3, 0, 0, 0,
    ]
}
