import CEventLog

/// Turns JSON objects into properties.
///
/// - A nested object flattens: `{"a":{"b":1}}` is the property `a.b`.
/// - null, `{}` and `[]` are absent, and so are nulls among the values of an array.
/// - An array of strings, of numbers or of booleans is a list; one that mixes them is a list of strings, each number
/// and
///   boolean as it was written.
/// - An array of objects is one list for each flattened key, all as long as the array, so that the n-th values belong
///   together: `products[1].price` is the second of `products.price`. Where an object lacks the key (or has null) an
///   empty string keeps the place, and the list is then one of strings, as with any mixed array: no number is made up.
/// - What has no column form (an array in an array, objects beside plain values) is kept as its JSON text.
package struct JSONProperties {
    /// A name, or the front of names, that properties are added under. Valid for the `JSONProperties` that it is from:
    /// known names come first in every tree, in the same order.
    package struct Place: Sendable {
        let node: Int32

        /// The names are the keys themselves.
        package static let root = Place(node: 0)
        /// The names begin with `context.`.
        package static let context = Place(node: 1)
        package static let name = Place(node: 2)
        package static let category = Place(node: 3)
        package static let groupID = Place(node: 4)
        package static let groupType = Place(node: 5)
        package static let anonymousID = Place(node: 6)
        package static let previousID = Place(node: 7)
    }

    /// A value somewhere in an array of objects.
    private struct Leaf {
        var node: Int32
        var element: Int32
        var token: Int32
    }

    private var paths: PropertyPaths
    /// Of two values for one property the first counts; otherwise a second is an error.
    private let keepsFirst: Bool
    /// Nodes that the message itself has set for this event.
    private var taken: [Int32] = []
    private var leaves: [Leaf] = []
    private var strings: [UnsafeRawBufferPointer] = []
    private var numbers: [Double] = []
    private var booleans: [Bool] = []

    /// - Parameter known: paths, as keys from the outside in, that `place(_:)` gives by their number.
    package init(key: HashKey, known: [[String]] = [], keepsFirst: Bool = false) {
        paths = PropertyPaths(key: key, known: known)
        self.keepsFirst = keepsFirst
    }

    package mutating func startBatch() { paths.startBatch() }

    /// To be called before every line.
    package mutating func startLine() {
        taken.removeAll(keepingCapacity: true)
        if paths.isFull { paths.forgetAll() }
    }

    /// The place of a known path.
    package func place(_ known: Int) -> Place { Place(node: paths.known[known]) }

    /// Adds the members of an object, if there is one.
    ///
    /// - Throws: `LineProblem` when it is something else; `EventLogError` when a property breaks a limit.
    package mutating func add(_ object: JSONValue?, below place: Place, to batch: inout EventBatch) throws {
        defer { taken.removeAll(keepingCapacity: true) }
        guard let object, !object.isNull else { return }
        guard object.isObject else {
            let key = String(decoding: object.key, as: UTF8.self)
            throw LineProblem("'\(key)' is \(object.kindName); it should be an object")
        }
        try addMembers(object.tokens, object.index, place.node, &batch)
    }

    /// Adds one member under its own key.
    package mutating func addMember(_ member: JSONValue, below place: Place, to batch: inout EventBatch) throws {
        guard !member.isNull else { return }
        let node = paths.child(of: place.node, member.key)
        try addValue(member.tokens, member.index, member.tokens[member.index], node, &batch)
    }

    /// Adds a value of any kind under a name of its own.
    package mutating func add(_ value: JSONValue, as place: Place, to batch: inout EventBatch) throws {
        guard !value.isNull else { return }
        try addValue(value.tokens, value.index, value.tokens[value.index], place.node, &batch)
    }

    /// Adds a string under a name of its own. A member of the same name in the next object that is added gives way.
    package mutating func add(
        string bytes: UnsafeRawBufferPointer, as place: Place, to batch: inout EventBatch
    ) throws {
        guard let number = try number(place.node, &batch) else { return }
        try batch.add(number, string: bytes)
        taken.append(place.node)
    }

    package mutating func add(number value: Double, as place: Place, to batch: inout EventBatch) throws {
        guard let number = try number(place.node, &batch) else { return }
        try batch.add(number, number: value)
        taken.append(place.node)
    }

    package mutating func add(boolean: Bool, as place: Place, to batch: inout EventBatch) throws {
        guard let number = try number(place.node, &batch) else { return }
        try batch.add(number, boolean: boolean)
        taken.append(place.node)
    }

    package mutating func add(
        strings: [UnsafeRawBufferPointer], as place: Place, to batch: inout EventBatch
    ) throws {
        guard let number = try number(place.node, &batch) else { return }
        try batch.add(number, strings: strings)
        taken.append(place.node)
    }

    /// The batch's number of the property at a node; nil when the event has it and the first value counts.
    @inline(__always)
    private mutating func number(_ node: Int32, _ batch: inout EventBatch) throws -> UInt16? {
        let number = try paths.number(node, in: &batch)
        return keepsFirst && batch.isSet(number) ? nil : number
    }

    private mutating func addMembers(
        _ tokens: JSONTokens, _ container: Int, _ parent: Int32, _ batch: inout EventBatch
    ) throws {
        var index = container &+ 1
        let end = Int(tokens[container].next)
        while index < end {
            let token = tokens[index]
            if !token.isNull {
                let node = paths.child(of: parent, token.keyBytes)
                if taken.isEmpty || !taken.contains(node) { try addValue(tokens, index, token, node, &batch) }
            }
            index = Int(token.next)
        }
    }

    @inline(__always)
    private mutating func addValue(
        _ tokens: JSONTokens, _ index: Int, _ token: ceventlog_json_token, _ node: Int32, _ batch: inout EventBatch
    ) throws {
        if token.isObject {
            try addMembers(tokens, index, node, &batch)
        } else if token.isArray {
            try addArray(tokens, index, node, &batch)
        } else if let number = try number(node, &batch) {
            if token.isString {
                try batch.add(number, string: token.bytes)
            } else if token.isNumber {
                try batch.add(number, number: token.number)
            } else {
                try batch.add(number, boolean: token.isTrue)
            }
        }
    }

    // MARK: Arrays

    private mutating func addArray(_ tokens: JSONTokens, _ array: Int, _ node: Int32, _ batch: inout EventBatch) throws
    {
        var present: [Int32] = []
        var objects = 0
        var elements = 0
        var index = array + 1
        while index < Int(tokens[array].next) {
            let token = tokens[index]
            elements += 1
            if token.isObject { objects += 1 }
            if !token.isNull { present.append(Int32(index)) }
            index = Int(token.next)
        }
        if present.isEmpty { return }
        if objects == present.count {
            try addObjects(tokens, array, elements, node, &batch)
        } else {
            try addList(tokens, present, node, &batch)
        }
    }

    /// Adds the list of some tokens, none of them null.
    private mutating func addList(
        _ tokens: JSONTokens, _ present: [Int32], _ node: Int32, _ batch: inout EventBatch
    ) throws {
        guard let number = try number(node, &batch) else { return }
        if present.allSatisfy({ tokens[Int($0)].isNumber }) {
            numbers.removeAll(keepingCapacity: true)
            for index in present { numbers.append(tokens[Int(index)].number) }
            try batch.add(number, numbers: numbers)
        } else if present.allSatisfy({ tokens[Int($0)].isBoolean }) {
            booleans.removeAll(keepingCapacity: true)
            for index in present { booleans.append(tokens[Int(index)].isTrue) }
            try batch.add(number, booleans: booleans)
        } else {
            strings.removeAll(keepingCapacity: true)
            for index in present { strings.append(tokens[Int(index)].bytes) }
            try batch.add(number, strings: strings)
        }
    }

    private mutating func addObjects(
        _ tokens: JSONTokens, _ array: Int, _ elements: Int, _ node: Int32, _ batch: inout EventBatch
    ) throws {
        if elements > Limits.valuesPerList {
            throw EventLogError.limit("a list of \(elements) values; at most \(Limits.valuesPerList) are allowed")
        }
        leaves.removeAll(keepingCapacity: true)
        var element: Int32 = 0
        var index = array + 1
        while index < Int(tokens[array].next) {
            if tokens[index].isObject { collect(tokens, index, node, element) }
            element += 1
            index = Int(tokens[index].next)
        }
        leaves.sort { ($0.node, $0.element, $0.token) < ($1.node, $1.element, $1.token) }
        var first = 0
        while first < leaves.count {
            var last = first
            while last < leaves.count, leaves[last].node == leaves[first].node { last += 1 }
            try addParallel(tokens, leaves[first..<last], elements, &batch)
            first = last
        }
    }

    /// One of the parallel lists: a value, or an empty string, for every element.
    private mutating func addParallel(
        _ tokens: JSONTokens, _ values: ArraySlice<Leaf>, _ elements: Int, _ batch: inout EventBatch
    ) throws {
        guard let node = values.first?.node else { return }
        if values.count == elements {
            try addList(tokens, values.map(\.token), node, &batch)
            return
        }
        strings.removeAll(keepingCapacity: true)
        var next = values.startIndex
        for element in 0..<Int32(elements) {
            if next < values.endIndex, values[next].element == element {
                strings.append(tokens[Int(values[next].token)].bytes)
                next += 1
            } else {
                strings.append(UnsafeRawBufferPointer(start: nil, count: 0))
            }
        }
        guard let number = try number(node, &batch) else { return }
        try batch.add(number, strings: strings)
    }

    private mutating func collect(_ tokens: JSONTokens, _ container: Int, _ parent: Int32, _ element: Int32) {
        var index = container + 1
        while index < Int(tokens[container].next) {
            let token = tokens[index]
            let node = token.isNull ? 0 : paths.child(of: parent, token.keyBytes)
            if token.isObject {
                collect(tokens, index, node, element)
            } else if !token.isNull {
                leaves.append(Leaf(node: node, element: element, token: Int32(index)))
            }
            index = Int(token.next)
        }
    }
}
