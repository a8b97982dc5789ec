package import Access
import EventLog
import Foundation
import Synchronization

/// A data folder that this process serves: the control database, and the workspaces that are open for writing.
///
/// ```swift
/// let installation = try Installation.open("data")
/// let shop = try installation.workspace("shop")
/// try installation.close()
/// ```
package final class Installation: Sendable {
    package let data: String
    package let access: AccessService
    /// Milliseconds since 1970-01-01T00:00:00Z. Tests inject theirs.
    package let now: @Sendable () -> Int64

    private enum State {
        case open([String: LiveWorkspace])
        case closed
    }

    private let state = Mutex(State.open([:]))
    /// Hears what keeps a workspace's services from following its log; nil: nothing follows by itself.
    private let onError: (@Sendable (_ workspace: String, any Error) -> Void)?

    private init(
        data: String, access: AccessService, now: @escaping @Sendable () -> Int64,
        onError: (@Sendable (_ workspace: String, any Error) -> Void)?
    ) {
        self.onError = onError
        self.data = data
        self.access = access
        self.now = now
    }

    /// The control database of a data folder, which is made when it is not there. For commands that change who may do
    /// what while a server runs.
    package static func openAccess(
        _ data: String, options: AccessService.Options = AccessService.Options(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws -> AccessService {
        do {
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.io, "the folder \(data) cannot be made: \(reason(error))")
        }
        return try AccessService.open(data + "/dangol.sqlite", options: options, now: now)
    }

    /// Opens a data folder with all its workspaces.
    ///
    /// - Parameter makesDefault: whether the default workspace is made when there is none.
    /// - Parameter onError: hears what keeps a workspace's services from following its log; without it they do not
    ///   follow by themselves.
    /// - Throws: `EventLogError` with `locked` when another process has a workspace open; `StateError`; `EngineError`.
    package static func open(
        _ data: String, accessOptions: AccessService.Options = AccessService.Options(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime, makesDefault: Bool = true,
        onError: (@Sendable (_ workspace: String, any Error) -> Void)? = nil
    ) throws -> Installation {
        let access = try openAccess(data, options: accessOptions, now: now)
        let installation = Installation(data: data, access: access, now: now, onError: onError)
        do {
            let registered = try access.registeredWorkspaces().map(\.name)
            var names = Set(try Workspace.names(in: data) + registered)
            if makesDefault { names.insert(Workspace.defaultName) }
            for name in names.sorted() { _ = try installation.openWorkspace(name) }
            if makesDefault, !registered.contains(Workspace.defaultName) {
                try access.registerWorkspace(Workspace.defaultName, by: Change(.system))
            }
            try removeUnsentCopies(in: data)
        } catch {
            try? installation.close()
            throw error
        }
        return installation
    }

    /// Where a copy of a workspace is while it is being sent: on the same disk, and nobody else's to read.
    package func newCopyFolder() -> String { data + "/" + Self.copyPrefix + UUID().uuidString }

    private static let copyPrefix = ".backup-"

    /// What a process that was killed while it sent a copy has left.
    private static func removeUnsentCopies(in data: String) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: data) where name.hasPrefix(copyPrefix) {
            try files.removeItem(atPath: data + "/" + name)
        }
    }

    /// The names of the workspaces, sorted.
    package var workspaceNames: [String] { open().keys.sorted() }

    package var workspaces: [LiveWorkspace] { open().sorted { $0.key < $1.key }.map(\.value) }

    /// A workspace that is open, or that another process has registered since this one started.
    ///
    /// - Throws: `EngineError` with `notFound` when there is no workspace of that name.
    package func workspace(_ name: String) throws -> LiveWorkspace {
        if let known = open()[name] { return known }
        if try access.registeredWorkspaces().contains(where: { $0.name == name }) { return try openWorkspace(name) }
        throw EngineError(.notFound, "there is no workspace '\(name)'")
    }

    /// Makes a workspace and opens it.
    ///
    /// - Throws: `EngineError` with `invalidArgument` for a name that is none; `AccessError` with `alreadyExists`.
    package func createWorkspace(_ name: String, by change: Change) throws -> LiveWorkspace {
        _ = try Workspace(data: data, name: name)
        if open()[name] != nil { throw AccessError(.alreadyExists, "the workspace '\(name)' is there already") }
        try access.registerWorkspace(name, by: change)
        return try openWorkspace(name)
    }

    /// Closes every workspace, so that everything is durable, and the control database. The first error of several is
    /// thrown, after all have been tried.
    package func close() throws {
        let workspaces = state.withLock { state -> [LiveWorkspace] in
            guard case .open(let workspaces) = state else { return [] }
            state = .closed
            return Array(workspaces.values)
        }
        var failure: (any Error)?
        for workspace in workspaces {
            do { try workspace.close() } catch { failure = failure ?? error }
        }
        do { try access.close() } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    private func open() -> [String: LiveWorkspace] {
        state.withLock { state in
            guard case .open(let workspaces) = state else { return [:] }
            return workspaces
        }
    }

    private func openWorkspace(_ name: String) throws -> LiveWorkspace {
        let workspace = try Workspace(data: data, name: name)
        // Under the lock, because a log can be opened for writing once.
        return try state.withLock { state in
            guard case .open(var workspaces) = state else {
                throw EngineError(.io, "the data folder \(data) is closed")
            }
            if let known = workspaces[name] { return known }
            let live = try LiveWorkspace.open(workspace, now: now)
            if let onError { live.startFollowing { onError(name, $0) } }
            workspaces[name] = live
            state = .open(workspaces)
            return live
        }
    }
}
