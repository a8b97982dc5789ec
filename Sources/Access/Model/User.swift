/// A person who signs in.
package struct User: Sendable, Hashable {
    /// `user_` and 12 letters or digits.
    package var id: String
    /// Lowercase; what one signs in with.
    package var email: String
    package var name: String
    /// By workspace; `User.everywhere` stands for all of them, also those that come later.
    package var roles: [String: Role]
    package var createdTime: Int64

    package static let everywhere = "*"

    /// The role in a workspace, the stronger of the one there and the one everywhere.
    package func role(in workspace: String) -> Role? {
        let order = Role.allCases
        let held = [roles[workspace], roles[User.everywhere]].compactMap(\.self)
        return held.min { order.firstIndex(of: $0) ?? 0 < order.firstIndex(of: $1) ?? 0 }
    }

    /// Whether workspaces can be made and everybody's audit log read.
    package var ownsInstallation: Bool { roles[User.everywhere] == .owner }
}

/// A user who has signed in, until a time.
package struct Session: Sendable, Hashable {
    package var userID: String
    package var createdTime: Int64
    package var expiresTime: Int64
    /// What every request that changes something has to bring along beside the cookie.
    package var csrfToken: String
}

/// A session just begun: the only moment at which its token is known.
package struct NewSession: Sendable {
    package var user: User
    package var session: Session
    /// The cookie's value.
    package var token: String
}
