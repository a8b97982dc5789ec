/// An opaque sRGB colour.
package struct Colour: Sendable, Hashable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    package var hex: String {
        let digits = Array("0123456789abcdef")
        return "#" + [red, green, blue].map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }

    /// This colour with an opacity from 0 to 1, laid over another.
    package func over(_ ground: Colour, opacity: Double) -> Colour {
        func mix(_ top: UInt8, _ bottom: UInt8) -> UInt32 {
            UInt32((Double(top) * opacity + Double(bottom) * (1 - opacity)).rounded())
        }
        return Colour(mix(red, ground.red) << 16 | mix(green, ground.green) << 8 | mix(blue, ground.blue))
    }

    /// The contrast ratio of WCAG 2.2, from 1 to 21. Text needs 4.5, marks need 3.
    package func contrast(to other: Colour) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private var luminance: Double {
        func linear(_ value: UInt8) -> Double {
            let v = Double(value) / 255
            return v <= 0.04045 ? v / 12.92 : Self.power((v + 0.055) / 1.055)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// x to the power of 2.4 = x^2 * (x^(1/5))^2, with the root by Newton's method: no C library, so the same
    /// everywhere.
    private static func power(_ x: Double) -> Double {
        if x == 0 { return 0 }
        var root = 1.0
        for _ in 0..<40 { root -= (root * root * root * root * root - x) / (5 * root * root * root * root) }
        return x * x * root * root
    }
}

/// What a colour is for. Each has a light and a dark value; a page overrides them with `--dangol-<name>`.
package enum Paint: Sendable, Hashable {
    /// Titles and values.
    case ink
    /// Labels and legends.
    case muted
    case grid
    case axis
    case surface
    /// What is less wanted: dropped people.
    case loss
    /// Series by number; after the eighth they are grey, because more colours cannot be told apart.
    case series(Int)
    /// Text on filled cells, dark or light, chosen for each theme.
    case onFill(darkInLight: Bool, darkInDark: Bool)

    static let seriesCount = 8

    package var name: String {
        switch self {
        case .ink: "ink"
        case .muted: "muted"
        case .grid: "grid"
        case .axis: "axis"
        case .surface: "surface"
        case .loss: "loss"
        case .series(let number): number < Self.seriesCount ? "series-\(number + 1)" : "series-other"
        case .onFill(let light, let dark): "on-fill-\(light ? "d" : "l")\(dark ? "d" : "l")"
        }
    }

    package var light: Colour {
        switch self {
        case .ink: Colour(0x16181d)
        case .muted: Colour(0x5f6673)
        case .grid: Colour(0xeceef2)
        case .axis: Colour(0xc9cdd6)
        case .surface: Colour(0xffffff)
        case .loss: Colour(0xb42345)
        case .series(let number): number < Self.seriesCount ? Self.lightSeries[number] : Colour(0x7c8494)
        case .onFill(let dark, _): dark ? Self.darkText : Self.lightText
        }
    }

    package var dark: Colour {
        switch self {
        case .ink: Colour(0xf1f3f7)
        case .muted: Colour(0xa1a8b5)
        case .grid: Colour(0x23272f)
        case .axis: Colour(0x454b57)
        case .surface: Colour(0x121419)
        case .loss: Colour(0xff8aa0)
        case .series(let number): number < Self.seriesCount ? Self.darkSeries[number] : Colour(0x8a92a2)
        case .onFill(_, let dark): dark ? Self.darkText : Self.lightText
        }
    }

    private static let darkText = Colour(0x050608)
    private static let lightText = Colour(0xffffff)
    private static let lightSeries = [0x5046e4, 0x0b8a80, 0xc8620a, 0xc62a68, 0x0a78b5, 0x8a3fd1, 0x5b7d10, 0x8c6239]
        .map(Colour.init)
    private static let darkSeries = [0x8f8bff, 0x2fc9b7, 0xf5a14a, 0xf472a8, 0x4db8f0, 0xc290f7, 0xa6c84c, 0xcfa67c]
        .map(Colour.init)

    /// The text on this paint at an opacity over the surface, readable in both themes.
    package func text(atOpacity opacity: Double) -> Paint {
        func dark(_ fill: Colour, _ ground: Colour) -> Bool {
            let cell = fill.over(ground, opacity: opacity)
            return cell.contrast(to: Self.darkText) >= cell.contrast(to: Self.lightText)
        }
        return .onFill(
            darkInLight: dark(light, Paint.surface.light), darkInDark: dark(self.dark, Paint.surface.dark))
    }
}

/// How a filled series looks beside its colour, so that it is told apart without seeing colours.
struct SeriesPattern: Hashable {
    enum Kind: Int, CaseIterable { case solid, stripes, dots, backStripes, grid, bars, checks, rings }

    var series: Int
    var kind: Kind { Kind.allCases[series % Kind.allCases.count] }
    var id: String { "p-\(series)" }

    /// The definition; the tile is drawn over the series' own colour.
    func definition(prefix: String) -> String {
        let paint = Paint.series(series)
        let tile = 8
        let light = "fill=\"#fff\" fill-opacity=\"0.27\""
        let line = "stroke=\"#fff\" stroke-opacity=\"0.3\" fill=\"none\""
        let marks =
            switch kind {
            case .solid: ""
            case .stripes: "<path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\" stroke-width=\"1.8\" \(line)/>"
            case .dots: "<circle cx=\"2\" cy=\"2\" r=\"1.2\" \(light)/><circle cx=\"6\" cy=\"6\" r=\"1.2\" \(light)/>"
            case .backStripes: "<path d=\"M-2 6L2 10M0 0L8 8M6 -2L10 2\" stroke-width=\"1.8\" \(line)/>"
            case .grid: "<path d=\"M0 4H8M4 0V8\" stroke-width=\"1\" \(line)/>"
            case .bars: "<path d=\"M0 2H8M0 6H8\" stroke-width=\"1.3\" \(line)/>"
            case .checks: "<path d=\"M0 0H4V4H0ZM4 4H8V8H4Z\" \(light)/>"
            case .rings: "<circle cx=\"4\" cy=\"4\" r=\"2.2\" stroke-width=\"1.1\" \(line)/>"
            }
        return """
            <pattern id="\(prefix)\(id)" width="\(tile)" height="\(tile)" patternUnits="userSpaceOnUse">\
            <rect width="\(tile)" height="\(tile)" fill="\(paint.light.hex)" class="dc-f-\(paint.name)"/>\(marks)</pattern>
            """
    }
}
