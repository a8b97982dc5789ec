/// Proof that a person was deleted. It names nobody.
package struct DeletionReceipt: Sendable, Hashable {
    /// `r_` and a random text.
    package var id: String
    /// When it was asked for, in milliseconds UTC.
    package var time: Int64
    /// When nothing was left; nil while it is being carried out.
    package var finishedTime: Int64?
    /// What was removed, by kind: `events`, `ids`, `traits`, `consents`, `devices`, `groups`, and what others removed.
    package var counts: [String: Int]
    /// SHA-256 over the keyed hashes of the ids, in hexadecimal: whoever has the workspace's secret and the ids can
    /// check that the receipt is about them.
    package var digest: String
    /// Whether persons whom somebody took apart from this one by hand must be computed anew, by a rebuild.
    package var needsRebuild: Bool
}
