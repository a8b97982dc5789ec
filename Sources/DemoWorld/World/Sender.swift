/// Who sends events, and from which device: what all events of a session have in common.
package struct Sender: Sendable, Hashable {
    /// Everything of a message but its kind, time, name and properties.
    let members: JSONMembers

    /// - Parameters:
    ///   - userID: nil before somebody has signed up or in.
    ///   - anonymousID: of the browser or the installed app; nil for what a server sends.
    ///   - context: see `Device.context`.
    package init(userID: String?, anonymousID: String?, context: JSONMembers = JSONMembers()) {
        members = JSONMembers { members in
            members.set("userId", optional: userID)
            members.set("anonymousId", optional: anonymousID)
            if !context.bytes.isEmpty { members.object("context") { $0.add(context) } }
        }
    }
}
