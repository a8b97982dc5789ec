/// Ids that stand for nobody. Joining them to people would make one giant person of everybody whose sender had no id at
/// hand (the block lists of comparable products).
package enum BlockedIDs {
    private static let blocked: Set<String> = [
        "anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "true",
        "false",
        "[object object]", "nan", "none", "null", "nil", "n/a", "na", "unknown", "{}", "0", "-1",
        "00000000-0000-0000-0000-000000000000",
    ]

    private static let longest = 36

    /// Whether an id is one of them, in any case, or blank.
    package static func contains(_ id: String) -> Bool {
        guard id.utf8.count <= longest else { return id.allSatisfy(\.isWhitespace) }
        return blocked.contains(id.lowercased()) || id.allSatisfy(\.isWhitespace)
    }
}
