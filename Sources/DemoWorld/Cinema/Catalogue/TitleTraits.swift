/// What a title is about.
package enum Genre: Int, CaseIterable, Sendable {
    case action, thriller, romance, comedy, drama, fantasy
    case scienceFiction, horror, documentary, family, history, variety

    /// The word in events.
    package var slug: String {
        switch self {
        case .scienceFiction: "science_fiction"
        default: String(describing: self)
        }
    }

    package var korean: String {
        switch self {
        case .action: "액션"
        case .thriller: "스릴러"
        case .romance: "로맨스"
        case .comedy: "코미디"
        case .drama: "드라마"
        case .fantasy: "판타지"
        case .scienceFiction: "SF"
        case .horror: "공포"
        case .documentary: "다큐멘터리"
        case .family: "가족"
        case .history: "사극"
        case .variety: "예능"
        }
    }

    /// How many of a hundred titles are of this genre.
    var share: Double {
        switch self {
        case .drama: 16
        case .romance: 13
        case .thriller: 13
        case .comedy: 11
        case .action: 10
        case .variety: 7
        case .fantasy: 7
        case .documentary: 6
        case .scienceFiction: 5
        case .family: 5
        case .history: 4
        case .horror: 3
        }
    }

    /// How likely a title of this genre is a series.
    var seriesShare: Double {
        switch self {
        case .variety: 0.95
        case .drama, .romance, .history: 0.6
        case .action, .horror: 0.2
        default: 0.4
        }
    }

    /// Genres that a title of this one often is as well.
    var neighbours: [Genre] {
        switch self {
        case .action: [.thriller, .scienceFiction, .comedy]
        case .thriller: [.drama, .action, .horror]
        case .romance: [.comedy, .drama, .fantasy]
        case .comedy: [.romance, .family, .drama]
        case .drama: [.romance, .thriller, .family]
        case .fantasy: [.romance, .action, .family]
        case .scienceFiction: [.action, .thriller, .drama]
        case .horror: [.thriller, .fantasy, .drama]
        case .documentary: [.history, .family, .drama]
        case .family: [.comedy, .fantasy, .drama]
        case .history: [.drama, .romance, .action]
        case .variety: [.comedy, .romance, .family]
        }
    }
}

/// How a title feels.
package enum Mood: Int, CaseIterable, Sendable {
    case bright, tender, tense, dark, witty, epic, calm, bittersweet
    package var slug: String { String(describing: self) }
}

/// When a title was made.
package enum Era: Int, CaseIterable, Sendable {
    case classic, nineties, tens, recent
    package var slug: String { String(describing: self) }

    var years: ClosedRange<Int> {
        switch self {
        case .classic: 1962...1989
        case .nineties: 1990...2004
        case .tens: 2005...2018
        case .recent: 2019...2025
        }
    }
}

/// Where a title was made.
package enum Country: Int, CaseIterable, Sendable {
    case korea, america, japan, europe, china, southeastAsia

    package var slug: String {
        switch self {
        case .korea: "KR"
        case .america: "US"
        case .japan: "JP"
        case .europe: "FR"
        case .china: "CN"
        case .southeastAsia: "TH"
        }
    }

    var language: String {
        switch self {
        case .korea: "ko"
        case .america: "en"
        case .japan: "ja"
        case .europe: "fr"
        case .china: "zh"
        case .southeastAsia: "th"
        }
    }
}

/// What a picture of a title puts first.
package enum Emphasis: Int, CaseIterable, Sendable {
    case explosion, couple, face, landscape, ensemble, text, shadow, laughter
    package var slug: String { String(describing: self) }

    /// How well a picture of this kind represents a genre: from -1 (it promises something else) to 1.
    func honesty(for genre: Genre) -> Double {
        switch self {
        case .face: 0.3
        case .text: 0
        case .ensemble: [.variety, .comedy, .family, .drama, .history].contains(genre) ? 0.6 : 0
        case .explosion: [.action, .scienceFiction, .fantasy].contains(genre) ? 0.9 : -0.7
        case .couple: [.romance, .drama, .comedy, .history].contains(genre) ? 0.9 : -0.5
        case .landscape: [.documentary, .fantasy, .history, .family].contains(genre) ? 0.8 : -0.1
        case .shadow: [.thriller, .horror, .drama].contains(genre) ? 0.9 : -0.6
        case .laughter: [.comedy, .variety, .family, .romance].contains(genre) ? 0.9 : -0.7
        }
    }
}
