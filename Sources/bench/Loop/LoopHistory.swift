import DemoWorld
import EventLog
import Foundation
import Recommendations

/// An invented cinema whose events go into an event log, as a business's would.
final class LoopHistory {
    let world: World<Cinema>
    let log: EventLog
    private let folder: String
    private var batches = 0

    /// - Parameters:
    ///   - scale: 1 is a thousand households.
    ///   - days: lived through before anything is decided.
    init(seed: UInt64, scale: Double, days: Int, folder: String) throws {
        let start = KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 3))
        world = World(Cinema(WorldSettings(seed: seed, start: start, scale: scale)))
        self.folder = folder + "/\(seed)"
        try? FileManager.default.removeItem(atPath: self.folder)
        log = try EventLog.open(self.folder, for: .writing)
        try advance(to: start + Int64(days) * KoreanCalendar.day)
    }

    func close() throws {
        try log.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Lets everybody live, and stores what they did.
    func advance(to time: Int64) throws {
        let events = world.advance(to: time, threads: 1)
        if events.isEmpty { return }
        var text: [UInt8] = []
        for index in 0..<events.count {
            events.append(index, to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        batches += 1
        let bytes = text
        let pipeline = ImportPipeline(
            name: "world \(batches)", options: ImportOptions(.jsonLines), key: log.key,
            open: { MemorySource(bytes, chunk: 1 << 20) }, marks: { _ in [] })
        let progress = try pipeline.run { try log.load($0.batch) }
        precondition(progress.rejected == 0, "the log refused \(progress.rejected) events of the cinema")
    }

    /// The cinema's titles as a catalogue has them.
    struct Items: ItemSource {
        let titles: [CandidateItem]

        init(_ cinema: Cinema) {
            titles = cinema.catalogue.titles.map { title in
                var item = CandidateItem(id: title.id, title: title.english)
                item.attributes = [
                    "genre": [title.genre.slug, title.secondGenre.slug], "mood": [title.mood.slug],
                    "country": [title.country.slug], "kind": [title.kind.rawValue],
                    "cast": title.cast.map { cinema.catalogue.cast[$0].id },
                ]
                item.since = KoreanCalendar.midnight(cinema.settings.firstDay + title.releaseDay)
                item.rights = [(item.since ?? 0)..<Int64.max]
                return item
            }
        }

        func forEachItem(_ body: (CandidateItem) throws -> Void) throws { for title in titles { try body(title) } }
        func items(_ ids: [String]) throws -> [CandidateItem] { titles.filter { ids.contains($0.id) } }
    }

    /// What each title is like, for tastes.
    static func titleTags(_ cinema: Cinema) -> [String: [String: Double]] {
        Dictionary(
            uniqueKeysWithValues: cinema.catalogue.titles.map { title in
                var tags = [
                    "genre \(title.genre.slug)": 1, "mood \(title.mood.slug)": 1.0, "era \(title.era.slug)": 1,
                    "country \(title.country.slug)": 1, "kind \(title.kind.rawValue)": 1,
                ]
                tags["genre \(title.secondGenre.slug)", default: 0] += 0.5
                return (title.id, tags)
            })
    }
}
