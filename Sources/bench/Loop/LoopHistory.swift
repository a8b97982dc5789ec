import DemoWorld
import EventLog
import Foundation
import Recommendations

/// An invented business whose events go into an event log, as a business's would.
final class LoopHistory<Simulated: Business> {
    let world: World<Simulated>
    let log: EventLog
    private let folder: String
    private var batches = 0

    /// - Parameters:
    ///   - scale: of the world; 1 is some thousand people.
    ///   - days: lived through before anything is decided.
    ///   - business: made of the settings of its world.
    init(
        seed: UInt64, scale: Double, days: Int, folder: String, _ business: (WorldSettings) -> Simulated
    ) throws {
        let start = KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 3))
        world = World(business(WorldSettings(seed: seed, start: start, scale: scale)))
        self.folder = folder + "/\(Simulated.description.name)-\(seed)"
        try? FileManager.default.removeItem(atPath: self.folder)
        log = try EventLog.open(self.folder, for: .writing)
        try advance(to: start + Int64(days) * KoreanCalendar.day)
    }

    func close() throws {
        try log.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Lets everybody live, and stores what they did.
    ///
    /// - Parameter isSmall: whether it is so little that it is appended, and not loaded as a segment of its own.
    func advance(to time: Int64, isSmall: Bool = false) throws {
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
        let progress = try pipeline.run { part in
            if isSmall { _ = try log.appendAndWait(part.batch) } else { _ = try log.load(part.batch) }
        }
        precondition(progress.rejected == 0, "the log refused \(progress.rejected) events of the world")
    }
}

extension LoopHistory<Cinema> {
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
