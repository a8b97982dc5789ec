import Foundation

/// What the console's templates have beyond Mustache, resolved for a language before they are parsed:
///
/// - `{{t:home.title}}` is a text of the catalogue, escaped;
/// - `{{icon:home}}` is a symbol of `assets/icons.svg`.
///
/// Leading blanks go, because Mustache indents partials by them, which would change what is in a text area.
enum TemplateSource {
    static func resolve(_ source: String, file: String, texts: TextCatalogue) throws -> String {
        var result = ""
        result.reserveCapacity(source.utf8.count)
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            var rest = line.drop { $0 == " " || $0 == "\t" }
            if rest.isEmpty { continue }
            while let start = rest.range(of: "{{"), let end = rest[start.upperBound...].range(of: "}}") {
                let tag = rest[start.upperBound..<end.lowerBound]
                result += rest[..<start.lowerBound]
                if tag.hasPrefix("t:") {
                    let key = String(tag.dropFirst(2))
                    guard let text = texts.plain(key) else {
                        throw ConsoleError(
                            "\(file): {{\(tag)}} is no text without placeholders of \(texts.language.rawValue)")
                    }
                    result += escape(text)
                } else if tag.hasPrefix("icon:") {
                    result += icon(String(tag.dropFirst(5)))
                } else {
                    result += rest[start.lowerBound..<end.upperBound]
                }
                rest = rest[end.upperBound...]
            }
            result += rest
            result += "\n"
        }
        return result
    }

    /// The keys of texts that a template uses.
    static func keys(in source: String) -> [String] {
        source.matches(of: /\{\{t:([^}]+)\}\}/).map { String($0.1) }
    }

    static func icons(in source: String) -> [String] {
        source.matches(of: /\{\{icon:([^}]+)\}\}/).map { String($0.1) }
    }

    private static func icon(_ name: String) -> String {
        """
        <svg class="icon" width="18" height="18" aria-hidden="true" focusable="false">\
        <use href="{{assets}}/icons.svg#\(escape(name))"/></svg>
        """
    }

    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
