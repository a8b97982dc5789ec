/// A word in both languages of the catalogue.
struct BilingualWord: Sendable {
    var korean: String
    var english: String

    init(_ korean: String, _ english: String) {
        self.korean = korean
        self.english = english
    }

    /// Reads "항구 Harbor, 밤기차 Night_Train".
    static func list(_ text: String) -> [BilingualWord] {
        text.split(separator: ", ").compactMap { pair -> BilingualWord? in
            guard let space = pair.firstIndex(of: " ") else { return nil }
            let english = String(pair[pair.index(after: space)...].map { $0 == "_" ? " " : $0 })
            return BilingualWord(String(pair[..<space]), english)
        }
    }
}

/// The words that titles are made of.
enum TitleWords {
    static func nouns(of genre: Genre) -> [BilingualWord] {
        switch genre {
        case .action:
            BilingualWord.list(
                "추격 Chase, 탈출 Escape, 불꽃 Spark, 철교 Bridge, 폭풍 Storm, 화물선 Freighter, 저격수 Marksman, 국경 Border")
        case .thriller:
            BilingualWord.list(
                "목격자 Witness, 공범 Accomplice, 알리바이 Alibi, 지하실 Cellar, 의뢰인 Client, 침묵 Silence, 유리문 Glass_Door, 제보자 Informant"
            )
        case .romance:
            BilingualWord.list(
                "편지 Letter, 첫눈 First_Snow, 우산 Umbrella, 벚꽃 Blossom, 고백 Confession, 환승역 Junction, 온도 Warmth, 반지 Ring")
        case .comedy:
            BilingualWord.list(
                "사돈 In-Law, 이사 Move, 분식집 Snack_Bar, 동창회 Reunion, 사장님 Boss, 복권 Lottery, 하숙집 Boarding_House, 셋방 Rented_Room"
            )
        case .drama:
            BilingualWord.list(
                "계절 Season, 식탁 Table, 골목 Alley, 사진관 Photo_Studio, 유산 Legacy, 병동 Ward, 등대 Lighthouse, 정류장 Bus_Stop")
        case .fantasy:
            BilingualWord.list(
                "여우 Fox, 비늘 Scale, 달빛 Moonlight, 숲 Forest, 문지기 Gatekeeper, 주문 Spell, 거울 Mirror, 구름성 Cloud_Castle")
        case .scienceFiction:
            BilingualWord.list(
                "궤도 Orbit, 신호 Signal, 복제인간 Replica, 행성 Planet, 기억칩 Memory_Chip, 정거장 Station, 알고리즘 Algorithm, 중력 Gravity"
            )
        case .horror:
            BilingualWord.list(
                "우물 Well, 인형 Doll, 폐교 Abandoned_School, 속삭임 Whisper, 발자국 Footprint, 제사 Rite, 다락 Attic, 저수지 Reservoir")
        case .documentary:
            BilingualWord.list(
                "바다 Sea, 장인 Artisan, 철새 Migrant_Bird, 시장 Market, 빙하 Glacier, 부엌 Kitchen, 씨앗 Seed, 갯벌 Tideland")
        case .family:
            BilingualWord.list(
                "강아지 Puppy, 할머니 Grandmother, 방학 Holiday, 로켓 Rocket, 나무집 Treehouse, 생일 Birthday, 놀이터 Playground, 토끼 Rabbit"
            )
        case .history:
            BilingualWord.list(
                "왕비 Queen, 암행어사 Royal_Inspector, 궁궐 Palace, 상단 Caravan, 활 Bow, 화원 Court_Painter, 역관 Interpreter, 의녀 Healer"
            )
        case .variety:
            BilingualWord.list(
                "캠핑 Campsite, 주방 Kitchen_Table, 여행 Journey, 퀴즈 Quiz, 합숙 Shared_House, 오디션 Audition, 농장 Farm, 게임 Game")
        }
    }

    static func adjectives(of mood: Mood) -> [BilingualWord] {
        switch mood {
        case .bright: BilingualWord.list("눈부신 Dazzling, 즐거운 Merry, 노란 Yellow, 맑은 Clear")
        case .tender: BilingualWord.list("다정한 Gentle, 따뜻한 Warm, 작은 Little, 서투른 Clumsy")
        case .tense: BilingualWord.list("마지막 Last, 위험한 Dangerous, 잠긴 Locked, 뜨거운 Burning")
        case .dark: BilingualWord.list("검은 Black, 사라진 Vanished, 깊은 Deep, 차가운 Cold")
        case .witty: BilingualWord.list("수상한 Suspicious, 엉뚱한 Odd, 은밀한 Secret, 뻔뻔한 Shameless")
        case .epic: BilingualWord.list("거대한 Great, 끝없는 Endless, 잊힌 Forgotten, 붉은 Crimson")
        case .calm: BilingualWord.list("느린 Slow, 고요한 Quiet, 푸른 Blue, 오래된 Old")
        case .bittersweet: BilingualWord.list("늦은 Late, 어제의 Yesterday's, 먼 Distant, 흐린 Cloudy")
        }
    }

    static func places(of country: Country) -> [BilingualWord] {
        switch country {
        case .korea:
            BilingualWord.list("서울 Seoul, 부산 Busan, 강릉 Gangneung, 전주 Jeonju, 제주 Jeju, 통영 Tongyeong, 을지로 Euljiro")
        case .america: BilingualWord.list("보스턴 Boston, 네바다 Nevada, 시애틀 Seattle, 브루클린 Brooklyn")
        case .japan: BilingualWord.list("교토 Kyoto, 삿포로 Sapporo, 고베 Kobe, 오키나와 Okinawa")
        case .europe: BilingualWord.list("리옹 Lyon, 마르세유 Marseille, 제노바 Genoa, 세비야 Seville")
        case .china: BilingualWord.list("상하이 Shanghai, 시안 Xi'an, 홍콩 Hong_Kong, 쑤저우 Suzhou")
        case .southeastAsia: BilingualWord.list("방콕 Bangkok, 치앙마이 Chiang_Mai, 호이안 Hoi_An, 세부 Cebu")
        }
    }
}

/// Korean particles whose form depends on the sound before them.
enum Particle {
    /// "와" after a vowel, "과" after a consonant.
    static func and(_ word: String) -> String { word + (endsInConsonant(word) ? "과" : "와") }

    /// Syllables of Hangul are laid out in blocks of 28 by their final consonant; the first of a block has none.
    static func endsInConsonant(_ word: String) -> Bool {
        guard let last = word.unicodeScalars.last?.value, (0xAC00...0xD7A3).contains(last) else { return false }
        return (last - 0xAC00) % 28 != 0
    }
}
