import EventLog
import Foundation

/// The versions of the model on disk.
///
///     <folder>/active                the number of the version that answers
///     <folder>/000003/version.json   when and of what it was made, how good it is, and the model's checksum
///     <folder>/000003/model.json
///
/// A version is written beside its place and moved there, so it is whole or absent. A damaged one is named, and the
/// version before answers.
struct IntentModelStore: Sendable {
    let folder: String
    /// Older versions are removed; the active one never is.
    private static let versionsKept = 5

    private func path(_ number: Int) -> String {
        let digits = String(number)
        return folder + "/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The numbers of the versions, ascending.
    func numbers() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.count >= 6 ? Int($0) : nil }.filter { $0 > 0 }.sorted()
    }

    /// The number of the version that answers; nil when there is none.
    func active() -> Int? {
        guard let text = try? String(contentsOfFile: folder + "/active", encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// - Throws: `LifecycleError` with `corrupt` or `io`.
    func version(_ number: Int) throws -> IntentVersion {
        let file = path(number) + "/version.json"
        return try Self.decode(try read(file), file)
    }

    /// - Throws: `LifecycleError` with `corrupt` or `io`.
    func model(_ number: Int) throws -> IntentModel {
        let version = try version(number)
        let file = path(number) + "/model.json"
        let data = try read(file)
        guard Self.checksum(data) == version.checksum else {
            throw LifecycleError(.corrupt, "\(file) does not match its checksum: train the model again")
        }
        let model: IntentModel = try Self.decode(data, file)
        guard model.isSound else {
            throw LifecycleError(
                .corrupt, "\(file) was made for other features than this program has: train the model again")
        }
        return model
    }

    /// The active version, or the newest before it that is whole, and what is wrong with those that are not.
    func load() -> (model: IntentModel, version: IntentVersion, damage: [String])? {
        guard let active = active() else { return nil }
        var damage: [String] = []
        for number in numbers().reversed() where number <= active {
            do {
                return (try model(number), try version(number), damage)
            } catch {
                damage.append("\(error)")
            }
        }
        return nil
    }

    /// Keeps a model as a new version, without making it the active one.
    ///
    /// - Parameter version: number, size and checksum are set here.
    func save(_ model: IntentModel, _ version: IntentVersion) throws -> IntentVersion {
        var version = version
        version.number = (numbers().last ?? 0) + 1
        let part = path(version.number) + ".part"
        do {
            let data = try Self.encoder.encode(model)
            version.bytes = data.count
            version.checksum = Self.checksum(data)
            try? FileManager.default.removeItem(atPath: part)
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: part + "/model.json"))
            try Self.encoder.encode(version).write(to: URL(fileURLWithPath: part + "/version.json"))
            try FileManager.default.moveItem(atPath: part, toPath: path(version.number))
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw LifecycleError(
                .io,
                "the model cannot be written to \(folder): \((error as NSError).localizedDescription). Is there room, and may this user write there?"
            )
        }
        return version
    }

    /// Makes a version the one that answers.
    ///
    /// - Throws: `LifecycleError` with `notFound`, or `corrupt` when it cannot be used.
    func activate(_ number: Int) throws {
        guard numbers().contains(number) else {
            let others = numbers().map(String.init).joined(separator: ", ")
            throw LifecycleError(
                .notFound, "there is no version \(number) of intent; there is \(others.isEmpty ? "none" : others)")
        }
        _ = try model(number)
        do {
            try Data("\(number)\n".utf8).write(to: URL(fileURLWithPath: folder + "/active"), options: .atomic)
        } catch {
            throw LifecycleError(.io, "\(folder)/active cannot be written: \((error as NSError).localizedDescription)")
        }
        for old in numbers().dropLast(Self.versionsKept) where old != number {
            // What cannot be removed now is removed after the next training.
            try? FileManager.default.removeItem(atPath: path(old))
        }
    }

    private func read(_ file: String) throws -> Data {
        guard FileManager.default.fileExists(atPath: file) else {
            throw LifecycleError(.corrupt, "the file \(file) is missing")
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw LifecycleError(.io, "the file \(file) cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    private static func decode<Value: Decodable>(_ data: Data, _ file: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw LifecycleError(.corrupt, "\(file) cannot be read: \(error)")
        }
    }

    private static func checksum(_ data: Data) -> UInt32 { data.withUnsafeBytes { Checksum.crc32c($0) } }

    /// The same bytes for the same value.
    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
