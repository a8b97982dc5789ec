package import EventLog

/// Where a request came in: it says which SDK's format the body has, and its limits.
package enum CollectionEndpoint: Sendable, Hashable {
    /// Segment and RudderStack: one message of this kind.
    case segment(SegmentMessage.Kind)
    case segmentBatch
    /// Amplitude's `/2/httpapi`.
    case amplitude
    /// Amplitude's `/batch`.
    case amplitudeBatch
    /// PostHog: an event, an array of them, or a batch.
    case posthog
    case posthogBatch
    /// PostHog's `/engage`: changes of profiles only.
    case posthogEngage
    /// `/batch` of either Amplitude or PostHog: the body's keys tell.
    case sharedBatch

    /// Whose shapes answers have.
    package enum Dialect: String, Sendable, CaseIterable { case segment, amplitude, posthog }

    package var dialect: Dialect {
        switch self {
        case .segment, .segmentBatch: .segment
        case .amplitude, .amplitudeBatch: .amplitude
        case .posthog, .posthogBatch, .posthogEngage, .sharedBatch: .posthog
        }
    }

    /// Of the body, decompressed.
    package var bodyBytesMax: Int {
        switch self {
        case .segment: 33 << 10
        case .segmentBatch: 500 << 10
        case .amplitude: 1 << 20
        case .posthog, .posthogEngage: 2 << 20
        case .amplitudeBatch, .posthogBatch, .sharedBatch: 20 << 20
        }
    }

    /// Of one event, as JSON.
    package var eventBytesMax: Int { dialect == .segment ? 32 << 10 : 1 << 20 }

    package var eventsMax: Int { dialect == .amplitude ? 2_000 : 20_000 }

    /// A stable name, for dead letters and metrics.
    package var name: String {
        switch self {
        case .segment(let kind): "segment.\(kind.rawValue)"
        case .segmentBatch: "segment.batch"
        case .amplitude: "amplitude"
        case .amplitudeBatch: "amplitude.batch"
        case .posthog: "posthog"
        case .posthogBatch: "posthog.batch"
        case .posthogEngage: "posthog.engage"
        case .sharedBatch: "batch"
        }
    }

    package init?(name: String) {
        guard let known = CollectionEndpoint.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    private static let all: [CollectionEndpoint] =
        SegmentMessage.Kind.allCases.map { .segment($0) }
        + [.segmentBatch, .amplitude, .amplitudeBatch, .posthog, .posthogBatch, .posthogEngage, .sharedBatch]
}

extension CollectionEndpoint {
    /// One path that SDKs call.
    package struct Route: Sendable, Hashable {
        /// Without a slash at its end; the same path with one is the same route.
        package var path: String
        package var endpoint: CollectionEndpoint
        /// GET with the body in the query's `data`, in base64, answered with a picture of one pixel. Otherwise POST.
        package var isPixel = false
    }

    /// Every path, for the server to map.
    package static let routes: [Route] = {
        var routes: [Route] = [
            Route(path: "/v1/batch", endpoint: .segmentBatch), Route(path: "/v1/b", endpoint: .segmentBatch),
            Route(path: "/beacon/v1/batch", endpoint: .segmentBatch),
            Route(path: "/2/httpapi", endpoint: .amplitude), Route(path: "/batch", endpoint: .sharedBatch),
            Route(path: "/i/v0/e", endpoint: .posthog), Route(path: "/e", endpoint: .posthog),
            Route(path: "/capture", endpoint: .posthog), Route(path: "/track", endpoint: .posthog),
            Route(path: "/engage", endpoint: .posthogEngage),
            Route(path: "/e", endpoint: .posthog, isPixel: true),
        ]
        for kind in SegmentMessage.Kind.allCases {
            routes.append(Route(path: "/v1/\(kind.rawValue)", endpoint: .segment(kind)))
            routes.append(Route(path: "/v1/\(kind.rawValue.prefix(1))", endpoint: .segment(kind)))
            routes.append(Route(path: "/v1/pixel/\(kind.rawValue)", endpoint: .segment(kind), isPixel: true))
        }
        return routes
    }()
}
