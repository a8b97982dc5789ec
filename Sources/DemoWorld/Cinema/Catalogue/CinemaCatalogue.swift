import Statistics

/// The titles of the service and the people who play in them: a function of the seed.
package struct CinemaCatalogue: Sendable {
    package let titles: [Title]
    package let cast: [CastMember]
    /// For each title, its feature vector: what choosing reads, side by side.
    let features: [Taste.Vector]
    /// For each title, what most people know it by: added to its appeal for everybody.
    let fame: [Float]

    /// - Parameter days: for so many days new titles go on coming.
    init(streams: RandomStreams, titles count: Int = 320, days: Int = 540) {
        var random = streams.source(.setting)
        cast = CinemaCatalogue.makeCast(&random)
        var builder = TitleBuilder(cast: cast, random: random)
        titles = (0..<count).map { builder.title(at: $0, of: count, days: days) }
        features = titles.map(\.features)
        let cast = cast
        fame = titles.map { title in
            let lead = title.cast.first.map { cast[$0].fame } ?? 0
            return Float(0.5 * title.quality + 0.9 * (lead - 0.5))
        }
    }

    private static func makeCast(_ random: inout RandomSource) -> [CastMember] {
        var members: [CastMember] = []
        var names: Set<String> = []
        for country in Country.allCases {
            let wanted = country == .korea ? 70 : 14
            var made = 0
            while made < wanted {
                let fame = random.beta(1.2, 2.5)
                let member = CastNames.member(members.count, country: country, fame: fame, random: &random)
                guard names.insert(member.korean).inserted else { continue }
                members.append(member)
                made += 1
            }
        }
        return members
    }

    /// - Returns: nil for an id that no title has.
    package func title(id: String) -> Title? {
        guard let number = id.split(separator: "-").last.flatMap({ Int($0) }) else { return nil }
        let index = number - 1
        return titles.indices.contains(index) && titles[index].id == id ? titles[index] : nil
    }
}

/// Makes titles one after another, each with a name that no other has.
struct TitleBuilder {
    private let cast: [CastMember]
    private let byCountry: [[Int]]
    private var random: RandomSource
    private var names: Set<String> = []

    init(cast: [CastMember], random: RandomSource) {
        self.cast = cast
        self.random = random
        byCountry = Country.allCases.map { country in cast.indices.filter { cast[$0].country == country } }
    }

    mutating func title(at index: Int, of count: Int, days: Int) -> Title {
        let genre = random.choice(of: Genre.allCases, weights: Genre.allCases.map(\.share))
        let country = random.choice(of: Country.allCases, weights: [58, 16, 9, 8, 5, 4])
        let era = random.choice(of: Era.allCases, weights: [5, 12, 33, 50])
        let mood = mood(for: genre)
        let kind: Title.Kind = random.chance(genre.seriesShare) ? .series : .film
        let name = name(genre: genre, mood: mood, country: country)
        // A third of the titles join during the year, on Fridays mostly; the rest are there from the start.
        let isNew = index >= count * 2 / 3
        let released = isNew ? 1 + random.index(below: max(1, days - 1)) : 0
        let people = players(of: country)
        var title = Title(
            index: index, id: "title-" + String(1000 + index + 1).dropFirst(), korean: name.korean,
            english: name.english, kind: kind, genre: genre, secondGenre: genre.neighbours[random.index(below: 3)],
            mood: mood, era: isNew ? .recent : era, year: 0, country: country, cast: people,
            ageRating: random.choice(of: [0, 12, 15, 19], weights: ageWeights(genre)), quality: random.normal(),
            dullSpot: random.uniform(0.15, 0.8), releaseDay: released, seasons: seasons(kind, genre), artworks: [],
            features: .zero)
        let years = title.era.years
        title.year = isNew ? 2025 : years.lowerBound + random.index(below: years.count)
        title.artworks = artworks(of: title)
        title.features = Taste.features(of: title)
        return title
    }

    private mutating func mood(for genre: Genre) -> Mood {
        let likely: [Mood] =
            switch genre {
            case .action: [.tense, .epic]
            case .thriller: [.tense, .dark]
            case .romance: [.tender, .bittersweet]
            case .comedy: [.witty, .bright]
            case .drama: [.bittersweet, .calm]
            case .fantasy: [.epic, .bright]
            case .scienceFiction: [.epic, .tense]
            case .horror: [.dark, .tense]
            case .documentary: [.calm, .epic]
            case .family: [.bright, .tender]
            case .history: [.epic, .bittersweet]
            case .variety: [.witty, .bright]
            }
        if random.chance(0.75) { return likely[random.index(below: 2)] }
        return Mood.allCases[random.index(below: Mood.allCases.count)]
    }

