extension Cinema {
    package func truth(of household: Household, _ truth: inout TruthSink) {
        for viewer in household.members {
            truth.add(kind: "viewer", id: viewer.id) { line in
                line.set("household", household.id)
                line.set("sessionsPerDay", viewer.nature.sessionsPerDay)
                line.set("eveningHour", viewer.nature.eveningHour)
                line.set("skipsIntros", viewer.nature.skipsIntros)
                line.set("binge", viewer.nature.binge)
                line.set("priceSensitivity", viewer.nature.priceSensitivity)
                line.set("messageInterest", viewer.nature.messageInterest)
                line.set("satisfaction", viewer.state.satisfaction)
                line.set("trouble", viewer.state.trouble)
                line.set("isSubscribed", household.subscription != nil)
                line.objects("genres", Genre.allCases) { item, genre in
                    item.set("genre", genre.slug)
                    item.set("taste", Double(viewer.state.taste[Taste.genres + genre.rawValue]))
                }
                line.objects("artwork", Emphasis.allCases) { item, emphasis in
                    item.set("emphasis", emphasis.slug)
                    item.set("pull", Double(viewer.nature.emphasis[emphasis.rawValue]))
                }
                line.set("stars", viewer.nature.stars.map { catalogue.cast[$0.member].id })
            }
        }
    }

    package func truth(_ truth: inout TruthSink) {
        for title in catalogue.titles { add(title, &truth) }
        for member in catalogue.cast {
            truth.add(kind: "cast", id: member.id) { line in
                line.set("name", member.korean)
                line.set("englishName", member.english)
                line.set("country", member.country.slug)
                line.set("fame", member.fame)
            }
        }
        for (number, outage) in outages.enumerated() {
            truth.add(kind: "outage", id: "outage-\(number + 1)") { line in
                line.set("start", time: outage.start)
                line.set("end", time: outage.end)
                line.set("share", outage.share)
            }
        }
    }

    private func add(_ title: Title, _ truth: inout TruthSink) {
        truth.add(kind: "title", id: title.id) { line in
            line.set("title", title.korean)
            line.set("englishTitle", title.english)
            line.set("type", title.kind.rawValue)
            line.set("genres", [title.genre.slug, title.secondGenre.slug])
            line.set("mood", title.mood.slug)
            line.set("era", title.era.slug)
            line.set("year", title.year)
            line.set("country", title.country.slug)
            line.set("cast", title.cast.map { catalogue.cast[$0].id })
            line.set("ageRating", title.ageRating)
            line.set("availableFrom", time: KoreanCalendar.midnight(settings.firstDay + title.releaseDay))
            line.set("quality", title.quality)
            line.set("dullSpot", title.dullSpot)
            line.objects("seasons", title.seasons) { item, season in
                item.set("season", season.number)
                item.set("episodes", season.episodeCount)
                item.set("episodeSeconds", season.episodeSeconds)
                item.set("introStart", season.intro.lowerBound)
                item.set("introEnd", season.intro.upperBound)
            }
            line.objects("artworks", title.artworks) { item, artwork in
                item.set("id", artwork.id)
                item.set("emphasis", artwork.emphasis.slug)
                item.set("star", optional: artwork.star.map { catalogue.cast[$0].id })
                item.set("craft", artwork.craft)
            }
        }
    }
}
