/// What somebody who runs such a service would have defined.
enum CinemaDefinitions {
    static let yaml = """
        audiences:
          - name: 몰아 보는 사람
            description: 일주일에 열 편 넘게 끝까지 본 사람
            where: did "Playback Completed" at least 10 times in the last 7 days
          - name: 잠든 구독자
            description: 구독은 하지만 2주 넘게 보지 않은 사람
            where: did "Subscription Renewed" in the last 31 days and did not "Playback Started" in the last 14 days
          - name: 장애를 겪은 사람
            where: did "Playback Failed" in the last 7 days
          - name: 해지한 사람
            where: did "Subscription Cancelled" and did not "Subscription Started" in the last 60 days
          - name: 찾았으나 없던 사람
            where: did "Search Performed" in the last 7 days where results = 0
          - name: 로맨스를 보는 사람
            where: did "Playback Completed" at least 3 times in the last 60 days where genre = "romance"
          - name: 광고형 회원
            where: trait plan = "ads"
        placements:
          - name: poster
            kind: artwork
            policy: { kind: linearThompson, exploration: 0.1, features: [hour, device] }
            impressions:
              { shown: Artwork Shown, artwork: items.artworkId, item: items.titleId, taken: Title Viewed,
                takenArtwork: artworkId, takenItem: titleId, except: { row: [search] } }
            reward: { event: Playback Completed, item: titleId, withinHours: 48 }
          - { name: home, kind: home, rows: 6, count: 12, artworks: poster, ranking: { diversity: 0.2 } }
          - { name: next, kind: next, count: 6 }
          - { name: similar, kind: similar, count: 12 }
        trackingPlan:
          others: true
          events:
            Playback Started:
              properties:
                titleId: { type: string, required: true }
                position: { type: number, required: true }
            Title Rated:
              properties:
                titleId: { type: string, required: true }
                rating: { type: number, required: true }
            Subscription Cancelled:
              properties:
                reason: { type: string, required: true }
        """
}
