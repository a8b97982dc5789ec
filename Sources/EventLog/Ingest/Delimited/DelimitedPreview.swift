/// The beginning of a delimited text as columns and rows, for whoever has to say what the columns mean.
package struct DelimitedPreview: Sendable, Hashable {
    package var delimiter: DelimitedOptions.Delimiter
    /// Of the first row.
    package var columns: [String]
    /// The rows below it.
    package var rows: [[String]]

    /// - Parameter bytes: the beginning of the file; its last line may be cut off.
    /// - Throws: `ImportError` for what is no text, or is empty.
    package init(_ bytes: [UInt8], encoding: String? = nil, name: String, rowsMax: Int = 20) throws {
        let text = InputText(try MemorySource(bytes).asText(name: name, encoding: encoding), name: name)
        try text.skipByteOrderMark()
        while try text.fill() {}
        let byte = DelimitedSample.delimiter(of: text)
        let sample = DelimitedSample(text, delimiter: byte)
        guard let first = sample.rows.first else { throw ImportError(.layout, "there is no line", source: name) }
        delimiter = byte == 0 ? .whitespace : .character(byte)
        columns = first
        rows = Array(sample.rows.dropFirst().filter { $0.count == first.count }.prefix(rowsMax))
    }
}
