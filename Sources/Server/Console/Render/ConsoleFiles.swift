import Access
import Charts
import Foundation
import Mustache

/// The console's files, read and prepared: templates for each language, texts, assets.
package struct ConsoleFiles: Sendable {
    struct Asset: Sendable {
        var bytes: [UInt8]
        var mediaType: String
        /// A strong validator (RFC 9110, section 8.8.3), of the content.
        var tag: String
    }

    package let texts: [Language: TextCatalogue]
    let libraries: [Language: MustacheLibrary]
    /// By name: `console.js`. The style sheets are one, `console.css`.
    let assets: [String: Asset]
    /// A digest of all assets. It is in their addresses, so that they may be kept for good.
    let revision: String

    /// - Parameter folder: holds `templates`, `strings` and `assets`.
    /// - Throws: `ConsoleError` naming the file.
    init(folder: String) throws {
        var texts: [Language: TextCatalogue] = [:]
        var libraries: [Language: MustacheLibrary] = [:]
        let templates = try ConsoleFiles.files(folder + "/templates", ending: ".mustache")
        for language in Language.allCases {
            let strings = try ConsoleFiles.files(folder + "/strings", ending: ".\(language.rawValue).json")
            let catalogue = try TextCatalogue(language, files: strings)
            texts[language] = catalogue
            libraries[language] = try ConsoleFiles.library(templates, catalogue)
        }
        self.texts = texts
        self.libraries = libraries
        assets = try ConsoleFiles.readAssets(folder + "/assets")
        revision = ConsoleFiles.digest(
            assets.sorted { $0.key < $1.key }.map { $0.key + $0.value.tag }.joined(), length: 12)
    }

    package func texts(_ language: Language) -> TextCatalogue {
        // Made for every language by the initializer.
        texts[language] ?? texts[.english] ?? TextCatalogue(empty: language)
    }

    func render(_ template: String, _ value: PageValue, _ language: Language) throws -> String {
        guard let library = libraries[language],
            let text = library.render(value.forTemplate ?? "", withTemplate: template)
        else { throw ConsoleError("there is no template '\(template)'") }
        return text
    }

    private static func library(_ templates: [String: Data], _ texts: TextCatalogue) throws -> MustacheLibrary {
        var parsed: [String: MustacheTemplate] = [:]
        for (name, data) in templates {
            let file = "templates/\(name).mustache"
            let source = try TemplateSource.resolve(String(decoding: data, as: UTF8.self), file: file, texts: texts)
            do {
                parsed[name] = try MustacheTemplate(string: source)
            } catch {
                throw ConsoleError("\(file) is no valid template: \(error)")
            }
        }
        return MustacheLibrary(templates: parsed)
    }

    private static func readAssets(_ folder: String) throws -> [String: Asset] {
        var assets: [String: Asset] = [:]
        var sheets = [Data(ChartStyle.sheet.utf8)]
        for (name, data) in try files(folder, ending: ".css").sorted(by: { $0.key < $1.key }) {
            sheets.append(Data("/* \(name) */\n".utf8))
            sheets.append(data)
        }
        assets["console.css"] = asset(sheets.reduce(Data(), +), "text/css; charset=utf-8")
        for (ending, type) in [(".js", "text/javascript; charset=utf-8"), (".svg", "image/svg+xml")] {
            for (name, data) in try files(folder, ending: ending) { assets[name + ending] = asset(data, type) }
        }
        return assets
    }

    private static func asset(_ data: Data, _ mediaType: String) -> Asset {
        Asset(
            bytes: Array(data), mediaType: mediaType,
            tag: "\"\(digest(String(decoding: data, as: UTF8.self), length: 16))\"")
    }

    /// Hexadecimal digits of SHA-256.
    private static func digest(_ text: String, length: Int) -> String {
        let digits = Array("0123456789abcdef")
        return String(Secrets.digest(text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }.prefix(length))
    }

    /// The files of a folder and its folders, by their name without the ending: `people/list`.
    static func files(_ folder: String, ending: String) throws -> [String: Data] {
        // An enumerator of a folder that is not there may just be empty.
        guard FileManager.default.fileExists(atPath: folder), let names = FileManager.default.enumerator(atPath: folder)
        else {
            throw ConsoleError("the console's folder \(folder) is not there")
        }
        var result: [String: Data] = [:]
        for case let name as String in names where name.hasSuffix(ending) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else {
                throw ConsoleError("the console's file \(folder)/\(name) cannot be read")
            }
            result[String(name.dropLast(ending.count))] = data
        }
        return result
    }
}
