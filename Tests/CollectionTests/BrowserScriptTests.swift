import ChildProcess
import Foundation
import Testing

/// The script that is served to browsers. `Tests/Clients/browser.py` runs it in a real one.
@Suite struct BrowserScriptTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func itHasLessThanFiveKilobytes() throws {
        let script = try Data(contentsOf: root.appending(path: "Browser/dangol.min.js"))
        #expect(script.count < 5_000)
        #expect(script.count > 2_000)
    }

    @Test func whatIsServedIsWhatTheSourceGives() throws {
        let script = root.appending(path: "Browser/minify.py").path
        let check = try ChildProcess("/usr/bin/env", ["python3", script, "--check"])
        // 127: there is no Python here.
        #expect([0, 127].contains(check.wait()))
    }
}
