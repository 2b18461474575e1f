package smcp.store;

class MemoryRegistryTest extends RegistryContract {
    @Override
    protected RegistryStore newStore() {
        return new MemoryRegistryStore();
    }
}
