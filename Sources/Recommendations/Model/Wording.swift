/// A reason for machines and for people.
package struct Wording: Sendable, Hashable, Codable {
    /// Stable: what a program may depend on.
    package var code: String
    package var en: String
    package var ko: String

    package init(_ code: String, en: String, ko: String) {
        self.code = code
        self.en = en
        self.ko = ko
    }
}

extension Wording {
    /// A share in percent: whole, with a decimal below one.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        if percent > 0, percent < 1 { return "\((percent * 10).rounded() / 10)%" }
        return "\(Int(percent.rounded()))%"
    }

    /// Seconds as `1:05`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let rest = whole % 60
        return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
    }
}
