import dev.contrail.tracer.*;
import java.util.*;

public class Oom {
    public static void main(String[] a) throws Exception {
        Ev T = Tracer.bind(Ev.class);
        String s = "ä".repeat(60000);
        T.tick(1);
        List<byte[]> l = new ArrayList<>();
        long thrown = 0, n = 0;
        try {
            while (true) l.add(new byte[20000]);
        } catch (OutOfMemoryError e) {
        }
        for (int i = 0; i < 200; i++) {
            try {
                T.text(s);
                n++;
            } catch (Throwable t) {
                thrown++;
            }
        }
        l = null;
        for (int i = 0; i < 100; i++) {
            try {
                T.text("ok" + i);
                n++;
            } catch (Throwable t) {
                thrown++;
            }
        }
        System.out.println("n " + n + " thrown " + thrown);
        Thread.sleep(1500);
    }
}
