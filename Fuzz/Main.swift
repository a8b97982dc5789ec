import Foundation

/// One parser under random bytes. A fault is a trap, or an expectation that does not hold.
protocol FuzzTarget: SendableMetatype {
    static func run(_ bytes: [UInt8])
    /// Inputs to start from.
    static func seeds() throws -> [[UInt8]]
}

/// One program holds all targets, because it takes long to compile; `FUZZ_TARGET` says which of them runs.
private let targets: [String: any FuzzTarget.Type] = [
    "FuzzJSONLines": FuzzJSONLines.self, "FuzzDelimited": FuzzDelimited.self, "FuzzTimes": FuzzTimes.self,
    "FuzzEncodings": FuzzEncodings.self, "FuzzSegment": FuzzSegment.self,
    "FuzzWriteAheadLog": FuzzWriteAheadLog.self, "FuzzManifest": FuzzManifest.self, "FuzzQuery": FuzzQuery.self,
    "FuzzCollection": FuzzCollection.self, "FuzzHeaders": FuzzHeaders.self,
    "FuzzPredicates": FuzzPredicates.self, "FuzzItems": FuzzItems.self, "FuzzSettings": FuzzSettings.self,
    "FuzzDefinitions": FuzzDefinitions.self, "FuzzArchives": FuzzArchives.self,
]

private let chosen: any FuzzTarget.Type = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = targets[name] else { fatalError("FUZZ_TARGET is '\(name)', which is not in Main.swift") }
    return target
}()

/// With `FUZZ_SEEDS` set, writes the target's seeds into that folder first.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafePointer<CChar>?>?>?
) -> CInt {
    guard let path = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] else { return 0 }
    let folder = URL(fileURLWithPath: path)
    do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, seed) in try chosen.seeds().enumerated() {
            try Data(seed).write(to: folder.appending(path: "seed-\(number)"))
        }
    } catch {
        fatalError("the seeds cannot be written: \(error)")
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
