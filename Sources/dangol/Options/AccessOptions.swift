import Access
import ArgumentParser
import Engine

/// The data folder and workspace of commands that change who may do what. They work on the folder, also while a server
/// uses it.
struct AccessOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder that holds workspaces. (default: DANGOL_DATA, or ./data)", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("The workspace in that folder.", valueName: "name"))
    var workspace: String = Workspace.defaultName

    var path: String { folder ?? Environment["DANGOL_DATA"] ?? "data" }

    func withAccess<Result>(_ body: (AccessService) throws -> Result) throws -> Result {
        let access = try Installation.openAccess(path)
        defer { try? access.close() }
        return try body(access)
    }

    /// The same for what takes its time, such as hashing a password.
    func withAccessAwaiting<Result>(_ body: (AccessService) async throws -> Result) async throws -> Result {
        let access = try Installation.openAccess(path)
        defer { try? access.close() }
        return try await body(access)
    }

    /// - Throws: `Failure` when there is no such workspace: a key for a misspelt one would wait for ever.
    func requireWorkspace(_ access: AccessService) throws {
        let known = try Workspace(data: path, name: workspace)
        if workspace == Workspace.defaultName || known.exists { return }
        if try access.registeredWorkspaces().contains(where: { $0.name == workspace }) { return }
        throw Failure(
            .failure, code: "not_found",
            "there is no workspace '\(workspace)' in \(path); 'dangol workspace create \(workspace)' makes it")
    }
}
