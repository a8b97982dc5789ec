import Foundation
import Synchronization

/// Where the console's files are, and the files as they are now.
///
/// They lie in a folder beside the program. A setting names another one, for whoever writes on the console: its files
/// are read again when one of them has changed, so that a page shows the change when it is loaded again.
package final class ConsoleResources: Sendable {
    private let folder: String?
    private let isWatching: Bool

    private struct State {
        var files: ConsoleFiles?
        var stamp = 0
    }

    private let state = Mutex(State())

    /// - Parameter folder: of a setting; nil: beside the program.
    package init(folder: String?) {
        isWatching = folder != nil
        self.folder = folder ?? ConsoleResources.installed
    }

    /// - Throws: `ConsoleError` when there are none, or one is not valid.
    package func files() throws -> ConsoleFiles {
        guard let folder else {
            throw ConsoleError(
                "the console's files are not beside the program: the folder dangol_Server.resources belongs into the "
                    + "folder of the program, or name another one with --console-resources")
        }
        return try state.withLock { state in
            if let files = state.files, !isWatching { return files }
            let stamp = isWatching ? ConsoleResources.stamp(folder) : state.stamp
            if let files = state.files, stamp == state.stamp { return files }
            let files = try ConsoleFiles(folder: folder)
            state.files = files
            state.stamp = stamp
            return files
        }
    }

    /// SwiftPM puts a target's resources beside the program; a package of a distribution puts them into `share`.
    private static var installed: String? {
        let program =
            Bundle.main.executableURL?.resolvingSymlinksInPath() ?? URL(fileURLWithPath: CommandLine.arguments[0])
        let folder = program.deletingLastPathComponent()
        let places = [
            folder.appendingPathComponent("dangol_Server.resources/Resources"),
            folder.appendingPathComponent("../share/dangol/console").standardized,
        ]
        return places.map(\.path).first { FileManager.default.fileExists(atPath: $0 + "/templates") }
    }

    /// Changes with every change of a file. A hundred files take less than a millisecond.
    private static func stamp(_ folder: String) -> Int {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var hasher = Hasher()
        for case let name as String in names {
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            hasher.combine(name)
            hasher.combine(attributes?[.modificationDate] as? Date)
            hasher.combine(attributes?[.size] as? Int)
        }
        return hasher.finalize()
    }
}
