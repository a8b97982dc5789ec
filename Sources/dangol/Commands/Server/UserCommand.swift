import Access
import ArgumentParser
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
    @OptionGroup var data: DataOptions

    func run() async throws {
        let access = try data.access()
        let user = try await access.addUser(
            NewUser(email: email, name: name ?? "", role: role, isEverywhere: everywhere), password: password.read)
        printOut("\(user.email) is \(role.rawValue) in \(everywhere ? "every workspace" : access.place).")
    }
}

struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists everybody who signs in, with their roles.",
        discussion: """
            Examples:
              dangol user list --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let users = try await data.access().users()
        var table = TextTable([.text("e-mail"), .text("name"), .text("roles"), .text("id")])
        for view in users {
            let roles = view.roles.sorted { $0.key < $1.key }.map {
                "\($0.key == User.everywhere ? "everywhere" : $0.key): \($0.value)"
            }
            table.add(
                [view.email, view.name, roles.joined(separator: ", "), view.id].map { TextTable.Cell($0) })
        }
        var report = Report(Plural.of(users.count, "user"))
        report.add(table)
        try output.emit(report, json: users)
    }
}

struct UserRoleCommand: AsyncParsableCommand {
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

    @OptionGroup var data: DataOptions

    func run() async throws {
        let wanted = Role(rawValue: role)
        guard wanted != nil || role == "none" else {
            let all = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("there is no role '\(role)'; there are \(all), and none")
        }
        let access = try data.access()
        let found = try await access.setRole(wanted, of: user, everywhere: everywhere)
        printOut("\(found.email) is now \(role) in \(everywhere ? "every workspace" : access.place).")
    }
}

struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Sets somebody's password and ends their sessions.",
        discussion: """
            By a server only of somebody who has a role in the key's workspace alone, and no scope that the key has not.

            Examples:
              dangol user password mina@example.com
            """)

    @Argument(help: ArgumentHelp("E-mail address or id.", valueName: "user"))
    var user: String

    @OptionGroup var password: PasswordOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let found = try await data.access().setPassword(of: user, password.read)
        printOut("The password of \(found.email) is changed.")
    }
}

struct UserRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes somebody from all workspaces and ends their sessions.",
        discussion: """
            By a server they lose their role in the key's workspace alone.

            Examples:
              dangol user remove mina@example.com
            """)

    @Argument(help: ArgumentHelp("E-mail address or id.", valueName: "user"))
    var user: String

    @OptionGroup var data: DataOptions

    func run() async throws {
        let access = try data.access()
        let found = try await access.removeUser(user)
        printOut("\(found.email) is removed from \(access.reach).")
    }
}
