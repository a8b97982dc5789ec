import Access
import Synchronization

/// Texts that must not stand in an address, because they may be about persons: what was searched for, places in a list
/// that is sorted by name. The address has a token instead, so a page can still be shared and gone back to, for as long
/// as the server remembers.
///
/// ```swift
/// let token = call.parts.privateTexts.keep("010-1234", workspace: "default")     // /people?q=TOKEN
/// let text = call.parts.privateTexts.text(token, workspace: "default")
/// ```
package final class PrivateTexts: Sendable {
    /// The same text has the same token, so that loading a page again takes no more room.
    private struct Key: Hashable {
        var workspace: String
        var token: String
    }

    private struct State {
        var texts: [Key: String] = [:]
        /// In the order in which they came; the first go first.
        var order: [Key] = []
        var bytes = 0
    }

    private static let countMax = 20_000
    private static let bytesMax = 32 << 20
    /// Makes tokens that nobody can find by trying texts.
    private let secret = Secrets.text(length: 24)
    private let state = Mutex(State())

    package init() {}

    package func keep(_ text: String, workspace: String) -> String {
        let digest = Secrets.digest("\(secret)\u{0}\(workspace)\u{0}\(text)").prefix(10)
        let token = digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        let key = Key(workspace: workspace, token: token)
        state.withLock { state in
            guard state.texts.updateValue(text, forKey: key) == nil else { return }
            state.order.append(key)
            state.bytes += text.utf8.count
            guard state.order.count > Self.countMax || state.bytes > Self.bytesMax else { return }
            // Half at once, so that it costs little for each text.
            let gone = state.order.prefix(max(1, state.order.count / 2))
            for key in gone { state.bytes -= state.texts.removeValue(forKey: key)?.utf8.count ?? 0 }
            state.order.removeFirst(gone.count)
        }
        return token
    }

    package func text(_ token: String, workspace: String) -> String? {
        state.withLock { $0.texts[Key(workspace: workspace, token: token)] }
    }
}

extension PrivateTexts {
    /// Whether a text that somebody asks about, such as the value of a filter, is likely to be about one person: it has
    /// an e-mail address, or is a telephone number as people write them (`010-1234-5678`, `+82 10 1234 5678`).
    package static func isAboutPerson(_ text: String) -> Bool {
        if let at = text.firstIndex(of: "@"), at > text.startIndex, text[text.index(after: at)...].contains(".") {
            return true
        }
        guard let first = text.first, "0+(".contains(first) else { return false }
        let digits = text.filter { !" -()+".contains($0) }
        return (9...15).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// What tokens begin with where other texts may stand.
    fileprivate static let mark: Character = "~"
}

extension PageCall {
    /// The text, or a token in its place when it is about a person.
    func hide(_ text: String) -> String {
        PrivateTexts.isAboutPerson(text) ? "\(PrivateTexts.mark)\(keep(text))" : text
    }

    /// What was hidden; any other text as it is.
    func reveal(_ text: String) -> String {
        guard text.first == PrivateTexts.mark else { return text }
        return parts.privateTexts.text(String(text.dropFirst()), workspace: workspaceName) ?? text
    }

    func keep(_ text: String) -> String { parts.privateTexts.keep(text, workspace: workspaceName) }

    /// The text that a parameter of the address stands for; nil when there is none, or the server forgot it.
    func kept(_ parameter: String) -> String? {
        query(parameter).flatMap { parts.privateTexts.text($0, workspace: workspaceName) }
    }
}
