import Access
import ArgumentParser
import Engine
import EventLog
import Reports

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes, lists and revokes the keys that programs use.",
        subcommands: [KeyCreateCommand.self, KeyListCommand.self, KeyRevokeCommand.self])
}

struct KeyCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a key and prints it, alone. Works while the server runs.",
        discussion: """
            A write key is public and can only send events: it goes into web pages and apps. An API key is secret and may \
            do what its scopes say; it is shown this once.

            Scopes: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")); or all.

            Examples:
              dangol key create --kind write --name "web shop"
              dangol key create --kind api --scope query --scope events:read --name dashboard
            """)

    @Option(help: ArgumentHelp("write or api.", valueName: "kind"))
    var kind: AccessKey.Kind

    @Option(
        help: ArgumentHelp("What an API key may do; may be repeated. (default: query, events:read)", valueName: "scope")
    )
    var scope: [String] = []

    @Option(help: ArgumentHelp("What to call it.", valueName: "text"))
    var name: String?

    @OptionGroup var data: AccessOptions

    func run() throws {
        let scopes = try Set(scope.flatMap(parse))
        let standard: Set<Scope> = kind == .api ? [.query, .eventsRead] : []
        let made = try data.withAccess { access in
            try data.requireWorkspace(access)
            return try access.createKey(
                workspace: data.workspace, kind: kind, name: name ?? "\(kind.rawValue) key",
                scopes: scopes.isEmpty ? standard : scopes, by: .commandLine)
        }
        printOut(made.secret)
    }

    private func parse(_ text: String) throws -> Set<Scope> {
        if text == "all" { return Set(Scope.allCases) }
        guard let scope = Scope(rawValue: text) else {
            let all = Scope.allCases.map(\.rawValue)
            throw Failure.usage("there is no scope '\(text)'; there are \(all.joined(separator: ", ")), and all")
        }
        return [scope]
    }
}

struct KeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys of a workspace; of API keys only how they begin.",
        discussion: """
            Examples:
              dangol key list
              dangol key list --workspace shop --json
            """)

    @OptionGroup var data: AccessOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var id: String
        var kind: String
        var name: String
        var key: String
        var scopes: [String]
        var created: String
        var revoked: String?
    }

    func run() throws {
        let keys = try data.withAccess { try $0.keys(workspace: data.workspace) }
        let views = keys.map { key in
            View(
                id: key.id, kind: key.kind.rawValue, name: key.name, key: key.display,
                scopes: key.scopes.map(\.rawValue).sorted(), created: Timestamp.text(key.createdTime),
                revoked: key.revokedTime.map(Timestamp.text))
        }
        var table = TextTable([
            .text("id"), .text("kind"), .text("name"), .text("key"), .text("scopes"), .text("created"),
            .text("revoked"),
        ])
        for view in views {
            table.add(
                [
                    view.id, view.kind, view.name, view.key, view.scopes.joined(separator: " "),
                    String(view.created.prefix(10)), view.revoked.map { String($0.prefix(10)) } ?? "",
                ].map { TextTable.Cell($0) })
        }
        var report = Report("\(Plural.of(keys.count, "key")) of the workspace \(data.workspace)")
        report.add(table)
        try output.emit(report, json: views)
    }
}

struct KeyRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Makes a key invalid for good, at once and also while the server runs.",
        discussion: """
            Examples:
              dangol key revoke key_4h2k9x0a7qzn
            """)

    @Argument(help: ArgumentHelp("The key's id, as 'dangol key list' shows it.", valueName: "id"))
    var id: String

    @OptionGroup var data: AccessOptions

    func run() throws {
        let key = try data.withAccess { try $0.revokeKey(id, by: .commandLine) }
        printOut("The key \(key.id) '\(key.name)' is revoked.")
    }
}

extension AccessKey.Kind: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
