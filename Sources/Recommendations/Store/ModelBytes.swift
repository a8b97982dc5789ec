import Statistics

/// Writes the values of a section.
struct ModelWriter {
    var bytes: [UInt8] = []

    mutating func append(_ raw: [UInt8]) { bytes += raw }
    mutating func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }

    mutating func append(_ strings: [String]) {
        append(UInt32(strings.count))
        for string in strings {
            append(UInt32(string.utf8.count))
            bytes.append(contentsOf: string.utf8)
        }
    }

    // Whole arrays at a time: a model has millions of these numbers. Every machine that Swift runs on is little-endian.
    mutating func append(_ floats: [Float]) { floats.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    mutating func append(_ numbers: [UInt32]) { numbers.withUnsafeBytes { bytes.append(contentsOf: $0) } }

    mutating func append(_ links: ItemLinks) {
        append(UInt64(links.targets.count))
        append(links.ends.map { UInt32($0) })
        append(links.targets)
        append(links.weights)
    }

    mutating func append(_ factors: ItemFactors) {
        append(UInt32(factors.rank))
        append([factors.regularization, factors.confidence])
        append(factors.rows.factors)
    }
}

/// Reads the values of a section; whatever the bytes are, the end is a value or an error that names the place.
struct ModelReader {
    private(set) var rest: ArraySlice<UInt8>
    private let place: String

    init(_ bytes: ArraySlice<UInt8>, place: String) {
        rest = bytes
        self.place = place
    }

    private func damaged(_ what: String) -> RecommendationError { RecommendationError(.corrupt, "\(place) \(what)") }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw damaged("ends too early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number32() throws -> UInt32 {
        try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func number64() throws -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func strings() throws -> [String] {
        let count = Int(try number32())
        // Each string has at least its length.
        guard count <= rest.count / 4 else { throw damaged("has fewer strings than it says") }
        return try (0..<count).map { _ in String(decoding: try take(Int(try number32())), as: UTF8.self) }
    }

    mutating func floats(count: Int) throws -> [Float] {
        let values: [Float] = try array(count, zero: 0)
        guard values.allSatisfy(\.isFinite) else { throw damaged("has a number that is none") }
        return values
    }

    private mutating func array<Value: BitwiseCopyable>(_ count: Int, zero: Value) throws -> [Value] {
        let size = MemoryLayout<Value>.size
        guard count >= 0, count <= rest.count / size else { throw damaged("ends too early") }
        let bytes = try take(count * size)
        var values = [Value](repeating: zero, count: count)
        values.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
        return values
    }

    mutating func links(itemCount: Int) throws -> ItemLinks {
        guard let count = Int(exactly: try number64()) else { throw damaged("ends too early") }
        let ends: [UInt32] = try array(itemCount, zero: 0)
        let targets: [UInt32] = try array(count, zero: 0)
        let weights = try floats(count: count)
        let isAscending = zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 }
        guard isAscending, Int(ends.last ?? 0) == count, targets.allSatisfy({ Int($0) < itemCount }) else {
            throw damaged("links items that are not there")
        }
        return ItemLinks(ends: ends.map { Int($0) }, targets: targets, weights: weights)
    }

    mutating func factors(itemCount: Int) throws -> ItemFactors {
        let rank = Int(try number32())
        guard (1...4_096).contains(rank) else { throw damaged("has rows of \(rank) factors") }
        let numbers = try floats(count: 2)
        return ItemFactors(
            factors: try floats(count: itemCount * rank), rank: rank, regularization: numbers[0],
            confidence: numbers[1])
    }
}
