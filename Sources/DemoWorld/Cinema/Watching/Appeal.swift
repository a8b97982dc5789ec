import Foundation
import Statistics

/// What a viewer thinks of titles and pictures: the true model that recommendations and artwork policies try to learn.
struct Appeal: Sendable {
    let catalogue: CinemaCatalogue
    /// Of what belongs to a pair of viewer and title and to nothing else.
    let whims: RandomStreams

    /// What people are used to: the appeal of what they choose to watch, on average.
    static let usual = 2.0

    /// How much a viewer would enjoy a title: about standard normal over titles, a little above 0.
    func title(_ title: Int, for viewer: Viewer) -> Double {
        var product = (viewer.state.taste * catalogue.features[title]).sum()
        product += catalogue.fame[title]
        for star in viewer.nature.stars where catalogue.titles[title].cast.contains(star.member) {
            product += star.liking
        }
        return Double(product) + whim(viewer.index, title)
    }

    /// What features cannot explain: normal with deviation 0.5 (the sum of eight uniforms, which one word of random
    /// bits holds, is close enough).
    private func whim(_ viewer: Int, _ title: Int) -> Double {
        var word = whims.of(viewer).word(.other, title)
        var sum = 0
        for _ in 0..<8 {
            sum += Int(word & 255)
            word >>= 8
        }
        // A uniform byte has mean 127.5 and variance (256² - 1) / 12.
        return 0.5 * (Double(sum) - 1020) / (8 * 65_535.0 / 12).squareRoot()
    }

    /// How much a picture of a title attracts a viewer, whatever the title: deviation about 1.
    func picture(_ artwork: Artwork, for viewer: Viewer) -> Double {
        var pull = Double(viewer.nature.emphasis[artwork.emphasis.rawValue]) + artwork.craft
        if let star = artwork.star, let liked = viewer.nature.stars.first(where: { $0.member == star }) {
            pull += 0.8 * Double(liked.liking)
        }
        return pull
    }

    /// The probability that a viewer who looks at a picture opens the title.
    func opens(_ title: Int, with artwork: Artwork, viewer: Viewer) -> Double {
        let seen = viewer.state.done.contains(title) ? -2.5 : 0
        return logistic(-3.3 + 0.85 * self.title(title, for: viewer) + 0.75 * picture(artwork, for: viewer) + seen)
    }

    /// The probability that a viewer who opened a title plays it. What a picture promised and the title is not
    /// disappoints at once, when the description is read.
    func plays(_ title: Int, after artwork: Artwork?, viewer: Viewer) -> Double {
        let promise = artwork.map { min(0, $0.emphasis.honesty(for: catalogue.titles[title].genre)) } ?? 0
        return logistic(0.5 + 0.9 * self.title(title, for: viewer) + 0.9 * promise)
    }

    /// The probability that a look at a picture ends with the title playing: what an artwork policy can be rewarded by.
    func take(_ title: Int, with artwork: Artwork, viewer: Viewer) -> Double {
        opens(title, with: artwork, viewer: viewer) * plays(title, after: artwork, viewer: viewer)
    }

    /// The probability that a film, or an episode, that was begun is watched to its end in one sitting or several.
    func finishes(_ appeal: Double) -> Double { logistic(1.1 + 1.1 * appeal) }

    /// The probability of one more episode when there is time.
    func continues(_ appeal: Double, viewer: Viewer) -> Double { logistic(0.7 + 0.7 * appeal + viewer.nature.binge) }

    /// The stars (1 to 5) that a viewer would give.
    func stars(_ appeal: Double, viewer: Viewer, noise: Double) -> Int {
        let worth = 3.5 + viewer.nature.generosity + 0.65 * (appeal - Appeal.usual) + 0.7 * noise
        return min(5, max(1, Int(worth.rounded())))
    }
}
