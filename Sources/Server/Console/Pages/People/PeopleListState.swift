import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import People

/// What the address of the list says.
struct PeopleListState: Sendable {
    /// What was searched for, and a predicate; in the address as a token.
    var text = ""
    var predicate = ""
    /// Whether the predicate came in the address as it is, from a page that leads to the persons behind a number.
    var isOpen = false
    var audience: String?
    var role: PersonRole?
    var isIdentified: Bool?
    var sort = PeopleQuery.Sort.lastSeen
    var ascending = false
    /// Of the page that is shown, and the token of the page before.
    var cursor: String?
    var previous: String?
    /// Whether the address has a token that the server has forgotten.
    var isForgotten = false

    init() {}

    init(_ call: PageCall) {
        if call.query("q") != nil {
            let parts = call.kept("q")?.split(separator: "\u{1}", maxSplits: 1, omittingEmptySubsequences: false)
            if let parts, parts.count == 2 {
                (text, predicate) = (String(parts[0]), String(parts[1]))
            } else {
                isForgotten = true
            }
        }
        if predicate.isEmpty, let open = call.query("where") { (predicate, isOpen) = (open, true) }
        audience = call.query("audience")
        role = call.query("role").flatMap(PersonRole.init(rawValue:))
        isIdentified = call.query("known").map { $0 == "yes" }
        sort = call.query("sort").flatMap(PeopleQuery.Sort.init(rawValue:)) ?? .lastSeen
        ascending = call.query("order") == "up"
        if call.query("page") != nil, let parts = call.kept("page")?.split(separator: "\n", maxSplits: 1) {
            previous = parts[0] == "-" ? "" : String(parts[0])
            cursor = parts.count == 2 ? String(parts[1]) : nil
        }
    }

    /// - Parameters:
    ///   - page: the token of a page; nil for the first.
    func link(_ call: PageCall, page: String? = nil) -> String {
        let hidden = isOpen ? "" : predicate
        let search = text.isEmpty && hidden.isEmpty ? nil : call.keep(text + "\u{1}" + hidden)
        return call.link(
            "people",
            [
                "q": search, "where": isOpen ? predicate : nil, "audience": audience, "role": role?.rawValue,
                "known": isIdentified.map { $0 ? "yes" : "no" }, "sort": sort == .lastSeen ? nil : sort.rawValue,
                "order": ascending ? "up" : nil, "page": page,
            ])
    }

    func sorted(by sort: PeopleQuery.Sort) -> PeopleListState {
        var copy = self
        // Names from A on; numbers and times from the largest on, until asked the other way.
        copy.ascending = self.sort == sort ? !ascending : sort == .name
        copy.sort = sort
        (copy.cursor, copy.previous) = (nil, nil)
        return copy
    }

    var isFiltered: Bool {
        !text.isEmpty || !predicate.isEmpty || audience != nil || role != nil || isIdentified != nil
    }

    var query: PeopleQuery {
        var query = PeopleQuery()
        query.text = text.isEmpty ? nil : String(text.prefix(PeopleQuery.maxTextLength))
        query.role = role
        query.isIdentified = isIdentified
        query.sort = sort
        query.ascending = ascending
        query.cursor = cursor
        return query
    }
}
