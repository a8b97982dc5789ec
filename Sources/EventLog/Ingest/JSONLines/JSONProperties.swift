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
struct JSONProperties {
    /// A value somewhere in an array of objects.
    private struct Leaf {
        var node: Int32
        var element: Int32
        var token: Int32
    }

    private var paths: PropertyPaths
    /// Nodes that the message itself has set for this event.
    private var taken: [Int32] = []
    private var leaves: [Leaf] = []
    private var strings: [UnsafeRawBufferPointer] = []
    private var numbers: [Double] = []
    private var booleans: [Bool] = []

    init(key: HashKey) { paths = PropertyPaths(key: key) }

    mutating func startBatch() { paths.startBatch() }

    /// To be called before every line.
    mutating func startLine() {
        taken.removeAll(keepingCapacity: true)
        if paths.isFull { paths.forgetAll() }
    }

    /// Adds the members of the object at `index`, if there is one.
    ///
    /// - Throws: `LineProblem` when it is something else; `EventLogError` when a property breaks a limit.
    mutating func add(_ tokens: JSONTokens, _ index: Int, below node: Int32, to batch: inout EventBatch) throws {
        defer { taken.removeAll(keepingCapacity: true) }
        guard index >= 0 else { return }
        guard tokens[index].isObject else {
            let key = String(decoding: tokens[index].keyBytes, as: UTF8.self)
            throw LineProblem("'\(key)' is \(tokens[index].kindName); it should be an object")
        }
        try addMembers(tokens, index, node, &batch)
    }

    /// Adds a single value under a name of its own.
    mutating func addTop(_ name: StaticString, _ token: ceventlog_json_token, to batch: inout EventBatch) throws {
        // Copied, because look-ups read up to eight bytes beyond a key.
        var padded = [UInt8](repeating: 0, count: name.utf8CodeUnitCount + 8)
        for index in 0..<name.utf8CodeUnitCount { padded[index] = name.utf8Start[index] }
        let node = padded.withUnsafeBytes {
            paths.child(of: PropertyPaths.root, UnsafeRawBufferPointer(rebasing: $0[..<name.utf8CodeUnitCount]))
        }
        let number = try paths.number(node, in: &batch)
        if token.isNumber {
            try batch.add(number, number: token.number)
        } else {
            try batch.add(number, string: token.bytes)
        }
        taken.append(node)
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
        if token.isString {
            try batch.add(try paths.number(node, in: &batch), string: token.bytes)
        } else if token.isNumber {
            try batch.add(try paths.number(node, in: &batch), number: token.number)
        } else if token.isObject {
            try addMembers(tokens, index, node, &batch)
        } else if token.isArray {
            try addArray(tokens, index, node, &batch)
        } else {
            try batch.add(try paths.number(node, in: &batch), boolean: token.isTrue)
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
        let number = try paths.number(node, in: &batch)
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
        try batch.add(try paths.number(node, in: &batch), strings: strings)
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
