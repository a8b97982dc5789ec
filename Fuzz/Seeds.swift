// Writes the corpora that the fuzz targets start from: `seeds FOLDER`.
import Foundation

@main
enum Seeds {
    static func main() throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments[1])
        try write(jsonLines.map { Array($0.utf8) } + [gzip], to: folder.appending(path: "FuzzJSONLines"))
        try write(
            delimited.flatMap { text in [0, 1, 4, 8, 32, 64, 128].map { [$0] + Array(text.utf8) } },
            to: folder.appending(path: "FuzzDelimited"))
        try write(times.map { Array($0.utf8) }, to: folder.appending(path: "FuzzTimes"))
        try write(encodings, to: folder.appending(path: "FuzzEncodings"))
        try write([try FuzzSegment.make()], to: folder.appending(path: "FuzzSegment"))
    }

    private static func write(_ seeds: [[UInt8]], to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, seed) in seeds.enumerated() { try Data(seed).write(to: folder.appending(path: "seed-\(number)")) }
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

    private static let delimited = [
        "who,when,what\nu,2024-05-01,View\nv,2024-05-02T10:00:00Z,Buy\n",
        "u;20240501;\"a \"\"b\"\"\nc\"\r\n\"v\";20240502;\r\n",
        " id  date n\r\n 00001 19970101  1\r\n 00002 19970102 2\r\n", "a\tb\tc\n1\t1714558830\t\n\n",
        "u,2024-05-01,\"open\nv,2024-05-02,x\n",
        String(repeating: "u,2024-05-01,x\n", count: 40), "\"u\"x,1,2\n",
    ]

    private static let times = [
        "yyyy-MM-dd HH:mm:ss\nAmerica/New_York\n2024-03-10 02:30:00\n2024-11-03 01:30:00\n",
        "%d/%b/%Y:%H:%M:%S %z\nUTC\n01/May/2024:10:20:30 +0200\n",
        "EEE, d MMMM yyyy h:mm a\nAsia/Seoul\nWed, 1 May 2024 3:04 오후\n",
        "auto\nPacific/Apia\n2011-12-30\n1714558830\n1714558830123\n2024-05-01T10:20:30.5Z\n",
        "epoch\nUTC\n-1.5\n99999999999999999\n", "yyyyDDD\nUTC\n2024366\n", "%s.%f\nUTC\n1714558830.25\n",
    ]

    private static let encodings: [[UInt8]] = [
        [0, 0xbc, 0xad, 0xbf, 0xef, 0x0a, 0x41], [1, 0xb0, 0xa1], [2, 0xff, 0xfe, 0x41, 0], [3, 0x3d, 0xd8, 0, 0xde],
        [4, 0, 0, 0xfe, 0xff, 0, 0, 0, 0x41],
        [5, 0x83, 0x65], [6, 0x80, 0xe9],
    ]
}
