import Testing

@testable import EventLog

/// Files of the write-ahead log that vanish while nobody looks.
@Suite struct MissingFilesTests {
    private static let folder = EventLogScenario.folder

    private static func open(_ disk: SimulatedDisk) throws -> EventLog {
        try EventLog.open(folder, for: .writing, options: EventLogScenario.options, disk: disk)
    }

    private static func event(_ number: Int64) -> Event { Event(person: "p", name: "E", time: number) }

    private static func expectDamage(_ disk: SimulatedDisk, _ words: String) throws {
        let error = #expect(throws: EventLogError.self) { try open(disk) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(throws: EventLogError.self) { try EventLog.open(folder, for: .reading, disk: disk) }
        #expect(try EventLog.verify(folder, disk: disk).problems.count == 1)
    }

    @Test func aFreshLogWhoseWriteAheadLogIsGoneIsDamaged() async throws {
        let disk = SimulatedDisk()
        let log = try Self.open(disk)
        try await log.append([Self.event(1)])
        let killed = disk.kill()
        for path in killed.files.keys where path.contains("/wal/") { killed.lose(path) }
        try Self.expectDamage(killed, "the file is missing")
    }

    /// Every file in turn, after some kills with records in each file.
    @Test func everyFileOfTheWriteAheadLogIsMissed() async throws {
        var disk = SimulatedDisk()
        for round in 0..<3 {
            let log = try Self.open(disk)
            try await log.append([Self.event(Int64(round))])
            disk = disk.kill()
        }
        let files = disk.files.keys.filter { $0.contains("/wal/") }.sorted()
        #expect(files.count == 3)
        for file in files {
            let damaged = disk.kill()
            damaged.lose(file)
            try Self.expectDamage(damaged, "missing")
        }
        let log = try Self.open(disk)
        #expect(try log.tail(from: 0, limit: 9).count == 3)
    }

    @Test func aManifestOfVersion1IsReadAndReplaced() async throws {
        var disk = SimulatedDisk()
        let log = try Self.open(disk)
        try await log.append([Self.event(1)])
        try log.seal()
        disk = disk.kill()
        let path = Self.folder + "/" + Manifest.file
        let manifest = try #require(try Manifest.load(Self.folder, disk))
        #expect(manifest.walFile == 1)
        disk.overwrite(path, Self.asVersion1(manifest.encoded()))
        #expect(try Manifest.load(Self.folder, disk)?.walFile == nil)
        let again = try Self.open(disk)
        #expect(try again.tail(from: 0, limit: 9).count == 1)
        #expect(try Manifest.load(Self.folder, disk)?.walFile == 1)
    }

    /// Takes out what version 2 has added: the word after seven others and the retention.
    private static func asVersion1(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let place = Manifest.headerBytes + 8 * 8
        bytes.removeSubrange(place..<place + 8)
        bytes.withUnsafeMutableBytes { raw in
            raw.storeBytes(of: 1, toByteOffset: 8, as: UInt32.self)
            let body = UnsafeRawBufferPointer(rebasing: raw[Manifest.headerBytes...])
            raw.storeBytes(of: Checksum.crc32c(body), toByteOffset: 12, as: UInt32.self)
            raw.storeBytes(of: UInt64(body.count), toByteOffset: 16, as: UInt64.self)
        }
        return bytes
    }
}
