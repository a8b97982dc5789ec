/// Who is in which state at a moment.
package struct IntentOverview: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package var person: String
        package var reading: IntentReading
    }

    package var time: Int64
    /// People with a session.
    package var total: Int
    package var counts: [IntentState: Int]
    /// By state: some of the people, those who did something last first.
    package var rows: [IntentState: [Row]]
    /// People whose history has not been read yet, because many came at once; they are with the next look.
    package var waiting: Int
}
