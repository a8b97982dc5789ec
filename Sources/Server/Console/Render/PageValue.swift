import Mustache

/// What a template is filled with. Texts are escaped where they are written; `html` is what is markup already, such as
/// a chart.
///
/// ```swift
/// let values: PageValue = ["title": "Orders", "rows": [["name": "Order Completed", "count": "1,024"]]]
/// ```
package indirect enum PageValue: Sendable, Hashable {
    /// Not there: nothing is written, and its section is left out.
    case none
    case text(String)
    /// Markup that was made by this program and needs no escaping: `{{{name}}}` in a template.
    case html(String)
    case flag(Bool)
    case list([PageValue])
    case object([String: PageValue])

    /// A text, or nothing when there is none or it is empty, so that `{{#name}}` asks whether there is one.
    package init(_ text: String?) {
        self = text.flatMap { $0.isEmpty ? nil : .text($0) } ?? .none
    }

    /// What this object says beside what another one says; the other's word counts where both say something.
    package func adding(_ other: PageValue) -> PageValue {
        guard case .object(let own) = self, case .object(let more) = other else { return other }
        return .object(own.merging(more) { $1 })
    }

    package subscript(name: String) -> PageValue {
        get {
            guard case .object(let members) = self else { return .none }
            return members[name] ?? .none
        }
        set {
            guard case .object(var members) = self else { return }
            members[name] = newValue
            self = .object(members)
        }
    }

    /// As the template library knows it.
    var forTemplate: Any? {
        switch self {
        case .none: nil
        case .text(let text), .html(let text): text
        case .flag(let flag): flag
        case .list(let list): list.map { $0.forTemplate ?? "" }
        case .object(let members): TemplateObject(members: members)
        }
    }
}

/// Looks its members up only when a template asks.
struct TemplateObject: MustacheParent {
    var members: [String: PageValue]

    func child(named name: String) -> Any? { members[name]?.forTemplate }
}

extension PageValue: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .text(value) }
}

extension PageValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension PageValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: PageValue...) { self = .list(elements) }
}

extension PageValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, PageValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}

extension PageValue: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .none }
}

/// A part of a page with a template of its own, such as a table.
package protocol PageComponent: Sendable {
    /// What the template is filled with. Every name that the template asks for is there, because a template looks for
    /// a missing one in what surrounds it.
    var value: PageValue { get }
}
