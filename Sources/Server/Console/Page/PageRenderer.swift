import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Settings

/// Runs pages and puts the layout around them.
enum PageRenderer {
    /// Nothing of another origin, no script and no style but from files of ours.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static func respond(_ page: ConsolePage, _ call: Call) async -> Response {
        do {
            let files = try call.parts.console.files()
            let pageCall = makeCall(call, files)
            do {
                let answer = try await page.handler(pageCall)
                return try response(answer, page, pageCall)
            } catch {
                return try failure(error, page, pageCall)
            }
        } catch {
            return broken(error, call.parts, requestID: call.requestID)
        }
    }

    private static func makeCall(_ call: Call, _ files: ConsoleFiles) -> PageCall {
        let isInside = call.parameters.get("workspace") != nil
        let settings = (isInside ? try? call.workspace().settings.current : nil) ?? standardSettings
        let language = Language.chosen(call.request.headers, locale: settings.locale)
        return PageCall(
            call: call, files: files, language: language,
            format: LocalFormat(
                language: language, timeZone: TimeZone(identifier: settings.timeZone) ?? .gmt,
                currency: settings.currency, now: call.parts.installation.now()),
            settings: settings, form: call.form ?? FormValues())
    }

    private static let standardSettings = WorkspaceSettings.standard(
        environment: ProcessInfo.processInfo.environment, timeZone: TimeZone.current.identifier)

    // MARK: Answers

    private static func response(_ answer: PageAnswer, _ page: ConsolePage, _ call: PageCall) throws -> Response {
        switch answer {
        case .page(let made): return try document(made, page, call)
        case .part(let template, let value):
            let text = try call.render(template, value)
            return html(text, .ok)
        case .redirect(let path, let flash, let cookies):
            var response = Response(status: .seeOther, headers: [.location: call.link(path)])
            for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
            if let flash {
                let cookie = ConsoleCookie.flash.set(flash.coded, call.parts.settings)
                response.headers.append(HTTPField(name: .setCookie, value: cookie))
            }
            return response
        case .response(let response): return response
        }
    }

    private static func document(_ made: Page, _ page: ConsolePage?, _ call: PageCall) throws -> Response {
        let content = try call.render(made.template, made.value)
        let layout = Layout(page: made, place: page?.place, call: call)
        let text = try call.render("layout", layout.value(content: content))
        var response = html(text, made.status)
        for cookie in made.cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        if page?.place != nil, ConsoleCookie.workspace.read(call.request.headers) != call.workspaceName {
            let cookie = ConsoleCookie.workspace.set(call.workspaceName, call.parts.settings)
            response.headers.append(HTTPField(name: .setCookie, value: cookie))
        }
        if ConsoleCookie.flash.read(call.request.headers) != nil {
            let over = ConsoleCookie.flash.set(nil, call.parts.settings)
            response.headers.append(HTTPField(name: .setCookie, value: over))
        }
        return response
    }

    private static func html(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy,
                .vary: "Cookie, Accept-Language",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    // MARK: Errors

    /// An error of a page, with the navigation around it: what was wrong, and where to go on.
    private static func failure(_ error: any Error, _ page: ConsolePage, _ call: PageCall) throws -> Response {
        let problem = Problem(error)
        if problem.isOurs { call.call.note(failure: error) }
        if call.wantsPart { return problem.response(requestID: call.call.requestID) }
        let made = errorPage(problem, call.files.texts(call.language), requestID: call.call.requestID)
        var response = try document(made, page, call)
        response.headers[.retryAfter] = problem.headers[.retryAfter]
        return response
    }

    /// What the gate refused. Who has not signed in is asked to, and led back.
    static func refusal(
        _ problem: Problem, _ request: Request, _ parts: ServerParts, requestID: String
    ) -> Response {
        if problem.status == .unauthorized {
            let next = request.method == .get ? request.uri.string : ""
            let query = next.isEmpty || next == "/" ? "" : "?next=" + PageCall.escape(next)
            return Response(status: .seeOther, headers: [.location: "/signin" + query])
        }
        do {
            let files = try parts.console.files()
            let language = Language.chosen(request.headers, locale: nil)
            var page = errorPage(problem, files.texts(language), requestID: requestID)
            page.hasNavigation = false
            let value = Layout.outside(page, language, files, request)
            let content = try files.render(page.template, value.adding(page.value), language)
            var response = html(
                try files.render("layout", value.adding(["content": .html(content)]), language), problem.status)
            response.headers[.retryAfter] = problem.headers[.retryAfter]
            response.headers[.allow] = problem.headers[.allow]
            return response
        } catch {
            return broken(error, parts, requestID: requestID)
        }
    }

    private static func errorPage(_ problem: Problem, _ texts: TextCatalogue, requestID: String) -> Page {
        let code = problem.status.code
        let known = ["not_found", "forbidden", "csrf", "rate_limited", "overloaded", "failed", "too_many_attempts"]
        let name = known.contains(problem.code) ? problem.code : code >= 500 ? "failed" : "invalid"
        let title = texts.text("error.\(name)Title")
        return Page(
            template: "error", title: title, status: problem.status,
            value: [
                "title": .text(title), "todo": .text(texts.text("error.\(name)Todo")),
                // The server's own words are in English; they say more than a translation of the kind of error can.
                "detail": .text(problem.detail), "status": .text(String(code)), "requestID": .text(requestID),
            ])
    }

    /// The console's files cannot be used, so there is no page to say so in.
    private static func broken(_ error: any Error, _ parts: ServerParts, requestID: String) -> Response {
        parts.logger.error(
            "the console cannot be shown", metadata: ["error": "\(error)", "request": "\(requestID)"])
        let detail = (error as? ConsoleError)?.message ?? Problem.failed.detail
        return Response(
            status: .internalServerError, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "The console cannot be shown: \(detail)\n")))
    }
}
