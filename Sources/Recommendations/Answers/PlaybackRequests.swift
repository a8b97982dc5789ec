import Analysis
import Foundation

/// What may be played, and how large it is, as it is asked for.
package struct AheadRequest: Decodable, Sendable {
    package var person: String?
    package var bytes: Int
    package var ahead: PlaybackService.Ahead

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a question for what to have ready",
            allowed: ["person", "bytes", "kilobits", "seconds", "candidates"])
        person = try fields.text("person")
        bytes = Int(try fields.number("bytes", in: 0...1e15, default: -1))
        if !fields.has("bytes") {
            throw fields.error(.missingField, "bytes", "must be given: how much there is room for")
        }
        ahead = try PlaybackService.Ahead(fields)
        if fields.has("seconds") { ahead.secondsMax = try fields.number("seconds", in: 1...100_000, default: 60) }
    }
}

extension PlaybackService.Ahead {
    init(_ fields: Fields) throws {
        self.init()
        kilobits = try fields.number("kilobits", in: 1...1_000_000, default: kilobits)
        given = try fields.list("candidates", of: GivenCandidate.self, counts: 0...200)?.map(\.value) ?? []
    }
}

/// The episode of a request.
private func episode(_ fields: Fields) throws -> Episode {
    Episode(
        item: try fields.required("item"), season: try fields.integer("season", in: 0...100_000, default: 0),
        number: try fields.integer("number", in: 0...100_000, default: 0))
}

private struct GivenCandidate: Decodable {
    var value: PlaybackService.Ahead.Given

    init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a candidate", allowed: ["item", "season", "number", "probability", "bytes"])
        value = PlaybackService.Ahead.Given(episode: try episode(fields))
        if fields.has("probability") { value.probability = try fields.number("probability", in: 0...1, default: 0) }
        if fields.has("bytes") { value.bytes = Int(try fields.number("bytes", in: 0...1e15, default: 0)) }
    }
}

package struct DownloadRequest: Decodable, Sendable {
    package var person: String?
    package var device: DownloadPlan.Device
    package var stored: [DownloadPlan.Stored]
    package var ahead: PlaybackService.Ahead

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a question for downloads",
            allowed: ["person", "bytes", "unmetered", "meteredBytes", "kilobits", "stored", "candidates"])
        person = try fields.text("person")
        guard fields.has("bytes") else {
            throw fields.error(.missingField, "bytes", "must be given: the room for all downloads together")
        }
        device = DownloadPlan.Device(
            bytesMax: Int(try fields.number("bytes", in: 0...1e15, default: 0)),
            isUnmetered: try fields.optional("unmetered") ?? false,
            meteredBytes: Int(try fields.number("meteredBytes", in: 0...1e15, default: 0)))
        stored = try fields.list("stored", of: StoredItem.self, counts: 0...500)?.map(\.value) ?? []
        ahead = try PlaybackService.Ahead(fields)
    }

    private struct StoredItem: Decodable {
        var value: DownloadPlan.Stored

        init(from decoder: any Decoder) throws {
            let fields = try Fields(
                decoder, of: "a download", allowed: ["item", "season", "number", "bytes", "watched"])
            value = DownloadPlan.Stored(
                episode: try episode(fields), bytes: Int(try fields.number("bytes", in: 0...1e15, default: 0)),
                isWatched: try fields.optional("watched") ?? false)
            if !fields.has("bytes") { throw fields.error(.missingField, "bytes", "must be given") }
        }
    }
}

package struct QualityRequest: Decodable, Sendable {
    package var ladder: [QualityRung]
    package var circumstances: QualityAdvice.Circumstances

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a question for a quality",
            allowed: [
                "ladder", "screenHeight", "throughput", "network", "planBytesLeft", "planDaysLeft", "secondsLeft",
            ])
        ladder = try fields.list("ladder", of: Rung.self, counts: 1...30)?.map(\.value) ?? QualityRung.common
        circumstances = QualityAdvice.Circumstances()
        if fields.has("screenHeight") {
            circumstances.screenHeight = try fields.integer("screenHeight", in: 1...100_000, default: 1)
        }
        circumstances.throughput = try fields.list("throughput", of: Double.self, counts: 0...1_000) ?? []
        if let bad = circumstances.throughput.first(where: { !$0.isFinite || $0 < 0 }) {
            throw fields.error(.invalidValue, "throughput", "has \(bad), but must be kilobits a second, 0 or more")
        }
        if fields.has("network") { circumstances.network = try fields.choice("network", default: .wifi) }
        if fields.has("planBytesLeft") {
            circumstances.planBytesLeft = try fields.number("planBytesLeft", in: 0...1e15, default: 0)
        }
        circumstances.planDaysLeft = try fields.number("planDaysLeft", in: 0...366, default: 30)
        circumstances.secondsLeft = try fields.number("secondsLeft", in: 0...1e6, default: 3_600)
    }

    private struct Rung: Decodable {
        var value: QualityRung

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a rung", allowed: ["name", "height", "kilobits"])
            let height = try fields.integer("height", in: 1...100_000, default: 0)
            guard height > 0 else { throw fields.error(.missingField, "height", "must be given") }
            value = QualityRung(
                name: try fields.text("name") ?? "\(height)p", height: height,
                kilobits: try fields.number("kilobits", above: 0, default: 0))
            if value.kilobits == 0 { throw fields.error(.missingField, "kilobits", "must be given") }
        }
    }
}
