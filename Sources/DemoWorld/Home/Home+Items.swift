extension Home {
    /// The services with what they cost and how long they take.
    package func items(_ items: inout ItemSink) {
        for service in HomeService.all {
            items.add(service.id, kind: "service", name: service.korean) { item in
                item.set("categories", ["\(service.group.korean) > \(service.trade.korean)"])
                item.object("attributes") { attributes in
                    attributes.set("trade", service.trade.slug)
                    attributes.set("minutes", service.minutes)
                }
                item.object("variants") { variants in
                    variants.object("en") { $0.set("name", service.english) }
                }
                item.set("price", service.price)
            }
        }
    }
}

extension HomeService.Group {
    fileprivate var korean: String {
        switch self {
        case .regular: "정기"
        case .event: "이사와 집안일"
        case .seasonal: "계절"
        }
    }
}

extension HomeService.Trade {
    fileprivate var korean: String {
        switch self {
        case .cleaning: "청소"
        case .laundry: "세탁"
        case .car: "차량"
        case .animals: "반려동물"
        case .care: "돌봄"
        case .moving: "이사"
        case .connection: "설치와 연결"
        case .fitting: "시공"
        case .repair: "수리"
        case .climate: "냉난방"
        case .nature: "정원과 해충"
        }
    }
}
