/// Where a search term leads, as JSON.
package struct TermAnswer: Codable {
    package struct Category: Codable {
        package var category: String
        package var probability: Double
    }

    package var term: String
    package var leads: Bool
    /// Where it leads, when it leads anywhere.
    package var category: String?
    package var categories: [Category]
    package var basis: TermCategories.Basis
    package var count: Int
    package var reason: Wording

    package init(_ text: String, _ answer: TermCategories.Answer) {
        term = TermText.normal(text)
        leads = answer.leads
        category = answer.leads ? answer.categories.first?.category : nil
        categories = answer.categories.map { Category(category: $0.category, probability: $0.probability) }
        basis = answer.basis
        count = answer.count
        reason = answer.reason
    }
}

extension TermCategories.Answer {
    package var reason: Wording {
        let share = Wording.percent(categories.first?.probability ?? 0)
        guard leads else {
            return basis == .nothing
                ? Wording("unknown_term", en: "nobody searched for anything like it", ko: "비슷한 검색어가 없습니다")
                : Wording(
                    "uncertain", en: "people who search for it end up in different places (\(share) at most)",
                    ko: "찾는 사람마다 도착하는 곳이 다릅니다(가장 많은 곳이 \(share))")
        }
        return basis == .term
            ? Wording(
                "people_end_there", en: "people who searched for it end up there (\(share), \(count) searches)",
                ko: "이 말을 찾은 사람이 도착하는 곳입니다(\(share), 검색 \(count)번)")
            : Wording(
                "like_known_terms", en: "terms like it lead there (\(share))", ko: "비슷한 검색어가 이어지는 곳입니다(\(share))")
    }
}

/// What to offer when a search finds nothing, as JSON.
package struct RescueAnswer: Codable {
    package struct Suggestion: Codable {
        package var term: String
        package var score: Double
        package var count: Int
        package var reason: Wording
    }

    package struct Category: Codable {
        package var category: String
        package var probability: Double
        package var items: [String]
        package var reason: Wording
    }

    package var term: String
    package var suggestions: [Suggestion]
    package var category: Category?

    package init(_ rescue: Rescue) {
        term = rescue.term
        suggestions = rescue.suggestions.map {
            Suggestion(term: $0.term, score: $0.score, count: $0.count, reason: $0.kind.reason)
        }
        category = rescue.category.map {
            Category(
                category: $0.name, probability: $0.probability, items: rescue.items,
                reason: Wording("popular_in_category", en: "popular where it leads", ko: "이 검색어가 이어지는 분류의 인기 상품입니다"))
        }
    }
}

/// A person's list for buying again, as JSON.
package struct ReorderAnswer: Codable {
    package struct Item: Codable {
        package var item: String
        package var category: String?
        package var score: Double
        package var purchases: Int
        package var daysSince: Double
        package var cycleDays: Double
        package var quantity: Double
        package var state: ReorderItem.State
        package var reason: Wording
    }

    package var person: String
    package var items: [Item]

    package init(_ person: String, _ items: [ReorderItem]) {
        self.person = person
        self.items = items.map {
            Item(
                item: $0.item, category: $0.category, score: $0.score, purchases: $0.purchases, daysSince: $0.daysSince,
                cycleDays: $0.cycleDays, quantity: $0.quantity, state: $0.state, reason: $0.reason)
        }
    }
}
