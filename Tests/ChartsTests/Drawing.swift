import Foundation
import FoundationXML

@testable import Charts

/// An SVG document read back with a real XML parser.
final class Drawing: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        var title: String?
        var text = ""
        /// Part of a pattern's tile, whose coordinates are its own.
        var isTile = false

        subscript(attribute: String) -> Double? { attributes[attribute].flatMap(Double.init) }
    }

    private(set) var elements: [Element] = []
    private(set) var problem: String?
    private var open: [Int] = []

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        if !parser.parse() {
            problem = parser.parserError.map { "\($0) in line \(parser.lineNumber)" } ?? "not well-formed"
        }
    }

    func parser(
        _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes: [String: String]
    ) {
        let isTile = open.contains { elements[$0].name == "pattern" }
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes, isTile: isTile))
    }

    func parser(_: XMLParser, foundCharacters text: String) {
        if let last = open.last { elements[last].text += text }
    }

    func parser(_: XMLParser, didEndElement name: String, namespaceURI _: String?, qualifiedName _: String?) {
        let ended = open.removeLast()
        if name == "title", let parent = open.last { elements[parent].title = elements[ended].text }
    }

    var width: Double { box[2] }
    var height: Double { box[3] }
    private var box: [Double] {
        (elements.first?.attributes["viewBox"] ?? "0 0 0 0").split(separator: " ").compactMap { Double($0) }
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }
    var texts: [String] { all("text").map(\.text) }
    /// Marks that tell their value.
    var marks: [Element] { elements.filter { $0.title != nil && $0.name != "svg" } }

    /// Everything that lies outside of the view box by more than half a pixel, in words.
    var strays: [String] {
        var strays: [String] = []
        func check(_ element: Element, _ points: [(Double, Double)]) {
            for (x, y) in points where x < -0.5 || y < -0.5 || x > width + 0.5 || y > height + 0.5 {
                strays.append("<\(element.name)> \(element.attributes["class"] ?? "") \(element.text) at \(x), \(y)")
            }
        }
        for element in elements where !element.isTile {
            switch element.name {
            case "rect":
                guard let w = element["width"], let h = element["height"] else { continue }
                let (x, y) = (element["x"] ?? 0, element["y"] ?? 0)
                if w < 0 || h < 0 { strays.append("a rectangle of \(w) x \(h)") }
                check(element, [(x, y), (x + w, y + h)])
            case "circle": check(element, [(element["cx"] ?? 0, element["cy"] ?? 0)])
            case "line":
                check(element, [(element["x1"] ?? 0, element["y1"] ?? 0), (element["x2"] ?? 0, element["y2"] ?? 0)])
            case "text":
                let (x, y, size) = (element["x"] ?? 0, element["y"] ?? 0, element["font-size"] ?? 11)
                let width = TextMeasure.width(element.text, size: size, bold: element.attributes["font-weight"] != nil)
                if element.attributes["transform"] != nil {
                    // Turned by -36 degrees around its end.
                    check(element, [(x, y), (x - width * 0.8, y + width * 0.59)])
                    continue
                }
                let left =
                    switch element.attributes["text-anchor"] {
                    case "middle": x - width / 2
                    case "end": x - width
                    default: x
                    }
                check(element, [(left, y - size * 0.8), (left + width, y)])
            case "path": check(element, Self.points(element.attributes["d"] ?? ""))
            default: continue
            }
        }
        return strays
    }

    /// The points that a path goes through, and its control points.
    static func points(_ path: String) -> [(Double, Double)] {
        var points: [(Double, Double)] = []
        var (x, y) = (0.0, 0.0)
        var rest = path[...]
        func numbers() -> [Double] {
            let end = rest.firstIndex { $0.isLetter } ?? rest.endIndex
            defer { rest = rest[end...] }
            var result: [Double] = []
            var current = ""
            for character in rest[..<end] {
                if character == " " || character == "," || (character == "-" && !current.isEmpty) {
                    if let number = Double(current) { result.append(number) }
                    current = character == "-" ? "-" : ""
                } else {
                    current.append(character)
                }
            }
            if let number = Double(current) { result.append(number) }
            return result
        }
        while let command = rest.popFirst() {
            let values = numbers()
            switch command {
            case "M", "L", "C", "Q":
                for index in stride(from: 0, to: values.count - 1, by: 2) {
                    (x, y) = (values[index], values[index + 1])
                    points.append((x, y))
                }
            case "V": y = values[0]
            case "H": x = values[0]
            case "v": y += values[0]
            case "h": x += values[0]
            case "l": (x, y) = (x + values[0], y + values[1])
            case "a": (x, y) = (x + values[5], y + values[6])
            default: break
            }
            points.append((x, y))
        }
        return points
    }

    /// The lowest and highest y of a path.
    static func extent(_ element: Element) -> ClosedRange<Double> {
        let ys = points(element.attributes["d"] ?? "").map(\.1)
        return (ys.min() ?? 0)...(ys.max() ?? 0)
    }
}
