/// What to write where, for each library that sends events.
struct Snippets: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case script, segment, rudderstack, amplitude, posthog, curl

        /// Nil where it is a word of a language and no name.
        var title: String? {
            switch self {
            case .script: nil
            case .segment: "Segment"
            case .rudderstack: "RudderStack"
            case .amplitude: "Amplitude"
            case .posthog: "PostHog"
            case .curl: "curl"
            }
        }
    }

    /// Without a slash at the end.
    let address: String
    let key: String

    func text(_ kind: Kind) -> String {
        switch kind {
        case .script:
            """
            <script async src="\(address)/dangol.js" data-key="\(key)"></script>
            <script>
              // \u{2026} when somebody has signed in:
              dangol.identify('user-1', { name: '김단골', email: 'kim@example.com' });
              dangol.track('Order Completed', { total: 52000 });
            </script>
            """
        case .segment:
            """
            \(taking) { AnalyticsBrowser } from '@segment/analytics-next';

            const analytics = AnalyticsBrowser.load(
              { writeKey: '\(key)' },
              { integrations: { 'Segment.io': { apiHost: '\(hostAndPath)', protocol: '\(scheme)' } } }
            );
            analytics.identify('user-1', { name: '김단골' });
            analytics.track('Order Completed', { total: 52000 });
            """
        case .rudderstack:
            """
            from rudderstack import analytics

            analytics.write_key = '\(key)'
            analytics.dataPlaneUrl = '\(address)'
            analytics.identify('user-1', {'name': '김단골'})
            analytics.track('user-1', 'Order Completed', {'total': 52000})
            """
        case .amplitude:
            """
            \(taking) * as amplitude from '@amplitude/analytics-browser';

            amplitude.init('\(key)', 'user-1', { serverUrl: '\(address)/2/httpapi' });
            amplitude.track('Order Completed', { total: 52000 });
            """
        case .posthog:
            """
            from posthog import Posthog

            posthog = Posthog('\(key)', host='\(address)')
            posthog.capture('Order Completed', distinct_id='user-1', properties={'total': 52000})
            """
        case .curl:
            """
            curl -u \(key): -H 'Content-Type: application/json' \(address)/v1/track \\
                 -d '{"userId":"user-1","event":"Order Completed","properties":{"total":52000}}'
            """
        }
    }

    /// A word of JavaScript, which at the beginning of a line would look like one of Swift.
    private var taking: String { "import" }
    private var scheme: String { address.hasPrefix("https://") ? "https" : "http" }
    private var hostAndPath: String { (address.split(separator: "//").last.map(String.init) ?? address) + "/v1" }
}
