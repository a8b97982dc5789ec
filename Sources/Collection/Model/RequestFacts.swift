/// What is known of a request besides its body.
package struct RequestFacts: Sendable, Hashable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var receivedTime: Int64
    package var userAgent: String?
    package var ip: String?
    /// The Accept-Language header.
    package var language: String?
    package var origin: String?

    package init(
        receivedTime: Int64, userAgent: String? = nil, ip: String? = nil, language: String? = nil,
        origin: String? = nil
    ) {
        self.receivedTime = receivedTime
        self.userAgent = userAgent
        self.ip = ip
        self.language = language
        self.origin = origin
    }
}
