// Delimited text of any content. The first byte chooses the mapping, so that each gets its share.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let choice = start[0]
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    var mapping = DelimitedOptions(person: "1", time: "2", event: .constant("Event"))
    mapping.delimiter = [.automatic, .comma, .semicolon, .tab, .whitespace][Int(choice & 7) % 5]
    mapping.header = [.automatic, .present, .absent][Int(choice >> 3 & 3) % 3]
    if choice & 32 != 0 { mapping.event = .column("3") }
    if choice & 64 != 0 { mapping.timeFormat = .pattern("yyyyMMdd") }
    if choice & 128 != 0 { mapping.messageID = "3" }
    var options = ImportOptions(.delimited(mapping))
    options.batchRows = 3
    Fuzz.checkImport(bytes, options)
    return 0
}
