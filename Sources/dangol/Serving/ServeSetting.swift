import Engine
import Foundation
import Logging
import Reports
import Server

/// One setting of the server: its name in the configuration, what it means, how it is read and shown.
struct ServeSetting {
    var name: String
    var help: String
    var read: (ServeConfiguration) -> String
    /// Gives false for a text that is no value.
    var write: (inout ServeConfiguration, String) -> Bool

    static var all: [ServeSetting] {
        [
            text("data", "the folder that holds workspaces", \.data),
            text("host", "the address to listen on", \.server.host),
            integer("port", "0 to 65535; 0 lets the system choose", \.server.port, 0...65_535),
            optional("tlsCertificate", "a file with the certificate chain, PEM", \.server.tlsCertificate),
            optional("tlsKey", "a file with the certificate's key, PEM", \.server.tlsKey),
            optional(
                "publicUrl", "what people reach the server by, such as https://dangol.example.com", \.server.publicURL),
            flag(
                "trustForwardedFor", "true when a proxy says in X-Forwarded-For who calls", \.server.trustsForwardedFor),
            flag("openMetrics", "true when anybody may read /metrics", \.server.metricsAreOpen),
            optional(
                "consoleResources", "a folder to read the console's pages from, again when they change",
                \.server.consoleResources),
            flag("webhookHttp", "true when webhooks may be called without TLS", \.server.webhooks.allowsHTTP),
            flag(
                "webhookPrivateAddresses", "true when webhooks may be inside your own network",
                \.server.webhooks.allowsPrivateAddresses),
            number(
                "webhookSeconds", "how long a call of a webhook may take", \.server.webhooks.timeoutSeconds, 0.1...300),
            choice("logFormat", LineLogHandler.Format.allCases, \.logFormat),
            choice("logLevel", Logger.Level.allCases, \.logLevel),
            integer("bodyBytes", "bytes of a body", \.server.bodyBytes, 1024...(1 << 30)),
            integer("importBytes", "bytes of an import's body", \.server.importBytes, 1024...(1 << 40)),
            integer(
                "bodyBytesInFlight", "bytes of all bodies in memory", \.server.bodyBytesInFlight, (1 << 20)...(1 << 36)),
            integer("headerBytes", "bytes of a request's header", \.server.headerBytes, 1024...(1 << 20)),
            integer("connections", "connections at the same time", \.server.connections, 1...1_000_000),
            number("requestsPerSecond", "of one key", \.server.requestsPerSecond, 0.01...1e9),
            number("requestBurst", "of one key at once", \.server.requestBurst, 1...1e9),
            number("anonymousRequestsPerSecond", "of one address", \.server.anonymousRequestsPerSecond, 0.01...1e9),
            number("anonymousRequestBurst", "of one address at once", \.server.anonymousRequestBurst, 1...1e9),
            number("bodySeconds", "how long a body may take", \.server.bodySeconds, 0.1...3600),
            number("idleSeconds", "how long a connection may say nothing", \.server.idleSeconds, 1...86_400),
            integer("queries", "questions answered at the same time", \.server.queries, 1...1000),
            integer("queriesWaiting", "questions waiting for their turn", \.server.queriesWaiting, 0...100_000),
            integer("imports", "imports at the same time", \.server.imports, 1...100),
            integer("streams", "open streams of events", \.server.streams, 0...100_000),
            number(
                "shutdownSeconds", "what requests have left when the server ends", \.server.shutdownSeconds, 0...3600),
        ]
    }

    private typealias Path<Value> = WritableKeyPath<ServeConfiguration, Value>

    private static func text(_ name: String, _ help: String, _ path: Path<String>) -> ServeSetting {
        ServeSetting(name: name, help: help, read: { $0[keyPath: path] }) {
            $0[keyPath: path] = $1
            return true
        }
    }

    private static func optional(_ name: String, _ help: String, _ path: Path<String?>) -> ServeSetting {
        ServeSetting(name: name, help: help, read: { $0[keyPath: path] ?? "" }) {
            $0[keyPath: path] = $1
            return true
        }
    }

    private static func integer(
        _ name: String, _ help: String, _ path: Path<Int>, _ range: ClosedRange<Int>
    ) -> ServeSetting {
        ServeSetting(name: name, help: help, read: { String($0[keyPath: path]) }) {
            guard let value = Int($1), range.contains(value) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    private static func number(
        _ name: String, _ help: String, _ path: Path<Double>, _ range: ClosedRange<Double>
    ) -> ServeSetting {
        ServeSetting(name: name, help: help, read: { NumberFormat.plain($0[keyPath: path]) }) {
            guard let value = Double($1), range.contains(value) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    private static func flag(_ name: String, _ help: String, _ path: Path<Bool>) -> ServeSetting {
        ServeSetting(name: name, help: help, read: { String($0[keyPath: path]) }) {
            guard let value = Bool($1) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }

    private static func choice<Value: RawRepresentable<String>>(
        _ name: String, _ values: [Value], _ path: Path<Value>
    ) -> ServeSetting {
        let help = values.map(\.rawValue).joined(separator: ", ")
        return ServeSetting(name: name, help: help, read: { $0[keyPath: path].rawValue }) {
            guard let value = Value(rawValue: $1) else { return false }
            $0[keyPath: path] = value
            return true
        }
    }
}
