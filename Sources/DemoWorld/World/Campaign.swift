/// What a session carries as `context.campaign` when something from outside led to it.
struct Campaign: Sendable, Hashable {
    var source: String
    var medium: String
    var name: String

    func write(_ members: inout JSONMembers) {
        members.set("source", source)
        members.set("medium", medium)
        members.set("name", name)
    }
}
