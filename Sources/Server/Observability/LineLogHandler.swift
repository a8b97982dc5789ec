import Engine
import EventLog
import Foundation
package import Logging

/// Writes each log entry as one line, as text for people or JSON for programs, to standard error.
package struct LineLogHandler: LogHandler {
    package enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: Format
    private let write: @Sendable (String) -> Void

    package init(label: String, format: Format) {
        self.init(label: label, format: format) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// - Parameter write: gets each line with its end.
    package init(label: String, format: Format, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.format = format
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { $1 }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        write(line(event, all, time: Timestamp.text(EventLog.systemTime())) + "\n")
    }

    private func line(_ event: LogEvent, _ metadata: Logger.Metadata, time: String) -> String {
        let pairs = metadata.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        switch format {
        case .text:
            let rest = pairs.map { " \($0)=\(LineLogHandler.plain($1))" }.joined()
            return "\(time) \(event.level.rawValue) \(LineLogHandler.plain(event.message.description))\(rest)"
        case .json:
            var object = Dictionary(pairs) { first, _ in first }
            object["time"] = time
            object["level"] = event.level.rawValue
            object["logger"] = label
            object["message"] = event.message.description
            return (try? JSONText.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }
    }

    /// One line, whatever it holds.
    private static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 32 || $0 == " " || $0 == "\"" }) else { return text }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
