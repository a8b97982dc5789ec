import Glibc
import Reports

/// What is known of the place where output goes: whether it is a terminal, how wide, and whether it shows colour.
struct Terminal: Sendable {
    let isTerminal: Bool
    let hasColor: Bool
    /// Columns. Without a terminal nothing is cut, so there is no width.
    let width: Int?

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    init(isTerminal: Bool, hasColor: Bool, width: Int?) {
        self.isTerminal = isTerminal
        self.hasColor = hasColor
        self.width = width
    }

    private init(descriptor: Int32) {
        isTerminal = isatty(descriptor) == 1
        hasColor = isTerminal && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
        guard isTerminal else {
            width = nil
            return
        }
        var size = winsize()
        let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = known ? max(40, Int(size.ws_col)) : 80
    }

    func styled(_ text: String, _ style: Report.Style) -> String {
        guard hasColor, let code = style.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension Report.Style {
    /// The parameters of the SGR control sequence (ECMA-48).
    fileprivate var code: String? {
        switch self {
        case .plain: return nil
        case .bold: return "1"
        case .dim: return "2"
        case .red: return "31"
        case .green: return "32"
        case .bar: return "34"
        case .shade(let share):
            guard share > 0 else { return nil }
            // Blues of the 256-colour cube, dark text on the light ones.
            let blues = [195, 153, 117, 75, 33, 26]
            let step = min(blues.count - 1, Int(share * Double(blues.count)))
            return "\(step < 4 ? "30" : "97");48;5;\(blues[step])"
        }
    }
}

/// The process's environment.
enum Environment {
    /// The value of a variable; nil when it is unset or empty.
    static subscript(name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
