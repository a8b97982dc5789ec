import Access
import Analysis
import Audiences
import Catalog
import Collection
import Engine
import EventLog
import Foundation
import Lifecycle
import People
import Recommendations
import Reports

/// An error as the user sees it: one line that says what was wrong, where, and what to do, and an exit status.
struct Failure: Error, Hashable {
    var status: ExitStatus
    /// Stable, for programs.
    var code: String
    var message: String
    /// The part of a query that is wrong, as a path: `steps[1].event`.
    var field: String?

    init(_ status: ExitStatus, code: String, _ message: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
    }

    static func usage(_ message: String) -> Failure { Failure(.usage, code: "usage", message) }
}

extension Failure {
    /// Any error in the user's terms.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as EventLogError: self = Failure.of(error)
        case let error as EngineError: self = Failure.of(error)
        case let error as QueryError: self.init(error)
        case let error as AccessError: self = Failure.of(error)
        case let error as PeopleError: self = Failure.of(error)
        case let error as CatalogError: self = Failure.of(error)
        case let error as AudienceError: self.init(error, option: nil)
        case let error as CollectionError: self.init(.failure, code: error.code.rawValue, error.message)
        case let error as RecommendationError: self = Failure.of(error)
        case let error as LifecycleError: self = Failure.of(error)
        case let error as WebhookRefusal: self.init(.usage, code: "refused", error.message)
        case let error as ImportError: self = Failure.of(error)
        default:
            self.init(.failure, code: "failed", Failure.describe(error))
        }
    }

    /// - Parameters:
    ///   - option: what the user wrote in place of the query's field.
    ///   - source: the file that the query came from.
    init(_ error: QueryError, option: String? = nil, source: String? = nil) {
        // "--window is '7x', but ...", and "steps[1].event: must be given".
        let place = option.map { $0.isEmpty ? "" : $0 + " " } ?? (error.field.isEmpty ? "" : error.field + ": ")
        let words = (source.map { "\($0): " } ?? "") + place
        self.init(
            .usage, code: error.code.rawValue, words + error.message, field: error.field.isEmpty ? nil : error.field)
    }

    /// - Parameter option: what the user wrote the predicate in.
    init(_ error: AudienceError, option: String? = nil) {
        let status: ExitStatus =
            switch error.code {
            case .invalid, .syntax, .cycle, .limitExceeded: .usage
            case .notFound, .exists, .inUse, .conflict: .failure
            }
        self.init(
            status, code: error.code.rawValue, (option.map { $0 + ": " } ?? "") + error.line,
            field: error.field.isEmpty ? nil : error.field)
    }

    private static func of(_ error: EventLogError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .locked: .busy
            case .invalidMerge: .usage
            default: .failure
            }
        // Who holds a log for long is a server, and a server takes the same commands.
        let hint = error.code == .locked ? ". If that is 'dangol serve', ask it instead: --server URL --key KEY" : ""
        return Failure(status, code: error.code.rawValue, error.description + hint)
    }

    private static func of(_ error: ImportError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .cancelled: .interrupted
            case .mapping: .usage
            default: .failure
            }
        return Failure(status, code: error.code.rawValue, error.description)
    }

    private static func of(_ error: EngineError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .invalidArgument: .usage
            case .interrupted: .interrupted
            default: .failure
            }
        return Failure(status, code: error.code.rawValue, error.description)
    }

    private static func of(_ error: AccessError) -> Failure {
        Failure(error.code == .invalid ? .usage : .failure, code: error.code.rawValue, error.description)
    }

    private static func of(_ error: PeopleError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .invalid, .badCursor: .usage
            case .notFound, .badFile: .failure
            }
        return Failure(status, code: error.code.rawValue, error.message)
    }

    private static func of(_ error: CatalogError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .invalid, .badCursor, .limitExceeded: .usage
            case .notFound, .badFile: .failure
            }
        // What is not there is named in the message.
        if error.code == .notFound { return Failure(status, code: error.code.rawValue, error.message) }
        return Failure(
            status, code: error.code.rawValue, error.description, field: error.field.isEmpty ? nil : error.field)
    }

    private static func of(_ error: LifecycleError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .invalid: .usage
            case .interrupted: .interrupted
            case .notFound, .corrupt, .io, .insufficient: .failure
            }
        return Failure(status, code: error.code.rawValue, error.message, field: error.field)
    }

    private static func of(_ error: RecommendationError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .invalid: .usage
            case .interrupted: .interrupted
            default: .failure
            }
        return Failure(status, code: error.code.rawValue, error.message)
    }

    private static func describe(_ error: any Error) -> String {
        type(of: error) is NSError.Type ? (error as NSError).localizedDescription : String(describing: error)
    }

    /// One line of text, or one JSON object with `--json`.
    func text(json: Bool, on terminal: Terminal = .error) -> String {
        let line = message.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
            .joined(separator: " ").printable
        guard json else {
            return terminal.styled("dangol: ", .red) + line
        }
        var text = JSONObject()
        text.add("code", code)
        text.add("message", line)
        if let field { text.add("field", field) }
        text.add("exitStatus", Double(status.rawValue))
        return "{\"error\":\(text.text)}"
    }
}
