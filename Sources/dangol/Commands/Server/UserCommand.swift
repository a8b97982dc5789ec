import Access
import ArgumentParser
import Engine
import Glibc
import Reports

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Adds, lists and removes the people who sign in, and sets what they may do.",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserRoleCommand.self, UserPasswordCommand.self,
            UserRemoveCommand.self,
        ])

    static func find(_ text: String, _ access: AccessService) throws -> User {
        guard let user = try access.user(text) else {
            throw Failure(.failure, code: "not_found", "there is no user '\(text)'; 'dangol user list' shows all")
        }
        return user
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input, one line.")
    var passwordStdin = false

    func read() throws -> String {
        if passwordStdin {
            guard let line = readLine(), !line.isEmpty else { throw Failure.usage("standard input is empty") }
            return line
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure.usage("without a terminal the password is read with --password-stdin")
        }
        guard let first = getpass("Password: ").map({ String(cString: $0) }),
            let second = getpass("Again: ").map({ String(cString: $0) })
        else { throw Failure(.failure, code: "io", "the password cannot be read from this terminal") }
        guard first == second else { throw Failure.usage("the two passwords differ") }
        return first
    }
}

struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds somebody, or gives somebody who is there a role in a workspace.",
        discussion: """
            Roles: owner (everything), editor (everything but users and keys), analyst (looks at everything), agent (works \
            with single persons), viewer (sees figures).

            Examples:
              dangol user add mina@example.com --role analyst
              dangol user add owner@example.com --role owner --everywhere --password-stdin < secret.txt
            """)

    @Argument(help: ArgumentHelp("What they sign in with.", valueName: "e-mail"))
    var email: String

    @Option(help: ArgumentHelp("owner, editor, analyst, agent or viewer.", valueName: "role"))
    var role: Role

    @Option(help: ArgumentHelp("What to call them.", valueName: "text"))
    var name: String?

    @Flag(help: "In every workspace, also those that come later.")
    var everywhere = false

    @OptionGroup var password: PasswordOptions
    @OptionGroup var data: AccessOptions

    func run() async throws {
        let user = try await data.withAccessAwaiting { access in
            if !everywhere { try data.requireWorkspace(access) }
            let isKnown = try access.user(email) != nil
            return try await access.addUser(
                email: email, name: name ?? "", password: isKnown ? nil : try password.read(), role: role,
                workspace: everywhere ? User.everywhere : data.workspace, by: .commandLine)
        }
        let place = everywhere ? "every workspace" : "the workspace \(data.workspace)"
        printOut("\(user.email) is \(role.rawValue) in \(place).")
    }
}

struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists everybody who signs in, with their roles.",
        discussion: """
            Examples:
              dangol user list --json
            """)

    @OptionGroup var data: AccessOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var id: String
        var email: String
        var name: String
        var roles: [String: String]
    }

    func run() throws {
        let users = try data.withAccess { try $0.users(workspace: nil) }
        let views = users.map {
            View(id: $0.id, email: $0.email, name: $0.name, roles: $0.roles.mapValues(\.rawValue))
        }
        var table = TextTable([.text("e-mail"), .text("name"), .text("roles"), .text("id")])
        for view in views {
            let roles = view.roles.sorted { $0.key < $1.key }.map {
                "\($0.key == User.everywhere ? "everywhere" : $0.key): \($0.value)"
            }
            table.add(
                [view.email, view.name, roles.joined(separator: ", "), view.id].map { TextTable.Cell($0) })
        }
        var report = Report(Plural.of(users.count, "user"))
        report.add(table)
        try output.emit(report, json: views)
    }
}

struct UserRoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Changes what somebody may do in a workspace, or takes it away.",
        discussion: """
            Examples:
              dangol user role mina@example.com editor
              dangol user role mina@example.com none --workspace shop
            """)

    @Argument(help: ArgumentHelp("E-mail address or id.", valueName: "user"))
    var user: String

    @Argument(help: ArgumentHelp("owner, editor, analyst, agent, viewer or none.", valueName: "role"))
    var role: String

    @Flag(help: "In every workspace.")
    var everywhere = false

    @OptionGroup var data: AccessOptions

    func run() throws {
        let wanted = Role(rawValue: role)
        guard wanted != nil || role == "none" else {
            let all = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("there is no role '\(role)'; there are \(all), and none")
        }
        try data.withAccess { access in
            if !everywhere { try data.requireWorkspace(access) }
            let found = try UserCommand.find(user, access)
            _ = try access.setRole(
                wanted, user: found.id, workspace: everywhere ? User.everywhere : data.workspace, by: .commandLine)
            printOut("\(found.email) is now \(role) in \(everywhere ? "every workspace" : data.workspace).")
        }
    }
}

struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Sets somebody's password and ends their sessions.",
        discussion: """
            Examples:
              dangol user password mina@example.com
            """)

    @Argument(help: ArgumentHelp("E-mail address or id.", valueName: "user"))
    var user: String

    @OptionGroup var password: PasswordOptions
    @OptionGroup var data: AccessOptions

    func run() async throws {
        try await data.withAccessAwaiting { access in
            let found = try UserCommand.find(user, access)
            try await access.setPassword(try password.read(), user: found.id, by: .commandLine)
            printOut("The password of \(found.email) is changed.")
        }
    }
}

struct UserRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes somebody from all workspaces and ends their sessions.",
        discussion: """
            Examples:
              dangol user remove mina@example.com
            """)

    @Argument(help: ArgumentHelp("E-mail address or id.", valueName: "user"))
    var user: String

    @OptionGroup var data: AccessOptions

    func run() throws {
        try data.withAccess { access in
            let found = try UserCommand.find(user, access)
            try access.removeUser(found.id, by: .commandLine)
            printOut("\(found.email) is removed.")
        }
    }
}
