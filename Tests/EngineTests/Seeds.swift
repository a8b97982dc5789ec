import Foundation

/// How many seeds a property test takes: the variable `DANGOL_SEEDS` replaces the number for long runs.
enum Seeds {
    static func count<Number: FixedWidthInteger>(_ short: Number) -> Number {
        ProcessInfo.processInfo.environment["DANGOL_SEEDS"].flatMap { Number($0) } ?? short
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
