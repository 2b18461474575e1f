package smcp.store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import smcp.contract.StoreReport;

/** The report on opened stores. */
final class Report implements StoreReport {
    private final List<Store> stores;
    private final Supplier<List<Health>> ways;

    Report(List<Store> stores, Supplier<List<Health>> ways) {
        this.stores = List.copyOf(stores);
        this.ways = ways;
    }

    static List<Store> stores(String kind, Map<String, Durability> declared) {
        var all = new ArrayList<Store>();
        declared.forEach((name, promise) -> all.add(promise.told(name, kind)));
        return all;
    }

    @Override
    public List<Store> stores() {
        return stores;
    }

    @Override
    public Future<List<Way>> check() {
        return Future.all(ways.get().stream().map(Health::checked).toList()).map(all -> all.<Way>list());
    }
}
