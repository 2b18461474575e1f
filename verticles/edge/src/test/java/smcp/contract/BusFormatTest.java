package smcp.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import smcp.bus.Address;

/** In a rolling restart the program before and the one after share a bus. {@code bus.txt} is all that any release has said there; what is new may be added to it, nothing in it may go. */
class BusFormatTest {
    @Test
    void whatTheProgramBeforeSaysIsUnderstood() throws IOException, IllegalAccessException {
        var now = new TreeSet<String>();
        for (var field : Addresses.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof Address<?, ?> address) {
                now.add(address.name() + " asks " + address.request().getName() + ", answers "
                        + address.reply().getName());
                describe(address.request(), now);
                describe(address.reply(), now);
            }
        }
        assertThat(String.join("\n", now)).isEqualTo(said());
    }

    private static String said() throws IOException {
        try (var in = Objects.requireNonNull(BusFormatTest.class.getResourceAsStream("bus.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static void describe(Type type, Set<String> into) {
        if (type instanceof ParameterizedType generic) {
            for (var argument : generic.getActualTypeArguments()) {
                describe(argument, into);
            }
        } else if (type instanceof Class<?> known && known.isRecord()) {
            for (var component : known.getRecordComponents()) {
                if (into.add(known.getName() + "." + component.getName() + ": "
                        + component.getGenericType().getTypeName())) {
                    describe(component.getGenericType(), into);
                }
            }
        } else if (type instanceof Class<?> known && known.isEnum()) {
            Arrays.stream(known.getEnumConstants()).forEach(one -> into.add(known.getName() + " " + one));
        }
    }
}
