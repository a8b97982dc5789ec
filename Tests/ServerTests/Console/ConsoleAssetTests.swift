import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// The console's files as browsers get them.
struct ConsoleAssetTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    @Test func theFilesOfAPageAreKeptForGoodAndKnownByTheirContent() async throws {
        try await scratch.run { client async throws in
            let page = try await client.get("/signin").text
            let paths = page.matches(of: /(?:href|src)="(\/assets\/[^"#]+)/).map { String($0.1) }
            #expect(paths.contains { $0.hasSuffix("/console.css") } && paths.contains { $0.hasSuffix("/console.js") })
            for path in Set(paths) {
                let answer = try await client.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
                let tag = try #require(answer.headers[.eTag])
                let again = try await client.call(.get, path, headers: [.ifNoneMatch: "W/\"x\", \(tag)"])
                #expect(again.status == 304 && again.text.isEmpty)
                let name = try #require(path.split(separator: "/").last)
                let old = try await client.get("/assets/of-another-release/\(name)")
                #expect(old.status == 200 && old.headers[.cacheControl] == "no-cache", "an old page still works")
            }
            #expect(try await client.get("/assets/x/..%2F..%2Fstrings%2Fnav.en.json").status == 404)
            #expect(try await client.get("/assets/x/10-tokens.css").status == 404, "the sheets are one")
            #expect(try await client.get("/favicon.ico").headers[.contentType] == "image/svg+xml")
        }
    }

    @Test func nothingIsLoadedFromElsewhere() throws {
        let files = try scratch.parts.console.files()
        for (name, asset) in files.assets {
            let text = String(decoding: asset.bytes, as: UTF8.self)
                .replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("@import"), "\(name)")
            if name.hasSuffix(".js") {
                #expect(!text.contains("eval(") && !text.contains("new Function"), "\(name)")
                for match in text.matches(of: /import [^'"]*['"]\.\/([^'"]+)['"]/) {
                    #expect(files.assets[String(match.1)] != nil, "\(name) imports \(match.1)")
                }
            }
        }
    }

    @Test func withoutItsFilesTheConsoleSaysWhatToDo() async throws {
        var settings = ServerSettings()
        settings.consoleResources = "/nowhere/at/all"
        let scratch = try ServerScratch(settings)
        try await scratch.run { client async throws in
            let page = try await client.get("/signin")
            #expect(page.status == 500 && page.text.contains("/nowhere/at/all/"))
            #expect(try await client.get("/healthz").status == 200, "the API does not need them")
        }
    }

    @Test func filesOfASettingAreReadAgainWhenTheyChange() throws {
        let manager = FileManager.default
        let folder = scratch.folder.appendingPathComponent("resources").path
        for name in ["templates", "strings", "assets"] {
            try manager.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
        }
        func write(_ text: String, age: Double) throws {
            let path = folder + "/templates/a.mustache"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try manager.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
        }
        try write("one {{x}}", age: 100)
        let resources = ConsoleResources(folder: folder)
        #expect(try resources.files().render("a", ["x": "<"], .english) == "one &lt;\n")
        try write("two {{x}}", age: 50)
        #expect(try resources.files().render("a", ["x": "<"], .english) == "two &lt;\n")
        try write("{{#x}}", age: 20)
        #expect(throws: ConsoleError.self) { try resources.files() }
    }
}
