import Access

/// Persons: finding them, understanding one, and what can be done about one. A person in an address is a key, which
/// tells nothing; what is searched for is never in one (`PrivateTexts`).
enum PeoplePages {
    static let pages: [ConsolePage] = [
        .get("people", name: "people", in: .people, access: .scope(.peopleRead)) { call in
            try await PeopleList.page(call)
        },
        .post("people/search", name: "peopleSearch", in: .people, access: .scope(.peopleRead)) { call in
            try await PeopleList.search(call)
        },
        .post("people/columns", name: "peopleColumns", in: .people, access: .scope(.peopleRead)) { call in
            PeopleList.chooseColumns(call)
        },
        .get("people/receipts", name: "peopleReceipts", in: .people, access: .scope(.peopleRead)) { call in
            try await PersonDeletion.receipts(call)
        },
        .get("people/{key}", name: "person", in: .people, access: .scope(.peopleRead), sample: "people/p_nobody") {
            call in try await PersonTimeline.page(call)
        },
        .get(
            "people/{key}/identities", name: "personIdentities", in: .people, access: .scope(.peopleRead),
            sample: "people/p_nobody/identities"
        ) { call in try await PersonIdentities.page(call) },
        .get(
            "people/{key}/audiences", name: "personAudiences", in: .people, access: .scope(.peopleRead),
            sample: "people/p_nobody/audiences"
        ) { call in try await PersonAudiences.page(call) },
        .get(
            "people/{key}/consent", name: "personConsent", in: .people, access: .scope(.peopleRead),
            sample: "people/p_nobody/consent"
        ) { call in try await PersonConsent.page(call) },
        .post(
            "people/{key}/consent", name: "personConsentForm", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/consent"
        ) { call in try await PersonConsent.record(call) },
        .post(
            "people/{key}/traits", name: "personTraitsForm", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/traits"
        ) { call in try await PersonTraits.change(call) },
        .get(
            "people/{key}/merge", name: "personMerge", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/merge"
        ) { call in try await PersonMerge.page(call) },
        .post(
            "people/{key}/merge", name: "personMergeSearch", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/merge"
        ) { call in try await PersonMerge.find(call) },
        .post(
            "people/{key}/merge/do", name: "personMergeForm", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/merge/do"
        ) { call in try await PersonMerge.merge(call) },
        .get(
            "people/{key}/split", name: "personSplit", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/split?id=p_nobody"
        ) { call in try await PersonSplit.page(call) },
        .post(
            "people/{key}/split", name: "personSplitForm", in: .people, access: .scope(.peopleWrite),
            sample: "people/p_nobody/split"
        ) { call in try await PersonSplit.split(call) },
        .get(
            "people/{key}/export", name: "personExport", in: .people, access: .scope(.peopleRead),
            sample: "people/p_nobody/export"
        ) { call in try await PersonDeletion.export(call) },
        .get(
            "people/{key}/delete", name: "personDelete", in: .people, access: .scope(.peopleDelete),
            sample: "people/p_nobody/delete"
        ) { call in try await PersonDeletion.page(call) },
        .post(
            "people/{key}/delete", name: "personDeleteForm", in: .people, access: .scope(.peopleDelete),
            sample: "people/p_nobody/delete"
        ) { call in try await PersonDeletion.delete(call) },
    ]
}
