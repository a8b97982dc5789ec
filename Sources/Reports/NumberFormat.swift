import Foundation

/// Numbers as people read them, the same on every machine whatever its locale.
package enum NumberFormat {
    /// `1,234,567`
    package static func count(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }

    /// A value of unknown size: whole numbers grouped, others with up to three significant decimals.
    package static func value(_ number: Double) -> String {
        guard number.isFinite else { return "–" }
        if number == number.rounded(), abs(number) < 1e15 { return count(Int(number)) }
        let magnitude = abs(number)
        let decimals = magnitude >= 100 ? 1 : magnitude >= 1 ? 2 : 4
        let text = fixed(magnitude, decimals)
        guard let whole = text.split(separator: ".").first.flatMap({ Int($0) }) else { return text }
        let fraction = text.split(separator: ".").dropFirst().first ?? ""
        return (number < 0 ? "-" : "") + count(whole) + "." + fraction
    }

    /// `66.7 %` of a share between 0 and 1; a share outside is printed as it is.
    package static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        return fixed(share * 100, abs(share) >= 0.9995 && share == 1 ? 0 : 1) + " %"
    }

    package static func fixed(_ number: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", number)
    }

    /// `1.2 GB`, in powers of 1,000.
    package static func bytes(_ number: Int) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var value = Double(number)
        var unit = 0
        while value >= 999.95, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(number) bytes" : "\(fixed(value, value >= 100 ? 0 : 1)) \(units[unit])"
    }

    /// A length of time in its two largest units: `3 d 4 h`, `12 min 30 s`, `40 ms`.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        if seconds < 0 { return "-" + duration(seconds: -seconds) }
        if seconds == 0 { return "0 s" }
        if seconds < 0.001 { return "\(fixed(seconds * 1e6, 0)) µs" }
        if seconds < 1 { return "\(fixed(seconds * 1000, seconds < 0.01 ? 1 : 0)) ms" }
        if seconds < 10 { return "\(trimmed(seconds, 1)) s" }
        let units: [(String, Int)] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        // Beyond what fits there is nothing to say about seconds.
        guard seconds < 1e15 else { return "–" }
        var rest = Int(seconds.rounded())
        var parts: [String] = []
        for (name, length) in units where rest >= length || !parts.isEmpty {
            if rest / length > 0 { parts.append("\(rest / length) \(name)") }
            rest %= length
            if parts.count == 2 || (parts.count == 1 && rest < length / 60) { break }
        }
        return parts.joined(separator: " ")
    }

    private static func trimmed(_ number: Double, _ decimals: Int) -> String {
        let text = fixed(number, decimals)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A number for machines: the shortest text that reads back as the same number, whole numbers without a point.
    package static func plain(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
        return number.isFinite ? "\(number)" : ""
    }
}

/// Numbers of things: `1 event`, `2,000 events`.
package enum Plural {
    package static func of(_ count: Int, _ noun: String) -> String {
        "\(NumberFormat.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}

/// Bars made of eighths of a character cell.
package enum Bar {
    /// - Parameter fill: whether spaces follow, up to the whole width.
    package static func text(_ share: Double, width: Int, fill: Bool = false) -> String {
        guard share.isFinite else { return "" }
        let eighths = Int((min(1, max(0, share)) * Double(width) * 8).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let bar = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
        let used = eighths / 8 + (eighths % 8 == 0 ? 0 : 1)
        return fill ? bar + String(repeating: "░", count: width - used) : bar
    }
}
