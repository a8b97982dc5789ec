import Access
import Audiences
import Engine
import Foundation
import People

/// Handing an audience on: as a file, to a webhook, hashed for an ad platform.
enum AudienceExportPage {
    static func page(_ call: PageCall) async throws -> PageAnswer { try await page(call, error: nil) }

    private static func page(_ call: PageCall, error: String?) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let live = head.live
        let traits = try await call.parts.queries.run { try live.people.traitNames() }
        let id = String(head.audience.id)
        let platforms = AdPlatform.allCases.map {
            FormField.Option($0.rawValue, call.text("audience.ad." + $0.rawValue))
        }
        let consents = [
            FormField.Option("email:marketing", call.text("audience.consentEmail")),
            .init("sms:marketing", call.text("audience.consentSms")),
            .init("kakao:marketing", call.text("audience.consentKakao")),
            .init("none", call.text("audience.consentNone")),
        ]
        let url = FormField(.input("url"), "url", call.text("audience.webhook"), value: call.form["url"]).with {
            $0.placeholder = "https://example.com/hook"
            $0.isRequired = true
            $0.error = error
        }
        return head.page(
            "export", .export, status: error == nil ? 200 : 422,
            [
                "file": .text("/v1/audiences/\(id)/export"), "hashed": .text("/v1/audiences/\(id)/hashed"),
                "traits": .list(traits.prefix(40).map { .text($0) }), "hasTraits": .flag(!traits.isEmpty),
                "platform": FormField(.select(platforms), "platform", call.text("audience.platform")).value,
                "consent": FormField(
                    .select(consents), "consent", call.text("audience.onlyConsenting"),
                    hint: call.text("audience.consentHint")
                ).value,
                "url": url.value, "send": call.may(.audiencesWrite) ? .text(head.link("send")) : false,
            ])
    }

    static func send(_ call: PageCall) async throws -> PageAnswer {
        guard call.may(.peopleRead) else { throw Problem.forbidden("this needs the scope 'people:read' as well") }
        let head = try AudienceHead.load(call)
        let url = call.form["url"] ?? ""
        do {
            try call.parts.settings.webhooks.check(url)
        } catch {
            return try await page(call, error: error.message)
        }
        let name = head.audience.name
        let calls = try await call.call.changeAudiences {
            try $0.audiences.send(name, to: url, request: UUID().uuidString, traits: [])
        }
        try call.call.noteAudience(
            "audience.sent", head.audience, detail: ["host": URL(string: url)?.host ?? "", "calls": "\(calls)"])
        return .redirect("audiences/\(head.audience.id)/export", saying: call.text("audience.sent", count: calls))
    }
}
