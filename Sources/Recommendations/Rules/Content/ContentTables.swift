import EventLog
import Foundation

/// Which events tell what draws people, and what keeps them.
package struct ContentMapping: Sendable, Hashable {
    /// Somebody began it, or looked at it.
    package var drawn: String
    package var drawnItem: String
    /// They saw its end, or bought it.
    package var kept: String
    package var keptItem: String
    /// Properties of `drawn` that describe the item.
    package var attributes: [String]

    package init(_ playback: PlaybackMapping) {
        drawn = playback.started
        drawnItem = playback.item
        kept = playback.completed
        keptItem = playback.item
        attributes = playback.attributes
    }

    /// - Returns: nil when nothing tells what is viewed and bought.
    package init?(_ shopping: ShoppingMapping) {
        guard let viewed = shopping.viewed, let bought = shopping.bought else { return nil }
        drawn = viewed
        drawnItem = shopping.item
        kept = bought
        keptItem = shopping.boughtItem
        attributes = shopping.category
    }
}

/// Bounds and windows of the tables of content.
package struct ContentLimits: Sendable, Hashable {
    package var itemsMax = 200_000
    package var attributesMax = 50_000
    /// Of each person the newest; 7 bytes each.
    package var historyMax = 1_000
    package var entriesMax = 20_000_000
    /// Only this long before now, in days.
    package var days = 365

    package init() {}
}

/// Who was drawn by what, and kept: for each person the items they had to do with, once each.
struct ContentTables: Sendable {
    var items: [String] = []
    /// By item: its attributes, as numbers of `attributes`, rising.
    var attributesOfItem: [[Int32]] = []
    /// `genre` and `romance`.
    var attributes: [(name: String, value: String)] = []
    /// Keyed by `ContentTables.key`, so that no names of persons are kept.
    var persons: [UInt64] = []
    /// Where the entries of each person end.
    var ends: [Int] = []
    var entryItems: [Int32] = []
    var entryKept: [Bool] = []
    /// Weeks since the first one that is looked at.
    var entryWeeks: [UInt16] = []
    var weeks = 0
    /// By week: persons who were drawn by anything.
    var activePersons: [Int] = []
    var refused = 0

    func entries(of person: Int) -> Range<Int> { (person == 0 ? 0 : ends[person - 1])..<ends[person] }

    /// FNV-1a of an id.
    static func key(_ id: String) -> UInt64 {
        id.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
    }
}

/// Collects who was drawn by what, in one scan.
struct ContentFold: PersonFold, Sendable {
    private let plan: Plan
    private let limits: ContentLimits
    private let from: Int64
    private(set) var items: Words
    /// `name=value` of the events' own attributes.
    private(set) var labels: Words
    private(set) var labelsOfItem: [[Int32]] = []
    private(set) var draft = ContentTables()
    private var sources: [[RowColumn]] = []

    struct Plan: Sendable {
        let selection: Selection
        let drawn: UInt16
        let kept: UInt16?
        let drawnItem: Int
        let keptItem: Int?
        let attributes: [(name: String, index: Int)]
        /// The titles of episodes that have ids of their own.
        let parents: [String: String]

        /// - Returns: nil when the log has none of the events.
        init?(
            _ mapping: ContentMapping, _ snapshot: Snapshot, times: Range<Int64>, parents: [String: String] = [:]
        ) {
            self.parents = parents
            var properties = PropertyList(snapshot)
            guard let drawn = snapshot.eventNames.number(of: mapping.drawn),
                let item = properties.index(of: mapping.drawnItem)
            else { return nil }
            self.drawn = drawn
            kept = snapshot.eventNames.number(of: mapping.kept)
            drawnItem = item
            keptItem = properties.index(of: mapping.keptItem)
            attributes = mapping.attributes.compactMap { name in properties.index(of: name).map { (name, $0) } }
            selection = Selection(
                events: Set([drawn] + (kept.map { [$0] } ?? [])), times: times, properties: properties.numbers)
        }
    }

    init(_ plan: Plan, _ limits: ContentLimits, from: Int64) {
        self.plan = plan
        self.limits = limits
        self.from = from
        items = Words(countMax: limits.itemsMax)
        labels = Words(countMax: limits.attributesMax)
    }

    mutating func enter(_ block: ScanBlock) {
        sources = []
        for source in 0..<block.sourceCount {
            sources.append(plan.selection.properties.indices.map { column(block.column($0, source: source), $0) })
        }
    }

