package com.example.hello;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a real tenant would keep in a database. Calls come many at a time, so everything here may be used by many threads. */
final class Shop {
    private static final Map<String, Book> BOOKS = Map.of(
            "9780261103573", new Book("9780261103573", "The Fellowship of the Ring", "J. R. R. Tolkien", 1299),
            "9780141439518", new Book("9780141439518", "Pride and Prejudice", "Jane Austen", 799),
            "9780553293357", new Book("9780553293357", "Foundation", "Isaac Asimov", 899));

    private final AtomicInteger orders = new AtomicInteger(1000);

    Optional<Book> book(String isbn) {
        return Optional.ofNullable(BOOKS.get(isbn));
    }

    List<Book> search(String words) {
        var wanted = words.toLowerCase(Locale.ROOT);
        return BOOKS.values().stream()
                .filter(book -> (book.title() + " " + book.author())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted))
                .sorted(java.util.Comparator.comparing(Book::isbn))
                .toList();
    }

    List<String> isbns() {
        return BOOKS.keySet().stream().sorted().toList();
    }

    /** Takes a number that no other order has. */
    int nextOrder() {
        return orders.incrementAndGet();
    }
}
