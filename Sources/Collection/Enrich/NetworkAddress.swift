import Glibc

/// An IP address, shortened so that it no longer names one connection.
enum NetworkAddress {
    /// `203.0.113.7` becomes `203.0.113.0`, an IPv6 address keeps its first 48 bits. Nil for what is no address.
    static func truncated(_ text: String) -> String? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            withUnsafeMutableBytes(of: &four) { $0[3] = 0 }
            return written(AF_INET, &four)
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        withUnsafeMutableBytes(of: &six) { bytes in
            // An IPv4 address in IPv6's clothes: ::ffff:203.0.113.7
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            for index in (isMapped ? 15 : 6)..<16 { bytes[index] = 0 }
        }
        return written(AF_INET6, &six)
    }

    /// Whether the text is an address.
    static func isValid(_ text: String) -> Bool { truncated(text) != nil }

    private static func written(_ family: Int32, _ address: UnsafeRawPointer) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
