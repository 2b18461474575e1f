package com.example.hello;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.ArrayList;
import java.util.List;
import smcp.api.Call;
import smcp.api.Completer;
import smcp.api.Default;
import smcp.api.Elicitation;
import smcp.api.Elicited;
import smcp.api.Maximum;
import smcp.api.Mcp;
import smcp.api.Minimum;
import smcp.api.PromptResult;
import smcp.api.Size;
import smcp.api.TenantServer;
import smcp.api.ToolAnnotations;

/** The entry named in {@code smcp.json}: one instance, made once, serving all calls. */
public final class Hello implements TenantServer {
    private final Shop shop = new Shop();

    @Override
    public void configure(Mcp mcp) {
        mcp.tool("search")
                .title("Search books")
                .description("Finds books by words of their title or author")
                .annotations(ToolAnnotations.readOnly())
                .input(Search.class)
                .output(Found.class)
                .inline() // no waiting in here, so it may run on an event loop
                .handle((args, _) -> search(args));

        mcp.tool("stocktake")
                .description("Counts the shelves; takes a moment and says how far it is")
                .annotations(ToolAnnotations.readOnly())
                .output(Stock.class)
                .handle((_, call) -> stocktake(call));

        mcp.tool("order")
                .title("Order a book")
                .description("Orders a book after the user confirmed it")
                .input(Order.class)
                .handle(this::order);

        mcp.template("shop://books/{isbn}")
                .name("book")
                .description("A book by its ISBN")
                .mimeType("text/plain")
                .complete(
                        "isbn",
                        (typed, _) -> shop.isbns().stream()
                                .filter(isbn -> isbn.startsWith(typed))
                                .toList())
                .text((match, _) -> shop.book(match.get("isbn"))
                        .map(book -> book.title() + " by " + book.author())
                        .orElse("We do not have this book."));

        mcp.prompt("recommend")
                .description("Asks for a recommendation")
                .arguments(Taste.class)
                .complete("genre", Completer.among("fantasy", "romance", "science fiction"))
                .handle((taste, _) ->
                        PromptResult.user("Recommend a " + taste.genre() + " book from our shop and say why."));
    }

    // A record is the input schema: descriptions, bounds and defaults are annotations, and what needs no default must
    // be given.
    record Search(
            @JsonPropertyDescription("words to look for") @Size(min = 1, max = 200)
            String words,

            @JsonPropertyDescription("most books to return") @Minimum(1) @Maximum(50) @Default("10")
            int limit) {}

    record Found(List<Book> books) {}

    record Stock(int books) {}

    record Order(
            @JsonPropertyDescription("the book's ISBN, from a search")
            String isbn) {}

    record Confirmation(
            @JsonPropertyDescription("Order it?") boolean confirm) {}

    record Taste(
            @JsonPropertyDescription("what the reader likes")
            String genre) {}

    private Found search(Search args) {
        return new Found(shop.search(args.words()).stream().limit(args.limit()).toList());
    }

    private Stock stocktake(Call call) {
        var shelves = shop.isbns();
        var counted = new ArrayList<String>();
        for (var shelf : shelves) {
            if (call.cancelled()) break;
            counted.add(shelf);
            call.progress(counted.size(), shelves.size(), "counted " + shelf);
        }
        return new Stock(counted.size());
    }

    /** Runs from its first line again when the user has answered: the number is taken {@code once}, the rest may repeat. */
    private String order(Order args, Call call) throws Exception {
        var book = shop.book(args.isbn())
                .orElseThrow(() -> new IllegalArgumentException(
                        "No book has the ISBN " + args.isbn() + "; search for one first."));
        int number = call.once("number", Integer.class, shop::nextOrder);
        var question = "Order %s for %d.%02d?".formatted(book.title(), book.cents() / 100, book.cents() % 100);
        return switch (call.elicit("confirm", Elicitation.form(question, Confirmation.class))) {
            case Elicited.Accepted<Confirmation>(var answer)
            when answer.confirm() -> "Order " + number + " is on its way.";
            case Elicited.Accepted<Confirmation> _, Elicited.Declined<Confirmation> _ -> "Nothing was ordered.";
            case Elicited.Cancelled<Confirmation> _ -> "The order was put aside.";
        };
    }
}
