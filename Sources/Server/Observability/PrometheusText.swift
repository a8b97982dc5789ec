/// The text format of Prometheus, version 0.0.4.
enum PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    static func page(_ registry: MetricsRegistry) -> String {
        var lines: [String] = []
        var last = ""
        for (key, series) in registry.all {
            let (kind, samples) = PrometheusText.samples(key, series)
            if key.name != last { lines.append("# TYPE \(key.name) \(kind)") }
            last = key.name
            lines += samples
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func samples(
        _ key: MetricsRegistry.Key, _ series: MetricsRegistry.Series
    ) -> (kind: String, samples: [String]) {
        switch series {
        case .counter(let counter): return ("counter", ["\(key.name)\(braces(key.labels)) \(number(counter.value))"])
        case .gauge(let gauge): return ("gauge", ["\(key.name)\(braces(key.labels)) \(number(gauge.value))"])
        case .histogram(let histogram):
            let counts = histogram.value
            var sum = 0
            var lines: [String] = []
            for (bound, count) in zip(histogram.bounds.map(number) + ["+Inf"], counts.buckets) {
                sum += count
                let labels = (key.labels.isEmpty ? "" : key.labels + ",") + "le=\"\(bound)\""
                lines.append("\(key.name)_bucket{\(labels)} \(sum)")
            }
            lines.append("\(key.name)_sum\(braces(key.labels)) \(number(counts.sum))")
            lines.append("\(key.name)_count\(braces(key.labels)) \(counts.count)")
            return ("histogram", lines)
        }
    }

    private static func braces(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// Letters, digits, underscores and colons; anything else becomes an underscore.
    static func name(_ text: String) -> String {
        var name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
        if name.first?.isNumber ?? true { name = "_" + name }
        return name
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { "\(name($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(character)
            }
        }.joined()
    }
}
