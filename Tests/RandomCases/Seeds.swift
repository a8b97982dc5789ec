import Foundation

/// How many seeds a property test takes: the variable `DANGOL_SEEDS` replaces the number for long runs.
package enum Seeds {
    package static func count<Number: FixedWidthInteger>(_ short: Number) -> Number {
        ProcessInfo.processInfo.environment["DANGOL_SEEDS"].flatMap { Number($0) } ?? short
    }
}
