/// A field of a form with its label, its hint and what is wrong with it.
package struct FormField: PageComponent {
    package struct Option: Sendable, Hashable {
        package var value: String
        package var text: String

        package init(_ value: String, _ text: String) {
            self.value = value
            self.text = text
        }
    }

    package enum Kind: Sendable {
        /// An `<input>` of a type: `text`, `email`, `password`, `number`, `date`, `search`.
        case input(String)
        case area(rows: Int)
        case select([Option])
        case check
        /// Any text, with these suggested.
        case suggestions([Option])
        /// Any text, with suggestions from an address: see `assets/combobox.js`.
        case combobox(source: String)
    }

    package var kind: Kind
    package var name: String
    package var label: String
    /// What is in it.
    package var content: String?
    package var hint: String?
    package var error: String?
    package var isRequired = false
    package var isOptional = false
    package var hasFocus = false
    package var autocomplete: String?
    package var placeholder: String?
    package var lengths: ClosedRange<Int>?
    package var numbers: ClosedRange<Int>?

    package init(_ kind: Kind, _ name: String, _ label: String, value: String? = nil, hint: String? = nil) {
        self.kind = kind
        self.name = name
        self.label = label
        content = value
        self.hint = hint
    }

    /// The same with some properties changed.
    package func with(_ change: (inout FormField) -> Void) -> FormField {
        var copy = self
        change(&copy)
        return copy
    }

    package var value: PageValue {
        let id = "field-" + name
        let described = [error == nil ? nil : id + "-error", hint == nil ? nil : id + "-hint"].compactMap(\.self)
        var members: [String: PageValue] = [
            "id": .text(id), "name": .text(name), "label": .text(label), "value": .text(content ?? ""),
            "hint": orFalse(hint), "error": orFalse(error), "isRequired": .flag(isRequired),
            "isOptional": .flag(isOptional), "hasFocus": .flag(hasFocus), "autocomplete": orFalse(autocomplete),
            "placeholder": orFalse(placeholder), "minLength": orFalse(lengths.map { String($0.lowerBound) }),
            "maxLength": orFalse(lengths.map { String($0.upperBound) }),
            "minimum": orFalse(numbers.map { String($0.lowerBound) }),
            "maximum": orFalse(numbers.map { String($0.upperBound) }),
            "describedBy": orFalse(described.isEmpty ? nil : described.joined(separator: " ")),
            "isCheck": false, "isSelect": false, "isArea": false, "isInput": false, "isOn": false, "rows": false,
            "source": false, "list": false, "options": [], "type": "text",
        ]
        switch kind {
        case .input(let type):
            members["isInput"] = true
            members["type"] = .text(type)
        case .area(let rows):
            members["isArea"] = true
            members["rows"] = .text(String(rows))
        case .select(let options):
            members["isSelect"] = true
            members["options"] = choices(options)
        case .check:
            members["isCheck"] = true
            members["isOn"] = .flag(content == "true")
        case .suggestions(let options):
            members["isInput"] = true
            members["list"] = .text(id + "-list")
            members["options"] = choices(options)
        case .combobox(let source):
            members["isInput"] = true
            members["source"] = .text(source)
        }
        return .object(members)
    }

    private func choices(_ options: [Option]) -> PageValue {
        .list(
            options.map { option in
                ["value": .text(option.value), "text": .text(option.text), "isChosen": .flag(option.value == content)]
            })
    }

    private func orFalse(_ text: String?) -> PageValue { text.map { .text($0) } ?? .flag(false) }
}
