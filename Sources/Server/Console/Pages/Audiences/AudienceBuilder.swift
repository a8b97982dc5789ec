import Access
import Analysis
import Audiences
import Engine
import Foundation
import HTTPTypes
import People

/// Defining an audience: as a tree of conditions and as text, side by side. The text alone works without a script; the
/// tree is drawn by `assets/audience-builder.js`, and the server turns one into the other.
enum AudienceBuilder {
    static func new(_ call: PageCall) -> PageAnswer {
        form(call, Draft(isList: call.query("list") != nil, text: call.kept("where") ?? ""))
    }

    static func edit(_ call: PageCall) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let definition = head.audience.definition
        return form(
            call,
            Draft(
                id: head.audience.id, version: head.audience.version, name: definition.name,
                description: definition.description, isList: definition.isStatic, text: definition.predicate?.text ?? ""
            ))
    }

    private struct Draft {
        var id: Int64?
        var version: Int?
        var name = ""
        var description = ""
        var isList = false
        var text = ""
        var error: AudienceError?
    }

    private static func form(_ call: PageCall, _ draft: Draft) -> PageAnswer {
        let error = draft.error
        let title = call.text(
            draft.id != nil ? "audience.editTitle" : draft.isList ? "audiences.newList" : "audiences.new")
        let name = FormField(.input("text"), "name", call.text("audience.name"), value: draft.name).with {
            $0.isRequired = true
            $0.lengths = 1...AudienceDefinition.nameLength
            $0.error = error?.field == "name" ? error?.message : nil
            $0.hasFocus = draft.id == nil
        }
        let description = FormField(
            .input("text"), "description", call.text("audience.about"), value: draft.description
        )
        .with { $0.isOptional = true }
        let isOther = error.map { $0.field == "name" } == false
        return .page(
            "audiences/builder", title: title, status: error == nil ? .ok : .unprocessableContent,
            scripts: draft.isList ? [] : ["audience-builder.js"],
            [
                "title": .text(title), "all": .text(call.link("audiences")),
                "action": .text(call.link("audiences/save")),
                "back": .text(draft.id.map { call.link("audiences/\($0)") } ?? call.link("audiences")),
                "id": .text(draft.id.map { String($0) } ?? ""),
                "version": .text(draft.version.map { String($0) } ?? ""),
                "fields": .list([name.value, description.value]), "isList": .flag(draft.isList),
                "text": .text(draft.text),
                "error": isOther ? .orFalse(error?.message) : false,
                "excerpt": isOther ? .orFalse(error?.place?.excerpt) : false,
                "words": .text(words(call)), "preview": .text(call.link("audiences/preview")),
                "names": .text(call.link("audiences/names")), "mayLook": .flag(call.may(.peopleRead)),
            ])
    }

    /// The texts of the script, which has none of its own.
    private static func words(_ call: PageCall) -> String {
        let texts = call.files.texts(call.language)
        let words = texts.group("builder")
        let data = (try? JSONEncoder().encode(words)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    static func save(_ call: PageCall) async throws -> PageAnswer {
        let id = call.form["id"].flatMap { Int64($0) }
        let isList = call.form["list"] == "true"
        let text = call.form["where"] ?? ""
        let name = call.form["name"] ?? ""
        do {
            let predicate = isList ? nil : try AudiencePredicate(text: text)
            let definition = AudienceDefinition(name, description: call.form["description"] ?? "", where: predicate)
            let old = try id.flatMap { id in try call.workspace().audiences.list().first { $0.id == id } }
            let version = call.form["version"].flatMap { Int($0) }
            let made = try await call.call.changeAudiences { live in
                if let old { return try live.audiences.update(old.name, to: definition, version: version) }
                return try live.audiences.create(definition)
            }
            try call.call.noteAudience(old == nil ? "audience.created" : "audience.changed", made)
            return .redirect(
                isList && old == nil ? "audiences/\(made.id)/members" : "audiences/\(made.id)",
                saying: call.text("audience.saved", ["name": made.name]))
        } catch let error as AudienceError {
            return form(
                call,
                Draft(
                    id: id, version: call.form["version"].flatMap { Int($0) }, name: name,
                    description: call.form["description"] ?? "", isList: isList, text: text, error: error))
        }
    }
}
