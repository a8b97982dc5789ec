import Foundation

/// The synthetic events as files, for measuring imports.
enum TextFiles {
    enum Kind: String { case jsonLines = "jsonl", csv }

    /// Writes `rows` events to `path` in the order of rows, through a buffer of a megabyte.
    static func write(_ kind: Kind, rows: Int, to path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        let events = SyntheticEvents()
        var text = kind == .csv ? "person,time,event,city,amount,device,id\n" : ""
        text.reserveCapacity(1 << 21)
        for row in 0..<rows {
            let event = events.event(row)
            let person = SyntheticEvents.personID(event.person)
            let name = SyntheticEvents.names[event.name]
            let city = SyntheticEvents.cities[event.city]
            let device = SyntheticEvents.devices[event.device]
            let cents = event.cents % 100
            let amount = "\(event.cents / 100).\(cents < 10 ? "0" : "")\(cents)"
            let time = timestamp(event.time)
            switch kind {
            case .csv: text += "\(person),\(time),\(name),\(city),\(amount),\(device),m\(row)\n"
            case .jsonLines:
                text +=
                    "{\"type\":\"track\",\"userId\":\"\(person)\",\"event\":\"\(name)\",\"timestamp\":\"\(time)\",\"messageId\":\"m\(row)\","
                text += "\"properties\":{\"city\":\"\(city)\",\"amount\":\(amount),\"device\":\"\(device)\"}}\n"
            }
            if text.utf8.count > 1 << 20 {
                try file.write(contentsOf: Data(text.utf8))
                text.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: Data(text.utf8))
    }

    /// ISO 8601 in UTC, for the days of the synthetic events (January to March 2024).
    private static func timestamp(_ time: Int64) -> String {
        let elapsed = Int(time - SyntheticEvents.start)
        var day = elapsed / 86_400_000
        var month = 1
        for length in [31, 29, 31] where day >= length && month < 4 {
            day -= length
            month += 1
        }
        let rest = elapsed % 86_400_000
        func pad(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let clock =
            "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1_000 % 60, 2)).\(pad(rest % 1_000, 3))"
        return "2024-\(pad(month, 2))-\(pad(day + 1, 2))T\(clock)Z"
    }
}
