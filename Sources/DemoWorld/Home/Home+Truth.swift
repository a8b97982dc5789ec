extension Home {
    package func truth(of place: Neighbourhood, _ truth: inout TruthSink) {
        for customer in place.customers {
            truth.add(kind: "customer", id: customer.id) { line in
                line.set("district", place.quarter.districts[customer.nature.district].name)
                line.set("priceSensitivity", customer.nature.priceSensitivity)
                line.set("flexibility", customer.nature.flexibility)
                line.set("helpedBy", customer.nature.hurdle.guide)
                line.set("hurdleHeight", customer.nature.hurdleHeight)
                line.set("messageInterest", customer.nature.messageInterest)
                line.set("trust", customer.state.trust)
                line.objects("needs", customer.state.needs) { item, need in
                    item.set("serviceId", HomeService.all[need.service].id)
                    item.set("cycleDays", need.cycle)
                    item.set("due", time: KoreanCalendar.midnight(need.due))
                }
                line.objects("partners", customer.state.partners) { item, partner in
                    item.set("partnerId", place.partners[partner.partner].id)
                    item.set("liking", partner.liking)
                    item.set("manner", Fit.manner(customer, place.partners[partner.partner]))
                }
            }
        }
        for partner in place.partners {
            truth.add(kind: "partner", id: partner.id) { line in
                line.set("district", place.quarter.districts[partner.nature.district].name)
                line.set("trades", HomeService.Trade.allCases.filter(partner.does).map(\.slug))
                line.set("wantedPerWeek", partner.nature.wantedPerWeek)
                line.set("payWish", partner.nature.payWish)
                line.set("distanceAversion", partner.nature.distanceAversion)
                line.set("skill", partner.nature.skill)
                line.set("reliability", partner.nature.reliability)
                line.set("morale", partner.state.morale)
                line.set("hasLeft", partner.state.hasLeft)
                line.set("jobs", partner.state.jobs)
            }
        }
    }

    package func truth(_ truth: inout TruthSink) {
        for service in HomeService.all {
            truth.add(kind: "service", id: service.id) { line in
                line.set("name", service.korean)
                line.set("englishName", service.english)
                line.set("group", service.group.rawValue)
                line.set("trade", service.trade.slug)
                line.set("price", service.price)
                line.set("minutes", service.minutes)
                line.set("cycleDays", service.cycleDays)
                line.set("withMoving", service.withMoving)
                line.set("seasonMonth", service.season)
            }
        }
        for day in settings.firstDay..<settings.firstDay + 365 {
            let date = KoreanCalendar.date(day)
            truth.add(kind: "weather", id: "\(date.year)-\(date.month)-\(date.day)") { line in
                line.set("celsius", weather[day].celsius)
                line.set("rains", weather[day].rains)
            }
        }
    }
}
