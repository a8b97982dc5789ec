import Foundation

/// Items that nobody has met yet, or that came into the catalogue after the training: each stands where the items stand
/// that are described like it.
///
/// With likes s₁ ... of weights w (cosines) a link from a to a cold b is the mean of the links from a to the likes,
/// weighted, times the largest w; and when a is itself one of the likes, as strong as the strongest link of a, times
/// its w. From a cold item it is the same the other way round. So what somebody looked at a moment ago leads to what
/// came in a moment ago, before anybody else has seen it.
package struct ColdItems: Sendable, Hashable {
    struct Like: Sendable, Hashable {
        var item: Int
        /// From 0 to 1.
        var weight: Float
    }

    /// What an item is described by, for the likes to be found anew when it changes.
    struct Description: Sendable, Hashable {
        var id: String
        var features: [String]
    }

    /// The items' numbers, the newest first.
    let items: [Int]
    /// Parallel to `items`, the most alike first.
    let likes: [[Like]]
    let descriptions: [Description]
    /// By item: its place in `items`.
    private let places: [Int: Int]
    /// By item that is met: the cold ones that are like it.
    private let liking: [Int: [Like]]

    /// Cold items that are offered; the newest.
    static let itemsMax = 1_000
    static let likesMax = 10
    /// Less alike is not alike.
    static let weightMin: Float = 0.1

    init(items: [Int], likes: [[Like]], descriptions: [Description]) {
        self.items = items
        self.likes = likes
        self.descriptions = descriptions
        places = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
        var liking: [Int: [Like]] = [:]
        for (item, own) in zip(items, likes) {
            for like in own { liking[like.item, default: []].append(Like(item: item, weight: like.weight)) }
        }
        self.liking = liking
    }

    /// What an item is like; nil for one that links know themselves.
    func likes(of item: Int, _ links: ItemLinks) -> [Like]? {
        guard let place = places[item], !knows(links, item) else { return nil }
        return likes[place]
    }

    /// What is described alike is linked also when nobody has met it.
    private func knows(_ links: ItemLinks, _ item: Int) -> Bool {
        item < links.itemCount && !links.range(of: item).isEmpty
    }

    /// Whether one of two items is cold and described like the other.
    func areLike(_ a: Int, _ b: Int, _ links: ItemLinks) -> Bool {
        likes(of: a, links)?.contains { $0.item == b } ?? false
            || likes(of: b, links)?.contains { $0.item == a } ?? false
    }

    /// Whether nobody has met an item, as far as it is followed.
    func contains(_ item: Int) -> Bool { places[item] != nil }

    /// The weighted mean of a value over likes.
    static func average(_ likes: [Like], _ value: (Int) -> Float) -> Float {
        let total = likes.reduce(0) { $0 + $1.weight }
        return total > 0 ? likes.reduce(0) { $0 + $1.weight * value($1.item) } / total : 0
    }

    /// The weighted mean of a value over likes, times the largest weight.
    static func mean(_ likes: [Like], _ value: (Int) -> Float) -> Float {
        var (sum, total, most): (Float, Float, Float) = (0, 0, 0)
        for like in likes {
            sum += like.weight * value(like.item)
            total += like.weight
            most = max(most, like.weight)
        }
        return total > 0 ? sum / total * most : 0
    }

    // MARK: Links

    /// The weight of a link, also from and to cold items: what `entries` and `scores` add up, link by link.
    ///
    /// - Parameter isDirect: whether a like is itself linked: not where links say what comes next.
    func weight(_ links: ItemLinks, from source: Int, to target: Int, isDirect: Bool) -> Float {
        func base(_ a: Int, _ b: Int) -> Float { links.weight(from: a, to: b) }
        func fromCold(_ likes: [Like], _ b: Int) -> Float {
            let direct = likes.first { $0.item == b }.map { $0.weight * Self.strongest(links, $0.item) } ?? 0
            return Self.mean(likes) { base($0, b) } + (isDirect ? direct : 0)
        }
        switch (likes(of: source, links), likes(of: target, links)) {
        case (nil, nil): return base(source, target)
        case (let own?, nil): return fromCold(own, target)
        case (nil, let other?):
            let direct = other.first { $0.item == source }.map { $0.weight * Self.strongest(links, source) } ?? 0
            return Self.mean(other) { base(source, $0) } + (isDirect ? direct : 0)
        case (let own?, let other?): return Self.mean(other) { fromCold(own, $0) }
        }
    }

    static func strongest(_ links: ItemLinks, _ item: Int) -> Float {
        guard item < links.itemCount else { return 0 }
        return links.range(of: item).reduce(0) { max($0, links.weights[$1]) }
    }

    /// What a history says along links beyond the links themselves: from its cold entries, and to cold items.
    ///
    /// - Parameters:
    ///   - sums: what follows from the links alone.
    ///   - add: adds to an item's sum.
    /// - Complexity: O(entries that are cold or liked × links + cold items × likes)
    func follow(
        _ links: ItemLinks, _ entries: ArraySlice<History.Entry>, _ weights: [Float], isDirect: Bool,
        sums: (Int) -> Float, add: (Int, Float) -> Void
    ) {
        for (entry, weight) in zip(entries, weights) {
            guard let own = likes(of: entry.item, links) else { continue }
            let total = own.reduce(0) { $0 + $1.weight }
            let most = own.first?.weight ?? 0
            for like in own where like.item < links.itemCount && total > 0 {
                links.forEach(of: like.item) { target, link in
                    if likes(of: target, links) == nil { add(target, weight * link * like.weight / total * most) }
                }
                if isDirect { add(like.item, weight * like.weight * Self.strongest(links, like.item)) }
            }
        }
        for (place, item) in items.enumerated() where !knows(links, item) {
            let value = Self.mean(likes[place], sums)
            if value != 0 { add(item, value) }
        }
        guard isDirect else { return }
        for (entry, weight) in zip(entries, weights) {
            guard let cold = liking[entry.item] else { continue }
            let strongest = Self.strongest(links, entry.item)
            for like in cold where !knows(links, like.item) { add(like.item, weight * like.weight * strongest) }
        }
    }
}
