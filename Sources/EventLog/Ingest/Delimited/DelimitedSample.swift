/// The first rows of a source, split, to tell its delimiter, its header and the types of its columns.
struct DelimitedSample {
    private static let rowsMax = 200

    let delimiter: UInt8
    private(set) var rows: [[String]] = []

    /// Splits what is in the window of `text` so far. Rows that cannot be split end the sample.
    init(_ text: InputText, delimiter: UInt8) {
        self.delimiter = delimiter
        var splitter = RecordSplitter(delimiter: delimiter)
        var rest = UnsafeRawBufferPointer(rebasing: text.window.prefix(TextCheck.sampleBytes))
        let isWhole = text.sourceEnded && rest.count == text.window.count
        while rows.count < Self.rowsMax, rest.count > 0, splitter.split(rest, isLast: isWhole) == .record {
            if !splitter.isBlank { rows.append((0..<splitter.count).map { splitter.text($0, of: rest) }) }
            rest = UnsafeRawBufferPointer(rebasing: rest[splitter.next...])
        }
    }

    /// Tells the delimiter: the first of tab, semicolon, pipe and comma that splits all the first rows into the same
    /// number of fields; else white space when that does; else the one that splits most rows like the first.
    static func delimiter(of text: InputText) -> UInt8 {
        let signs: [UInt8] = [0x09, 0x3b, 0x7c, 0x2c]
        let samples = signs.map { DelimitedSample(text, delimiter: $0) }
        if let exact = samples.first(where: { $0.columns > 1 && $0.agreement == 1 }) { return exact.delimiter }
        let blanks = DelimitedSample(text, delimiter: 0)
        if blanks.columns > 1, blanks.agreement == 1 { return 0 }
        let best = samples.filter { $0.columns > 1 }.max { $0.agreement < $1.agreement }
        guard let best, best.agreement > 0.5 else { return blanks.columns > 1 && blanks.agreement > 0.5 ? 0 : 0x2c }
        return best.delimiter
    }

    private var columns: Int { rows.first?.count ?? 0 }

    /// The share of rows with as many fields as the first.
    private var agreement: Double {
        rows.isEmpty ? 0 : Double(rows.count { $0.count == columns }) / Double(rows.count)
    }
}
