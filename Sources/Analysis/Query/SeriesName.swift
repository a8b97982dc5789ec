/// The names of the series of a query: letters in their order, as formulas use them, then numbers.
enum SeriesName {
    static func name(_ index: Int) -> String { Formula.letter(index) ?? "\(index + 1)" }

    /// The series of a name, from 0.
    static func index(_ name: String, of count: Int) -> Int? { (0..<count).first { self.name($0) == name } }
}

extension Fields {
    /// The list `series`, which has to be given.
    func series<Element: Decodable>(of type: Element.Type = Element.self) throws -> [Element] {
        guard let list = try list("series", of: type, counts: 1...QueryLimits.selectors) else {
            throw error(.missingField, "series", "must be given: a list of events to follow")
        }
        return list
    }

    /// Checks the name of a series in the object `people`.
    func checkSeries(_ name: String?, of count: Int) throws {
        guard let name, SeriesName.index(name, of: count) == nil else { return }
        throw error(
            .invalidValue, "people.series",
            "is '\(name)', but must be one of \((0..<count).map(SeriesName.name).joined(separator: ", "))")
    }
}
