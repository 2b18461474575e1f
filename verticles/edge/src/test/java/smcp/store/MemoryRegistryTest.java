package smcp.store;

class MemoryRegistryTest extends RegistryContract {
    @Override
    RegistryStore newStore() {
        return new MemoryRegistryStore();
    }
}
