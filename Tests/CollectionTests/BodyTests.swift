import ChildProcess
import EventLog
import Foundation
import Testing

@testable import Collection

@Suite struct BodyTests {
    private let event = #"{"event":"e+1","userId":"u","writeKey":"wk","properties":{"city":"서울"}}"#

    private func check(_ outcome: CollectionOutcome, _ bench: Bench) throws {
        #expect(outcome.status == 200)
        #expect(try bench.one().name == "e+1")
        #expect(try bench.one()["city"] == .string("서울"))
    }

    /// `printf '%s' ... | gzip -9 | base64`.
    private let zipped =
        "H4sIAAAAAAACA6tWSi1LzStRslJK1TZU0lEqLU4t8kwBckuBnPKizJJU79RKILc8G8gvKMovSC0qyUwtVrKqVkrOLAHJvGmZ82bW"
        + "DqXaWgDT1rG1SwAAAA=="

    @Test func aGzipBodyIsRecognisedWithAndWithoutItsHeader() async throws {
        let bytes = try #require(Base64.decode(Array(zipped.utf8)))
        for encoding in ["gzip", nil] {
            let bench = try Bench()
            try check(await bench.send(bytes, to: .segment(.track), encoding: encoding), bench)
        }
    }

    @Test func aFormMayHoldTheDataInBase64OrAsItIs() async throws {
        let base64 = Data(event.utf8).base64EncodedString()
        let escaped = try #require(event.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for body in ["data=\(base64.replacing("=", with: "%3D"))&ip=1", "data=\(escaped)", "data=\(base64)"] {
            let bench = try Bench()
            try check(await bench.send(body, to: .segment(.track)), bench)
        }
    }

    @Test func aPixelHasTheDataInItsQuery() async throws {
        let base64 = Data(event.utf8).base64EncodedString()
        let bench = try Bench()
        let outcome = await bench.send("", to: .segment(.track), query: "x=1&data=\(base64)")
        try check(outcome, bench)
        #expect(outcome.asPixel.contentType == "image/gif")
        #expect(outcome.asPixel.body.starts(with: Array("GIF89a".utf8)))
    }

    @Test func aKeyInTheQueryCountsWhenTheBodyHasNone() throws {
        let document = try CollectionDocument.parse(Array("{}".utf8), endpoint: .segmentBatch, query: "writeKey=a%20b")
        #expect(document.writeKey == "a b")
        let other = try CollectionDocument.parse(
            Array(#"{"writeKey":"c"}"#.utf8), endpoint: .segmentBatch, query: "writeKey=a")
        #expect(other.writeKey == "c")
    }

    @Test(arguments: [
        ("", "the body is empty"), ("{", "the body cannot be read: the JSON object ends early"),
        ("hello", "the body cannot be read: the line is not a JSON object"),
        ("data=!!", "the form's 'data' is neither"),
        ("[1,2", "the body cannot be read"), ("{\"batch\":3}", "the body has no array 'batch'"),
    ])
    func aBodyThatCannotBeReadIsADeadLetterWithTheReason(_ body: String, _ reason: String) async throws {
        let bench = try Bench()
        let outcome = await bench.send(body)
        #expect(outcome.status == 400)
        let message = try #require(try outcome.json()["message"] as? String)
        #expect(message.hasPrefix(reason), "\(message)")
        let letter = try #require(try bench.service.deadLetters().first)
        #expect(letter.isBody)
        #expect(letter.reason == message)
    }

    @Test func aSmallBodyThatStandsForALargeOneIsRefused() async throws {
        // 600 KB of spaces, by gzip in less than 1 KB.
        let path = try TemporaryFolder()
        let file = path.path + "/spaces"
        try Data(repeating: 0x20, count: 600_000).write(to: URL(fileURLWithPath: file))
        #expect(try ChildProcess("gzip", [file]).wait() == 0)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file + ".gz")))
        #expect(bytes.count < 2_000)
        let bench = try Bench()
        let outcome = await bench.send(bytes)
        #expect(try outcome.json()["code"] as? String == "too_large")
        let damaged = await bench.send(Array(bytes.dropLast(9)))
        #expect(damaged.status == 400)
    }

    @Test func base64IsReadLikeFoundationReadsIt() throws {
        var random = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.decode(Array(text.utf8)) == bytes)
            let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(Base64.decode(Array(url.utf8)) == bytes, "\(text)")
        }
        for bad in ["A", "AAAAA", "A=AA", "%%%%"] { #expect(Base64.decode(Array(bad.utf8)) == nil, "\(bad)") }
    }
}
