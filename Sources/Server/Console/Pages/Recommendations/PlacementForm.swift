import Foundation
import Recommendations

/// A placement as the fields of a form, in both directions. Lists are lines of a text: `category:cream`,
/// `kind:episode`, or an item's id.
struct PlacementForm {
    /// What is in the fields.
    var values: [String: String] = [:]

    init(_ placement: Placement) {
        let ranking = placement.ranking
        values = [
            "name": placement.name, "kind": placement.kind.rawValue, "description": placement.description ?? "",
            "model": placement.model, "count": String(placement.count), "rows": String(placement.rows),
            "artworks": placement.artworks ?? "", "timeout": String(placement.timeoutMilliseconds),
            "allow": Self.lines(ranking.allow), "block": Self.lines(ranking.block),
            "boosts": ranking.boosts.flatMap { boost in
                Self.words(boost.of).map { "\(Self.text(boost.by)) \($0)" }
            }.joined(separator: "\n"),
            "pins": ranking.pins.map { "\($0.place) \($0.item)" }.joined(separator: "\n"),
            "perCategory": ranking.perCategory.map { String($0) } ?? "",
            "repeatAfter": ranking.repeatAfterDays.sorted { $0.key < $1.key }
                .map { "\(Self.text($0.value)) \($0.key)" }.joined(separator: "\n"),
            "diversity": Self.text(ranking.diversity), "calibration": Self.text(ranking.calibration),
            "freshness": Self.text(ranking.freshness), "fatigue": Self.text(ranking.fatigue),
            "exploration": Self.text(ranking.exploration),
            "policy": placement.policy.kind.rawValue, "policyExploration": Self.text(placement.policy.exploration),
            "stability": Self.text(placement.policy.stability),
            "features": placement.policy.features.joined(separator: ", "),
            "actions": placement.actions.map(Self.line).joined(separator: "\n"),
            "rewardEvent": placement.reward?.event ?? "", "rewardItem": placement.reward?.item ?? "",
            "rewardValue": placement.reward?.value ?? "",
            "rewardOutOf": placement.reward.map { Self.text($0.outOf) } ?? "1",
            "rewardHours": placement.reward.map { Self.text($0.withinHours) } ?? "24",
            "warmStart": String(placement.policy.warmStartDays),
        ]
        let seen = placement.impressions
        values["seenEvent"] = seen?.shown ?? ""
        values["seenArtwork"] = seen?.artwork ?? ""
        values["seenItem"] = seen?.item ?? ""
        values["takenEvent"] = seen?.taken ?? ""
        values["takenArtwork"] = seen?.takenArtwork ?? ""
        values["takenItem"] = seen?.takenItem ?? ""
        values["seenExcept"] = (seen?.except ?? [:]).sorted { $0.key < $1.key }.flatMap { name, all in
            all.map { "\(name) \($0)" }
        }.joined(separator: "\n")
    }

    init(_ form: FormValues) {
        for name in PlacementForm(Placement(name: "x", kind: .list)).values.keys { values[name] = form[name] ?? "" }
    }

    private subscript(name: String) -> String { values[name] ?? "" }

    // MARK: To a placement

    /// What a field cannot be read as.
    struct Refusal: Error {
        var field: String
    }

    /// - Parameter base: what the fields do not hold, such as shares of segments, stays as it is there.
    /// - Throws: `Refusal`.
    func placement(on base: Placement?) throws -> Placement {
        guard let kind = Placement.Kind(rawValue: self["kind"]) else { throw Refusal(field: "kind") }
        var placement = base ?? Placement(name: self["name"], kind: kind)
        placement.name = self["name"]
        placement.kind = kind
        placement.description = self["description"].isEmpty ? nil : self["description"]
        placement.model = self["model"].isEmpty ? "default" : self["model"]
        placement.count = try integer("count", in: 1...100)
        placement.rows = try integer("rows", in: 1...30)
        placement.timeoutMilliseconds = try integer("timeout", in: 1...10_000)
        placement.artworks = kind.choosesActions || self["artworks"].isEmpty ? nil : self["artworks"]
        try readRanking(&placement.ranking)
        try readPolicy(&placement)
        try readImpressions(&placement)
        try readReward(&placement)
        return placement
    }

    private func readRanking(_ ranking: inout RankingSettings) throws {
        ranking.allow = selector("allow")
        ranking.block = selector("block")
        ranking.boosts = try lines("boosts").map { line in
            let (number, rest) = try numbered(line, "boosts", in: -100...100)
            return .init(of: Self.selector([rest]), by: number)
        }
        ranking.pins = try lines("pins").map { line in
            let (number, rest) = try numbered(line, "pins", in: 1...1_000)
            return .init(item: rest, place: Int(number))
        }
        ranking.perCategory = self["perCategory"].isEmpty ? nil : try integer("perCategory", in: 1...1_000)
        ranking.repeatAfterDays = [:]
        for line in lines("repeatAfter") {
            let (days, category) = try numbered(line, "repeatAfter", in: 0...10_000)
            ranking.repeatAfterDays[category] = days
        }
        ranking.diversity = try number("diversity", in: 0...1)
        ranking.calibration = try number("calibration", in: 0...1)
        ranking.freshness = try number("freshness", in: 0...100)
        ranking.fatigue = try number("fatigue", in: 0...100)
        ranking.exploration = try number("exploration", in: 0...0.5)
    }

