// JSON Lines of any content, plain or gzip.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var options = ImportOptions(.jsonLines)
    options.batchRows = 3
    Fuzz.checkImport(bytes, options)
    return 0
}
