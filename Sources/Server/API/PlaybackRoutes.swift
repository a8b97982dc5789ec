import Access
import Engine
import HTTPTypes
import Recommendations

/// What to play next, what to have ready on a device, which picture quality, and what may be skipped.
enum PlaybackRoutes {
    static let routes: [APIRoute] = questions + advice + mappings

    private static let questions: [APIRoute] = [
        APIRoute(
            .get, "/v1/playback/next", name: "nextEpisode", group: "Playback",
            "What follows an episode, the chance that it is gone on with, and whether it should begin by itself",
            access: .scope(.query), answers: [.json(nextEpisode)]
        ) { call in
            let (person, item) = (call.text("person"), call.text("item"))
            guard person != nil || item != nil else {
                throw Problem.badRequest("give a person, an item, or both", field: "item")
            }
            let episode = try item.map {
                Episode(
                    item: $0, season: try call.integer("season", in: 0...100_000) ?? 0,
                    number: try call.integer("episode", in: 0...100_000) ?? 0)
            }
            let threshold = try call.integer("autoplayPercent", in: 0...100).map { Double($0) / 100 }
            let service = try call.workspace().guidance.playback
            return try call.answer(
                NextEpisodeAnswer(
                    try await call.parts.queries.run {
                        try service.next(
                            for: person, after: episode, autoplayFrom: threshold ?? PlaybackService.autoplayFrom)
                    }))
        }
        .needing(.eventsRead)
        .query("person", .text(lengths: 1...512), "Any id of the person, whose own habit then counts")
        .query("item", .text(lengths: 1...512), "What was played; without it what the person played last")
        .query("season", .integer(0...100_000), "Of the episode that was played")
        .query("episode", .integer(0...100_000), "Its number within the season")
        .query("autoplayPercent", .integer(0...100), "From which chance on it begins by itself (default: 50)")
        .failing(.notFound, .conflict).sampled("/v1/playback/next?person=u1"),
        APIRoute(
            .get, "/v1/playback/intros", name: "skipIntervals", group: "Playback",
            "What many people jump over in each season of a title, such as opening titles, in seconds",
            access: .scope(.query), answers: [.json(.object(["seasons": .list(season)]))]
        ) { call in
            guard let item = call.text("item") else { throw Problem.badRequest("must be given", field: "item") }
            let season = try call.integer("season", in: 0...100_000)
            let service = try call.workspace().guidance.playback
            return try call.answer(
                SkipsAnswer(try await call.parts.queries.run { try service.skips(item, season: season) }))
        }
        .query("item", .text(lengths: 1...512), isRequired: true, "A title, or the id of an episode")
        .query("season", .integer(0...100_000), "Only this season")
        .failing(.notFound, .conflict).sampled("/v1/playback/intros?item=title-1"),
    ]

