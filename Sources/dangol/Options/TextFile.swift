import Foundation

/// Files that are read whole.
enum TextFile {
    private static let bytesMax = 1 << 30

    /// - Parameter path: `-` is standard input.
    /// - Throws: `Failure` for what cannot be read or is no UTF-8.
    static func read(_ path: String) throws -> String {
        let data: Data
        do {
            data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(
                .failure, code: "io",
                "the file \(path) cannot be read: \((error as NSError).localizedDescription)")
        }
        guard data.count <= bytesMax, let text = String(bytes: data, encoding: .utf8) else {
            throw Failure(.failure, code: "io", "\(path) is no text in UTF-8 of at most \(bytesMax >> 20) MB")
        }
        return text
    }
}
