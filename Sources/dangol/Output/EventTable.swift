import Engine
import EventLog
import Reports

/// Events as rows: when, what, and the properties as `name=value`.
enum EventTable {
    static func make(_ events: some Sequence<Event>, zone: ZoneOption, withPerson: Bool = false) -> TextTable {
        var table = TextTable(
            [.text("time")] + (withPerson ? [.text("person")] : []) + [.text("event"), .text("properties")])
        for event in events {
            let properties = event.properties.map { "\($0.name)=\(text($0.value, zone: zone))" }.joined(separator: "  ")
            var cells = [TextTable.Cell(zone.text(event.time), .dim)]
            var plain = [Timestamp.text(event.time)]
            if withPerson {
                cells.append(TextTable.Cell(event.person))
                plain.append(event.person)
            }
            table.add(
                cells + [TextTable.Cell(event.name, .bold), TextTable.Cell(properties)],
                values: plain + [event.name, properties])
        }
        return table
    }

    /// The same events as JSON Lines, which `dangol import` reads.
    static func jsonLines(_ events: some Sequence<Event>) -> String {
        var line = JSONLine()
        for event in events { line.append(event) }
        return String(decoding: line.bytes, as: UTF8.self)
    }

    static func text(_ value: PropertyValue, zone: ZoneOption) -> String {
        switch value {
        case .string(let text): text
        case .number(let number): NumberFormat.plain(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .time(let time): zone.text(time)
        case .strings(let list): "[" + list.joined(separator: ", ") + "]"
        case .numbers(let list): "[" + list.map(NumberFormat.plain).joined(separator: ", ") + "]"
        case .booleans(let list): "[" + list.map { $0 ? "true" : "false" }.joined(separator: ", ") + "]"
        case .times(let list): "[" + list.map(zone.text).joined(separator: ", ") + "]"
        }
    }
}
