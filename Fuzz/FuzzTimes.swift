// Time formats and times: the first line is a format, the second a zone, the others are times in it.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let lines = bytes.split(separator: 10, maxSplits: 20, omittingEmptySubsequences: false)
    guard lines.count > 2 else { return 0 }
    let format = TimeFormat(String(decoding: lines[0], as: UTF8.self))
    guard var reader = try? TimeReader(format, zone: String(decoding: lines[1], as: UTF8.self)) else { return 0 }
    for line in lines.dropFirst(2) {
        let first = Array(line).withUnsafeBytes { reader.read($0) }
        let second = Array(line).withUnsafeBytes { reader.read($0) }
        Fuzz.expect(first == second, "a time is read differently the second time")
    }
    return 0
}
