package import Foundation

/// A call of an address on the internet that a workspace has decided on.
package struct WebhookRequest: Sendable, Hashable {
    package var url: String
    /// Lower-case names, in the order in which they are sent.
    package var headers: [Header]
    /// JSON.
    package var body: Data

    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(url: String, headers: [Header], body: Data) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct WebhookAnswer: Sendable, Hashable {
    package var status: Int
    /// What the header `Retry-After` asks for.
    package var retryAfterSeconds: Int?

    package init(status: Int, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// Makes calls. What is not an answer (no connection, no answer in time) is thrown, and the call is tried again, unless
/// it is a `WebhookRefusal`.
package protocol WebhookSender: Sendable {
    func send(_ request: WebhookRequest) async throws -> WebhookAnswer
}

/// Why a call is not made, now or ever.
package struct WebhookRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
