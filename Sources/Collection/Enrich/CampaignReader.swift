import EventLog

/// Finds campaign tags and click ids in the query of a page's address.
enum CampaignReader {
    /// Which property a query parameter is, if any.
    static func property(_ name: UnsafeRawBufferPointer) -> KnownProperty? {
        switch name.count {
        case 5:
            if name.equals("gclid") { return .clickGoogle }
            if name.equals("dclid") { return .clickDoubleClick }
            if name.equals("kclid") { return .clickKakao }
        case 6:
            if name.equals("fbclid") { return .clickMeta }
            if name.equals("ttclid") { return .clickTikTok }
            if name.equals("twclid") { return .clickX }
            if name.equals("gbraid") { return .clickGoogleBraid }
            if name.equals("wbraid") { return .clickGoogleWebBraid }
            if name.equals("utm_id") { return .campaignID }
        case 7:
            if name.equals("msclkid") { return .clickMicrosoft }
            if name.equals("n_media") { return .clickNaver }
        case 8: if name.equals("utm_term") { return .campaignTerm }
        case 9: if name.equals("li_fat_id") { return .clickLinkedIn }
        case 10:
            if name.equals("utm_source") { return .campaignSource }
            if name.equals("utm_medium") { return .campaignMedium }
        case 11: if name.equals("utm_content") { return .campaignContent }
        case 12: if name.equals("utm_campaign") { return .campaignName }
        default: break
        }
        return nil
    }

    /// Calls `body` with the property and the decoded value of each tag of an address, or of a query alone.
    static func forEachTag(
        _ address: UnsafeRawBufferPointer, _ text: inout [UInt8],
        _ body: (KnownProperty, UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        guard let mark = address.firstIndex(of: 0x3f) else { return }
        let end = address[mark...].firstIndex(of: 0x23) ?? address.count
        let query = UnsafeRawBufferPointer(rebasing: address[(mark + 1)..<end])
        try QueryText.forEachPair(query) { name, value in
            guard !value.isEmpty, value.count <= 2_048, let property = property(name) else { return }
            // Most values are plain, and part of a valid text.
            if !value.contains(where: { $0 == 0x25 || $0 == 0x2b }) { return try body(property, value) }
            guard QueryText.decode(value, into: &text) else { return }
            try text.withUnsafeBytes { try body(property, $0) }
        }
    }
}
