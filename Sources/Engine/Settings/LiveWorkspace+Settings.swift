import Analysis
import Audiences
import People
package import Settings

extension LiveWorkspace {
    /// Changes settings. Audiences are evaluated by the time zone before it returns.
    ///
    /// - Returns: the settings before and after.
    /// - Throws: `SettingsError` naming the field that breaks a rule.
    @discardableResult
    package func change(_ change: SettingsChange) throws -> (before: WorkspaceSettings, after: WorkspaceSettings) {
        var wanted = settings.current
        change.apply(to: &wanted)
        let before = try settings.set(wanted)
        let after = settings.current
        if let zone = ZoneName(after.timeZone), before.timeZone != after.timeZone || change.timeZone != nil {
            people.setTimeZone(zone.zone)
            if zone != audiences.zone {
                try audiences.setZone(zone)
                try catchUp()
            }
        }
        return (before, after)
    }
}
