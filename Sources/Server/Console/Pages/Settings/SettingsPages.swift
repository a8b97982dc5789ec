/// The workspace and who works in it.
enum SettingsPages {
    static let pages: [ConsolePage] = []
}
