/// Which attributes draw and keep an audience, as JSON.
package struct AffinityAnswer: Codable {
    package struct Row: Codable {
        package var name: String
        package var value: String
        package var items: Int
        package var persons: Int
        package var share: Double
        package var shareOfAll: Double
        package var lift: IntervalAnswer?
        package var draws: Bool
        package var kept: Double?
        package var keptOfAll: Double?
        package var keepLift: IntervalAnswer?
        package var keeps: Bool
    }

    package var audience: String
    package var persons: Int
    package var attributes: [Row]

    package init(_ audience: String, _ persons: Int, _ rows: [AttributeAffinity]) {
        self.audience = audience
        self.persons = persons
        attributes = rows.map { row in
            Row(
                name: row.name, value: row.value, items: row.items, persons: row.persons, share: row.share,
                shareOfAll: row.shareOfAll, lift: row.lift.map(IntervalAnswer.init), draws: row.draws, kept: row.kept,
                keptOfAll: row.keptOfAll, keepLift: row.keepLift.map(IntervalAnswer.init), keeps: row.keeps)
        }
    }
}

/// How many stay with an episode, as JSON.
package struct CurveAnswer: Codable {
    package struct Minute: Codable {
        package var minute: Int
        package var watching: IntervalAnswer
        package var atRisk: Int
        package var left: Int
    }

    package struct Drop: Codable {
        package var from: Int
        package var to: Int
        package var left: Int
        package var expected: Double
    }

    package var episode: Episode
    package var title: String
    package var seconds: Double
    package var persons: Int
    package var completion: IntervalAnswer
    package var minutes: [Minute]
    package var drops: [Drop]

    package init(_ curve: ContentService.Curve) {
        episode = curve.episode
        title = curve.title
        seconds = curve.seconds
        persons = curve.curve.persons
        completion = IntervalAnswer(curve.curve.completion)
        minutes = curve.curve.minutes.map {
            Minute(minute: $0.minute, watching: IntervalAnswer($0.watching), atRisk: $0.atRisk, left: $0.left)
        }
        drops = curve.curve.drops.map {
            Drop(from: $0.minutes.lowerBound, to: $0.minutes.upperBound, left: $0.left, expected: $0.expected)
        }
    }
}

/// How many episodes are watched in a row, as JSON.
package struct BingeAnswer: Codable {
    package struct Counts: Codable {
        package var item: String?
        package var title: String?
        /// By episodes, from 1; the last is that many or more.
        package var sessions: [Int]
        package var share: Double
        package var episodesPerSession: Double
    }

    package var sessions: Counts
    package var days: Counts
    package var titles: [Counts]

    package init(_ binges: (all: ContentService.Binge, days: ContentService.Binge, titles: [ContentService.Binge])) {
        func counts(_ binge: ContentService.Binge, isNamed: Bool) -> Counts {
            Counts(
                item: isNamed ? binge.item : nil, title: isNamed ? binge.title : nil, sessions: binge.sessions,
                share: binge.share, episodesPerSession: binge.episodesPerSession)
        }
        sessions = counts(binges.all, isNamed: false)
        days = counts(binges.days, isNamed: false)
        titles = binges.titles.map { counts($0, isNamed: true) }
    }
}

/// The audience of a concept, as JSON.
package struct ForecastAnswer: Codable {
    package struct Part: Codable {
        package var name: String
        package var value: String
        package var items: Int
        package var factor: Double
    }

    package struct Neighbour: Codable {
        package var item: String
        package var shared: Int
        package var reach: Double
    }

    package var verdict: ConceptForecast.Verdict
    package var reach: IntervalAnswer?
    package var persons: IntervalAnswer?
    package var explained: Double?
    package var learnedFrom: Int
    package var parts: [Part]
    package var unknown: [String]
    package var neighbours: [Neighbour]
    package var reason: Wording

    package init(_ forecast: ConceptForecast) {
        verdict = forecast.verdict
        reach = forecast.reach.map(IntervalAnswer.init)
        persons = forecast.persons.map(IntervalAnswer.init)
        explained = forecast.explained
        learnedFrom = forecast.learnedFrom
        parts = forecast.parts.map { Part(name: $0.name, value: $0.value, items: $0.items, factor: $0.factor) }
        unknown = forecast.unknown
        neighbours = forecast.neighbours.map { Neighbour(item: $0.item, shared: $0.shared, reach: $0.reach) }
        reason = forecast.reason
    }
}

extension ConceptForecast {
    package var reason: Wording {
        switch verdict {
        case .told:
            Wording(
                verdict.rawValue, en: "learned from \(learnedFrom) items; 80 of 100 such intervals hold the truth",
                ko: "작품 \(learnedFrom)개에서 배웠습니다. 이런 구간 100개 가운데 80개가 실제 값을 담습니다")
        case .tooFewItems:
            Wording(
                verdict.rawValue,
                en: "only \(learnedFrom) items have an audience to learn from; \(ConceptModel.itemsMin) are needed",
                ko: "배울 수 있는 작품이 \(learnedFrom)개뿐입니다. \(ConceptModel.itemsMin)개가 필요합니다")
        case .noBetterThanAverage:
            Wording(
                verdict.rawValue,
                en: "attributes foretell nothing here: left-out items are no better told by them than by the average",
                ko: "속성으로는 알 수 없습니다. 빼놓은 작품으로 시험하면 속성이 평균보다 낫지 않습니다")
        case .unknownAttributes:
            Wording(
                verdict.rawValue,
                en: "no item, or only one or two, has these attributes, so nothing can be said but the average",
                ko: "이런 속성의 작품이 거의 없어 평균만 말할 수 있습니다")
        }
    }
}

/// What is wanted and not there, as JSON.
package struct GapAnswer: Codable {
    package struct Term: Codable {
        package var term: String
        package var searches: Int
        package var empty: Int
        package var led: Int
        package var unmet: IntervalAnswer
        package var category: String?
    }

    package struct Attribute: Codable {
        package var name: String
        package var value: String
        package var items: Int
        package var supply: Double
        package var demand: Double
        package var index: IntervalAnswer
        package var isCertain: Bool
        package var kept: Double?
    }

    package var terms: [Term]
    package var attributes: [Attribute]

    package init(_ terms: [UnmetTerm], _ attributes: [AttributeDemand]) {
        self.terms = terms.map {
            Term(
                term: $0.term, searches: $0.searches, empty: $0.empty, led: $0.led, unmet: IntervalAnswer($0.unmet),
                category: $0.category)
        }
        self.attributes = attributes.map {
            Attribute(
                name: $0.name, value: $0.value, items: $0.items, supply: $0.supply, demand: $0.demand,
                index: IntervalAnswer($0.index), isCertain: $0.isCertain, kept: $0.kept)
        }
    }
}

/// The attributes that items have, as JSON.
package struct AttributeListAnswer: Codable {
    package struct Value: Codable {
        package var value: String
        package var items: Int
    }

    package struct Attribute: Codable {
        package var name: String
        package var values: [Value]
    }

    package var attributes: [Attribute]

    package init(_ list: [(name: String, values: [(value: String, items: Int)])]) {
        attributes = list.map { name, values in
            Attribute(name: name, values: values.map { Value(value: $0.value, items: $0.items) })
        }
    }
}
