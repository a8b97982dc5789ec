/// Why a decision is not what the placement's model would have said. There is a list all the same.
package enum Fallback: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nobody knows the person, or they have done nothing with an item yet.
    case unknownPerson = "unknown_person"
    case unknownItem = "unknown_item"
    case unknownPlacement = "unknown_placement"
    /// There is nothing to search for, or the search found nothing.
    case nothingFound = "nothing_found"
    case emptyCart = "empty_cart"
    /// No model of that name has been trained.
    case noModel = "no_model"
    /// The active version cannot be read; an older one, or what everybody chooses, answered.
    case damagedModel = "damaged_model"
    /// Nobody has trained what tells sessions apart, so signs alone decide.
    case noIntentModel = "no_intent_model"
    /// The server has just started and is reading its models.
    case warmingUp = "warming_up"
    case timeOut = "time_out"
    /// The rules leave nothing to show, or there are no items at all.
    case nothingLeft = "nothing_left"
    /// The person's history, or something else that was needed, could not be read.
    case failed

    package func text(korean: Bool) -> String {
        switch self {
        case .unknownPerson:
            korean
                ? "아직 이 고객의 이력이 없어 모두가 많이 찾는 것을 보여 줘요"
                : "nothing is known of this person yet, so it is what everybody chooses"
        case .unknownItem:
            korean
                ? "모르는 항목이라 고객에게 맞는 것을 대신 보여 줘요"
                : "the item is not known, so it is what fits the person"
        case .unknownPlacement:
            korean
                ? "이런 자리는 정의되어 있지 않아 고객에게 맞는 목록을 보여 줘요"
                : "there is no such placement, so it is a list for the person"
        case .nothingFound:
            korean ? "검색 결과가 없어 고객에게 맞는 것을 보여 줘요" : "the search found nothing, so it is what fits the person"
        case .emptyCart:
            korean ? "장바구니가 비어 있어 고객에게 맞는 것을 보여 줘요" : "the cart is empty, so it is what fits the person"
        case .noModel:
            korean
                ? "아직 학습한 모델이 없어 모두가 많이 찾는 것을 보여 줘요"
                : "no model has been trained yet, so it is what everybody chooses"
        case .damagedModel:
            korean
                ? "모델 파일이 손상되어 이전 버전이나 모두가 많이 찾는 것을 보여 줘요"
                : "the model's file is damaged, so an older version or what everybody chooses answered"
        case .noIntentModel:
            korean
                ? "방문의 의도를 아직 학습하지 않아 눈에 보이는 신호만으로 정해요"
                : "no model of intent has been trained yet, so signs alone decide"
        case .warmingUp:
            korean
                ? "서버가 막 시작해 모델을 읽는 중이에요" : "the server has just started and is still reading its models"
        case .timeOut:
            korean
                ? "시간 안에 정하지 못해 모두가 많이 찾는 것을 보여 줘요"
                : "it took too long, so it is what everybody chooses"
        case .nothingLeft:
            korean ? "규칙과 판매 상태 때문에 보여 줄 것이 없어요" : "the rules and what can be had leave nothing to show"
        case .failed:
            korean
                ? "이력을 읽지 못해 모두가 많이 찾는 것을 보여 줘요"
                : "something that was needed could not be read, so it is what everybody chooses"
        }
    }
}
