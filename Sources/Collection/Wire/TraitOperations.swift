import EventLog

/// Operations on traits as Amplitude and PostHog write them, as properties of the event that carries them.
enum TraitOperations {
    private static func property(_ key: UnsafeRawBufferPointer) -> KnownProperty? {
        if key.equals("$set") { return .set }
        if key.equals("$setOnce") || key.equals("$set_once") { return .setOnce }
        if key.equals("$add") { return .add }
        if key.equals("$append") { return .append }
        if key.equals("$prepend") { return .prepend }
        if key.equals("$postInsert") { return .postInsert }
        if key.equals("$preInsert") { return .preInsert }
        if key.equals("$remove") { return .remove }
        if key.equals("$unset") { return .unset }
        if key.equals("$clearAll") { return .clearAll }
        return nil
    }

    /// Adds the operation that a member is.
    ///
    /// - Returns: false when it is none.
    static func add(_ member: JSONValue, _ assembly: inout BatchAssembly) throws -> Bool {
        guard member.key.first == 0x24, let property = property(member.key) else { return false }
        switch property {
        case .unset:
            // Amplitude's is an object whose keys are the names, PostHog's a list of names.
            let names = member.isObject ? member.children.map(\.key) : member.children.map(\.bytes)
            try assembly.add(names: names.filter { !$0.isEmpty }, as: .unset)
        case .clearAll: try assembly.add(boolean: true, as: .clearAll)
        default:
            guard member.isObject || member.isNull else {
                throw EventProblem.invalid(String(decoding: member.key, as: UTF8.self), member, "an object")
            }
            try assembly.addMembers(member, below: property)
        }
        return true
    }

    /// Adds the members of an object of traits: operations as such, anything else as `$set`.
    static func addAll(_ traits: JSONValue, field: String, _ assembly: inout BatchAssembly) throws {
        if traits.isNull { return }
        guard traits.isObject else { throw EventProblem.invalid(field, traits, "an object") }
        for member in traits.children where try !add(member, &assembly) {
            try assembly.addMember(member, below: assembly.scratch.place(.set))
        }
    }
}
