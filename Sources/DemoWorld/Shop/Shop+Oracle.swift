extension Shop: Oracle {
    package func expect(_ circle: Circle, _ action: WorldAction, person: String, time: Int64) -> Expectation {
        guard circle.isThere(at: time), let customer = circle.customer else { return Expectation() }
        switch action {
        case .message(let message):
            guard customer.isReached(on: message.channel) else { return Expectation() }
            let chances = customer.chances(of: message, at: time, setting)
            let open = (1 - chances.leave) * chances.open
            return Expectation([
                .delivered: 1, .unsubscribed: chances.leave, .opened: open, .clicked: open * chances.click,
            ])
        case .recommendations(_, let items):
            let missed = items.enumerated().reduce(1) { missed, place in
                missed * (1 - customer.chance(ofChoosing: place.element, at: place.offset, setting))
            }
            return Expectation([.clicked: 1 - missed])
        case .help(let topic): return Expectation([.clicked: customer.chance(ofAcceptingHelpAbout: topic)])
        default: return Expectation()
        }
    }
}