    private func column(_ columns: PropertyColumns, _ index: Int) -> RowColumn {
        if let name = plan.attributes.first(where: { $0.index == index })?.name {
            return RowColumn(columns, fold: { value in name + "=" + value })
        }
        guard !plan.parents.isEmpty, index == plan.drawnItem || index == plan.keptItem else {
            return RowColumn(columns)
        }
        let parents = plan.parents
        return RowColumn(columns, fold: { id in parents[id] ?? id })
    }

    private struct Entry {
        var week: UInt16
        var isKept = false
    }

    mutating func visit(_ person: borrowing PersonView) {
        var entries: [Int32: Entry] = [:]
        var order: [Int32] = []
        for row in person.rows {
            let source = Int(row.source)
            if row.code == plan.drawn {
                let item = sources[source][plan.drawnItem].word(at: row.row, &items)
                guard item >= 0 else { continue }
                describe(item, row, source)
                if entries[item] == nil {
                    entries[item] = Entry(week: UInt16(clamping: (row.time - from) / (7 * 86_400_000)))
                    order.append(item)
                }
            } else if row.code == plan.kept, let column = plan.keptItem {
                sources[source][column].forEachWord(at: row.row, &items) { item in entries[item]?.isKept = true }
            }
        }
        guard !order.isEmpty else { return }
        draft.persons.append(ContentTables.key(person.id))
        for item in order.suffix(limits.historyMax) {
            guard let entry = entries[item] else { continue }
            draft.entryItems.append(item)
            draft.entryWeeks.append(entry.week)
            draft.entryKept.append(entry.isKept)
        }
        draft.ends.append(draft.entryItems.count)
    }

    /// The attributes that an event says its item has; the first event of an item speaks for it.
    private mutating func describe(_ item: Int32, _ row: Row, _ source: Int) {
        while labelsOfItem.count <= Int(item) { labelsOfItem.append([]) }
        guard !plan.attributes.isEmpty, labelsOfItem[Int(item)].isEmpty else { return }
        var found: [Int32] = []
        for (_, index) in plan.attributes {
            sources[source][index].forEachWord(at: row.row, &labels) { found.append($0) }
        }
        labelsOfItem[Int(item)] = found
    }
}

extension ContentTables {
    /// Joins what several threads collected, and what the catalogue says of the items.
    init(merging folds: [ContentFold], catalogue: [CandidateItem], weeks: Int) {
        self.init()
        self.weeks = weeks
        var words = Words(countMax: .max)
        var described = ItemAttributes()
        activePersons = [Int](repeating: 0, count: weeks + 1)
        for fold in folds {
            let new = fold.items.names.map { words.number(of: $0) }
            for (item, labels) in fold.labelsOfItem.enumerated() where !labels.isEmpty {
                described.add(Int(new[item]), labels.map { fold.labels[$0] })
            }
            let base = entryItems.count
            persons += fold.draft.persons
            ends += fold.draft.ends.map { $0 + base }
            entryItems += fold.draft.entryItems.map { new[Int($0)] }
            entryWeeks += fold.draft.entryWeeks
            entryKept += fold.draft.entryKept
            refused += fold.items.refused + fold.labels.refused
        }
        for person in persons.indices {
            for week in Set(entries(of: person).map { min(Int(entryWeeks[$0]), weeks) }) { activePersons[week] += 1 }
        }
        for item in catalogue where item.parent == nil {
            // Words that nobody met stay out: they are supply, and are counted as such.
            described.add(Int(words.number(of: item.id)), item)
        }
        items = words.names
        (attributes, attributesOfItem) = described.numbered(itemCount: items.count)
    }
}

extension Snapshot {
    /// - Throws: `limitExceeded` when there is more than the limits allow.
    func content(
        _ mapping: ContentMapping, _ limits: ContentLimits, catalogue: [CandidateItem], now: Int64,
        threads: Int? = nil
    ) throws -> ContentTables {
        let now = end(now)
        let from = now - Int64(limits.days) * 86_400_000
        let weeks = limits.days / 7
        let parents = Dictionary(
            catalogue.compactMap { item in item.parent.map { (item.id, $0) } }, uniquingKeysWith: { first, _ in first })
        guard let plan = ContentFold.Plan(mapping, self, times: from..<now + 86_400_000, parents: parents) else {
            return ContentTables()
        }
        let folds = try scan(plan.selection, threads: threads) { ContentFold(plan, limits, from: from) }.folds
        let count = folds.reduce(0) { $0 + $1.draft.entryItems.count }
        guard count <= limits.entriesMax else {
            throw RecommendationError(
                .limitExceeded, "there are \(count) pairs of person and item, more than \(limits.entriesMax)")
        }
        return ContentTables(merging: folds, catalogue: catalogue, weeks: weeks)
    }
}
