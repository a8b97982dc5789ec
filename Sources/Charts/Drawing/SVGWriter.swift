/// Writes well-formed SVG: escapes all text, keeps numbers short, and remembers which paints were used, so that the
/// style sheet holds these only. The same calls give the same bytes.
struct SVGWriter {
    private(set) var body = ""
    private(set) var paints: Set<Paint> = []
    private(set) var patterns: Set<SeriesPattern> = []
    private(set) var gradients: Set<Paint> = []
    /// Whether any element leads somewhere.
    private(set) var hasLinks = false
    private var openTags: [String] = []

    /// Stands for the prefix of ids until `ChartFrame` knows the whole content. User text cannot contain it: `escape`
    /// removes control characters.
    static let idPrefix = "\u{1}"

    // MARK: Elements

    mutating func open(_ tag: String, _ attributes: Attributes = []) {
        start(tag, attributes)
        body += ">"
        openTags.append(tag)
    }

    mutating func close() {
        guard let tag = openTags.popLast() else { return }
        body += "</\(tag)>"
    }

    /// One element; `title` becomes its tooltip and its name for screen readers.
    ///
    /// - Parameter link: an address; the element becomes a link, which the keyboard reaches too.
    mutating func element(_ tag: String, _ attributes: Attributes, title: String? = nil, link: String? = nil) {
        if let link {
            hasLinks = true
            body += "<a href=\"\(Self.escape(link))\""
            if let title { body += " aria-label=\"\(Self.escape(title))\"" }
            body += ">"
        }
        defer { if link != nil { body += "</a>" } }
        start(tag, attributes)
        if let title {
            body += "><title>\(Self.escape(title))</title></\(tag)>"
        } else {
            body += "/>"
        }
    }

    mutating func group(_ attributes: Attributes = [], title: String? = nil, _ content: (inout SVGWriter) -> Void) {
        open("g", attributes)
        if let title { body += "<title>\(Self.escape(title))</title>" }
        content(&self)
        close()
    }

    mutating func label(
        _ text: String, x: Double, y: Double, _ paint: Paint = .muted, size: Double = 11, bold: Bool = false,
        anchor: Anchor = .start, rotate: Double? = nil
    ) {
        var attributes: Attributes = [.x(x), .y(y), .number("font-size", size), .fill(paint)]
        if bold { attributes.append(.text("font-weight", "600")) }
        if anchor != .start { attributes.append(.text("text-anchor", anchor.rawValue)) }
        if let rotate {
            attributes.append(.text("transform", "rotate(\(Self.number(rotate)) \(Self.number(x)) \(Self.number(y)))"))
        }
        start("text", attributes)
        body += ">\(Self.escape(text))</text>"
    }

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ paint: Paint, width: Double = 1, dash: String? = nil
    ) {
        var attributes: Attributes = [
            .number("x1", x1), .number("y1", y1), .number("x2", x2), .number("y2", y2), .stroke(paint),
            .number("stroke-width", width),
        ]
        if let dash { attributes.append(.text("stroke-dasharray", dash)) }
        element("line", attributes)
    }

    enum Anchor: String { case start, middle, end }

    private mutating func start(_ tag: String, _ attributes: Attributes) {
        body += "<\(tag)"
        var classes = ""
        for attribute in attributes {
            switch attribute {
            case .text(let name, let value): body += " \(name)=\"\(Self.escape(value))\""
            case .number(let name, let value): body += " \(name)=\"\(Self.number(value))\""
            case .fill(let paint): use("fill", "f", paint)
            case .stroke(let paint): use("stroke", "s", paint)
            case .pattern(let pattern):
                patterns.insert(pattern)
                paints.insert(.series(pattern.series))
                if pattern.kind == .solid {
                    use("fill", "f", .series(pattern.series))
                } else {
                    body += " fill=\"url(#\(Self.idPrefix)\(pattern.id)) \(Paint.series(pattern.series).light.hex)\""
                }
            case .gradient(let paint):
                gradients.insert(paint)
                paints.insert(paint)
                body += " fill=\"url(#\(Self.idPrefix)g-\(paint.name)) none\""
            }
        }
        if !classes.isEmpty { body += " class=\"\(classes)\"" }

        // The attribute is for readers without style sheets or variables; the class overrides it elsewhere.
        func use(_ attribute: String, _ kind: String, _ paint: Paint) {
            paints.insert(paint)
            body += " \(attribute)=\"\(paint.light.hex)\""
            classes += classes.isEmpty ? "dc-\(kind)-\(paint.name)" : " dc-\(kind)-\(paint.name)"
        }
    }

    // MARK: Text

    /// At most two decimals, no exponent, no "-0". What is not finite becomes 0: charts drop such values before they
    /// get here.
    static func number(_ value: Double) -> String {
        let scaled = (value * 100).rounded()
        guard abs(scaled) < 1e15 else { return "0" }
        let whole = Int(scaled)
        let (units, rest) = (abs(whole) / 100, abs(whole) % 100)
        let sign = whole < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(units)" }
        if rest % 10 == 0 { return "\(sign)\(units).\(rest / 10)" }
        return "\(sign)\(units).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Escapes markup and drops what XML 1.0 does not allow.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

typealias Attributes = [Attribute]

enum Attribute {
    case text(String, String)
    case number(String, Double)
    case fill(Paint)
    case stroke(Paint)
    case pattern(SeriesPattern)
    case gradient(Paint)

    static func x(_ value: Double) -> Attribute { .number("x", value) }
    static func y(_ value: Double) -> Attribute { .number("y", value) }
    static func width(_ value: Double) -> Attribute { .number("width", value) }
    static func height(_ value: Double) -> Attribute { .number("height", value) }
    static func opacity(_ value: Double) -> Attribute { .number("fill-opacity", value) }
    static func path(_ value: String) -> Attribute { .text("d", value) }
}
