import CEventLog

/// Splits records into fields (RFC 4180), with a buffer that is used again.
struct RecordSplitter {
    /// The most columns that a source may have.
    static let columnsMax = 4096

    let delimiter: UInt8
    private var fields = [ceventlog_field](repeating: ceventlog_field(), count: columnsMax)
    private(set) var count = 0
    /// The record without its line break, and with it; after an error the offset where it was noticed.
    private(set) var contentEnd = 0
    private(set) var next = 0
    /// Line feeds up to `next`.
    private(set) var newlines = 0
    private var unquoted: [UInt8] = []

    enum Status { case record, incomplete, unclosedQuote, afterQuote, tooManyFields }

    init(delimiter: UInt8) { self.delimiter = delimiter }

    /// Splits the record at the front of `bytes`; `isLast` says that nothing follows them.
    mutating func split(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Status {
        let status = fields.withUnsafeMutableBufferPointer { fields in
            ceventlog_split_record(
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, isLast ? 1 : 0, delimiter,
                fields.baseAddress, fields.count, &count, &contentEnd, &next, &newlines)
        }
        switch Int(status) {
        case Int(CEVENTLOG_RECORD_OK): return .record
        case Int(CEVENTLOG_RECORD_INCOMPLETE): return .incomplete
        case Int(CEVENTLOG_RECORD_UNCLOSED_QUOTE): return .unclosedQuote
        case Int(CEVENTLOG_RECORD_AFTER_QUOTE): return .afterQuote
        default: return .tooManyFields
        }
    }

    /// Whether the record is an empty line.
    var isBlank: Bool {
        count == 0 || (count == 1 && fields[0].start == fields[0].end && fields[0].is_quoted == 0)
    }

    /// The value of a field, without quotes and, when it was not quoted, without blanks around it. Valid until the
    /// next call.
    mutating func withValue<R>(
        _ index: Int, of record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        let field = fields[index]
        if field.has_doubled_quotes != 0 {
            unquote(UnsafeRawBufferPointer(rebasing: record[Int(field.start)..<Int(field.end)]))
            return try unquoted.withUnsafeBytes { try body($0) }
        }
        var start = Int(field.start)
        var end = Int(field.end)
        if field.is_quoted == 0 {
            while start < end, record[start] == 0x20 || record[start] == 0x09 { start &+= 1 }
            while end > start, record[end &- 1] == 0x20 || record[end &- 1] == 0x09 { end &-= 1 }
        }
        return try body(UnsafeRawBufferPointer(rebasing: record[start..<end]))
    }

    mutating func text(_ index: Int, of record: UnsafeRawBufferPointer) -> String {
        withValue(index, of: record) { String(decoding: $0, as: UTF8.self) }
    }

    /// Every doubled quote stands for one.
    private mutating func unquote(_ bytes: UnsafeRawBufferPointer) {
        unquoted.removeAll(keepingCapacity: true)
        var index = 0
        while index < bytes.count {
            unquoted.append(bytes[index])
            index += bytes[index] == 0x22 ? 2 : 1
        }
    }
}
