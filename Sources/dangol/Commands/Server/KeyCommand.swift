import Access
import ArgumentParser
import Reports

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes, lists and revokes the keys that programs use.",
        subcommands: [KeyCreateCommand.self, KeyListCommand.self, KeyRevokeCommand.self])
}

struct KeyCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a key and prints it, alone. Works while the server runs.",
        discussion: """
            A write key is public and can only send events: it goes into web pages and apps. An API key is secret and may \
            do what its scopes say; it is shown this once. By a server a key gives no scope that it does not have.

            Scopes: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")); or all.

            Examples:
              dangol key create --kind write --name "web shop"
              dangol key create --kind api --scope query --scope events:read --name dashboard
              dangol key create --kind write --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @Option(help: ArgumentHelp("write or api.", valueName: "kind"))
    var kind: AccessKey.Kind

    @Option(
        help: ArgumentHelp("What an API key may do; may be repeated. (default: query, events:read)", valueName: "scope")
    )
    var scope: [String] = []

    @Option(help: ArgumentHelp("What to call it.", valueName: "text"))
    var name: String?

    @OptionGroup var data: DataOptions

    func run() async throws {
        let scopes = try Set(scope.flatMap(parse))
        let standard: Set<Scope> = kind == .api ? [.query, .eventsRead] : []
        printOut(
            try await data.access().createKey(
                kind, name: name ?? "\(kind.rawValue) key", scopes: scopes.isEmpty ? standard : scopes))
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

struct KeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys of a workspace; of API keys only how they begin.",
        discussion: """
            Examples:
              dangol key list
              dangol key list --workspace shop --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let access = try data.access()
        let keys = try await access.keys()
        var table = TextTable([
            .text("id"), .text("kind"), .text("name"), .text("key"), .text("scopes"), .text("created"),
            .text("revoked"),
        ])
        for view in keys {
            table.add(
                [
                    view.id, view.kind, view.name, view.key, view.scopes.joined(separator: " "),
                    String(view.created.prefix(10)), view.revoked.map { String($0.prefix(10)) } ?? "",
                ].map { TextTable.Cell($0) })
        }
        var report = Report("\(Plural.of(keys.count, "key")) of \(access.place)")
        report.add(table)
        try output.emit(report, json: keys)
    }
}

struct KeyRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Makes a key invalid for good, at once and also while the server runs.",
        discussion: """
            Examples:
              dangol key revoke key_4h2k9x0a7qzn
            """)

    @Argument(help: ArgumentHelp("The key's id, as 'dangol key list' shows it.", valueName: "id"))
    var id: String

    @OptionGroup var data: DataOptions

    func run() async throws {
        let key = try await data.access().revokeKey(id)
        printOut("The key \(key.id) '\(key.name)' is revoked.")
    }
}

extension AccessKey.Kind: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
