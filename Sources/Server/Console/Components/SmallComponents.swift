package import Charts

/// Pages side by side, of which one is shown.
package struct Tabs: PageComponent {
    package struct Tab: Sendable {
        package var text: String
        package var href: String
        package var isCurrent: Bool
        package var count: String?

        package init(_ text: String, href: String, isCurrent: Bool, count: String? = nil) {
            self.text = text
            self.href = href
            self.isCurrent = isCurrent
            self.count = count
        }
    }

    package var label: String
    package var tabs: [Tab]

    package init(_ label: String, _ tabs: [Tab]) {
        self.label = label
        self.tabs = tabs
    }

    package var value: PageValue {
        [
            "label": .text(label),
            "tabs": .list(
                tabs.map { tab in
                    [
                        "text": .text(tab.text), "href": .text(tab.href), "isCurrent": .flag(tab.isCurrent),
                        "count": tab.count.map { .text($0) } ?? false,
                    ]
                }),
        ]
    }
}

/// What stands where nothing is yet: says what would be here, and how it comes.
package struct EmptyState: PageComponent {
    package var icon: String
    package var title: String
    package var text: String
    /// Something to copy into a terminal or a page.
    package var snippet: String?
    /// The first one is the main one.
    package var actions: [(text: String, href: String)]

    package init(
        icon: String, title: String, text: String, snippet: String? = nil, actions: [(text: String, href: String)] = []
    ) {
        self.icon = icon
        self.title = title
        self.text = text
        self.snippet = snippet
        self.actions = actions
    }

    package var value: PageValue {
        [
            "icon": .text(icon), "title": .text(title), "text": .text(text),
            "snippet": snippet.map { .text($0) } ?? false, "hasActions": .flag(!actions.isEmpty),
            "actions": .list(
                actions.enumerated().map { index, action in
                    ["text": .text(action.text), "href": .text(action.href), "isPrimary": .flag(index == 0)]
                }),
        ]
    }
}

/// One number with its name, its change and its course.
package struct Metric: PageComponent {
    package enum Tone: String, Sendable { case good, bad, neutral }

    package var name: String
    /// The list behind the number.
    package var href: String?
    package var figure: String
    package var note: String?
    package var change: String?
    package var tone = Tone.neutral
    package var course: Sparkline?

    package init(_ name: String, value: String, href: String? = nil, note: String? = nil, course: Sparkline? = nil) {
        self.name = name
        figure = value
        self.href = href
        self.note = note
        self.course = course
    }

    package var value: PageValue {
        [
            "name": .text(name), "href": href.map { .text($0) } ?? false, "value": .text(figure),
            "note": note.map { .text($0) } ?? false, "change": change.map { .text($0) } ?? false,
            "tone": .text(tone.rawValue), "course": course.map { .html($0.embeddedSVG()) } ?? false,
        ]
    }
}

/// The way through a list that is too long for one page.
package struct Pagination: PageComponent {
    /// "1 – 50 of 1,234".
    package var summary: String
    package var previous: String?
    package var next: String?

    package init(summary: String, previous: String?, next: String?) {
        self.summary = summary
        self.previous = previous
        self.next = next
    }

    package var value: PageValue {
        [
            "summary": .text(summary), "previous": previous.map { .text($0) } ?? false,
            "next": next.map { .text($0) } ?? false,
        ]
    }
}

/// A button that does something dangerous. It asks first; without a script it does so at once, so what it does should
/// be possible to undo, or ask on a page of its own.
package struct Confirmation: PageComponent {
    /// Unique in the page.
    package var id: String
    package var action: String
    package var button: String
    package var title: String
    package var text: String
    /// What the button of the dialog says: "Revoke the key", never "OK".
    package var yes: String
    package var values: [(name: String, value: String)]
    package var style = "danger small"

    package init(
        id: String, action: String, button: String, title: String, text: String, yes: String,
        values: [(name: String, value: String)] = []
    ) {
        self.id = id
        self.action = action
        self.button = button
        self.title = title
        self.text = text
        self.yes = yes
        self.values = values
    }

    package var value: PageValue {
        [
            "id": .text(id), "action": .text(action), "button": .text(button), "title": .text(title),
            "text": .text(text), "yes": .text(yes), "style": .text(style),
            "values": .list(values.map { ["name": .text($0.name), "value": .text($0.value)] }),
        ]
    }
}
