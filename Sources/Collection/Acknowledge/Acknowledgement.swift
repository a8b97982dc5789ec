/// What the SDK is told when its events are stored, or some of them are wrong.
enum Acknowledgement {
    /// Whether nothing of the request is to be stored because of its rejected events. Amplitude's SDK takes out what
    /// the answer names and sends the rest again.
    static func refusesAll(_ rejected: [BatchAssembly.Rejected], _ endpoint: CollectionEndpoint) -> Bool {
        endpoint.dialect == .amplitude && !rejected.isEmpty
    }

    static func outcome(
        _ endpoint: CollectionEndpoint, rejected: [BatchAssembly.Rejected], received: Int, byteCount: Int, now: Int64,
        counts: CollectionCounts
    ) -> CollectionOutcome {
        let (status, text) =
            switch endpoint.dialect {
            case .segment: segment(rejected, received)
            case .amplitude: amplitude(rejected, received, byteCount, now)
            case .posthog: posthog(rejected, received)
            }
        return CollectionOutcome(status: status, body: Array(text.utf8), counts: counts)
    }

    /// 200 also when some events are wrong: they are dead letters, and the SDK could not repair them. 400 when all are,
    /// or one is too large.
    private static func segment(_ rejected: [BatchAssembly.Rejected], _ received: Int) -> (Int, String) {
        let isBad = rejected.count == received || rejected.contains { $0.problem.kind == .tooLarge }
        guard let first = rejected.first, isBad else { return (200, "{\"success\":true}") }
        let large = rejected.first { $0.problem.kind == .tooLarge }
        let message = sentence(large ?? first, received, rejected.count)
        let code = large == nil ? "invalid_event" : "event_too_large"
        return (400, "{\"success\":false,\"code\":\"\(code)\",\"message\":\(AnswerText.quoted(message))}")
    }

    private static func sentence(_ one: BatchAssembly.Rejected, _ received: Int, _ rejected: Int) -> String {
        let rest = received == rejected ? "nothing is stored" : "the other \(received - rejected) are stored"
        return received == 1
            ? one.problem.reason : "event \(one.index + 1) of \(received): \(one.problem.reason); \(rest)"
    }

    private static func amplitude(
        _ rejected: [BatchAssembly.Rejected], _ received: Int, _ byteCount: Int, _ now: Int64
    ) -> (Int, String) {
        guard let first = rejected.first else {
            let text =
                "{\"code\":200,\"events_ingested\":\(received),\"payload_size_bytes\":\(byteCount),"
                + "\"server_upload_time\":\(now)}"
            return (200, text)
        }
        var fields: [EventProblem.Kind: [String: [Int]]] = [:]
        for one in rejected {
            let kind = one.problem.kind == .tooLarge ? .invalid : one.problem.kind
            fields[kind, default: [:]][one.problem.field, default: []].append(one.index)
        }
        var text = "{\"code\":400,\"error\":\(AnswerText.quoted(first.problem.reason))"
        text += ",\"events_with_invalid_fields\":\(AnswerText.indexes(fields[.invalid] ?? [:]))"
        text += ",\"events_with_missing_fields\":\(AnswerText.indexes(fields[.missing] ?? [:]))"
        text += ",\"events_with_invalid_id_lengths\":\(AnswerText.indexes(fields[.idTooShort] ?? [:]))}"
        return (400, text)
    }

    private static func posthog(_ rejected: [BatchAssembly.Rejected], _ received: Int) -> (Int, String) {
        guard let first = rejected.first, rejected.count == received else { return (200, "{\"status\":1}") }
        return (400, refusal("invalid_event", sentence(first, received, rejected.count)))
    }

    static func refusal(_ code: String, _ message: String) -> String {
        "{\"type\":\"validation_error\",\"code\":\"\(code)\",\"detail\":\(AnswerText.quoted(message)),\"attr\":null}"
    }
}

extension CollectionOutcome {
    /// The answer to a request that is refused as a whole, in the shape that the endpoint's SDK reads.
    package init(_ error: CollectionError, endpoint: CollectionEndpoint) {
        let message = AnswerText.quoted(error.message)
        let status = CollectionOutcome.status(error.code, endpoint.dialect)
        let text: String
        switch endpoint.dialect {
        case .segment:
            text = "{\"success\":false,\"code\":\"\(error.code.rawValue)\",\"message\":\(message)}"
        case .posthog: text = Acknowledgement.refusal(error.code.rawValue, error.message)
        case .amplitude:
            switch error.code {
            case .unauthorized:
                // The SDK knows the error by how it begins.
                let reason = AnswerText.quoted("Invalid API key: \(error.message)")
                text = "{\"code\":400,\"error\":\(reason),\"missing_field\":\"api_key\"}"
            case .tooManyRequests:
                text =
                    "{\"code\":429,\"error\":\(message),\"eps_threshold\":0,\"throttled_devices\":{},"
                    + "\"throttled_users\":{},\"throttled_events\":[]}"
            default: text = "{\"code\":\(status),\"error\":\(message)}"
            }
        }
        self.init(status: status, body: Array(text.utf8), retryAfterSeconds: error.retryAfterSeconds)
    }

    private static func status(_ code: CollectionError.Code, _ dialect: CollectionEndpoint.Dialect) -> Int {
        switch code {
        case .unreadable, .invalid: 400
        case .notFound: 404
        // Segment says 400 to what is too large, the others 413, after which Amplitude's SDK sends smaller batches.
        case .tooLarge, .tooManyEvents: dialect == .segment ? 400 : 413
        case .unauthorized: dialect == .amplitude ? 400 : 401
        case .tooManyRequests: 429
        case .unavailable: 503
        }
    }

    /// What PostHog's SDKs read from `/flags` and `/decide`: there are no flags.
    package static func flags(requestID: String) -> CollectionOutcome {
        let text =
            "{\"flags\":{},\"featureFlags\":{},\"featureFlagPayloads\":{},\"errorsWhileComputingFlags\":false,"
            + "\"requestId\":\(AnswerText.quoted(requestID))}"
        return CollectionOutcome(status: 200, body: Array(text.utf8))
    }
}
