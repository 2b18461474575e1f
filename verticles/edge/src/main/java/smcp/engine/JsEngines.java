package smcp.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;

/** Engines that run JavaScript tenants, each in a Node.js process of its own. */
final class JsEngines implements EngineFactory {
    private static final Logger log = LoggerFactory.getLogger(JsEngines.class);

    private final JsConfig config;
    private final Launcher launcher;
    private final NodeJs node;

    JsEngines(JsConfig config, Launcher launcher) {
        this.config = config;
        this.launcher = launcher;
        node = NodeJs.find(config, launcher);
        launcher.weakness().ifPresent(weakness -> log.atWarn().log(weakness));
    }

    @Override
    public EngineKind kind() {
        return EngineKind.JS;
    }

    @Override
    public int poolSize(Limits limits) {
        return Child.THREADS;
    }

    @Override
    public Optional<String> missing() {
        return node.missing();
    }

    @Override
    public boolean unboxed() {
        return true;
    }

    @Override
    public Engine create(Spec spec, Engine.Listener listener) {
        var argv = new ArrayList<>(List.of(node.program().toString()));
        argv.addAll(config.flags());
        argv.add(config.runner().toAbsolutePath().toString());
        var command = new Command(argv, Map.of("LANG", "C.UTF-8"), spec.root().toAbsolutePath());
        return new ProcessEngine(spec, listener, launcher, command, HostCalls.NONE);
    }
}
