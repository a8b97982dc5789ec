import Foundation

/// The texts of one language, by what they mean: `home.title`.
///
/// A text is a string, or one form for each plural category of the language (CLDR): `{"one": …, "other": …}`, chosen by
/// the value of `{count}`. `{name}` is a placeholder; `{name|은/는}` writes the value and the particle that fits it,
/// `{name~은/는}` the particle alone, for a value in quotes: `‘{name}’{name~은/는}`.
package struct TextCatalogue: Sendable {
    enum Entry: Sendable, Hashable {
        case plain([Piece])
        case plural(one: [Piece], other: [Piece])
    }

    enum Piece: Sendable, Hashable {
        case text(String)
        case value(String, particle: Particle?)
        case particle(Particle, of: String)
    }

    struct Particle: Sendable, Hashable {
        var closed: String
        var open: String

        func form(after word: String) -> String { KoreanParticle.form((closed: closed, open: open), after: word) }
    }

    package let language: Language
    private(set) var entries: [String: Entry] = [:]

    /// - Parameter files: what the files `<area>.<language>.json` hold, by area. Keys get the area in front.
    /// - Throws: `ConsoleError` naming file and key.
    init(_ language: Language, files: [String: Data]) throws {
        self.language = language
        for (area, data) in files {
            let name = "strings/\(area).\(language.rawValue).json"
            let raw: [String: RawText]
            do {
                raw = try JSONDecoder().decode([String: RawText].self, from: data)
            } catch {
                throw ConsoleError(
                    "\(name) is not valid: every key needs a text, or texts for 'one' and 'other'; \(error)")
            }
            for (key, text) in raw {
                let full = area + "." + key
                switch text {
                case .plain(let text): entries[full] = .plain(try Self.parse(text, "\(name): \(key)"))
                case .plural(let one, let other):
                    entries[full] = .plural(
                        one: try Self.parse(one, "\(name): \(key)"), other: try Self.parse(other, "\(name): \(key)"))
                }
            }
        }
    }

    private enum RawText: Decodable {
        case plain(String)
        case plural(one: String, other: String)

        private enum Form: String, CodingKey { case one, other }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .plain(text)
            } else {
                let forms = try decoder.container(keyedBy: Form.self)
                self = .plural(
                    one: try forms.decode(String.self, forKey: .one),
                    other: try forms.decode(String.self, forKey: .other))
            }
        }
    }

    private static func parse(_ text: String, _ place: String) throws -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw ConsoleError("\(place): a '{' without its '}'")
            }
            let tag = rest[rest.index(after: open)..<close]
            let inside = tag.split(maxSplits: 1) { $0 == "|" || $0 == "~" }
            guard let name = inside.first, name.allSatisfy({ $0.isLetter || $0.isNumber }) else {
                throw ConsoleError("\(place): '{\(rest[open..<close].dropFirst())}' is no placeholder")
            }
            var particle: Particle?
            if inside.count == 2 {
                let forms = inside[1].split(separator: "/")
                guard forms.count == 2 else {
                    throw ConsoleError("\(place): a particle has two forms, as in {\(name)|은/는}")
                }
                particle = Particle(closed: String(forms[0]), open: String(forms[1]))
            }
            if let particle, tag.contains("~") {
                pieces.append(.particle(particle, of: String(name)))
            } else {
                pieces.append(.value(String(name), particle: particle))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// The placeholders of a text, sorted.
    func placeholders(_ key: String) -> [String] {
        func names(_ pieces: [Piece]) -> Set<String> {
            Set(
                pieces.compactMap { piece in
                    switch piece {
                    case .value(let name, _), .particle(_, of: let name): name
                    case .text: nil
                    }
                })
        }
        switch entries[key] {
        case .plain(let pieces): return names(pieces).sorted()
        // `{count}` may be left out where the form says it in words: "one person".
        case .plural(let one, let other): return names(one).union(names(other)).union(["count"]).sorted()
        case nil: return []
        }
    }

    /// A text that needs no values; nil when there is none, or it does need some.
    func plain(_ key: String) -> String? {
        guard case .plain(let pieces) = entries[key] else { return nil }
        var result = ""
        for piece in pieces {
            guard case .text(let text) = piece else { return nil }
            result += text
        }
        return result
    }

    /// - Parameters:
    ///   - values: as they are to be written.
    ///   - count: decides between singular and plural, where a text has both.
    /// - Returns: the key itself where there is no such text: wrong, but it says what is missing.
    package func text(_ key: String, _ values: [String: String] = [:], count: Int? = nil) -> String {
        let pieces: [Piece]
        switch entries[key] {
        case .plain(let only): pieces = only
        case .plural(let one, let other): pieces = count == 1 && language == .english ? one : other
        case nil: return key
        }
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .value(let name, let particle):
                let value = values[name] ?? "{\(name)}"
                result += value
                if let particle { result += particle.form(after: value) }
            case .particle(let particle, of: let name): result += particle.form(after: values[name] ?? "")
            }
        }
        return result
    }

    init(empty language: Language) { self.language = language }

    /// The texts of an area that need no values, for a module that has no texts of its own.
    package func group(_ area: String) -> [String: String] {
        var texts: [String: String] = [:]
        for key in entries.keys where key.hasPrefix(area + ".") {
            texts[String(key.dropFirst(area.count + 1))] = plain(key)
        }
        return texts
    }

    package func has(_ key: String) -> Bool { entries[key] != nil }
}
