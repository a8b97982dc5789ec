/// What a form with fields such as `steps.0.filters.1.value` holds: texts in lists and maps, as the query's JSON has
/// them. The address of a builder is such a form, so that it says the whole question.
package indirect enum FormTree: Sendable, Hashable {
    case text(String)
    case list([FormTree])
    case map([String: FormTree])

    package static let fieldLimit = 1_000
    private static let depthLimit = 10
    private static let indexLimit = 200

    /// Reads fields, ignoring what cannot be one: too deep, or beyond the limit.
    package init(_ fields: some Sequence<(name: String, value: String)>) {
        var tree = FormTree.map([:])
        for (name, value) in fields.prefix(Self.fieldLimit) {
            let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if path.count <= Self.depthLimit, !path.contains("") { tree[path[...]] = .text(value) }
        }
        self = tree.listed
    }

    /// Maps whose keys are all numbers are lists, in the order of the numbers.
    private var listed: FormTree {
        guard case .map(let members) = self else { return self }
        let numbers = members.keys.compactMap { Int($0) }.filter { (0..<Self.indexLimit).contains($0) }
        if !members.isEmpty, numbers.count == members.count {
            return .list(numbers.sorted().compactMap { members[String($0)]?.listed })
        }
        return .map(members.mapValues(\.listed))
    }

    /// The fields again, in an order that does not change.
    package var fields: [(name: String, value: String)] { fields(below: "") }

    private func fields(below prefix: String) -> [(name: String, value: String)] {
        func name(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix).\(key)" }
        switch self {
        case .text(let text): return [(prefix, text)]
        case .list(let list):
            return list.enumerated().flatMap { $0.element.fields(below: name(String($0.offset))) }
        case .map(let members):
            return members.sorted { $0.key < $1.key }.flatMap { $0.value.fields(below: name($0.key)) }
        }
    }

    // MARK: Members

    package subscript(path: String) -> FormTree? {
        get { self[path.split(separator: ".").map(String.init)[...]] }
        set { self[path.split(separator: ".").map(String.init)[...]] = newValue }
    }

    private subscript(path: ArraySlice<String>) -> FormTree? {
        get {
            guard let key = path.first else { return self }
            switch self {
            case .text: return nil
            case .map(let members): return members[key]?[path.dropFirst()]
            case .list(let list):
                guard let index = Int(key), list.indices.contains(index) else { return nil }
                return list[index][path.dropFirst()]
            }
        }
        set {
            guard let key = path.first else {
                self = newValue ?? .text("")
                return
            }
            let rest = path.dropFirst()
            switch self {
            case .list(var list):
                guard let index = Int(key), list.indices.contains(index) else { return }
                if let newValue {
                    list[index][rest] = newValue
                } else if rest.isEmpty {
                    list.remove(at: index)
                } else {
                    list[index][rest] = nil
                }
                self = .list(list)
            case .map(var members):
                if rest.isEmpty {
                    members[key] = newValue
                } else {
                    var member = members[key] ?? .map([:])
                    member[rest] = newValue
                    members[key] = member
                }
                self = .map(members)
            case .text:
                var map = FormTree.map([:])
                map[path] = newValue
                self = map
            }
        }
    }

    /// A text, without blanks around it; nil when it is not there or empty.
    package func text(_ path: String) -> String? {
        guard case .text(let text)? = self[path] else { return nil }
        let trimmed = text.trimmingPrefix { $0.isWhitespace }
        let kept = trimmed.reversed().drop { $0.isWhitespace }.reversed()
        return kept.isEmpty ? nil : String(kept)
    }

    package func list(_ path: String) -> [FormTree] {
        guard case .list(let list)? = self[path] else { return [] }
        return list
    }

    // MARK: Changes that buttons make

    /// Adds an empty element to a list.
    package mutating func add(to path: String, _ element: FormTree = .map([:])) {
        self[path] = .list(list(path) + [element])
    }

    /// Moves an element of a list before or behind others.
    package mutating func move(_ path: String, from: Int, to: Int) {
        var list = self.list(path)
        guard list.indices.contains(from), list.indices.contains(to), from != to else { return }
        list.insert(list.remove(at: from), at: to)
        self[path] = .list(list)
    }

    package mutating func remove(_ path: String) { self[path] = nil }
}
