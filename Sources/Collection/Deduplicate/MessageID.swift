import EventLog

/// Message ids for formats that call them otherwise. The log stores each id once.
enum MessageID {
    /// Amplitude: an `insert_id` is unique for a device.
    ///
    /// - Returns: `insertID@device`; when that is too long for an id, the device's part is its hash.
    static func amplitude(insertID: UnsafeRawBufferPointer, device: UnsafeRawBufferPointer) -> [UInt8] {
        var id = Array(insertID)
        id.append(0x40)
        if id.count + device.count <= Limits.messageIDBytes {
            id += device
        } else {
            id += Array(String(HashKey(k0: 0, k1: 0).hash(device), radix: 16).utf8)
        }
        return id
    }
}

extension MessageID {
    /// The id of what a message says about one of its groups.
    static func group(_ id: [UInt8], type: UnsafeRawBufferPointer, id group: UnsafeRawBufferPointer) -> [UInt8] {
        let name = Array(type) + [0x3a] + group
        if id.count + name.count < Limits.messageIDBytes { return id + [0x23] + name }
        let hash = name.withUnsafeBytes { HashKey(k0: 0, k1: 0).hash($0) }
        return id.prefix(Limits.messageIDBytes - 20) + [0x23] + Array(String(hash, radix: 16).utf8)
    }
}
