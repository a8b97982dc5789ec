import Access
import Collection
import Engine

/// What comes in: its names and what they mean, what was expected, what could not be stored, files, and keys for those
/// who send.
enum DataPages {
    static let pages: [ConsolePage] = [
        .get("data", name: "data", in: .data, access: .scope(.query)) { call in try await EventDirectory.page(call) },
        .get(
            "data/event", name: "dataEvent", in: .data, access: .scope(.query), sample: "data/event?name=nothing"
        ) { call in try await EventDescription.page(call) },
        .post("data/event", name: "dataEventForm", in: .data, access: .scope(.collectionWrite)) { call in
            try await EventDescription.save(call)
        },
        .get("data/plan", name: "dataPlan", in: .data, access: .scope(.collectionRead)) { call in
            try await PlanEditor.page(call)
        },
        .post("data/plan", name: "dataPlanForm", in: .data, access: .scope(.collectionWrite)) { call in
            try await PlanEditor.save(call)
        },
        .post("data/plan/event", name: "dataPlanEvent", in: .data, access: .scope(.collectionWrite)) { call in
            try PlanEventForm.save(call)
        },
        .get("data/letters", name: "dataLetters", in: .data, access: .scope(.collectionRead)) { call in
            try await DeadLetterPage.page(call)
        },
        .post("data/letters", name: "dataLettersForm", in: .data, access: .scope(.collectionWrite)) { call in
            try await DeadLetterPage.change(call)
        },
        .get("data/import", name: "dataImport", in: .data, access: .scope(.query)) { call in ImportWizard.page(call) },
        .post(
            "data/import/preview", name: "dataImportPreview", in: .data, access: .scope(.query), bodyBytes: 2 << 20
        ) { call in try await ImportPreviewPart.answer(call) },
        .get("data/connect", name: "dataConnect", in: .data, access: .scope(.query)) { call in
            try ConnectPage.page(call)
        },
        .post("data/connect", name: "dataConnectForm", in: .data, access: .scope(.keysManage)) { call in
            try ConnectPage.make(call)
        },
    ]

    enum Tab: String, CaseIterable {
        case events, plan, letters, `import`, connect

        var path: String { self == .events ? "data" : "data/" + rawValue }
    }

    /// The pages that the reader may see, with what waits there.
    static func tabs(_ current: Tab, _ call: PageCall) -> PageValue {
        let letters = call.may(.collectionRead) ? (try? call.workspace().collection.deadLetterCount()) ?? 0 : 0
        let shown = Tab.allCases.filter { tab in
            switch tab {
            case .events, .connect: true
            case .plan, .letters: call.may(.collectionRead)
            case .import: call.may(.eventsWrite) || call.may(.peopleWrite)
            }
        }
        return Tabs(
            call.text("nav.data"),
            shown.map { tab in
                Tabs.Tab(
                    call.text("data." + tab.rawValue), href: call.link(tab.path), isCurrent: tab == current,
                    count: tab == .letters && letters > 0 ? call.format.number(letters) : nil)
            }
        ).value
    }
}
