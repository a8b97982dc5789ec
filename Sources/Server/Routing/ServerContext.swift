package import Hummingbird
package import NIOCore

/// What belongs to one request on its way through the server.
package struct ServerContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil in tests without a socket.
    package let peer: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
        requestID = ""
    }

    /// In the response's header, in problems and in the log.
    package var requestID: String
}
