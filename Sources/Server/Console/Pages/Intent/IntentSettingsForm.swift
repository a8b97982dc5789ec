import Access
import Engine
import Foundation
import HTTPTypes
import Lifecycle

/// Whether anything is done, what a coupon may cost, who is held out, and which event is what.
enum IntentSettingsForm {
    static let pages: [ConsolePage] = [
        .get("intent/settings", name: "intentSettings", in: .intent, access: .scope(.query)) { call in
            try page(call, try call.workspace().intent.settings)
        },
        .post("intent/settings", name: "setIntentForm", in: .intent, access: .scope(.settingsWrite)) { call in
            var wanted = try call.workspace().intent.settings
            read(call.form, into: &wanted)
            do {
                wanted.rules = try rules(call)
                _ = try IntentRoutes.change(call.call, wanted)
            } catch let error as LifecycleError where error.code == .invalid {
                return try page(call, wanted, error: error)
            }
            return .redirect("intent/settings", saying: call.text("settings.saved"))
        },
    ]

    private static func read(_ form: FormValues, into settings: inout IntentSettings) {
        // What is no number is refused as one that is out of range.
        func whole(_ name: String) -> Int { form[name].flatMap { Int($0) } ?? -1 }
        settings.isOn = form["isOn"] == "true"
        settings.holdout = Double(whole("holdout")) / 100
        settings.periodDays = whole("periodDays")
        settings.resultHours = whole("resultHours")
        settings.actionsPerSession = whole("actionsPerSession")
        let code = (form["coupon.code"] ?? "").trimmingCharacters(in: .whitespaces)
        guard !code.isEmpty else {
            settings.coupon = nil
            return
        }
        settings.coupon = IntentSettings.Coupon(
            code: code, cost: Double(whole("coupon.cost")), budgetPerDay: Double(whole("coupon.budgetPerDay")),
            perPerson: whole("coupon.perPerson"), days: whole("coupon.days"),
            probabilityMax: Double(whole("coupon.probabilityMax")) / 100)
    }

    /// The most frequent names.
    private static let namesMax = 60

    /// The roles that were chosen; none when they are those that the names suggest, so that new names are understood.
    private static func rules(_ call: PageCall) throws -> [SessionRule] {
        let shapes = try call.workspace().intent.shapes()
        let suggested = SuggestedRules.of(shapes)
        let known = Dictionary(
            try call.workspace().intent.rules().map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
        var rules: [SessionRule] = []
        for shape in shapes.prefix(namesMax) {
            let place = TextPlace.of(shape.name)
            guard let role = call.form["role." + place].flatMap({ SessionRole(rawValue: $0) }) else { continue }
            if let old = known[shape.name], old.role == role {
                rules.append(old)
            } else {
                rules.append(SuggestedRules.rule(shape, role))
            }
        }
        // Rules of names that are not in the form stay.
        let shown = Set(shapes.prefix(namesMax).map(\.name))
        rules += known.values.filter { !shown.contains($0.event) }
        rules.sort { $0.event < $1.event }
        return rules == suggested ? [] : rules
    }

    private static func page(
        _ call: PageCall, _ settings: IntentSettings, error: LifecycleError? = nil
    ) throws -> PageAnswer {
        let isAllowed = call.may(.settingsWrite)
        return IntentPages.page(
            .settings, status: error == nil ? .ok : .unprocessableContent, call,
            [
                "mayChange": .flag(isAllowed), "error": PageValue(error?.message),
                "actionFields": .list(actionFields(call, settings, error).map(\.value)),
                "couponFields": .list(couponFields(call, settings, error).map(\.value)),
                "budget": .text(
                    call.text(
                        "intent.spent",
                        ["spent": call.format.money(try call.workspace().intent.spentToday())])),
                "rules": ruleTable(call, try roles(call)).value,
                "roles": .list(try roleFields(call)),
            ])
    }

    private static func number(
        _ name: String, _ value: Int, _ range: ClosedRange<Int>, _ call: PageCall, _ error: LifecycleError?
    ) -> FormField {
        let key = name.replacing(".", with: "_")
        return FormField(
            .input("number"), name, call.text("intent.field.\(key)"), value: String(value),
            hint: call.text("intent.hint.\(key)")
        ).with {
            $0.numbers = range
            $0.error = error?.field == name ? call.text("intent.outOfRange") : nil
        }
    }

    private static func actionFields(
        _ call: PageCall, _ settings: IntentSettings, _ error: LifecycleError?
    ) -> [FormField] {
        [
            FormField(
                .check, "isOn", call.text("intent.field.isOn"), value: settings.isOn ? "true" : "",
                hint: call.text("intent.hint.isOn")),
            number("holdout", Int((settings.holdout * 100).rounded()), 0...90, call, error),
            number("periodDays", settings.periodDays, 1...366, call, error),
            number("resultHours", settings.resultHours, 1...720, call, error),
            number("actionsPerSession", settings.actionsPerSession, 1...20, call, error),
        ]
    }

    private static func couponFields(
        _ call: PageCall, _ settings: IntentSettings, _ error: LifecycleError?
    ) -> [FormField] {
        let coupon = settings.coupon ?? IntentSettings.Coupon(code: "", cost: 0, budgetPerDay: 0)
        return [
            FormField(
                .input("text"), "coupon.code", call.text("intent.field.coupon_code"), value: coupon.code,
                hint: call.text("intent.hint.coupon_code")
            ).with {
                $0.lengths = 0...64
                $0.error = error?.field == "coupon.code" ? error?.message : nil
            },
            number("coupon.cost", Int(coupon.cost), 0...1_000_000_000, call, error),
            number("coupon.budgetPerDay", Int(coupon.budgetPerDay), 0...1_000_000_000_000, call, error),
            number("coupon.perPerson", coupon.perPerson, 0...1_000, call, error),
            number("coupon.days", coupon.days, 1...3_660, call, error),
            number("coupon.probabilityMax", Int((coupon.probabilityMax * 100).rounded()), 0...100, call, error),
        ]
    }

    private static func roles(_ call: PageCall) throws -> [(event: String, role: SessionRole?)] {
        let known = Dictionary(
            try call.workspace().intent.rules().map { ($0.event, $0.role) }, uniquingKeysWith: { first, _ in first })
        return try call.workspace().intent.shapes().prefix(namesMax).map { ($0.name, known[$0.name]) }
    }

    private static func ruleTable(_ call: PageCall, _ roles: [(event: String, role: SessionRole?)]) -> DataTable {
        DataTable(
            call.text("intent.rules"),
            columns: [.init(call.text("intent.event")), .init(call.text("intent.role"))],
            rows: roles.map { [DataTable.Cell($0.event), DataTable.Cell(text($0.role, call))] })
    }

    private static func text(_ role: SessionRole?, _ call: PageCall) -> String {
        call.text("intent.roles.\(role?.rawValue ?? "none")")
    }

    private static func roleFields(_ call: PageCall) throws -> [PageValue] {
        let options =
            [FormField.Option("", text(nil, call))]
            + SessionRole.allCases.map { FormField.Option($0.rawValue, text($0, call)) }
        return try roles(call).map { event, role in
            FormField(
                .select(options), "role." + TextPlace.of(event), event, value: role?.rawValue ?? ""
            ).value
        }
    }
}

/// A name of a form's field for any text.
private enum TextPlace {
    static func of(_ text: String) -> String { Data(text.utf8).map { String($0, radix: 36) }.joined(separator: "-") }
}
