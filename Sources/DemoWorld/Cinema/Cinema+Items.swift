extension Cinema {
    /// The titles with what they are like, and each of their pictures with what it shows.
    package func items(_ items: inout ItemSink) {
        for title in catalogue.titles {
            items.add(title.id, kind: "title", name: title.korean) { item in
                item.set("categories", [title.kind.rawValue + " > " + title.genre.korean])
                item.object("attributes") { attributes in
                    attributes.set("genre", [title.genre.slug, title.secondGenre.slug])
                    attributes.set("mood", title.mood.slug)
                    attributes.set("country", title.country.slug)
                    attributes.set("cast", title.cast.map { catalogue.cast[$0].korean })
                    attributes.set("year", title.year)
                    attributes.set("ageRating", title.ageRating)
                }
                item.object("variants") { variants in
                    variants.object("en") { $0.set("name", title.english) }
                }
                if title.releaseDay > 0 {
                    item.objects("availability", [title.releaseDay]) { window, day in
                        window.set("from", time: KoreanCalendar.midnight(settings.firstDay + day))
                    }
                }
                item.objects("artworks", title.artworks) { picture, artwork in
                    picture.set("id", artwork.id)
                    picture.set("url", "https://images.example/\(artwork.id).jpg")
                    picture.object("tags") { tags in tags.set(artwork.emphasis.tag, 1.0) }
                }
            }
        }
    }
}

extension Emphasis {
    fileprivate var tag: StaticString {
        switch self {
        case .face: "face"
        case .text: "text"
        case .ensemble: "ensemble"
        case .explosion: "explosion"
        case .couple: "couple"
        case .landscape: "landscape"
        case .shadow: "shadow"
        case .laughter: "laughter"
        }
    }
}
