import Foundation
import Statistics

extension ShopVisit {
    mutating func browse(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        let isAimed: Bool
        switch reason {
        case .usual: isAimed = false
        default: isAimed = true
        }
        // Most who come for the first time leave after a page or two.
        let isFirst = customer.visits == 0 && !customer.isKnown
        if isFirst, random.chance(0.38) { return }
        let steps = random.geometric(success: isAimed ? 0.5 : isFirst ? 0.4 : 0.33)
        for _ in 0..<min(steps, 25) {
            let shelf = setting.chooseShelf(
                ofDepartment: setting.chooseDepartment(of: customer, onDay: day, &random), onDay: day, &random)
            let looked: Bool
            if random.chance(0.42) {
                looked = search(shelf, &events)
            } else {
                looked = openShelf(shelf, &events)
            }
            pause(40)
            guard looked else { continue }
            for position in 0..<(1 + random.geometric(success: 0.62)) {
                let product = setting.chooseProduct(onShelf: shelf, &random)
                consider(product, list: "shelf", position: position + 1, eagerness: 1, &customer, &events)
            }
        }
    }

    private mutating func openShelf(_ shelf: Int, _ events: inout EventSink) -> Bool {
        let shown = setting.catalogue.shelves[shelf]
        let department = setting.catalogue.departments[shown.department]
        events.track("Category Viewed", sender, at: time) { event in
            event.set("category", department.name)
            event.set("subcategory", shown.name)
            event.set("path", "/c/\(department.slug)/\(shown.slug)")
        }
        return random.chance(0.82)
    }

    private mutating func search(_ shelf: Int, _ events: inout EventSink) -> Bool {
        let shown = setting.catalogue.shelves[shelf]
        let isMissing = random.chance(0.06)
        let terms = isMissing ? ShopAssortment.missingSearches : shown.searches
        let term = terms[random.index(below: terms.count)]
        let count = isMissing ? 0 : shown.products.count
        events.track("Product Searched", sender, at: time) { event in
            event.set("query", term)
            event.set("resultCount", count)
        }
        return !isMissing && random.chance(0.88)
    }

    /// Looks at a product, and perhaps likes it or puts it into the cart.
    ///
    /// - Parameter eagerness: how much more likely than usual it is taken.
    mutating func consider(
        _ index: Int, list: StaticString, position: Int = 1, eagerness: Double, _ customer: inout ShopCustomer,
        _ events: inout EventSink
    ) {
        let product = setting.catalogue.products[index]
        let shelf = setting.catalogue.shelves[product.shelf]
        let price = setting.price(index, for: customer, onDay: day)
        events.track("Product Viewed", sender, at: time) { event in
            event.add(product.members)
            event.set("price", price)
            if price != product.price { event.set("listPrice", product.price) }
            event.set("list", list)
            event.set("position", position)
        }
        react(.viewed, item: index)
        pause(70)
        if random.chance(0.16) {
            events.track("Review Read", sender, at: time) { $0.set("productId", product.id) }
            pause(60)
        }
        let ratio = Double(price) / shelf.usualPrice
        let appeal =
            pow(ratio, ShopEffects.priceExponent * customer.nature.priceSensitivity)
            * (0.6 + 0.55 * product.quality)
        let share = min(
            0.92, 0.062 * customer.nature.propensity * appeal * eagerness * (customer.orders > 0 ? 1.35 : 1))
        if goesOn(share) {
            add(index, price, &customer, &events)
        } else if random.chance(0.055 * (ratio > 1 ? 1.5 : 1)),
            !customer.wishes.contains(where: { $0.product == index })
        {
            if customer.wishes.count >= 12 { customer.wishes.removeFirst() }
            customer.wishes.append(ShopWish(product: index, price: price))
            events.track("Product Liked", sender, at: time) { event in
                event.add(product.members)
                event.set("price", price)
            }
            pause(20)
        }
    }

    private mutating func add(
        _ index: Int, _ price: Int, _ customer: inout ShopCustomer, _ events: inout EventSink
    ) {
        guard customer.cart.lines.count < 8 else { return }
        let product = setting.catalogue.products[index]
        let isUsedUp = setting.catalogue.shelves[product.shelf].cycleDays > 0
        let quantity = isUsedUp && random.chance(0.22) ? 2 : 1
        if let line = customer.cart.lines.firstIndex(where: { $0.product == index }) {
            customer.cart.lines[line].quantity += quantity
        } else {
            customer.cart.lines.append(ShopCart.Line(product: index, quantity: quantity))
        }
        customer.cart.stage = .collecting
        customer.cart.time = time
        events.track("Product Added", sender, at: time) { event in
            event.add(product.members)
            event.set("price", price)
            event.set("quantity", quantity)
        }
        react(.added, item: index, value: Double(price * quantity))
        pause(25)
    }

    /// Asks a question now and then.
    mutating func wonder(_ customer: inout ShopCustomer, _ events: inout EventSink) {
        guard isSignedIn, random.chance(0.009) else { return }
        ask(random.chance(0.6) ? "상품" : "회원·혜택", at: time, &customer, &events)
    }

    /// Asks customer service, and gets an answer.
    mutating func ask(
        _ topic: StaticString, at asked: Int64, _ customer: inout ShopCustomer, _ events: inout EventSink
    ) {
        let number = Int(random.next() % 900_000) + 100_000
        let channel: StaticString = ["chat", "chat", "board", "phone"][random.index(below: 4)]
        events.track("Question Asked", customer.backOffice, at: asked) { event in
            event.set("ticketId", "T\(number)")
            event.set("channel", channel)
            event.set("topic", topic)
        }
        // At night and on holidays nobody is there.
        let hour = KoreanCalendar.hour(of: asked)
        let isOpen = (9..<18).contains(hour) && !KoreanCalendar.isHoliday(KoreanCalendar.day(of: asked))
        let minutes = random.logNormal(mean: isOpen ? 2.6 : 5.9, deviation: 0.9)
        let answered = asked + Int64(minutes * 60_000)
        let isQuick = minutes < 30
        let pleased = random.chance(isQuick ? 0.82 : 0.5)
        customer.satisfaction = min(
            max(customer.satisfaction + (isQuick ? ShopEffects.quickAnswer : ShopEffects.slowAnswer), 0), 1)
        events.track("Question Answered", customer.backOffice, at: answered) { event in
            event.set("ticketId", "T\(number)")
            event.set("topic", topic)
            event.set("minutes", (minutes * 10).rounded() / 10)
        }
        guard random.chance(0.4) else { return }
        let score = pleased ? 4 + random.index(below: 2) : 1 + random.index(below: 3)
        events.track("Satisfaction Rated", customer.backOffice, at: answered + 20 * KoreanCalendar.minute) { event in
            event.set("ticketId", "T\(number)")
            event.set("score", score)
        }
    }
}
