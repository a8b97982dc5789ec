import Engine
import People

/// The forms in which persons are shown.
enum PeopleSchemas {
    static let person = JSONSchema.object(
        [
            "key": .text(), "id": .text(), "name": nullableText, "role": .oneOf(PersonRole.allCases.map(\.rawValue)),
            "identified": .boolean, "identities": .list(.object(["id": .text(), "user": .boolean])),
            "traits": .map(
                .object([
                    "value": .any, "type": nullableText, "time": .time,
                    "source": .oneOf(TraitSource.Kind.allCases.map(\.name)), "event": .text(), "detail": .text(),
                ])), "events": .integer, "created": .time.orNull(), "firstSeen": .time.orNull(),
            "lastSeen": .time.orNull(),
            "firstTouch": texts(["referrer", "url", "source", "medium", "campaign", "term", "content"]),
            "locale": nullableText, "timeZone": nullableText,
            "groups": .list(
                .object(["type": .text(), "id": .text(), "since": .time, "traits": .map(.any)])),
            "devices": .list(
                .object([
                    "id": .text(), "type": nullableText, "model": nullableText, "system": nullableText,
                    "pushToken": nullableText, "firstSeen": .time, "lastSeen": .time,
                ])),
            "addresses": .list(
                .object(["channel": .oneOf(Address.Kind.allCases.map(\.rawValue)), "address": .text()])),
            "consents": .list(
                .object([
                    "purpose": .text(), "channel": nullableText, "period": nullableText, "granted": .boolean,
                    "time": .time, "id": .text(), "text": nullableText, "version": nullableText,
                    "source": nullableText, "ipHash": nullableText,
                ])),
            "merges": .list(
                .object([
                    "alias": .text(), "person": .text(), "cause": .text(), "sequence": .integer, "time": .time,
                    "undone": .time.orNull(),
                ])), "audiences": .list(.object(["name": .text(), "since": .time])),
            "latest": .list(event),
        ], optional: ["latest"])

    static let event = JSONSchema.object([
        "sequence": .integer, "id": .text(), "event": .text(), "time": .time, "receivedTime": .time,
        "messageId": nullableText, "properties": .map(.any),
    ])

    static let reference = JSONSchema.object(
        ["key": .text(), "id": .text(), "name": .text(), "identities": .integer, "events": .integer],
        optional: ["name"])

    static let references = JSONSchema.object(["people": .list(.shared("PersonReference"))])

    static let page = JSONSchema.object(
        [
            "people": .list(
                .object(
                    [
                        "key": .text(), "id": .text(), "name": .text(), "email": .text(), "phone": .text(),
                        "role": .oneOf(PersonRole.allCases.map(\.rawValue)), "identified": .boolean,
                        "events": .integer, "lastSeen": .time, "created": .time,
                    ], optional: ["name", "email", "phone", "lastSeen"])), "next": .text(),
        ], optional: ["next"])

    static let search = JSONSchema.object(
        [
            "text": .text(lengths: 0...PeopleQuery.maxTextLength),
            "filters": .list(
                .object(
                    [
                        "trait": .text(lengths: 1...256), "op": .oneOf(PeopleSearchRequest.operators), "value": .any,
                    ],
                    optional: ["op", "value"]), counts: 0...PeopleQuery.maxFilters),
            "role": .oneOf(PersonRole.allCases.map(\.rawValue)), "identified": .boolean,
            "group": .object(["type": .text(lengths: 1...256), "id": .text(lengths: 1...512)], optional: ["type"]),
            "seenFrom": .time, "seenBefore": .time, "sort": .oneOf(PeopleQuery.Sort.allCases.map(\.rawValue)),
            "ascending": .boolean, "limit": .integer(PeopleQuery.limits), "cursor": .text(lengths: 1...4_096),
        ],
        optional: [
            "text", "filters", "role", "identified", "group", "seenFrom", "seenBefore", "sort", "ascending", "limit",
            "cursor",
        ])

    private static let statement = JSONSchema.object(
        [
            "purpose": .text(), "channel": .text(), "period": .oneOf(["day", "night"]), "granted": .boolean,
            "time": .time, "id": .text(), "text": .text(), "version": .text(), "source": .text(), "ipHash": .text(),
        ], optional: ["channel", "period", "text", "version", "source", "ipHash"])

    static let consents = JSONSchema.object([
        "key": .text(), "mayTrack": .boolean, "mayProfile": .boolean,
        "channels": .list(
            .object([
                "channel": .text(), "marketing": .boolean, "marketingAtNight": .boolean, "service": .boolean,
            ])), "statements": .list(statement),
    ])

    static let consentRequest = JSONSchema.object([
        "statements": .list(
            .object(
                [
                    "purpose": .text(lengths: 1...256), "channel": .text(lengths: 1...256),
                    "period": .oneOf(["day", "night"]), "granted": .boolean, "text": .text(lengths: 1...65_536),
                    "version": .text(lengths: 1...256), "source": .text(lengths: 1...2_048),
                    "ipHash": .text(lengths: 1...256),
                ], optional: ["channel", "period", "text", "version", "source", "ipHash"]),
            counts: ConsentRequest.counts)
    ])

    static let receipt = JSONSchema.object(
        [
            "receipt": .text(), "requested": .time, "finished": .time, "counts": .map(.integer), "digest": .text(),
            "needsRebuild": .boolean,
        ], optional: ["finished"])

    static let id = JSONSchema.text(lengths: 1...512)

    private static let nullableText = JSONSchema.text().orNull()

    private static func texts(_ names: [String]) -> JSONSchema {
        .object(Dictionary(uniqueKeysWithValues: names.map { ($0, nullableText) }))
    }
}
