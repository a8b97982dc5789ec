/// What a caller may do in one workspace. The raw values are what keys are made with and what the API shows.
package enum Scope: String, Sendable, Hashable, Codable, CaseIterable {
    /// Send events by the SDKs' endpoints. All that a write key may do.
    case collect
    /// Ask questions about everybody: counts and rates, names of events and properties.
    case query
    /// See single events and whole histories.
    case eventsRead = "events:read"
    /// Import events from files.
    case eventsWrite = "events:write"
    /// See profiles.
    case peopleRead = "people:read"
    /// Change profiles and consent, merge and split.
    case peopleWrite = "people:write"
    /// Delete persons for good.
    case peopleDelete = "people:delete"
    /// Take lists of everybody out: people, events, members of audiences. On top of the scope to see them.
    case export
    case audiencesRead = "audiences:read"
    case audiencesWrite = "audiences:write"
    case catalogRead = "catalog:read"
    case catalogWrite = "catalog:write"
    /// Ask what a person is to be shown, and say what came of it.
    case decide
    /// Models, placements and decisions.
    case recommendationsRead = "recommendations:read"
    /// Train models, change placements and what events say about items.
    case recommendationsWrite = "recommendations:write"
    /// Save insights, build dashboards, share them by link, annotate.
    case insightsWrite = "insights:write"
    /// Rejected events, tracking plan: what came in and how.
    case collectionRead = "collection:read"
    case collectionWrite = "collection:write"
    /// Time zone, currency and the like.
    case settingsWrite = "settings:write"
    case metricsRead = "metrics:read"
    case auditRead = "audit:read"
    case keysManage = "keys:manage"
    case usersManage = "users:manage"

    package var meaning: String {
        switch self {
        case .collect: "send events with an SDK"
        case .query: "ask questions about everybody"
        case .eventsRead: "see single events and histories"
        case .eventsWrite: "import events"
        case .peopleRead: "see profiles"
        case .peopleWrite: "change profiles and consent"
        case .peopleDelete: "delete persons"
        case .export: "take out people, events and members of audiences as files"
        case .audiencesRead: "see audiences and their members"
        case .audiencesWrite: "define audiences"
        case .catalogRead: "see items"
        case .catalogWrite: "change items"
        case .decide: "ask what a person is to be shown"
        case .recommendationsRead: "see models, placements and decisions"
        case .recommendationsWrite: "train models, change placements"
        case .insightsWrite: "save and share insights and dashboards"
        case .collectionRead: "see rejected events and the tracking plan"
        case .collectionWrite: "replay rejected events, change the tracking plan"
        case .settingsWrite: "change the workspace's settings"
        case .metricsRead: "read the server's metrics"
        case .auditRead: "read the audit log"
        case .keysManage: "make and revoke keys"
        case .usersManage: "add users and change their roles"
        }
    }
}

/// What a person who signs in may do in one workspace.
package enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// Everything, users and keys included.
    case owner
    /// Everything but users, keys and the audit log.
    case editor
    /// Looks at everything and takes it out, changes nothing but audiences and insights.
    case analyst
    /// Works with single persons, such as in customer care; takes no lists out.
    case agent
    /// Sees figures, no persons.
    case viewer

    package var scopes: Set<Scope> {
        switch self {
        case .owner: Set(Scope.allCases)
        case .editor: Set(Scope.allCases).subtracting([.keysManage, .usersManage, .auditRead])
        case .analyst:
            [
                .query, .eventsRead, .peopleRead, .export, .audiencesRead, .audiencesWrite, .insightsWrite,
                .catalogRead, .recommendationsRead, .collectionRead, .metricsRead,
            ]
        case .agent:
            [.query, .eventsRead, .peopleRead, .peopleWrite, .audiencesRead, .catalogRead, .recommendationsRead]
        case .viewer: [.query, .audiencesRead, .catalogRead]
        }
    }
}
