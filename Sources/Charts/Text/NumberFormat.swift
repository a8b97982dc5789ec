/// How numbers are written. Exact values, with thousands separators, go into tooltips; axes get a short form.
package enum NumberFormat: Sendable, Hashable {
    case number
    /// 0.25 is 25%.
    case percent
    /// A currency sign before the number, such as "₩".
    case currency(String)
    /// Seconds, as "2 d 4 h".
    case duration

    /// The value in full, to at most `decimals` decimals.
    package func exact(_ value: Double, decimals: Int = 2) -> String {
        guard value.isFinite else { return "–" }
        switch self {
        case .number: return Self.grouped(value, decimals: decimals)
        case .percent: return Self.grouped(value * 100, decimals: min(decimals, 1), padded: true) + "%"
        case .currency(let sign): return (value < 0 ? "−" : "") + sign + Self.grouped(abs(value), decimals: decimals)
        case .duration: return Self.duration(value)
        }
    }

    /// A short form for axes and tight places: 1.2M, 40K, ₩3B; in Korean by ten thousands, 120만.
    package func short(_ value: Double, _ language: ChartLanguage = .english) -> String {
        guard value.isFinite else { return "–" }
        switch self {
        case .number: return Self.compact(value, language)
        case .percent: return Self.grouped(value * 100, decimals: abs(value) < 0.0995 && value != 0 ? 1 : 0) + "%"
        case .currency(let sign): return (value < 0 ? "−" : "") + sign + Self.compact(abs(value), language)
        case .duration: return language.duration(value)
        }
    }

    /// Labels of an axis: all in one unit with the decimals that tell neighbours apart.
    package func axis(_ ticks: [Double], _ language: ChartLanguage = .english) -> [String] {
        let step = ticks.count > 1 ? abs(ticks[1] - ticks[0]) : abs(ticks.first ?? 1)
        let largest = ticks.map(abs).max() ?? 0
        switch self {
        case .duration: return ticks.map(language.duration)
        case .percent:
            let decimals = Self.decimals(step * 100)
            return ticks.map { Self.grouped($0 * 100, decimals: decimals, padded: true) + "%" }
        case .number, .currency:
            let (divisor, unit) = Self.unit(largest, language)
            let decimals = Self.decimals(step / divisor)
            let sign = if case .currency(let sign) = self { sign } else { "" }
            return ticks.map { tick in
                let text = Self.grouped(abs(tick) / divisor, decimals: decimals, padded: true)
                return (tick < 0 ? "−" : "") + sign + (tick == 0 ? "0" : text + unit)
            }
        }
    }

    /// Ticks that are round in this format's unit: seconds, minutes, hours and days for durations.
    package func ticks(covering low: Double, _ high: Double, count: Int, whole: Bool = false) -> NiceTicks {
        guard case .duration = self else { return NiceTicks(covering: low, high, count: count, whole: whole) }
        let unit = [86_400.0, 3_600, 60, 1].first { (high - low) / Double(max(1, count)) >= $0 * 0.4 } ?? 1
        let steps: [Double] =
            switch unit {
            case 86_400: []
            case 3_600: [1, 2, 3, 6, 12, 24]
            case 60: [1, 2, 5, 10, 15, 30, 60]
            default: (high - low) / Double(max(1, count)) > 1 ? [1, 2, 5, 10, 15, 30, 60] : []
            }
        let rough = (high - low) / Double(max(1, count)) / unit
        guard rough > 0, let step = steps.first(where: { $0 >= rough * 0.75 }) else {
            return NiceTicks(covering: low / unit, high / unit, count: count).scaled(by: unit)
        }
        return NiceTicks(multiplesOf: step * unit, covering: low, high)
    }

    // MARK: Parts

    /// The decimals that a multiple of `step` needs, at most 6.
    private static func decimals(_ step: Double) -> Int {
        var decimals = 0
        var scaled = step
        while decimals < 6,
            abs(scaled - scaled.rounded()) > 1e-6 * max(1, abs(scaled)) || (scaled != 0 && abs(scaled) < 0.5)
        {
            scaled *= 10
            decimals += 1
        }
        return decimals
    }

    private static func unit(_ value: Double, _ language: ChartLanguage) -> (Double, String) {
        if language == .korean {
            return switch abs(value) {
            case 1e12...: (1e12, "조")
            case 1e8...: (1e8, "억")
            case 1e4...: (1e4, "만")
            default: (1, "")
            }
        }
        return switch abs(value) {
        case 1e12...: (1e12, "T")
        case 1e9...: (1e9, "B")
        case 1e6...: (1e6, "M")
        case 1e4...: (1e3, "K")
        default: (1, "")
        }
    }

    static func compact(_ value: Double, _ language: ChartLanguage = .english) -> String {
        // 999,950 rounds up to 1M, not to 1000K.
        var (divisor, suffix) = unit(value, language)
        if language == .english, divisor > 1, abs(value) / divisor >= 999.5 {
            (divisor, suffix) = unit(value * 1.01, language)
        }
        let scaled = value / divisor
        let decimals = divisor == 1 ? (abs(scaled) < 100 ? 2 : 0) : (abs(scaled) < 100 ? 1 : 0)
        return grouped(scaled, decimals: decimals) + suffix
    }

    /// Half away from zero; trailing zeros are dropped unless padded. Beyond 2^53 the digits are those of the double.
    static func grouped(_ value: Double, decimals: Int, padded: Bool = false) -> String {
        guard abs(value) < 1e15 else { return scientific(value) }
        let power = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000][min(max(decimals, 0), 6)]
        // A large value has no meaningful decimals, and scaling it would overflow.
        if abs(value) >= 1e12 && decimals > 2 { return grouped(value, decimals: 2, padded: padded) }
        let scaled = Int((abs(value) * Double(power)).rounded())
        let (whole, fraction) = (scaled / power, scaled % power)
        var text = ""
        let digits = String(whole)
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        if power > 1 && (fraction > 0 || padded) {
            var rest = String(fraction)
            rest = String(repeating: "0", count: String(power).count - 1 - rest.count) + rest
            if !padded { while rest.last == "0" { rest.removeLast() } }
            text += "." + rest
        }
        return value < 0 && scaled != 0 ? "−" + text : text
    }

    private static func scientific(_ value: Double) -> String {
        value < 0 ? "−\(abs(value))" : "\(value)"
    }

    /// The two largest units: "45 s", "3 min 20 s", "2 d 4 h".
    static func duration(_ seconds: Double) -> String {
        let sign = seconds < 0 ? "−" : ""
        let amount = abs(seconds)
        if amount == 0 { return "0 s" }
        if amount < 1 { return sign + grouped(amount * 1_000, decimals: amount < 0.01 ? 1 : 0) + " ms" }
        if amount < 10 { return sign + grouped(amount, decimals: 1) + " s" }
        guard amount < 1e12 else { return sign + scientific(amount) + " s" }
        let whole = Int(amount.rounded())
        let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { whole >= $0.0 }) else { return "0 s" }
        let (size, name) = units[first]
        var text = sign + grouped(Double(whole / size), decimals: 0) + " " + name
        // Above 100 days hours are noise.
        if first + 1 < units.count, whole / size < 100 {
            let (smaller, smallerName) = units[first + 1]
            let rest = whole % size / smaller
            if rest > 0 { text += " \(rest) \(smallerName)" }
        }
        return text
    }
}
