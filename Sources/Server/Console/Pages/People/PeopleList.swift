import Access
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import People

/// The list of persons.
enum PeopleList {
    /// So many who fit a predicate or an audience are sorted and searched.
    private static let amongMax = 100_000

    static func page(
        _ call: PageCall, _ given: PeopleListState? = nil, error: AudienceError? = nil
    ) async throws -> PageAnswer {
        let state = given ?? PeopleListState(call)
        let live = try call.workspace()
        if given == nil, let error = problem(state, live) { return try await page(call, state, error: error) }
        let columns = PeopleColumns(call)
        let found = try await call.parts.queries.run {
            try Found(state, columns: columns, live, isBroken: error != nil)
        }
        let rows = columns.rows(found.persons, traits: found.traits, call)
        let table = DataTable(call.text("people.title"), columns: columns.heads(state, call), rows: rows)
        let isOpen = !state.predicate.isEmpty || state.audience != nil || error != nil
        let values: [String: PageValue] = [
            "lead": .text(
                call.text("people.lead", count: found.total, ["known": call.format.number(found.identified)])),
            "text": .text(state.text), "predicate": .text(state.predicate),
            "isForgotten": .flag(state.isForgotten), "isFiltered": .flag(state.isFiltered || error != nil),
            "clear": .text(call.link("people")), "error": .orFalse(error?.message),
            "excerpt": .orFalse(error?.place?.excerpt),
            "among": .orFalse(found.among.map { call.text("people.among", count: $0) }), "hasMore": .flag(isOpen),
            "roles": options(
                [("", "people.anyRole"), ("customer", "people.customers"), ("partner", "people.partners")],
                state.role?.rawValue ?? "", call),
            "known": options(
                [("", "people.anyKnown"), ("yes", "people.onlyKnown"), ("no", "people.onlyUnknown")],
                state.isIdentified.map { $0 ? "yes" : "no" } ?? "", call),
            "audiences": .list(
                found.audiences.map { ["name": .text($0), "isChosen": .flag($0 == state.audience)] }),
            "table": rows.isEmpty ? false : table.value,
            "empty": rows.isEmpty ? empty(state, isAnybody: found.total > 0, call).value : false,
            "pages": pages(state, found, call), "columns": columns.choices(found.traitNames, call),
            "sort": .text(state.sort.rawValue), "order": state.ascending ? "up" : "",
            "mayExport": .flag(!state.isFiltered), "receipts": .text(call.link("people/receipts")),
            "export": .text("/v1/people/export?workspace=" + PageCall.escape(call.workspaceName)),
        ]
        return .page(
            "people/list", title: call.text("people.title"), status: error == nil ? .ok : .unprocessableContent,
            scripts: ["people.js"], .object(values))
    }

    /// What the page shows, read in one go.
    private struct Found: Sendable {
        var persons: [PersonSummary] = []
        var cursor: String?
        var traits: [String: [String: PropertyValue]] = [:]
        /// How many fit the audience and the predicate; nil when neither is asked for.
        var among: Int?
        var (total, identified) = (0, 0)
        var traitNames: [String]
        var audiences: [String]

        init(_ state: PeopleListState, columns: PeopleColumns, _ live: LiveWorkspace, isBroken: Bool) throws {
            (total, identified) = try live.people.counts()
            traitNames = try live.people.traitNames()
            audiences = try live.audiences.list().map(\.name)
            if isBroken { return }
            var query = state.query
            query.among = try PeopleList.among(state, live)
            among = query.among?.count
            let page = try live.people.search(query)
            (persons, cursor) = (page.persons, page.cursor)
            if columns.chosen.isEmpty { return }
            for person in try live.people.facts(of: persons.map(\.canonicalID)) {
                traits[person.canonicalID] = person.traits
            }
        }
    }

    private static func pages(_ state: PeopleListState, _ found: Found, _ call: PageCall) -> PageValue {
        let here = call.query("page") ?? "-"
        return Pagination(
            summary: call.text("people.shown", count: found.persons.count),
            previous: state.cursor == nil ? nil : state.link(call, page: state.previous),
            next: found.cursor.map { state.link(call, page: call.keep("\(here)\n\($0)")) }
        ).value
    }

    /// What is wrong with the predicate or the audience, if anything is.
    private static func problem(_ state: PeopleListState, _ live: LiveWorkspace) -> AudienceError? {
        do {
            if let audience = state.audience { _ = try live.audiences.audience(audience) }
            if !state.predicate.isEmpty { try live.audiences.check(try AudiencePredicate(text: state.predicate)) }
            return nil
        } catch {
            return error as? AudienceError
        }
    }

    /// Canonical ids of those who fit an audience and a predicate; nil when neither is asked for.
    private static func among(_ state: PeopleListState, _ live: LiveWorkspace) throws -> [String]? {
        var sets: [Set<String>] = []
        if let audience = state.audience {
            var ids: Set<String> = []
            try live.audiences.forEachMember(audience) { ids.formUnion($0.map(\.person)) }
            sets.append(ids)
        }
        if !state.predicate.isEmpty {
            let predicate = try AudiencePredicate(text: state.predicate)
            sets.append(Set(try live.audiences.preview(predicate, exactly: true, sample: amongMax).sample))
        }
        guard let first = sets.first else { return nil }
        return Array(sets.dropFirst().reduce(first) { $0.intersection($1) }.sorted().prefix(amongMax))
    }

    private static func options(_ list: [(String, String)], _ chosen: String, _ call: PageCall) -> PageValue {
        .list(list.map { ["value": .text($0), "text": .text(call.text($1)), "isChosen": .flag($0 == chosen)] })
    }

    private static func empty(_ state: PeopleListState, isAnybody: Bool, _ call: PageCall) -> EmptyState {
        if state.isFiltered {
            return EmptyState(
                icon: "search", title: call.text("people.noneFound"), text: call.text("people.noneFoundText"),
                actions: [(call.text("people.clear"), call.link("people"))])
        }
        if isAnybody {
            return EmptyState(icon: "people", title: call.text("people.end"), text: call.text("people.endText"))
        }
        return EmptyState(
            icon: "people", title: call.text("people.nobody"), text: call.text("people.nobodyText"),
            actions: [
                (call.text("data.connect"), call.link("data/connect")),
                (call.text("data.importPeople"), call.link("data/import", ["kind": "people"])),
            ])
    }

    // MARK: What its forms do

    static func search(_ call: PageCall) async throws -> PageAnswer {
        var state = PeopleListState()
        state.text = call.form["text"] ?? ""
        state.predicate = call.form["where"] ?? ""
        state.audience = call.form["audience"]
        state.role = call.form["role"].flatMap(PersonRole.init(rawValue:))
        state.isIdentified = call.form["known"].map { $0 == "yes" }
        state.sort = call.form["sort"].flatMap(PeopleQuery.Sort.init(rawValue:)) ?? .lastSeen
        state.ascending = call.form["order"] == "up"
        if let error = problem(state, try call.workspace()) { return try await page(call, state, error: error) }
        return .redirect(state.link(call))
    }

    static func chooseColumns(_ call: PageCall) -> PageAnswer {
        let columns = call.form.all("column").filter { $0.utf8.count <= 100 }.prefix(PeopleColumns.most)
        let back = SignInPages.safePath(call.form["back"]) ?? call.link("people")
        return .redirect(back, flash: nil, cookies: [PeopleColumns.cookie(Array(columns), call.parts.settings)])
    }
}