    private mutating func name(genre: Genre, mood: Mood, country: Country) -> BilingualWord {
        let nouns = TitleWords.nouns(of: genre)
        let moods = TitleWords.adjectives(of: mood)
        let places = TitleWords.places(of: country)
        // 8 nouns, 4 adjectives and at least 4 places make some hundred names for each genre; ordinals make the rest.
        for attempt in 0... {
            let noun = nouns[random.index(below: nouns.count)]
            let other = nouns[random.index(below: nouns.count)]
            let adjective = moods[random.index(below: moods.count)]
            let place = places[random.index(below: places.count)]
            var name: BilingualWord
            switch random.index(below: 6) {
            case 0, 1:
                name = BilingualWord("\(adjective.korean) \(noun.korean)", "The \(adjective.english) \(noun.english)")
            case 2: name = BilingualWord("\(place.korean)의 \(noun.korean)", "\(noun.english) in \(place.english)")
            case 3:
                name = BilingualWord(
                    "\(Particle.and(noun.korean)) \(other.korean)", "The \(noun.english) and the \(other.english)")
            case 4: name = BilingualWord("다시, \(noun.korean)", "\(noun.english), Again")
            default:
                name = BilingualWord(
                    "\(place.korean)의 \(adjective.korean) \(noun.korean)",
                    "A \(adjective.english) \(noun.english) in \(place.english)")
            }
            if attempt > 40 {
                name.korean += " \(attempt - 39)"
                name.english += " \(attempt - 39)"
            }
            if noun.korean != other.korean, names.insert(name.korean).inserted { return name }
        }
        preconditionFailure("there is always a number that makes a name new")
    }

    private mutating func players(of country: Country) -> [Int] {
        let pool = byCountry[country.rawValue]
        let wanted = 2 + random.index(below: 3)
        var chosen: [Int] = []
        while chosen.count < min(wanted, pool.count) {
            // The well-known play more often, and lead.
            let first = pool[random.index(below: pool.count)]
            let second = pool[random.index(below: pool.count)]
            let pick = cast[first].fame > cast[second].fame ? first : second
            if !chosen.contains(pick) { chosen.append(pick) }
        }
        return chosen.sorted { cast[$0].fame > cast[$1].fame }
    }

    private func ageWeights(_ genre: Genre) -> [Double] {
        switch genre {
        case .family: [80, 20, 0, 0]
        case .horror, .thriller: [0, 5, 55, 40]
        case .action, .scienceFiction: [0, 30, 55, 15]
        default: [20, 35, 38, 7]
        }
    }

    private mutating func seasons(_ kind: Title.Kind, _ genre: Genre) -> [Title.Season] {
        guard kind == .series else {
            let minutes = Int(random.normal(mean: 112, deviation: 16).rounded())
            return [Title.Season(number: 1, episodeCount: 1, episodeSeconds: max(70, minutes) * 60, intro: 0..<0)]
        }
        let count = random.choice(of: [1, 2, 3, 4], weights: [52, 28, 14, 6])
        let minutes = genre == .family ? 24 : genre == .variety ? 75 : 38 + random.index(below: 30)
        // A cold open before the titles is common; each season has titles of its own length.
        return (1...count).map { number in
            let start = random.chance(0.45) ? 0 : 20 + random.index(below: 100)
            let length = 35 + random.index(below: 60)
            return Title.Season(
                number: number, episodeCount: genre == .variety ? 10 : 6 + random.index(below: 11),
                episodeSeconds: minutes * 60, intro: start..<start + length)
        }
    }

    /// Five pictures, each with another emphasis; the first is the one that everybody is shown.
    private mutating func artworks(of title: Title) -> [Artwork] {
        var pool = Emphasis.allCases
        var artworks: [Artwork] = []
        while artworks.count < 5 {
            // What represents the title is drawn more readily, what misleads is drawn too.
            let weights = pool.map { 1 + 0.8 * $0.honesty(for: title.genre) }
            let emphasis = random.choice(of: pool, weights: weights)
            pool.removeAll { $0 == emphasis }
            let star: Int? =
                switch emphasis {
                case .face: title.cast.first
                case .couple: title.cast.last
                default: nil
                }
            artworks.append(
                Artwork(
                    id: "\(title.id)-\(emphasis.slug)", emphasis: emphasis, star: star,
                    craft: random.normal(deviation: 0.4)))
        }
        return artworks
    }
}