    private func readPolicy(_ placement: inout Placement) throws {
        guard let policy = PolicySettings.Kind(rawValue: self["policy"]) else { throw Refusal(field: "policy") }
        placement.policy.kind = policy
        placement.policy.exploration = try number("policyExploration", in: 0...1)
        placement.policy.stability = try number("stability", in: 0...1)
        placement.policy.features = self["features"].split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        placement.actions =
            placement.kind == .banner || placement.kind == .push ? try lines("actions").map(Self.action) : []
        var seen: Set<String> = []
        guard placement.actions.allSatisfy({ seen.insert($0.id).inserted }), placement.actions.count <= 100,
            placement.kind != .banner || !placement.actions.isEmpty
        else { throw Refusal(field: "actions") }
    }

    private func readImpressions(_ placement: inout Placement) throws {
        placement.policy.warmStartDays = self["warmStart"].isEmpty ? 0 : try integer("warmStart", in: 0...3_650)
        guard !self["seenEvent"].isEmpty else {
            placement.impressions = nil
            return
        }
        guard placement.kind == .artwork else { throw Refusal(field: "seenEvent") }
        for field in ["seenArtwork", "takenEvent", "takenArtwork"] where self[field].isEmpty {
            throw Refusal(field: field)
        }
        var source = ImpressionSource(
            shown: self["seenEvent"], artwork: self["seenArtwork"],
            item: self["seenItem"].isEmpty ? nil : self["seenItem"], taken: self["takenEvent"],
            takenArtwork: self["takenArtwork"], takenItem: self["takenItem"].isEmpty ? nil : self["takenItem"])
        for line in lines("seenExcept") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { throw Refusal(field: "seenExcept") }
            source.except[String(parts[0]), default: []].append(parts[1].trimmingCharacters(in: .whitespaces))
        }
        placement.impressions = source
    }

    private func readReward(_ placement: inout Placement) throws {
        guard !self["rewardEvent"].isEmpty else {
            placement.reward = nil
            return
        }
        var reward = placement.reward ?? RewardDefinition(event: self["rewardEvent"])
        reward.event = self["rewardEvent"]
        reward.item = self["rewardItem"].isEmpty ? nil : self["rewardItem"]
        reward.value = self["rewardValue"].isEmpty ? nil : self["rewardValue"]
        reward.outOf = try number("rewardOutOf", in: 0.000_001...1e15)
        reward.withinHours = try number("rewardHours", in: 0.01...8_760)
        placement.reward = reward
    }

    private func number(_ field: String, in range: ClosedRange<Double>) throws -> Double {
        let text = self[field].replacing(",", with: "")
        guard let value = Double(text.isEmpty ? "0" : text), range.contains(value) else { throw Refusal(field: field) }
        return value
    }

    private func integer(_ field: String, in range: ClosedRange<Int>) throws -> Int {
        guard let value = Int(self[field]), range.contains(value) else { throw Refusal(field: field) }
        return value
    }

    // MARK: Lines

    private func lines(_ field: String) -> [String] {
        self[field].split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    /// `2 category:cream`
    private func numbered(
        _ line: String, _ field: String, in range: ClosedRange<Double>
    ) throws -> (number: Double, rest: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let number = Double(parts[0]), range.contains(number) else {
            throw Refusal(field: field)
        }
        return (number, parts[1].trimmingCharacters(in: .whitespaces))
    }

    private func selector(_ field: String) -> ItemSelector { Self.selector(lines(field)) }

    private static func selector(_ words: [String]) -> ItemSelector {
        var selector = ItemSelector()
        for word in words {
            if word.hasPrefix("category:") {
                selector.categories.insert(word.dropFirst(9).trimmingCharacters(in: .whitespaces))
            } else if word.hasPrefix("kind:") {
                selector.kinds.insert(word.dropFirst(5).trimmingCharacters(in: .whitespaces))
            } else {
                selector.items.insert(word)
            }
        }
        return selector
    }

    private static func words(_ selector: ItemSelector) -> [String] {
        selector.categories.sorted().map { "category:" + $0 } + selector.kinds.sorted().map { "kind:" + $0 }
            + selector.items.sorted()
    }

    private static func lines(_ selector: ItemSelector) -> String { words(selector).joined(separator: "\n") }

    /// `sale | Summer sale | /sale.jpg | https://… | sale 1, summer 0.5`
    private static func line(_ action: PlacementAction) -> String {
        let tags = action.tags.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }
        var parts = [action.id, action.title ?? "", action.image ?? "", action.url ?? "", tags.joined(separator: ", ")]
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        return parts.joined(separator: " | ")
    }

    private static func action(_ line: String) throws -> PlacementAction {
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        func part(_ place: Int) -> String? { place < parts.count && !parts[place].isEmpty ? parts[place] : nil }
        guard let id = part(0), id.utf8.count <= 128 else { throw Refusal(field: "actions") }
        var action = PlacementAction(id, title: part(1))
        action.image = part(2)
        action.url = part(3)
        for tag in (part(4) ?? "").split(separator: ",") {
            let words = tag.split(separator: " ")
            guard words.count == 2, let strength = Double(words[1]), (0...1).contains(strength) else {
                throw Refusal(field: "actions")
            }
            action.tags[String(words[0])] = strength
        }
        return action
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
}
