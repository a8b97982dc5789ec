import Foundation

/// The audiences of a person as bits by audience id; stored without trailing zeros.
struct AudienceBits: Sendable, Hashable {
    private(set) var bytes: [UInt8] = []

    init() {}
    init(_ stored: Data) { bytes = Array(stored) }

    var stored: Data { Data(bytes) }

    subscript(id: Int64) -> Bool {
        get {
            let index = Int(id >> 3)
            return index < bytes.count && bytes[index] >> UInt8(id & 7) & 1 == 1
        }
        set {
            let index = Int(id >> 3)
            if newValue {
                while bytes.count <= index { bytes.append(0) }
                bytes[index] |= 1 << UInt8(id & 7)
            } else if index < bytes.count {
                bytes[index] &= ~(1 << UInt8(id & 7))
                while bytes.last == 0 { bytes.removeLast() }
            }
        }
    }

    mutating func formUnion(_ other: AudienceBits) {
        while bytes.count < other.bytes.count { bytes.append(0) }
        for index in other.bytes.indices { bytes[index] |= other.bytes[index] }
    }
}
