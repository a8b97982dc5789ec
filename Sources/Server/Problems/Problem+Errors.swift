import Access
import Analysis
import Audiences
import Catalog
import Collection
import Engine
import EventLog
import HTTPTypes
import Hummingbird
import Insights
import Lifecycle
import NIOCore
import People
import Recommendations
import Settings

extension Problem {
    /// Any error as a caller may see it. What is not known here is the server's own fault: the log gets it, the caller
    /// only that it happened.
    package init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as QueryError: self = Problem.of(error)
        case let error as AccessError: self = Problem.of(error)
        case let error as EngineError: self = Problem.of(error)
        case let error as AudienceError: self = Problem.of(error)
        case let error as CollectionError: self = Problem.of(error)
        case let error as InsightError: self = Problem.of(error)
        case let error as SettingsError: self = .badRequest(error.message, field: error.field)
        case let error as WebhookRefusal: self = .badRequest(error.message, field: "url")
        case let error as EventLogError: self = Problem.of(error)
        case let error as ImportError: self = Problem.of(error)
        case let error as PeopleError: self = Problem.of(error)
        case let error as CatalogError: self = Problem.of(error)
        case let error as LifecycleError: self = Problem.of(error)
        case let error as RecommendationError: self = Problem.of(error)
        case let error as HTTPError: self = Problem.of(error)
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "too_large", "the body is too large")
        case is CancellationError: self = .overloaded("the server is ending", retrySeconds: 5)
        default: self = .failed
        }
    }

    package static let failed = Problem(
        .internalServerError, "failed", "something failed in the server; its log says what, under this request's id")

    /// Whether the log needs to say more than the caller is told.
    var isOurs: Bool { status.code >= 500 && status != .serviceUnavailable }

    private static func of(_ error: QueryError) -> Problem {
        Problem(.badRequest, error.code.rawValue, error.message, field: error.field.isEmpty ? nil : error.field)
    }

    private static func of(_ error: AccessError) -> Problem {
        switch error.code {
        case .notFound: return .notFound(error.message)
        case .alreadyExists: return Problem(.conflict, error.code.rawValue, error.message)
        case .invalid: return .badRequest(error.message)
        case .unauthenticated: return .unauthenticated(error.message)
        case .forbidden: return .forbidden(error.message)
        case .tooManyAttempts:
            var problem = Problem.tooMany(
                error.message, retrySeconds: Double(error.retryAfterMilliseconds ?? 1000) / 1000)
            problem.code = error.code.rawValue
            return problem
        }
    }

    private static func of(_ error: EngineError) -> Problem {
        switch error.code {
        case .notFound: .notFound(error.message)
        case .alreadyExists: Problem(.conflict, error.code.rawValue, error.message)
        case .invalidArgument: .badRequest(error.message)
        case .interrupted: .overloaded("the server is ending", retrySeconds: 5)
        case .io: .failed
        }
    }

    private static func of(_ error: EventLogError) -> Problem {
        switch error.code {
        case .limitExceeded, .invalidEvent, .invalidMerge:
            Problem(.badRequest, error.code.rawValue, error.message)
        case .notWritable, .locked: .overloaded("the event log is not open for writing", retrySeconds: 5)
        case .overloaded: .overloaded("events come in faster than they can be stored", retrySeconds: 1)
        // A full disk: nothing was stored, and the same may succeed when there is room again.
        case .io: .overloaded("the event log cannot be written", retrySeconds: 30)
        case .notFound, .corrupt, .unsupportedVersion: .failed
        }
    }

    private static func of(_ error: ImportError) -> Problem {
        switch error.code {
        case .cancelled: .overloaded("the import was stopped", retrySeconds: 5)
        case .io: Problem(.badRequest, error.code.rawValue, error.description)
        default: Problem(.badRequest, error.code.rawValue, error.description)
        }
    }

    private static func of(_ error: CollectionError) -> Problem {
        switch error.code {
        case .notFound: .notFound(error.message)
        case .invalid, .unreadable: .badRequest(error.message)
        case .tooLarge, .tooManyEvents: Problem(.contentTooLarge, error.code.rawValue, error.message)
        case .unauthorized: .unauthenticated(error.message)
        case .tooManyRequests: .tooMany(error.message, retrySeconds: Double(error.retryAfterSeconds ?? 1))
        case .unavailable: .overloaded(error.message, retrySeconds: Double(error.retryAfterSeconds ?? 5))
        }
    }

    private static func of(_ error: InsightError) -> Problem {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .expired: .gone
            case .invalid, .limitExceeded: .badRequest
            }
        return Problem(status, error.code.rawValue, error.message, field: error.field.isEmpty ? nil : error.field)
    }

    private static func of(_ error: PeopleError) -> Problem {
        switch error.code {
        case .notFound: .notFound(error.message)
        case .invalid, .badFile, .badCursor: Problem(.badRequest, error.code.rawValue, error.message)
        }
    }

    private static func of(_ error: CatalogError) -> Problem {
        switch error.code {
        case .notFound: .notFound(error.message)
        case .invalid, .badFile, .badCursor, .limitExceeded:
            Problem(
                .badRequest, error.code.rawValue, error.message, field: error.field.isEmpty ? nil : error.field)
        }
    }

    private static func of(_ error: LifecycleError) -> Problem {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .invalid: .badRequest
            case .insufficient: .conflict
            case .interrupted: .serviceUnavailable
            case .corrupt, .io: .internalServerError
            }
        return Problem(status, error.code.rawValue, error.message, field: error.field)
    }

    private static func of(_ error: RecommendationError) -> Problem {
        switch error.code {
        case .notFound: .notFound(error.message)
        case .invalid: Problem(.badRequest, error.code.rawValue, error.message)
        // Nothing is wrong with the question: there is not enough to answer it from, or no room.
        case .insufficient, .limitExceeded: Problem(.conflict, error.code.rawValue, error.message)
        case .interrupted: .overloaded("the server is ending", retrySeconds: 5)
        case .corrupt, .io: .failed
        }
    }

    private static func of(_ error: HTTPError) -> Problem {
        if error.status == .contentTooLarge { return Problem(.contentTooLarge, "too_large", "the body is too large") }
        if error.status == .notFound {
            return .notFound("there is nothing at this address; /openapi.json lists what is")
        }
        if error.status.code >= 500 { return .failed }
        return Problem(error.status, "invalid_request", error.body ?? error.status.reasonPhrase)
    }

    private static func of(_ error: AudienceError) -> Problem {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .exists, .inUse, .conflict: .conflict
            case .invalid, .syntax, .cycle, .limitExceeded: .badRequest
            }
        var problem = Problem(
            status, error.code.rawValue, error.message, field: error.field.isEmpty ? nil : error.field)
        problem.place = error.place.map {
            Problem.Place(line: $0.line, column: $0.column, expected: $0.expected, excerpt: $0.excerpt)
        }
        return problem
    }
}