    private static let advice: [APIRoute] = [
        APIRoute(
            .post, "/v1/playback/prefetch", name: "prefetchList", group: "Playback",
            "The most likely next items that fit into a number of bytes", access: .scope(.query),
            answers: [.json(prefetchList)]
        ) { call in
            let request: AheadRequest = try await call.json()
            let service = try call.workspace().guidance.playback
            return try call.answer(
                PrefetchAnswer(
                    try await call.parts.queries.run {
                        try service.prefetch(for: request.person, bytesMax: request.bytes, request.ahead)
                    }))
        }
        .needing(.eventsRead).taking(.json(prefetchQuestion)).failing(.conflict)
        .sampled("/v1/playback/prefetch", body: #"{"person":"u1","bytes":500000000}"#),
        APIRoute(
            .post, "/v1/playback/downloads", name: "downloadPlan", group: "Playback",
            "What to keep on a device, what to fetch, what to delete and what to leave for Wi-Fi",
            access: .scope(.query), answers: [.json(downloadPlan)]
        ) { call in
            let request: DownloadRequest = try await call.json()
            let service = try call.workspace().guidance.playback
            return try call.answer(
                DownloadAnswer(
                    try await call.parts.queries.run {
                        try service.downloads(
                            for: request.person, stored: request.stored, device: request.device, request.ahead)
                    }))
        }
        .needing(.eventsRead).taking(.json(downloadQuestion)).failing(.conflict)
        .sampled("/v1/playback/downloads", body: #"{"person":"u1","bytes":4000000000,"unmetered":true}"#),
        APIRoute(
            .post, "/v1/playback/quality", name: "qualityAdvice", group: "Playback",
            "Which picture quality to begin with and which not to exceed, by screen, line and data plan",
            access: .scope(.query), answers: [.json(qualityAdvice)]
        ) { call in
            let request: QualityRequest = try await call.json()
            guard let advice = QualityAdvice.advise(request.ladder, request.circumstances) else {
                throw Problem.badRequest("must have a rung", field: "ladder")
            }
            return try call.answer(QualityAnswer(advice))
        }
        .taking(.json(qualityQuestion))
        .sampled("/v1/playback/quality", body: #"{"screenHeight":1080,"throughput":[8000,6500,9000]}"#),
    ]

    private static let mappings: [APIRoute] = [
        APIRoute(
            .get, "/v1/playback/mapping", name: "playbackMapping", group: "Playback",
            "Which events tell what is played: set, or suggested by their names", access: .scope(.query),
            answers: [.json(mappingAnswer)]
        ) { call in
            let mappings = try call.workspace().guidance.mappings
            guard let chosen = try await call.parts.queries.run({ try mappings.playback() }) else {
                throw Problem.notFound("no event here seems to tell what is played: set which ones do")
            }
            return try call.answer(chosen)
        }
        .failing(.notFound).sampled("/v1/playback/mapping"),
        APIRoute(
            .put, "/v1/playback/mapping", name: "setPlaybackMapping", group: "Playback",
            "Say which events tell what is played", access: .scope(.settingsWrite), answers: [.json(mappingAnswer)]
        ) { call in
            let mapping: PlaybackMapping = try await call.json()
            let guidance = try call.workspace().guidance
            try guidance.set(playback: mapping)
            try note(call, "playback_mapping.set")
            return try call.answer(MappingFiles.Chosen(mapping: mapping, isSuggested: false))
        }
        .taking(.json(mapping))
        .sampled(
            "/v1/playback/mapping",
            body: #"{"started":"Playback Started","completed":"Playback Completed","item":"titleId"}"#),
        APIRoute(
            .delete, "/v1/playback/mapping", name: "resetPlaybackMapping", group: "Playback",
            "Go back to what the names of the events suggest", access: .scope(.settingsWrite), answers: [.nothing()]
        ) { call in
            try call.workspace().guidance.set(playback: nil)
            try note(call, "playback_mapping.reset")
            return call.nothing()
        }
        .sampled("/v1/playback/mapping"),
    ]

    private static func note(_ call: Call, _ action: String) throws {
        try call.access.note(
            call.change, workspace: call.workspaceName, action: action, target: "playback", detail: [:])
    }
}

// MARK: - What is asked and answered

extension PlaybackRoutes {
    /// Why, for programs and in words.
    static let reason = JSONSchema.object(["code": .text(), "en": .text(), "ko": .text()])
    static let interval = JSONSchema.object(["estimate": .number, "low": .number, "high": .number])

    private static let episode = JSONSchema.object(["item": .text(), "season": .integer, "number": .integer])
    private static let given: [String: JSONSchema] = [
        "item": .text(lengths: 1...512), "season": .integer(0...100_000), "number": .integer(0...100_000),
    ]

    private static let nextEpisode = JSONSchema.object(
        [
            "after": episode, "next": episode, "nextId": .text(), "autoplay": .boolean, "probability": interval,
            "basis": .oneOf(Continuation.Basis.allCases.map(\.rawValue)), "finished": .integer, "wentOn": .integer,
            "personalOdds": .number, "reason": reason,
        ], optional: ["next", "nextId", "probability", "basis", "finished", "wentOn", "personalOdds"])

    private static let season = JSONSchema.object([
        "item": .text(), "season": .integer, "viewers": .integer, "seeks": .integer, "reason": reason,
        "intervals": .list(
            .object([
                "from": .number, "to": .number, "persons": .integer, "seeks": .integer, "share": interval,
            ])),
    ])

    private static let item = JSONSchema.object(
        ["episode": episode, "probability": .number, "bytes": .integer, "reason": reason, "because": reason],
        optional: ["because"])

    private static let plan: [String: JSONSchema] = [
        "bytes": .integer, "value": .number, "bound": .number, "isExact": .boolean,
    ]
    private static let prefetchList = JSONSchema.object(plan.merging(["items": .list(item)]) { $1 })
    private static let downloadPlan = JSONSchema.object(
        plan.merging(["keep": .list(item), "fetch": .list(item), "delete": .list(item), "later": .list(item)]) { $1 })

    private static let candidates = JSONSchema.list(
        .object(
            given.merging(["probability": .number, "bytes": .integer]) { $1 },
            optional: ["season", "number", "probability", "bytes"]), counts: 0...200)

    private static let prefetchQuestion = JSONSchema.object(
        [
            "person": .text(lengths: 1...512), "bytes": .integer, "kilobits": .number, "seconds": .number,
            "candidates": candidates,
        ], optional: ["person", "kilobits", "seconds", "candidates"])

    private static let downloadQuestion = JSONSchema.object(
        [
            "person": .text(lengths: 1...512), "bytes": .integer, "unmetered": .boolean, "meteredBytes": .integer,
            "kilobits": .number, "candidates": candidates,
            "stored": .list(
                .object(
                    given.merging(["bytes": .integer, "watched": .boolean]) { $1 },
                    optional: ["season", "number", "watched"]), counts: 0...500),
        ], optional: ["person", "unmetered", "meteredBytes", "kilobits", "stored", "candidates"])

    private static let rung = JSONSchema.object(["name": .text(), "height": .integer, "kilobits": .number])
    private static let qualityQuestion = JSONSchema.object(
        [
            "ladder": .list(
                .object(["name": .text(), "height": .integer, "kilobits": .number], optional: ["name"]),
                counts: 1...30),
            "screenHeight": .integer(1...100_000), "throughput": .list(.number, counts: 0...1_000),
            "network": .oneOf(QualityAdvice.NetworkKind.allCases.map(\.rawValue)), "planBytesLeft": .number,
            "planDaysLeft": .number, "secondsLeft": .number,
        ],
        optional: [
            "ladder", "screenHeight", "throughput", "network", "planBytesLeft", "planDaysLeft", "secondsLeft",
        ])
    private static let qualityAdvice = JSONSchema.object(
        [
            "start": rung, "ceiling": rung, "sustainableKilobits": .number, "stallShare": interval, "bytes": .number,
            "reason": reason,
        ], optional: ["stallShare"])

    private static let mappingMembers: [String: JSONSchema] = [
        "started": .text(), "completed": .text(), "stopped": .text(), "seeked": .text(), "item": .text(),
        "season": .text(), "episode": .text(), "position": .text(), "duration": .text(), "seekFrom": .text(),
        "seekTo": .text(), "secondsPerUnit": .number, "attributes": .list(.text(), counts: 0...20),
    ]
    private static let mapping = JSONSchema.object(
        mappingMembers, optional: Set(mappingMembers.keys).subtracting(["started", "completed", "item"]))
    private static let mappingAnswer = JSONSchema.object(["mapping": mapping, "isSuggested": .boolean])
}
