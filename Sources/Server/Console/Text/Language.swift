package import Charts
import Foundation
import HTTPTypes

/// A language of the console. The raw value is what `lang` and the files of texts say.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case korean = "ko"
    case english = "en"

    /// Each in its own words, for whoever does not read the other.
    package var ownName: String {
        switch self {
        case .korean: "한국어"
        case .english: "English"
        }
    }

    package var chart: ChartLanguage { self == .korean ? .korean : .english }

    /// The first language of `Accept-Language` that there is (RFC 9110, section 12.5.4), by weight.
    static func accepted(_ header: String?) -> Language? {
        guard let header else { return nil }
        let wanted = header.prefix(512).split(separator: ",").compactMap { part -> (Language, Double)? in
            let pieces = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let tag = pieces.first?.lowercased(),
                let language = Language.allCases.first(where: { tag == $0.rawValue || tag.hasPrefix($0.rawValue + "-") }
                )
            else { return nil }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0 ? (language, weight) : nil
        }
        // The first of the heaviest: `max` would take the last.
        return wanted.reduce(nil as (Language, Double)?) { best, next in
            if let best, best.1 >= next.1 { best } else { next }
        }?.0
    }
}
