package import HTTPTypes
package import Hummingbird

/// What a page answers.
package enum PageAnswer: Sendable {
    case page(Page)
    /// To another page (303, so that loading it again repeats nothing), which shows what was done.
    case redirect(String, flash: Flash?, cookies: [String] = [])
    /// A part of a page, without what surrounds it, for a script that asked for it.
    case part(template: String, PageValue)
    /// Something that is no page, such as a file.
    case response(Response)

    /// - Parameters:
    ///   - template: the name of the file in `templates`, without its ending.
    ///   - title: of the document and, unless the template writes its own, of the page.
    package static func page(
        _ template: String, title: String, status: HTTPResponse.Status = .ok, scripts: [String] = [],
        _ value: PageValue
    ) -> PageAnswer {
        .page(Page(template: template, title: title, status: status, scripts: scripts, value: value))
    }

    /// - Parameter path: below the workspace, or a whole path when it begins with a slash.
    package static func redirect(_ path: String, saying text: String? = nil) -> PageAnswer {
        .redirect(path, flash: text.map { Flash(kind: .done, text: $0) })
    }
}

/// A page to be rendered within the console's layout.
package struct Page: Sendable {
    package var template: String
    package var title: String
    package var status = HTTPResponse.Status.ok
    /// Modules of `assets` beside `console.js`: `people.js`.
    package var scripts: [String] = []
    /// Whether navigation surrounds it; not on the page for signing in.
    package var hasNavigation = true
    package var value: PageValue
    /// Values of `Set-Cookie`.
    package var cookies: [String] = []
}

/// A message that the next page shows once.
package struct Flash: Sendable, Hashable {
    package enum Kind: String, Sendable { case done, warning }

    package var kind: Kind
    package var text: String

    package init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }
}
