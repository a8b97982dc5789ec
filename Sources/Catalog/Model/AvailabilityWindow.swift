/// Where and when an item may be offered: a rights window of a title, the season of a service.
package struct AvailabilityWindow: Sendable, Hashable {
    /// Countries or districts, as the business names them; empty: everywhere.
    package var regions: [String]
    /// Milliseconds UTC; nil: since ever.
    package var from: Int64?
    /// The first moment at which it ends; nil: never.
    package var until: Int64?

    package init(regions: [String] = [], from: Int64? = nil, until: Int64? = nil) {
        self.regions = regions
        self.from = from
        self.until = until
    }

    /// - Parameter region: nil when it is not known; then only windows of every region count.
    package func covers(_ time: Int64, region: String?) -> Bool {
        if let from, time < from { return false }
        if let until, time >= until { return false }
        if regions.isEmpty { return true }
        guard let region else { return false }
        return regions.contains(region)
    }
}

extension Item {
    /// Whether it may be offered to somebody in a region at a time (milliseconds UTC): it is in stock, and one of its
    /// windows covers them.
    package func isAvailable(at time: Int64, region: String?) -> Bool {
        if let stock, stock <= 0 { return false }
        return windows.isEmpty || windows.contains { $0.covers(time, region: region) }
    }

    /// The name in a language: of the tag itself (`pt-BR`), of its language (`pt`), else the item's own.
    package func name(in locale: String?) -> String { variant(locale)?.name ?? name }

    package func description(in locale: String?) -> String? { variant(locale)?.description ?? description }

    private func variant(_ locale: String?) -> ItemVariant? {
        guard let locale, !variants.isEmpty else { return nil }
        if let exact = variants[locale] { return exact }
        return variants[String(locale.prefix { $0 != "-" && $0 != "_" })]
    }
}
