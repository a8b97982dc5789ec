import Analysis
package import EventLog

/// Events that say which pictures somebody saw and took, from before anything was decided or beside it.
///
/// ```yaml
/// impressions:
///   { shown: Artwork Shown, artwork: items.artworkId, item: items.titleId,
///     taken: Title Viewed, takenArtwork: artworkId, takenItem: titleId, except: { row: [search] } }
/// ```
package struct ImpressionSource: Sendable, Hashable, Codable {
    /// The event of looking, and its property with the id of a picture or a list of ids.
    package var shown: String
    package var artwork: String
    /// The event of taking, and its property with the picture's id.
    package var taken: String
    package var takenArtwork: String
    /// The properties with the items' ids, parallel to the pictures'. Who has taken an item once knows it: its picture
    /// says nothing to them any more. Nil: every look counts.
    package var item: String?
    package var takenItem: String?
    /// Events with one of these values of a property do not count: what was searched for was not taken for its picture.
    package var except: [String: [String]]

    package init(
        shown: String, artwork: String, item: String? = nil, taken: String, takenArtwork: String,
        takenItem: String? = nil, except: [String: [String]] = [:]
    ) {
        self.shown = shown
        self.artwork = artwork
        self.item = item
        self.taken = taken
        self.takenArtwork = takenArtwork
        self.takenItem = takenItem
        self.except = except
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "impressions",
            allowed: ["shown", "artwork", "item", "taken", "takenArtwork", "takenItem", "except"])
        func name(_ field: String) throws -> String {
            guard let name = try fields.text(field), !name.isEmpty else {
                throw fields.error(.missingField, field, "must be given")
            }
            return name
        }
        self.init(
            shown: try name("shown"), artwork: try name("artwork"), item: try fields.text("item"),
            taken: try name("taken"), takenArtwork: try name("takenArtwork"), takenItem: try fields.text("takenItem"),
            except: try fields.optional("except", as: [String: [String]].self) ?? [:])
        if except.count > 20 { throw fields.error(.limitExceeded, "except", "names more than 20 properties") }
    }

    /// The properties that are read.
    var properties: [String] {
        [artwork, takenArtwork] + [item, takenItem].compactMap(\.self) + except.keys.sorted()
    }

    fileprivate func counts(_ event: Event) -> Bool {
        except.allSatisfy { name, values in event.texts(name).allSatisfy { !values.contains($0) } }
    }
}

/// Follows one person's events for what they saw and took: decisions by their feedback, and impressions.
package struct PictureReader: Sendable {
    private let source: ImpressionSource?
    /// What a picture shows, by its id and the item's, where events name that.
    private let tags: @Sendable (_ artwork: String, _ item: String?) -> [String: Double]?
    package private(set) var taste = PictureTaste()
    /// The action that was shown last, by placement and subject.
    package private(set) var known: [String: String] = [:]
    /// Tags of what was decided, until it is shown and taken.
    private var decided: [String: Decided] = [:]
    /// Items that were taken.
    private var familiar: Set<String> = []

    private struct Decided: Sendable {
        var tags: [String: Double]
        var key: String
        var action: String
        var isShown = false
        var isTaken = false
    }

    package init(
        _ source: ImpressionSource?,
        tags: @escaping @Sendable (_ artwork: String, _ item: String?) -> [String: Double]?
    ) {
        self.source = source
        self.tags = tags
    }

    package static func key(placement: String, subject: String?) -> String { placement + "\u{1F}" + (subject ?? "") }

    package mutating func read(_ decision: BanditDecision) {
        let action = decision.actions[decision.chosen]
        decided[decision.id] = Decided(
            tags: action.tags, key: Self.key(placement: decision.placement, subject: decision.subject),
            action: action.id)
    }

    package mutating func shown(_ decision: String) {
        guard let own = decided[decision], !own.isShown else { return }
        decided[decision]?.isShown = true
        known[own.key] = own.action
        taste.shown(own.tags)
    }

    package mutating func taken(_ decision: String) {
        shown(decision)
        guard let own = decided[decision], !own.isTaken else { return }
        decided[decision]?.isTaken = true
        taste.taken(own.tags)
    }

    /// An event that is no decision's.
    ///
    /// - Returns: the pictures that were shown or taken by it.
    @discardableResult
    package mutating func read(_ event: Event) -> (shown: [String], taken: [String]) {
        guard let source, event.name == source.shown || event.name == source.taken else { return ([], []) }
        var result: (shown: [String], taken: [String]) = ([], [])
        if event.name == source.shown, source.counts(event) {
            let items = source.item.map { event.texts($0) } ?? []
            for (place, id) in event.texts(source.artwork).enumerated() {
                if place < items.count, familiar.contains(items[place]) { continue }
                guard let tags = tags(id, place < items.count ? items[place] : nil) else { continue }
                taste.shown(tags)
                result.shown.append(id)
            }
        }
        if event.name == source.taken {
            let items = source.takenItem.map { event.texts($0) } ?? []
            for (place, id) in event.texts(source.takenArtwork).enumerated() {
                if place < items.count, !familiar.insert(items[place]).inserted { continue }
                guard source.counts(event), let tags = tags(id, place < items.count ? items[place] : nil) else {
                    continue
                }
                taste.taken(tags)
                result.taken.append(id)
            }
            // An event without a picture makes an item known as well.
            familiar.formUnion(items)
        }
        return result
    }
}
