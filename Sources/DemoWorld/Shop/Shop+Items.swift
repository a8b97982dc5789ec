extension Shop {
    /// The products with their shelves, brands and prices.
    package func items(_ items: inout ItemSink) {
        for product in setting.catalogue.products {
            let shelf = setting.catalogue.shelves[product.shelf]
            let department = setting.catalogue.departments[product.department]
            items.add(product.id, kind: "product", name: product.name) { item in
                item.set("categories", ["\(department.name) > \(shelf.name)"])
                item.object("attributes") { $0.set("brand", product.brand) }
                item.set("price", product.price)
                item.set("url", "https://shop.example/products/\(product.id)")
            }
        }
    }
}
