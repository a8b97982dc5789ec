// Conversion from other encodings, in pieces of any size. The first byte chooses the encoding.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let encodings = ["cp949", "euc-kr", "utf-16", "utf-16le", "utf-32", "shift_jis", "windows-1252"]
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    let encoding = encodings[Int(start[0]) % encodings.count]
    let whole = convert(bytes, encoding, chunk: .max)
    let pieces = convert(bytes, encoding, chunk: 1)
    Fuzz.expect(whole == pieces, "the size of the pieces matters in \(encoding)")
    return 0
}

private func convert(_ bytes: [UInt8], _ encoding: String, chunk: Int) -> [UInt8]? {
    guard let source = try? TranscodingSource(MemorySource(bytes, chunk: chunk), encoding: encoding, name: "fuzz")
    else {
        return nil
    }
    return try? source.readHead(bytes.count * 8 + 16)
}
