import Foundation

/// The versions of one model on disk.
///
///     <folder>/active                the number of the version that answers
///     <folder>/000003/version.json   when and how it was trained, and how good it is
///     <folder>/000003/model.bin      see `ModelFile`
///
/// A version is written beside its place and moved there, so it is whole or absent. Damage is found by checksums, and
/// the version before answers.
package struct ModelStore: Sendable {
    package let folder: String
    /// Older versions are removed; the active one never is.
    private static let versionsKept = 5

    package init(folder: String) { self.folder = folder }

    private func path(_ number: Int) -> String {
        let digits = String(number)
        return folder + "/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    // MARK: Reading

    /// The numbers of the versions, ascending.
    package func numbers() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.count >= 6 ? Int($0) : nil }.filter { $0 > 0 }.sorted()
    }

    /// The number of the version that answers; nil when there is none.
    package func active() -> Int? {
        guard let text = try? String(contentsOfFile: folder + "/active", encoding: .utf8) else { return numbers().last }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? numbers().last
    }

    /// What is known of a version.
    package func version(_ number: Int) throws -> ModelVersion {
        let file = path(number) + "/version.json"
        do {
            return try JSONDecoder().decode(ModelVersion.self, from: try read(file))
        } catch let error as RecommendationError {
            throw error
        } catch {
            throw RecommendationError(.corrupt, "\(file) cannot be read: \(error)")
        }
    }

    package func model(_ number: Int) throws -> TrainedModel {
        let file = path(number) + "/model.bin"
        return try ModelFile.decode(try read(file), path: file)
    }

    private func read(_ file: String) throws -> Data {
        guard FileManager.default.fileExists(atPath: file) else {
            throw RecommendationError(.corrupt, "the file \(file) is missing")
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw RecommendationError(
                .io, "the file \(file) cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    /// The active version, or the newest before it that is whole, and what is wrong with those that are not.
    package func load() -> (model: TrainedModel, number: Int, damage: [String])? {
        var damage: [String] = []
        guard let active = active() else { return nil }
        for number in numbers().reversed() where number <= active {
            do {
                return (try model(number), number, damage)
            } catch {
                damage.append("\(error)")
            }
        }
        return nil
    }

    // MARK: Writing

    /// Keeps a model as a new version, without making it the active one.
    ///
    /// - Parameter version: its number is set here.
    package func save(_ model: TrainedModel, _ version: ModelVersion) throws -> ModelVersion {
        var version = version
        version.number = (numbers().last ?? 0) + 1
        let data = try ModelFile.encode(model)
        version.bytes = data.count
        let part = path(version.number) + ".part"
        do {
            try? FileManager.default.removeItem(atPath: part)
            try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
            try data.write(to: URL(fileURLWithPath: part + "/model.bin"))
            try JSONEncoder.stable.encode(version).write(to: URL(fileURLWithPath: part + "/version.json"))
            try FileManager.default.moveItem(atPath: part, toPath: path(version.number))
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw RecommendationError(
                .io,
                "the model cannot be written to \(folder): \((error as NSError).localizedDescription). Is there room, and may this user write there?"
            )
        }
        return version
    }

    /// Makes a version the one that answers.
    ///
    /// - Throws: `corrupt` or `notFound` when it cannot be used.
    package func activate(_ number: Int) throws {
        guard numbers().contains(number) else {
            let others = numbers().map(String.init).joined(separator: ", ")
            throw RecommendationError(
                .notFound, "there is no version \(number) in \(folder); there is \(others.isEmpty ? "none" : others)")
        }
        _ = try model(number)
        do {
            try Data("\(number)\n".utf8).write(to: URL(fileURLWithPath: folder + "/active"), options: .atomic)
        } catch {
            throw RecommendationError(
                .io, "\(folder)/active cannot be written: \((error as NSError).localizedDescription)")
        }
        removeOld()
    }

    private func removeOld() {
        let active = active()
        for number in numbers().dropLast(Self.versionsKept) where number != active {
            // What cannot be removed now is removed after the next training.
            try? FileManager.default.removeItem(atPath: path(number))
        }
    }
}
