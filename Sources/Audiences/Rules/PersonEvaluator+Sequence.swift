import EventLog

extension PersonEvaluator {
    /// Whether the steps came one after another.
    ///
    /// An event can be a step's when some event of the step before came earlier and near enough; the latest earlier one
    /// is the nearest, so one pass over both in order finds all that can.
    ///
    /// - Complexity: O(events of the steps)
    func sequence(_ sequence: AudiencePlan.Sequence, _ person: Person) -> Bool {
        let window = self.window(sequence.window).past(moment.now)
        guard reach(sequence, window, person) == sequence.steps.count else { return false }
        guard let absent = sequence.absent else { return true }
        return reached.contains { place in stayedAway(absent, after: place, person) }
    }

    /// Fills `reached` with the places of the events that can end the sequence.
    ///
    /// - Returns: how many steps can be reached.
    func reach(_ sequence: AudiencePlan.Sequence, _ window: ResolvedWindow, _ person: Person) -> Int {
        for step in sequence.steps {
            let view = view(step.stream, person)
            changes(at: view.nextChange(view.indices(in: window), window))
        }
        if let absent = sequence.absent {
            // What is still to come can break the sequence when its time comes.
            let view = view(absent.stream, person)
            let end = view.firstIndex(from: moment.now + 1)
            if end < view.count { changes(at: view.time(end)) }
        }
        for (number, step) in sequence.steps.enumerated() {
            let view = view(step.stream, person)
            let range = view.indices(in: window)
            reaching.removeAll(keepingCapacity: true)
            if number == 0 {
                reaching.append(contentsOf: view.places[range])
            } else {
                var before = 0
                for index in range {
                    let place = view.places[index]
                    while before < reached.count, reached[before] < place { before += 1 }
                    guard before > 0 else { continue }
                    let distance = view.time(index) - person.rows[Int(reached[before - 1])].time
                    if distance <= step.within { reaching.append(place) }
                }
            }
            if reaching.isEmpty { return number }
            swap(&reached, &reaching)
        }
        return sequence.steps.count
    }

    /// Whether nothing of a step came within its time after an event, and that time has passed.
    private func stayedAway(_ absent: AudiencePlan.Sequence.Step, after place: Int32, _ person: Person) -> Bool {
        let view = view(absent.stream, person)
        let start = person.rows[Int(place)].time
        let deadline = start + absent.within
        var low = 0
        var high = view.count
        while low < high {
            let middle = (low + high) / 2
            if view.places[middle] <= place { low = middle + 1 } else { high = middle }
        }
        if low < view.count, view.time(low) <= min(deadline, moment.now) { return false }
        if deadline <= moment.now { return true }
        changes(at: deadline)
        return false
    }
}
