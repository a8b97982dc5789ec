/// Why an item is recommended: what contributed most to its place.
package struct Reason: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The person did something with `item`, and who does that does this too.
        case because
        /// This often follows `item`, which the person had to do with lately.
        case next
        /// It is described like `item`.
        case similar
        /// Persons with the same taste chose it.
        case taste
        /// It is chosen these days.
        case trending
        case popular
        case new
        /// A rule put it there.
        case pinned
        /// Shown to find out.
        case exploration
        /// People take it together with `item`, which is in the cart.
        case together
        /// A search found it.
        case found
        /// The person began it: `played` says how far they got.
        case unfinished = "continue"
    }

    /// Where somebody goes on.
    package struct Played: Sendable, Hashable, Codable {
        /// Of a series, from 1; 0 for what has none.
        package var season: Int
        package var number: Int
        /// Of the episode, from 0 to 100.
        package var percent: Int

        package init(season: Int, number: Int, percent: Int) {
            self.season = season
            self.number = number
            self.percent = percent
        }
    }

    package var kind: Kind
    /// An item of the person's history.
    package var item: String?
    package var played: Played?

    package init(_ kind: Kind, item: String? = nil) {
        self.kind = kind
        self.item = item
    }

    package init(played: Played) {
        kind = .unfinished
        self.played = played
    }

    /// For machines: `because:sku-1`, `trending`, `continue:1/3/42` for 42 % of the third episode of the first season.
    package var code: String {
        if let played { return "\(kind.rawValue):\(played.season)/\(played.number)/\(played.percent)" }
        return item.map { kind.rawValue + ":" + $0 } ?? kind.rawValue
    }

    /// - Parameter code: as `code` has it; nil when it is none.
    package init?(code: String) {
        let parts = code.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(parts[0])) else { return nil }
        guard kind == .unfinished else {
            self.init(kind, item: parts.count == 2 ? String(parts[1]) : nil)
            return
        }
        let numbers = parts.count == 2 ? parts[1].split(separator: "/").compactMap { Int($0) } : []
        guard numbers.count == 3 else { return nil }
        self.init(played: Played(season: numbers[0], number: numbers[1], percent: numbers[2]))
    }

    /// The reason in words.
    ///
    /// - Parameter title: what people call an item.
    package func text(korean: Bool = false, title: (String) -> String = { $0 }) -> String {
        let name = item.map(title) ?? ""
        return switch kind {
        case .because: korean ? "‘\(name)’ 때문에 추천해요" : "because of \(name)"
        case .next: korean ? "‘\(name)’ 다음에 많이 찾아요" : "often follows \(name)"
        case .similar: korean ? "‘\(name)’ 비슷한 것" : "similar to \(name)"
        case .taste: korean ? "취향이 비슷한 분들이 골랐어요" : "chosen by people with the same taste"
        case .trending: korean ? "요즘 많이 찾아요" : "trending now"
        case .popular: korean ? "많은 분들이 골랐어요" : "popular"
        case .new: korean ? "새로 나왔어요" : "new"
        case .pinned: korean ? "추천 상품" : "featured"
        case .together: korean ? "‘\(name)’와(과) 함께 많이 골라요" : "often taken with \(name)"
        case .found: korean ? "검색 결과" : "fits the search"
        case .exploration: korean ? "새로운 발견" : "something different"
        case .unfinished: played.map { $0.text(korean: korean) } ?? (korean ? "이어서 보기" : "begun and not finished")
        }
    }
}

extension Reason.Played {
    fileprivate func text(korean: Bool) -> String {
        if number == 0 { return korean ? "\(percent)%까지 봤어요" : "watched to \(percent)%" }
        if korean {
            let episode = (season > 0 ? "시즌 \(season) " : "") + "\(number)화"
            return percent > 0 ? "\(episode)를 \(percent)%까지 봤어요" : "\(episode)를 볼 차례예요"
        }
        let episode = (season > 0 ? "season \(season), " : "") + "episode \(number)"
        return percent > 0 ? "\(episode), watched to \(percent)%" : "\(episode) is next"
    }
}

extension Blend {
    /// Why each of these items scores as it does.
    package func reasons(_ history: History, excluded: Set<Int>, items: [Int]) -> [Reason] {
        let parts = zip(names, weights).compactMap { name, weight in
            standardized(raw(name, history), excluded).map { (name: name, weight: weight, scores: $0) }
        }
        return items.map { item in
            let best = parts.max { $0.weight * $0.scores[item] < $1.weight * $1.scores[item] }
            guard let best, best.scores[item] > 0 else {
                return reason(model.trending == nil ? "popular" : "trending", history, item)
            }
            return reason(best.name, history, item)
        }
    }

    /// Why one model says what it says.
    func reason(_ name: String, _ history: History, _ item: Int) -> Reason {
        guard let (links, halfLife) = links(name) else {
            // Nobody has chosen it yet: what is expected of it is no reason.
            if model.cold?.contains(item) == true, name != "als" { return Reason(.new) }
            return switch name {
            case "trending": Reason(.trending)
            case "new": Reason(.new)
            case "als": Reason(.taste)
            default: Reason(.popular)
            }
        }
        let weights = history.weights(halfLife: halfLife)
        let isDirect = Self.isDirect(name)
        let said = zip(history.entries, weights).map { entry, weight in
            weight
                * (model.cold?.weight(links, from: entry.item, to: item, isDirect: isDirect)
                    ?? links.weight(from: entry.item, to: item))
        }
        guard let place = said.indices.max(by: { said[$0] < said[$1] }), said[place] > 0 else {
            return Reason(.popular)
        }
        let entry = history.entries[place].item
        let isLike = model.cold?.areLike(entry, item, links) ?? false
        let kind: Reason.Kind = isLike || name == "content" ? .similar : name == "sequence" ? .next : .because
        return Reason(kind, item: model.items[entry])
    }
}
