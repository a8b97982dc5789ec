/// What somebody who runs such a market place would have defined.
enum HomeDefinitions {
    static let yaml = """
        audiences:
          - name: 단골 고객
            description: 석 달 동안 네 번 넘게 맡긴 사람
            where: did "Service Completed" at least 4 times in the last 90 days
          - name: 예약했는데 아무도 오지 않은 사람
            description: 매칭되지 않았거나 파트너가 오지 않은 사람. 먼저 연락한다.
            where: did "Booking Unmatched" in the last 14 days or did "Booking Failed" in the last 14 days
          - name: 예약서를 쓰다 멈춘 사람
            where: did "Request Started" then not "Booking Requested" within 1 hour in the last 7 days
          - name: 이사하는 사람
            description: 이사나 입주 청소를 맡긴 사람. 절반이 넘게 다른 서비스도 필요하다.
            where: did "Booking Requested" in the last 30 days where serviceId in ("moving", "small-moving", "move-in-cleaning")
          - name: 에어컨 청소를 맡겼던 사람
            where: did "Service Completed" where serviceId = "aircon-cleaning"
          - name: 한 번만 맡긴 사람
            where: did "Service Completed" exactly 1 times and last did "Service Completed" more than 30 days ago
          - name: 자주 보는 파트너
            where: role is partner and did "Jobs Browsed" at least 5 times in the last 7 days
          - name: 떠날 기미가 있는 파트너
            where: role is partner and did not "Job Completed" in the last 14 days
        placements:
          - { name: home, kind: list, count: 6, ranking: { perCategory: 2 } }
          - { name: similar, kind: similar, count: 4 }
        trackingPlan:
          others: true
          events:
            Booking Requested:
              properties:
                orderId: { type: string, required: true }
                serviceId: { type: string, required: true }
                total: { type: number, required: true }
            Job Offered:
              properties:
                orderId: { type: string, required: true }
                pay: { type: number, required: true }
            Review Written:
              properties:
                orderId: { type: string, required: true }
                rating: { type: number, required: true }
        """
}
