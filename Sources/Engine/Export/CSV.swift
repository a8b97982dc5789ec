/// Comma-separated values (RFC 4180), with line feeds as most programs write them.
package enum CSV {
    /// One line of fields, quoted where a reader would split them.
    package static func append(_ fields: [String], to bytes: inout [UInt8]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let quoted = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
            if quoted { bytes.append(0x22) }
            for byte in field.utf8 {
                if byte == 0x22 { bytes.append(0x22) }
                bytes.append(byte)
            }
            if quoted { bytes.append(0x22) }
        }
        bytes.append(0x0A)
    }
}
