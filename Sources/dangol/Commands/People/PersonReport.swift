import Engine
import EventLog
import Reports

/// A person as tables: traits first, which is what `--csv` prints.
enum PersonReport {
    static func make(_ person: PersonBody, zone: ZoneOption) -> Report {
        var report = Report(person.name.map { "\($0) (\(person.id))" } ?? person.id)
        report.summary = [summary(person, zone)]
        report.add(traits(person, zone), heading: "Traits")
        report.add(identities(person, zone), heading: "Ids")
        report.add(
            table(["channel", "address"], person.addresses.map { [$0.channel, $0.address] }), heading: "Addresses")
        report.add(
            table(["audience", "since"], person.audiences.map { [$0.name, time($0.since, zone)] }),
            heading: "Audiences")
        report.add(
            table(["type", "group", "since"], person.groups.map { [$0.type, $0.id, time($0.since, zone)] }),
            heading: "Groups")
        report.add(
            table(
                ["purpose", "channel", "when", "said", "time"],
                person.consents.map {
                    [
                        $0.purpose, $0.channel ?? "all", $0.period ?? "", $0.granted ? "yes" : "no",
                        time($0.time, zone),
                    ]
                }), heading: "Consents")
        if let latest = person.latest {
            report.add(
                table(
                    ["time", "event", "properties"],
                    latest.map { [time($0.time, zone), $0.event, properties($0.properties, zone)] }),
                heading: "Latest events")
        }
        return report
    }

    static func time(_ text: String, _ zone: ZoneOption) -> String {
        Timestamp.milliseconds(text).map(zone.text) ?? text
    }

    static func table(_ columns: [String], _ rows: [[String]]) -> TextTable {
        var table = TextTable(columns.map { .text($0) })
        for row in rows { table.add(row.map { TextTable.Cell($0) }) }
        return table
    }

    private static func summary(_ person: PersonBody, _ zone: ZoneOption) -> String {
        var parts = [person.key, person.role, person.identified ? "identified" : "not identified"]
        parts.append(Plural.of(person.events, "event"))
        if let last = person.lastSeen { parts.append("last seen \(time(last, zone))") }
        if let place = person.timeZone { parts.append(place) }
        if let locale = person.locale { parts.append(locale) }
        return parts.joined(separator: " · ")
    }

    private static func traits(_ person: PersonBody, _ zone: ZoneOption) -> TextTable {
        var table = TextTable([.text("trait"), .text("value"), .text("since"), .text("from")])
        for (name, trait) in person.traits.sorted(by: { $0.key < $1.key }) {
            let value = trait.value.value.map { EventTable.text($0, zone: zone) } ?? ""
            let source = trait.source == "event" ? trait.event : trait.source
            let from = trait.detail.isEmpty ? source : "\(source) (\(trait.detail))"
            table.add(
                [
                    TextTable.Cell(name, .bold), TextTable.Cell(value), TextTable.Cell(time(trait.time, zone), .dim),
                    TextTable.Cell(from, .dim),
                ], values: [name, value, trait.time, from])
        }
        return table
    }

    /// Each id with the merge that made it part of the person.
    private static func identities(_ person: PersonBody, _ zone: ZoneOption) -> TextTable {
        var rows = person.identities.map { identity -> [String] in
            let merge = person.merges.last { $0.alias == identity.id && $0.undone == nil }
            return [
                identity.id, identity.user ? "user" : "device",
                merge.map { "\($0.cause), \(time($0.time, zone))" } ?? "",
            ]
        }
        for merge in person.merges {
            guard let undone = merge.undone else { continue }
            rows.append([merge.alias, "", "\(merge.cause), undone \(time(undone, zone))"])
        }
        return table(["id", "kind", "merged"], rows)
    }

    private static func properties(_ properties: [String: TraitValue], _ zone: ZoneOption) -> String {
        properties.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(value.value.map { EventTable.text($0, zone: zone) } ?? "")"
        }.joined(separator: "  ")
    }
}
