/// What somebody who runs such a shop would have defined.
enum ShopDefinitions {
    static let yaml = """
        audiences:
          - name: 단골
            description: 반년 동안 네 번 넘게 산 사람
            where: did "Order Completed" at least 4 times in the last 180 days
          - name: 첫 구매 고객
            description: 지난달에 처음 산 사람. 두 번째 구매가 단골을 만든다.
            where: did "Order Completed" exactly 1 times and last did "Order Completed" in the last 30 days
          - name: 장바구니에 두고 간 사람
            description: 사흘 안에 담았으나 그 뒤로 사지 않은 사람
            where: did "Product Added" then not "Order Completed" within 1 day in the last 3 days
          - name: 결제 직전에 멈춘 사람
            where: did "Shipping Entered" then not "Order Completed" within 1 hour in the last 14 days
          - name: 잠든 고객
            description: 산 적이 있으나 두 달 넘게 오지 않은 사람
            where: did "Order Completed" and last did any event more than 60 days ago
          - name: 쿠폰을 쓰지 않은 사람
            where: did "Coupon Issued" in the last 7 days and did not "Coupon Applied" in the last 7 days
          - name: 숲 등급
            description: 열두 달 동안 70만 원 넘게 산 사람
            where: trait tier = "숲"
          - name: 쿠폰에 움직이는 사람
            where: did "Coupon Applied" at least 2 times
          - name: 수도권 2030 여성
            where: trait gender = "female" and trait birthYear >= 1987 and trait city in ("서울", "인천", "수원", "성남", "고양", "용인")
          - name: 배송을 물은 사람
            where: did "Question Asked" in the last 30 days where topic = "배송"
          - name: 낮은 평점을 남긴 사람
            where: did "Review Written" in the last 60 days where rating <= 2
          - name: 정기배송 회원
            where: did "Subscription Started" and did not "Subscription Cancelled" in the last 365 days
          - name: 푸시를 받을 사람
            where: consents to push and did "App Opened" in the last 30 days
        placements:
          - { name: home, kind: home, rows: 5, count: 10, ranking: { perCategory: 4 } }
          - { name: cart, kind: cart, count: 6 }
          - { name: similar, kind: similar, count: 8 }
          - { name: search, kind: search, count: 24 }
        trackingPlan:
          others: true
          events:
            Product Viewed:
              properties:
                productId: { type: string, required: true }
                name: { type: string }
                category: { type: string, required: true }
                subcategory: { type: string }
                price: { type: number, required: true }
            Product Searched:
              properties:
                query: { type: string, required: true }
                resultCount: { type: number }
            Product Added:
              properties:
                productId: { type: string, required: true }
                price: { type: number, required: true }
                quantity: { type: number, required: true }
            Product Liked:
              properties:
                productId: { type: string, required: true }
                price: { type: number, required: true }
            Checkout Started:
              properties:
                value: { type: number, required: true }
            Coupon Applied:
              properties:
                coupon: { type: string, required: true }
                discount: { type: number, required: true }
            Order Completed:
              properties:
                orderId: { type: string, required: true }
                total: { type: number, required: true }
                currency: { type: string, required: true }
                coupon: { type: string }
                products.productId: { type: list, required: true }
            Order Refunded:
              properties:
                orderId: { type: string, required: true }
                amount: { type: number, required: true }
                reason: { type: string }
            Review Written:
              properties:
                productId: { type: string, required: true }
                rating: { type: number, required: true }
            Question Asked:
              properties:
                topic: { type: string, required: true }
                channel: { type: string }
        """
}
