import dev.contrail.tracer.*;
import java.io.*;
import java.util.*;

public class Fds {
    public static void main(String[] a) throws Exception {
        List<Object> l = new ArrayList<>();
        try {
            while (true) l.add(new FileInputStream("/dev/null"));
        } catch (IOException e) {
            System.out.println("fds " + l.size());
        }
        long t = System.nanoTime();
        Ev T = Tracer.bind(Ev.class);
        T.tick(0);
        System.out.println("bind ms " + (System.nanoTime() - t) / 1000000);
        Thread.sleep(3000);
        long cpu = ProcessHandle.current().info().totalCpuDuration().get().toMillis();
        System.out.println("cpu ms " + cpu);
        for (Object o : l) ((FileInputStream) o).close();
        Thread.sleep(8000);
        for (int i = 0; i < 50; i++) T.tick(i);
        System.out.println("emitted 50 after");
        Thread.sleep(1500);
    }
}
