@testable import EventLog

/// Time formats and times: the first line is a format, the second a zone, the others are times in it.
enum FuzzTimes: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static func run(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 10, maxSplits: 20, omittingEmptySubsequences: false)
        guard lines.count > 2 else { return }
        let format = TimeFormat(String(decoding: lines[0], as: UTF8.self))
        guard var reader = try? TimeReader(format, zone: String(decoding: lines[1], as: UTF8.self)) else { return }
        for line in lines.dropFirst(2) {
            let first = Array(line).withUnsafeBytes { reader.read($0) }
            let second = Array(line).withUnsafeBytes { reader.read($0) }
            Fuzz.expect(first == second, "a time is read differently the second time")
        }
    }

    private static let texts = [
        "yyyy-MM-dd HH:mm:ss\nAmerica/New_York\n2024-03-10 02:30:00\n2024-11-03 01:30:00\n",
        "%d/%b/%Y:%H:%M:%S %z\nUTC\n01/May/2024:10:20:30 +0200\n",
        "EEE, d MMMM yyyy h:mm a\nAsia/Seoul\nWed, 1 May 2024 3:04 오후\n",
        "auto\nPacific/Apia\n2011-12-30\n1714558830\n1714558830123\n2024-05-01T10:20:30.5Z\n",
        "epoch\nUTC\n-1.5\n99999999999999999\n", "yyyyDDD\nUTC\n2024366\n", "%s.%f\nUTC\n1714558830.25\n",
    ]
}
