import EventLog
package import Foundation

/// The bytes of a trained model: a directory of sections, each with its length and CRC32C, then the sections.
///
///     "DNGLRECO" version:u32 sections:u32 { name:u8+bytes length:u64 crc:u32 } crc:u32 bytes...
///
/// Numbers are little-endian. A section that is not known is passed over, so that a newer file can be read by an older
/// program as far as it understands it.
package enum ModelFile {
    private static let magic = Array("DNGLRECO".utf8)
    private static let version: UInt32 = 1

    package static func encode(_ model: TrainedModel) throws -> Data {
        var sections: [(name: String, bytes: [UInt8])] = []
        func add(_ name: String, _ fill: (inout ModelWriter) -> Void) {
            var writer = ModelWriter()
            fill(&writer)
            sections.append((name, writer.bytes))
        }
        let settings = Array(try JSONEncoder.stable.encode(model.settings))
        let weights = Array(try JSONEncoder.stable.encode(model.weights))
        add("settings") { $0.append(settings) }
        add("weights") { $0.append(weights) }
        add("through") { $0.append(UInt64(bitPattern: model.trainedThrough)) }
        add("items") { $0.append(model.items) }
        add("groups") { $0.append(model.groups) }
        add("popular") { $0.append(model.popular) }
        if let new = model.new { add("new") { $0.append(new) } }
        // Whoever has no time has the smallest.
        if let since = model.knownSince {
            add("since") { for time in since { $0.append(UInt64(bitPattern: time ?? .min)) } }
        }
        if let trending = model.trending { add("trending") { for row in trending { $0.append(row) } } }
        for (name, links) in [
            ("ease", model.ease), ("neighbours", model.neighbours), ("sequence", model.sequence),
            ("content", model.content),
        ] {
            if let links { add(name) { $0.append(links) } }
        }
        if let als = model.als { add("als") { $0.append(als) } }
        return assemble(sections)
    }

    private static func assemble(_ sections: [(name: String, bytes: [UInt8])]) -> Data {
        var head = ModelWriter()
        head.append(magic)
        head.append(version)
        head.append(UInt32(sections.count))
        for section in sections {
            head.bytes.append(UInt8(section.name.utf8.count))
            head.append(Array(section.name.utf8))
            head.append(UInt64(section.bytes.count))
            head.append(checksum(section.bytes[...]))
        }
        head.append(checksum(head.bytes[...]))
        var data = Data(head.bytes)
        for section in sections { data.append(contentsOf: section.bytes) }
        return data
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.withUnsafeBytes { Checksum.crc32c($0) } }

    /// - Parameter path: for messages.
    /// - Throws: `RecommendationError` with `corrupt` that names the file and the section.
    package static func decode(_ data: Data, path: String) throws -> TrainedModel {
        let sections = try directory(Array(data), path)
        func reader(_ name: String) throws -> ModelReader {
            guard let bytes = sections[name] else {
                throw RecommendationError(.corrupt, "\(path): the section '\(name)' is missing")
            }
            return ModelReader(bytes, place: "\(path): section '\(name)'")
        }
        func json<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: Data(reader(name).rest))
            } catch let error as RecommendationError {
                throw error
            } catch {
                throw RecommendationError(.corrupt, "\(path): section '\(name)' cannot be read: \(error)")
            }
        }
        var throughReader = try reader("through")
        var itemReader = try reader("items")
        var groupReader = try reader("groups")
        let items = try itemReader.strings()
        guard items == items.sorted(), Set(items).count == items.count else {
            throw RecommendationError(.corrupt, "\(path): the items are not in order")
        }
        var model = TrainedModel(
            settings: try json("settings", RecommendationSettings.self), items: items,
            groups: try groupReader.strings(), trainedThrough: Int64(bitPattern: try throughReader.number64()))
        model.weights = try json("weights", [String: Double].self)
        let count = items.count
        func links(_ name: String) throws -> ItemLinks? {
            guard sections[name] != nil else { return nil }
            var reader = try reader(name)
            return try reader.links(itemCount: count)
        }
        func floats(_ name: String) throws -> [Float] {
            var reader = try reader(name)
            return try reader.floats(count: count)
        }
        model.popular = try floats("popular")
        if sections["new"] != nil { model.new = try floats("new") }
        if sections["since"] != nil {
            var reader = try reader("since")
            model.knownSince = try items.map { _ in
                let time = Int64(bitPattern: try reader.number64())
                return time == .min ? nil : time
            }
        }
        if sections["trending"] != nil {
            var reader = try reader("trending")
            model.trending = try model.groups.indices.map { _ in try reader.floats(count: count) }
        }
        model.ease = try links("ease")
        model.neighbours = try links("neighbours")
        model.sequence = try links("sequence")
        model.content = try links("content")
        if sections["als"] != nil {
            var reader = try reader("als")
            model.als = try reader.factors(itemCount: count)
        }
        return model
    }

    private static func directory(_ bytes: [UInt8], _ path: String) throws -> [String: ArraySlice<UInt8>] {
        var head = ModelReader(bytes[...], place: path)
        guard bytes.starts(with: magic) else {
            throw RecommendationError(.corrupt, "\(path) is no file of a model: it begins with other bytes")
        }
        _ = try head.take(magic.count)
        let found = try head.number32()
        guard found == version else {
            throw RecommendationError(
                .corrupt, "\(path) has the format \(found), and this program reads \(version): train the model again")
        }
        var listed: [(name: String, length: Int, checksum: UInt32)] = []
        for _ in 0..<(try head.number32()) {
            let name = String(decoding: try head.take(Int(try head.take(1).first ?? 0)), as: UTF8.self)
            let length = try head.number64()
            guard let length = Int(exactly: length), length <= bytes.count else {
                throw RecommendationError(.corrupt, "\(path): the section '\(name)' is longer than the file")
            }
            listed.append((name, length, try head.number32()))
        }
        let end = bytes.count - head.rest.count
        guard try head.number32() == checksum(bytes[..<end]) else {
            throw RecommendationError(.corrupt, "\(path): the directory does not match its checksum")
        }
        var sections: [String: ArraySlice<UInt8>] = [:]
        for (name, length, expected) in listed {
            let section = try head.take(length)
            guard checksum(section) == expected else {
                throw RecommendationError(.corrupt, "\(path): section '\(name)' does not match its checksum")
            }
            sections[name] = section
        }
        return sections
    }
}

extension JSONEncoder {
    /// The same bytes for the same value.
    static var stable: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
