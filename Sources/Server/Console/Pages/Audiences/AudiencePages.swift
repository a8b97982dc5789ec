import Access

/// Audiences: who belongs to them and why, how large they are, what they are used for.
enum AudiencePages {
    static let pages: [ConsolePage] = [
        .get("audiences", name: "audiences", in: .audiences, access: .scope(.audiencesRead)) { call in
            try await AudienceList.page(call)
        },
        .get("audiences/new", name: "audienceNew", in: .audiences, access: .scope(.audiencesWrite)) { call in
            AudienceBuilder.new(call)
        },
        .post(
            "audiences/save", name: "audienceSave", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/save"
        ) { call in try await AudienceBuilder.save(call) },
        .post(
            "audiences/preview", name: "audiencePreviewPart", in: .audiences, access: .scope(.audiencesRead),
            sample: "audiences/preview"
        ) { call in try await AudiencePreviewPart.answer(call) },
        .get("audiences/names", name: "audienceNames", in: .audiences, access: .scope(.audiencesRead)) { call in
            try await AudienceNames.answer(call)
        },
        .get("audiences/overlap", name: "audienceOverlapPage", in: .audiences, access: .scope(.audiencesRead)) { call in
            try await AudienceOverlapPage.page(call)
        },
        .post(
            "audiences/restore", name: "audienceRestore", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/restore"
        ) { call in try await AudienceDeletion.restore(call) },
        .get(
            "audiences/{id}", name: "audiencePage", in: .audiences, access: .scope(.audiencesRead),
            sample: "audiences/0"
        ) { call in try await AudienceOverview.page(call) },
        .get(
            "audiences/{id}/edit", name: "audienceEdit", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/0/edit"
        ) { call in try await AudienceBuilder.edit(call) },
        .get(
            "audiences/{id}/members", name: "audienceMembersPage", in: .audiences, access: .scope(.peopleRead),
            sample: "audiences/0/members"
        ) { call in try await AudienceMembersPage.page(call) },
        .post(
            "audiences/{id}/members", name: "audienceMembersForm", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/0/members", bodyBytes: 8 << 20
        ) { call in try await AudienceMembersPage.change(call) },
        .get(
            "audiences/{id}/versions", name: "audienceVersionsPage", in: .audiences, access: .scope(.audiencesRead),
            sample: "audiences/0/versions"
        ) { call in try await AudienceVersionsPage.page(call) },
        .get(
            "audiences/{id}/export", name: "audienceExportPage", in: .audiences, access: .scope(.peopleRead),
            sample: "audiences/0/export"
        ) { call in try await AudienceExportPage.page(call) },
        .post(
            "audiences/{id}/send", name: "audienceSendForm", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/0/send"
        ) { call in try await AudienceExportPage.send(call) },
        .post(
            "audiences/{id}/delete", name: "audienceDeleteForm", in: .audiences, access: .scope(.audiencesWrite),
            sample: "audiences/0/delete"
        ) { call in try await AudienceDeletion.delete(call) },
    ]
}
