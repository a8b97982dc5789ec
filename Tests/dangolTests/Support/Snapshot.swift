import Foundation
import Testing

/// Text that a test expects, kept in a file beside the tests. With DANGOL_UPDATE_SNAPSHOTS=1 the files are written
/// anew; read the change before you commit it.
enum Snapshot {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Snapshots")

    static func check(_ name: String, _ text: String, at location: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["DANGOL_UPDATE_SNAPSHOTS"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("there is no snapshot \(name)", sourceLocation: location)
            return
        }
        #expect(text == expected, "\(name) differs", sourceLocation: location)
    }
}
