import EventLog
import Foundation
import State

/// The texts that persons are found by.
package enum SearchText {
    /// Of one person's text, in characters. What is beyond is not found.
    static let maxLength = 4_000
    /// Of one value.
    private static let maxValueLength = 300

    /// What a person is called: a trait that holds the whole name, or first and last, or the e-mail address.
    static func displayName(_ trait: (String) -> PropertyValue?) -> String? {
        func text(_ names: String...) -> String? {
            for name in names {
                if case .string(let text) = trait(name), !text.isEmpty { return text }
            }
            return nil
        }
        if let name = text("name", "$name", "fullName") { return name }
        let first = text("firstName", "first_name", "$first_name")
        let last = text("lastName", "last_name", "$last_name")
        switch (first, last) {
        case (let first?, let last?):
            // Family name first where that is how names are written.
            return isKorean(first) && isKorean(last) ? last + first : first + " " + last
        case (let name?, nil), (nil, let name?): return name
        case (nil, nil): return text("email", "$email")
        }
    }

    private static func isKorean(_ text: String) -> Bool {
        TextIndex.folded(text).unicodeScalars.allSatisfy { (0xac00...0xd7a3).contains($0.value) }
    }

    /// Ids, names and all texts of the traits in one line each.
    static func text(ids: [String], traits: [String: Trait], addresses: [Address]) -> String {
        var lines = Set<String>()
        for id in ids { lines.insert(TextIndex.folded(id)) }
        if let name = displayName({ traits[$0]?.value }) { lines.insert(TextIndex.folded(name)) }
        for address in addresses where address.kind != .push { lines.insert(address.value) }
        for trait in traits.values {
            for text in trait.value?.texts ?? [] where !text.isEmpty {
                lines.insert(TextIndex.folded(String(text.prefix(maxValueLength))))
            }
        }
        return String(lines.sorted().joined(separator: "\n").prefix(maxLength))
    }
}
