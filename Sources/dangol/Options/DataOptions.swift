import ArgumentParser
import Engine
import EventLog

/// Where the events are: part of every command that touches them.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "The folder that holds workspaces.",
            discussion: "Without it the variable DANGOL_DATA is used, and without that ./data.",
            valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("The workspace. (default: default, or the key's own)", valueName: "name"))
    var workspace: String?

    @OptionGroup var server: ServerOptions

    /// - Throws: `Failure` when a server was named: the command needs the folder itself.
    func open() throws -> Workspace {
        if server.server != nil {
            throw Failure.usage("this command works on a data folder, on the machine where it is: leave --server away")
        }
        return try Workspace(data: path, name: workspaceName)
    }

    var workspaceName: String { workspace ?? Workspace.defaultName }

    /// The folder or the server that answers.
    func backend() throws -> any Backend {
        guard let client = try client() else { return FolderBackend(folder: try open()) }
        return ServerBackend(client: client, workspace: workspaceName)
    }

    func storage() throws -> any StorageBackend {
        guard let client = try client() else { return FolderStorage(folder: try open()) }
        return ServerStorage(client: client, workspace: workspaceName)
    }

    func deadLetters() throws -> any DeadLetterBackend {
        guard let client = try client() else { return FolderDeadLetters(folder: try open()) }
        return ServerDeadLetters(client: client)
    }

    /// Who may do what, also while a server uses the folder.
    func access() throws -> any AccessBackend {
        guard let client = try client() else { return FolderAccess(data: path, workspace: workspaceName) }
        return ServerAccess(client: client, workspace: workspace)
    }

    /// The server that was named; nil when it is a folder.
    private func client() throws -> APIClient? {
        // A folder that is named comes before a server that the environment names.
        guard let address = server.server ?? (folder == nil ? Environment["DANGOL_SERVER"] : nil) else { return nil }
        if folder != nil { throw Failure.usage("--data and --server exclude each other") }
        guard let key = server.key ?? Environment["DANGOL_KEY"] else {
            throw Failure.usage(
                "a server needs a key: --key, or the variable DANGOL_KEY; 'dangol key create' makes one")
        }
        return try APIClient(server: address, key: key, workspace: workspace)
    }

    private var path: String { folder ?? Environment["DANGOL_DATA"] ?? "data" }
}

/// A running server in place of a folder.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A running server to ask, in place of a folder. (default: DANGOL_SERVER)", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp("The server's API key. (default: DANGOL_KEY, which others do not see)", valueName: "key"))
    var key: String?
}

extension DataOptions {
    /// Runs `body` over the log, opened for reading.
    func reading<Result>(_ body: (EventLog) throws -> Result) throws -> Result {
        try open().reading(body)
    }
}
