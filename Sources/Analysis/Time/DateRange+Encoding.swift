extension KeyedEncodingContainer where Key == FieldName {
    /// Encodes the fields of a range beside the others of its query.
    mutating func encode(_ range: DateRange) throws {
        try encodeIfPresent(range.from, forKey: FieldName("from"))
        try encodeIfPresent(range.to, forKey: FieldName("to"))
        try encode(range.timeZone, forKey: FieldName("timeZone"))
    }
}
