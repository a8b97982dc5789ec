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
    /// By item, up to the last: whether it is cold.
    private let marks: [Bool]
    /// The likes of all one after another, where each one's end, and what each counts in the mean.
    private let ends: [Int]
    private let flatItems: [UInt32]
    private let flatShares: [Float]

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
        var marks = [Bool](repeating: false, count: (items.max() ?? -1) + 1)
        for item in items { marks[item] = true }
        self.marks = marks
        ends = likes.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) }
        flatItems = likes.flatMap { own in own.map { UInt32($0.item) } }
        flatShares = likes.flatMap { own -> [Float] in
            let total = own.reduce(0) { $0 + $1.weight }
            return own.map { total > 0 ? $0.weight / total * (own.first?.weight ?? 0) : 0 }
        }
    }

    /// What an item is like; nil for one that links know themselves.
    func likes(of item: Int, _ links: ItemLinks) -> [Like]? {
        guard contains(item), let place = places[item], !knows(links, item) else { return nil }
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
    @inline(__always)
    func contains(_ item: Int) -> Bool { item < marks.count && marks[item] }

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
    ///   - sums: what follows from the links alone, by item; what is said beyond is added.
    ///   - touch: told each item whose sum has changed.
    /// - Complexity: O(entries that are cold or liked × links + cold items × likes)
    func follow(
        _ links: ItemLinks, _ entries: ArraySlice<History.Entry>, _ weights: [Float], isDirect: Bool,
        sums: inout [Float], touch: (Int) -> Void
    ) {
        sums.withUnsafeMutableBufferPointer { sums in
            for (entry, weight) in zip(entries, weights) {
                guard let own = likes(of: entry.item, links) else { continue }
                let total = own.reduce(0) { $0 + $1.weight }
                let most = own.first?.weight ?? 0
                for like in own where like.item < links.itemCount && total > 0 {
                    links.forEach(of: like.item) { target, link in
                        guard likes(of: target, links) == nil else { return }
                        sums[target] += weight * link * like.weight / total * most
                        touch(target)
                    }
                    guard isDirect else { continue }
                    sums[like.item] += weight * like.weight * Self.strongest(links, like.item)
                    touch(like.item)
                }
            }
            addMeans(links, sums, touch)
            guard isDirect else { return }
            for (entry, weight) in zip(entries, weights) {
                guard let cold = liking[entry.item] else { continue }
                let strongest = Self.strongest(links, entry.item)
                for like in cold where !knows(links, like.item) {
                    sums[like.item] += weight * like.weight * strongest
                    touch(like.item)
                }
            }
        }
    }

    /// Each cold item gets the mean of its likes.
    private func addMeans(_ links: ItemLinks, _ sums: UnsafeMutableBufferPointer<Float>, _ touch: (Int) -> Void) {
        flatItems.withUnsafeBufferPointer { flatItems in
            flatShares.withUnsafeBufferPointer { flatShares in
                var start = 0
                for (place, item) in items.enumerated() {
                    let end = ends[place]
                    var value: Float = 0
                    for like in start..<end { value += flatShares[like] * sums[Int(flatItems[like])] }
                    start = end
                    if value != 0, !knows(links, item) {
                        sums[item] += value
                        touch(item)
                    }
                }
            }
        }
    }
}
