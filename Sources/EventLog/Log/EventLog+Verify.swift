import Synchronization

extension EventLog {
    /// Reads every byte of every file in a folder and compares checksums and structure. Needs no open log, so that it
    /// also tells what is wrong with one that does not open. Beside a writer it may be called on a backup or a stopped
    /// log.
    ///
    /// - Parameter progress: gets bytes done and bytes in all.
    /// - Throws: `notFound` when there is no log; what is wrong with a log is in the report.
    package static func verify(
        _ folder: String, disk: any Disk = PosixDisk(), progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> VerifyReport {
        var report = VerifyReport()
        let manifest: Manifest
        do {
            guard let known = try Manifest.load(folder, disk) else {
                throw EventLogError(.notFound, "there is no event log here", file: folder)
            }
            manifest = known
        } catch let error as EventLogError where error.code != .notFound {
            report.problems.append(error.description)
            return report
        }
        report.files += 1
        report.bytes += try disk.size(folder + "/" + Manifest.file) ?? 0
        let total = manifest.segments.reduce(0) { $0 + Int($1.bytes) }
        for entry in manifest.segments {
            let path = folder + "/" + entry.file
            do {
                let segment = try Segment(try disk.map(path), name: path)
                guard segment.footer.rowCount == entry.rows, UInt64(segment.byteCount) == entry.bytes else {
                    throw EventLogError(.corrupt, "is not the file that the manifest names", file: path)
                }
                try segment.checkNames(manifest.tables)
                try segment.verify(key: manifest.key)
                report.events += segment.rowCount
            } catch let error as EventLogError {
                report.problems.append(error.description)
            }
            report.files += 1
            report.bytes += Int(entry.bytes)
            progress?(min(report.bytes, total), total)
        }
        do {
            let replay = try WriteAheadLog.replay(
                folder: folder + "/" + walFolder, disk: disk, logID: manifest.logID, from: manifest.walStart,
                newest: manifest.walFile, repair: false
            ) { _, payload in
                if case .events(let batch, _) = try LogRecord(payload, key: manifest.key) {
                    report.events += batch.count
                }
            }
            report.files += replay.files
            report.bytes += replay.bytes
        } catch let error as EventLogError {
            report.problems.append(error.description)
        }
        return report
    }

    /// The same for this log, which no one else changes meanwhile.
    package func verify(progress: (@Sendable (Int, Int) -> Void)? = nil) throws -> VerifyReport {
        try maintenance.withLock { _ in try EventLog.verify(folder, disk: disk, progress: progress) }
    }

    /// Copies a consistent state into an empty or new folder, while the log is being written.
    ///
    /// - Throws: `io` when the folder is not empty or a copy fails.
    package func backup(to target: String) throws {
        guard try disk.list(target).isEmpty else {
            throw EventLogError(.io, "is not empty; name a new folder for the backup", file: target)
        }
        if access == .writing { try seal() }
        try disk.makeFolder(target)
        try maintenance.withLock { _ in
            let manifest = state.withLock { $0.manifest }
            for entry in manifest.segments {
                let source = try disk.map(folder + "/" + entry.file)
                let file = try disk.create(target + "/" + entry.file)
                try file.write(source.bytes)
                try file.sync()
                try file.close()
            }
            try copyWriteAheadLog(to: target)
            // The manifest comes last: a copy that broke off is no log at all.
            try manifest.store(target, disk)
        }
    }

    /// What came since the seal, or what a reader cannot seal, is copied as it is. A record that is being written at
    /// this moment ends the copy like a torn one.
    private func copyWriteAheadLog(to target: String) throws {
        let source = folder + "/" + EventLog.walFolder
        try disk.makeFolder(target + "/" + EventLog.walFolder)
        for name in try disk.list(source) {
            let file = try disk.create(target + "/" + EventLog.walFolder + "/" + name)
            try file.write(try disk.read(source + "/" + name))
            try file.sync()
            try file.close()
        }
        try disk.syncFolder(target + "/" + EventLog.walFolder)
    }
}

extension Segment {
    /// Compares every checksum and every promise that readers rely on.
    ///
    /// - Complexity: O(bytes)
    func verify(key: HashKey) throws {
        func check(_ holds: Bool, _ chunk: Int, _ problem: String) throws {
            if !holds { throw EventLogError(.corrupt, "chunk \(chunk): \(problem)", file: name) }
        }
        var lastHome: UInt64 = 0
        for (number, chunk) in footer.chunks.enumerated() {
            for section in chunk.sections { _ = try verifiedBytes(section) }
            let persons = try persons(number)
            let times = try times(number)
            let sequences = try sequences(number)
            let codes = try codes(number)
            try check(chunk.firstHome >= lastHome, number, "is out of order")
            try check(
                persons.homes[0] == chunk.firstHome && persons.homes[persons.count - 1] == chunk.lastHome, number,
                "persons do not fit the footer")
            lastHome = chunk.lastHome
            var row = 0
            for entry in 0..<persons.count {
                let rows = persons.rows(entry)
                try check(
                    rows.lowerBound == row && rows.upperBound > row, number, "persons' rows do not follow each other")
                row = rows.upperBound
                try check(
                    entry == 0 || persons.homes[entry - 1] <= persons.homes[entry], number, "persons are out of order")
                try check(key.hash(persons.idBytes(entry)) == persons.hashes[entry], number, "a person's hash is wrong")
                for index in rows.dropFirst() {
                    let isOrdered = (times[index - 1], sequences[index - 1]) < (times[index], sequences[index])
                    try check(isOrdered, number, "a person's events are out of order")
                }
            }
            var counts = [UInt32](repeating: 0, count: chunk.codes.count)
            for index in 0..<Int(chunk.rowCount) {
                try check(codes[index] < counts.count, number, "an event without a name")
                counts[codes[index]] += 1
                try check(
                    times[index] >= chunk.minTime && times[index] <= chunk.maxTime, number,
                    "times do not fit the footer")
            }
            try check(counts == chunk.codes.map(\.count), number, "counts of events do not fit the footer")
            try verifyColumns(number)
            _ = try messageIDs(number)
        }
        for section in footer.sections { _ = try verifiedBytes(section) }
        _ = try rehomed()
    }

    private func verifyColumns(_ chunk: Int) throws {
        for section in footer.chunks[chunk].sections where section.kind == .column {
            let view = try column(chunk, section)
            var entries = 0
            for row in 0..<footer.chunks[chunk].rowCount where view.entry(at: row) >= 0 { entries += 1 }
            var isSound = entries == view.entryCount
            var end = 0
            for entry in 0..<view.entryCount {
                let values = view.values(of: entry)
                if view.type.isList { isSound = isSound && values.lowerBound == end && values.upperBound >= end }
                end = values.upperBound
                if view.type.element == .string {
                    for value in values where !(0..<view.dictionary.count).contains(view.code(value)) {
                        isSound = false
                    }
                }
            }
            if !isSound { throw EventLogError(.corrupt, "chunk \(chunk): a property column is not sound", file: name) }
        }
    }
}
