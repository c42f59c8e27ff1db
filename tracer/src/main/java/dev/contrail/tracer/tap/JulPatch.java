// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `java.util.logging`: the JDK's loggers and those of JBoss' log manager.
public final class JulPatch extends LoggerPatch {
    private static final String JDK = "java/util/logging/Logger";

    /// JBoss' and WildFly's: a tree of nodes of its own behind the loggers.
    private static final String JBOSS = "org/jboss/logmanager/Logger";

    private static final String JBOSS_RECORD = "(Lorg/jboss/logmanager/ExtLogRecord;)V";

    /// Of the `LogManager` that Log4j brings: hands what is logged to Log4j, mostly without a
    /// record.
    private static final String LOG4J = "org/apache/logging/log4j/jul/ApiLogger";

    private static final String IS_LOG4J =
            "java.util.logging is given to Log4j (org.apache.logging.log4j.jul.LogManager): its log"
                    + " records are not seen";

    public JulPatch() {
        super(Set.of(JDK, JBOSS), List.of(TapClass.JUL));
    }

    @Override
    void look(String className) {
        if (LOG4J.equals(className)) {
            problem(IS_LOG4J);
        }
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        if (JBOSS.equals(className)) {
            return patchJBoss(file);
        }
        return loader == null ? patchJdk(file) : null;
    }

    /// Behind the filter, where the walk through the handlers begins: what is jumped to when there
    /// is no filter, or it wants the record. Other agents may have changed the method before, and
    /// have the record in another local variable too; the parameter stays where it is.
    private static byte[] patchJdk(ClassFile file) throws IOException {
        ClassFile.Code code = file.codeOf("log", "(Ljava/util/logging/LogRecord;)V");
        ByteBuffer in = file.bytes();
        int from = code.from() + 8;
        Place asked = callIn(file, code, "isLoggable(Ljava/util/logging/LogRecord;)Z");
        if (asked != null) {
            int jump = asked.call() + Instructions.length(in, from, asked.call());
            if ((in.get(from + jump) & 0xff) == Instructions.IFNE) {
                int at = jump + in.getShort(from + jump + 1);
                return insert(file, code, at, CallInsertion.ALOAD_1, TapClass.JUL);
            }
        }
        throw new IllegalArgumentException("its method log is another one");
    }

    /// Where the logger gives the record to its node.
    private static byte[] patchJBoss(ClassFile file) throws IOException {
        ClassFile.Code code = file.codeOf("logRaw", JBOSS_RECORD);
        Place place = callIn(file, code, "publish" + JBOSS_RECORD);
        if (place == null) {
            throw new IllegalArgumentException("its method logRaw is another one");
        }
        return insert(file, code, place.call(), CallInsertion.DUP, TapClass.JUL);
    }
}
