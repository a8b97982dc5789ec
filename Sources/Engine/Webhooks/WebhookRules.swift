import Foundation

/// Which addresses may be called. A webhook is an address that a user types in, and the server calls it from inside the
/// network where it stands: without rules it would be a way to everything in there.
package struct WebhookRules: Sendable, Hashable {
    /// Whether `http:` will do; without it only `https:` does.
    package var allowsHTTP = false
    /// Whether addresses may be called that are not on the public internet.
    package var allowsPrivateAddresses = false
    package var timeoutSeconds = 10.0

    package init() {}

    /// - Throws: `WebhookRefusal` for an address that may not be called, whatever its name turns out to mean.
    package func check(_ url: String) throws(WebhookRefusal) {
        guard let parsed = URL(string: url), let scheme = parsed.scheme?.lowercased(), let host = parsed.host,
            !host.isEmpty, scheme == "https" || scheme == "http"
        else { throw WebhookRefusal("'\(url.prefix(200))' is not an address such as https://example.com/hook") }
        guard parsed.user == nil, parsed.password == nil else {
            throw WebhookRefusal("an address with a user name or password in it is not called")
        }
        if scheme == "http", !allowsHTTP {
            throw WebhookRefusal("an address must begin with https:, unless the setting webhookHttp allows http:")
        }
    }

    /// - Parameter bytes: 4 of IPv4, or 16 of IPv6, as on the wire.
    package func admits(address bytes: [UInt8]) -> Bool { allowsPrivateAddresses || Self.isPublic(bytes) }

    /// Whether an address is on the public internet: not in the special-purpose registries of RFC 6890 and not a way
    /// around them (IPv4 within IPv6).
    static func isPublic(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: !reserved4.contains { $0.contains(bytes) }
        case 16:
            // Only 2000::/3 is given out to networks; ::ffff:0:0/96, fc00::/7, fe80::/10 and ::1 are outside of it.
            bytes[0] & 0xE0 == 0x20 && !reserved6.contains { $0.contains(bytes) }
        default: false
        }
    }

    private struct Network {
        var prefix: [UInt8]
        var bits: Int

        init(_ prefix: [UInt8], _ bits: Int) {
            self.prefix = prefix
            self.bits = bits
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            var rest = bits
            for (byte, wanted) in zip(bytes, prefix) where rest > 0 {
                let mask = rest >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
                if byte & mask != wanted & mask { return false }
                rest -= 8
            }
            return true
        }
    }

    private static let reserved4 = [
        Network([0], 8), Network([10], 8), Network([100, 64], 10), Network([127], 8), Network([169, 254], 16),
        Network([172, 16], 12), Network([192, 0, 0], 24), Network([192, 0, 2], 24), Network([192, 88, 99], 24),
        Network([192, 168], 16), Network([198, 18], 15), Network([198, 51, 100], 24), Network([203, 0, 113], 24),
        // Multicast, reserved, broadcast.
        Network([224], 3),
    ]

    private static let reserved6 = [
        // Teredo, ORCHID, documentation, and 6to4, which holds an IPv4 address.
        Network([0x20, 0x01, 0x00], 23), Network([0x20, 0x01, 0x0D, 0xB8], 32), Network([0x20, 0x02], 16),
        Network([0x3F, 0xFF, 0x00], 20),
    ]
}
