/// What a workspace has decided about collecting.
package struct CollectionSettings: Sendable, Hashable, Codable {
    /// What becomes of the address that a request came from.
    package enum IPStorage: String, Sendable, Codable, CaseIterable {
        /// Not stored, whatever the sender writes.
        case none
        /// The last byte of IPv4 and the last ten bytes of IPv6 are zero.
        case truncated
        case full
    }

    package var ip = IPStorage.none
    package var plan: TrackingPlan?

    package init(ip: IPStorage = .none, plan: TrackingPlan? = nil) {
        self.ip = ip
        self.plan = plan
    }
}
